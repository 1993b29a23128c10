<?php
/**
 * What the service said, in the list of comments.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

add_filter( 'manage_edit-comments_columns', __NAMESPACE__ . '\\add_column' );
add_action( 'manage_comments_custom_column', __NAMESPACE__ . '\\show_column', 10, 2 );

/**
 * Adds the column.
 *
 * @param array $columns The list's columns.
 * @return array
 */
function add_column( $columns ) {
	$columns['moderasi_balasan'] = __( 'Moderasi Balasan', 'moderasi-balasan' );
	return $columns;
}

/**
 * Shows the verdict and its reasons.
 *
 * @param string $column     The column's name.
 * @param int    $comment_id The comment's id.
 */
function show_column( $column, $comment_id ) {
	if ( 'moderasi_balasan' !== $column ) {
		return;
	}
	if ( get_comment_meta( $comment_id, UNCHECKED, true ) ) {
		esc_html_e( 'Not checked yet; will be tried again', 'moderasi-balasan' );
		return;
	}
	$verdicts = array(
		'approve' => __( 'Passed', 'moderasi-balasan' ),
		'review'  => __( 'Needs review', 'moderasi-balasan' ),
		'reject'  => __( 'Rejected', 'moderasi-balasan' ),
	);
	$verdict  = get_comment_meta( $comment_id, VERDICT, true );
	if ( isset( $verdicts[ $verdict ] ) ) {
		echo '<strong>' . esc_html( $verdicts[ $verdict ] ) . '</strong>';
	}
	$reasons = get_comment_meta( $comment_id, REASONS, true );
	foreach ( is_array( $reasons ) ? $reasons : array() as $reason ) {
		echo '<br>' . esc_html( label_name( $reason['label'] ) . ': ' . $reason['message'] );
	}
}

/**
 * Returns a label's name for people.
 *
 * @param string $label The label.
 * @return string
 */
function label_name( $label ) {
	$names = array(
		'spam'   => __( 'spam or promotion', 'moderasi-balasan' ),
		'abuse'  => __( 'insult', 'moderasi-balasan' ),
		'hate'   => __( 'hate speech', 'moderasi-balasan' ),
		'threat' => __( 'threat', 'moderasi-balasan' ),
		'sexual' => __( 'sexual harassment', 'moderasi-balasan' ),
	);
	return $names[ $label ] ?? $label;
}

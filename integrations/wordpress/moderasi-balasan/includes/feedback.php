<?php
/**
 * What is decided here is reported to the service.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

add_action( 'transition_comment_status', __NAMESPACE__ . '\\note_decision', 10, 3 );

/**
 * Notes a moderator's decision and reports it.
 *
 * @param string      $new_status The comment's status now.
 * @param string      $old_status Its status before.
 * @param \WP_Comment $comment    The comment.
 */
function note_decision( $new_status, $old_status, $comment ) {
	$decisions = array(
		'approved' => array( 'approve', array() ),
		'spam'     => array( 'reject', array( 'spam' ) ),
		'trash'    => array( 'reject', array() ),
	);
	$ref       = get_comment_meta( $comment->comment_ID, REF, true );
	if ( is_following() || ! $ref ) {
		return;
	}
	update_comment_meta( $comment->comment_ID, DECIDED_AT, gmdate( 'Y-m-d\TH:i:s' ) . '.999Z' );
	if ( ! isset( $decisions[ $new_status ] ) || ( 'trash' === $new_status && 'spam' === $old_status ) ) {
		return;
	}
	list( $decision, $labels ) = $decisions[ $new_status ];
	$user                      = wp_get_current_user();
	update_comment_meta(
		$comment->comment_ID,
		REPORT,
		array(
			'decision' => $decision,
			'labels'   => $labels,
			'reporter' => $user->exists() ? cut( $user->user_login, 500 ) : 'wordpress',
		)
	);
	if ( ! report( $comment->comment_ID ) ) {
		schedule_catch_up();
	}
}

/**
 * Reports a noted decision; after one failure, the rest of a request's reports wait.
 *
 * @param int $comment_id The comment's id.
 * @return bool Whether nothing is left to report.
 */
function report( $comment_id ) {
	static $unreachable = false;
	$report             = get_comment_meta( $comment_id, REPORT, true );
	$remote_id          = get_comment_meta( $comment_id, REMOTE_ID, true );
	if ( ! is_array( $report ) ) {
		return true;
	}
	if ( $unreachable || ! is_set_up() || ! $remote_id ) {
		return false;
	}
	$answer = request( 'POST', '/v1/comments/' . rawurlencode( $remote_id ) . '/feedback', $report );
	if ( is_wp_error( $answer ) || ! in_array( $answer['status'], array( 200, 404, 422 ), true ) ) {
		$unreachable = true;
		return false;
	}
	// Refused for good is over, too: the service has forgotten the comment.
	delete_comment_meta( $comment_id, REPORT );
	return true;
}

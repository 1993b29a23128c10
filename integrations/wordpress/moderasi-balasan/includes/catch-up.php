<?php
/**
 * What could not be sent in time is sent later, by WordPress's own scheduler.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const AT_ONCE = 20;

add_action( CATCH_UP, __NAMESPACE__ . '\\catch_up' );

/**
 * Lets the plugin try again in a minute.
 */
function schedule_catch_up() {
	if ( ! wp_next_scheduled( CATCH_UP ) ) {
		wp_schedule_single_event( time() + MINUTE_IN_SECONDS, CATCH_UP );
	}
}

/**
 * Checks the comments the service has not seen and reports the decisions it has not heard of.
 */
function catch_up() {
	if ( ! is_set_up() ) {
		return;
	}
	$all_done = true;
	foreach ( find_waiting( UNCHECKED ) as $comment ) {
		$all_done = recheck( $comment );
		if ( ! $all_done ) {
			break;
		}
	}
	foreach ( $all_done ? find_waiting( REPORT ) : array() as $comment ) {
		$all_done = report( $comment->comment_ID ) && $all_done;
	}
	if ( ! $all_done || find_waiting( UNCHECKED ) || find_waiting( REPORT ) ) {
		schedule_catch_up();
	}
}

/**
 * Returns some of the comments that wait for the service, the oldest first.
 *
 * @param string $key The meta key they wait by.
 * @return \WP_Comment[]
 */
function find_waiting( $key ) {
	return get_comments(
		array(
			'meta_key' => $key, // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- few rows have it.
			'status'   => array( 'hold', 'approve', 'spam', 'trash' ),
			'number'   => AT_ONCE,
			'orderby'  => 'comment_ID',
			'order'    => 'ASC',
		)
	);
}

/**
 * Hands in a comment the service has not seen, and follows its verdict if nobody decided since.
 *
 * @param \WP_Comment $comment The comment.
 * @return bool Whether there was an answer.
 */
function recheck( $comment ) {
	$fields     = $comment->to_array();
	$assessment = assess( describe_comment( $fields, (string) get_comment_meta( $comment->comment_ID, REF, true ) ) );
	if ( null === $assessment ) {
		return false;
	}
	remember( $comment->comment_ID, $assessment );
	if ( '0' !== $comment->comment_approved || get_comment_meta( $comment->comment_ID, DECIDED_AT, true ) ) {
		return true;
	}
	$status = status_for( $assessment['verdict'], $fields );
	follow( $comment, $status );
	if ( 'hold' === $status ) {
		wp_new_comment_notify_moderator( $comment->comment_ID );
	}
	return true;
}

<?php
/**
 * What is remembered of a comment, and the changes of status that are the service's.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const REF        = '_moderasi_ref';         // The comment's name between the service and this site.
const REMOTE_ID  = '_moderasi_id';          // The service's id for it.
const VERDICT    = '_moderasi_verdict';     // The machine's answer.
const REASONS    = '_moderasi_reasons';     // Labels and messages.
const UNCHECKED  = '_moderasi_unchecked';   // Set while the service has not seen the comment.
const REPORT     = '_moderasi_report';      // A decision made here that the service has not heard of.
const DECIDED_AT = '_moderasi_decided_at';  // When the decision the comment shows was made.

/**
 * Says, or is told, whether the service is the one who changes a status now.
 *
 * @param bool|null $now True or false to tell; null to ask.
 * @return bool
 */
function is_following( $now = null ) {
	static $following = false;
	if ( null !== $now ) {
		$following = $now;
	}
	return $following;
}

/**
 * Gives a comment the status the service asks for, without reporting it back.
 *
 * Trash is somebody's decision here and stays.
 *
 * @param \WP_Comment $comment The comment.
 * @param string      $status  "approve", "hold" or "spam".
 */
function follow( $comment, $status ) {
	$names = array(
		'1'    => 'approve',
		'0'    => 'hold',
		'spam' => 'spam',
	);
	$now   = (string) $comment->comment_approved;
	if ( ! isset( $names[ $now ] ) || $names[ $now ] === $status ) {
		return;
	}
	is_following( true );
	try {
		if ( 'spam' === $status ) {
			wp_spam_comment( $comment );
		} else {
			wp_set_comment_status( $comment, $status );
		}
	} finally {
		is_following( false );
	}
}

/**
 * Remembers what the service said of a comment.
 *
 * @param int   $comment_id The comment's id.
 * @param array $assessment The service's answer.
 */
function remember( $comment_id, $assessment ) {
	$reasons = array();
	foreach ( (array) ( $assessment['reasons'] ?? array() ) as $reason ) {
		$reasons[] = array(
			'label'   => sanitize_key( $reason['label'] ?? '' ),
			'message' => sanitize_text_field( $reason['message'] ?? '' ),
		);
	}
	update_comment_meta( $comment_id, REMOTE_ID, sanitize_text_field( $assessment['id'] ) );
	update_comment_meta( $comment_id, VERDICT, sanitize_key( $assessment['verdict'] ) );
	update_comment_meta( $comment_id, REASONS, $reasons );
	delete_comment_meta( $comment_id, UNCHECKED );
}

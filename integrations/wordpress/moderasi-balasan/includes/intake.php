<?php
/**
 * A new comment's way: asked about before it is stored, held when there is no answer.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

add_filter( 'preprocess_comment', __NAMESPACE__ . '\\note_slashes', PHP_INT_MAX );
add_filter( 'pre_comment_approved', __NAMESPACE__ . '\\judge', 20, 2 );
add_action( 'wp_insert_comment', __NAMESPACE__ . '\\keep_assessment', 10, 1 );
add_filter( 'notify_moderator', __NAMESPACE__ . '\\notify_only_when_checked', 10, 2 );

/**
 * Holds what is known of the comment between its judging and its storing.
 */
final class Pending {
	/**
	 * Whether the comment comes with slashes: the form's does, the REST API's does not.
	 *
	 * @var bool
	 */
	public static $slashed = false;

	/**
	 * The name of the comment judged last and not yet stored.
	 *
	 * @var string
	 */
	public static $ref = '';

	/**
	 * Its assessment; null if there was none to be had.
	 *
	 * @var array|null
	 */
	public static $assessment = null;
}

/**
 * Notes that the comment about to be judged comes through wp_new_comment(), with slashes.
 *
 * @param array $comment The comment.
 * @return array The comment, unchanged.
 */
function note_slashes( $comment ) {
	Pending::$slashed = true;
	return $comment;
}

/**
 * Decides a new comment's status by the service's verdict.
 *
 * @param int|string|\WP_Error $approved What WordPress and other plugins would do.
 * @param array                $comment  The comment.
 * @return int|string|\WP_Error
 */
function judge( $approved, $comment ) {
	$comment          = Pending::$slashed ? wp_unslash( $comment ) : $comment;
	Pending::$slashed = false;
	Pending::$ref     = '';
	$user_id          = (int) ( $comment['user_id'] ?? 0 );
	$is_settled       = is_wp_error( $approved ) || in_array( $approved, array( 'spam', 'trash' ), true );
	if ( $is_settled || ! is_set_up() || ( $user_id && user_can( $user_id, 'moderate_comments' ) ) ) {
		return $approved;
	}
	Pending::$ref        = 'wp-' . wp_generate_uuid4();
	Pending::$assessment = assess( describe_comment( $comment, Pending::$ref ) );
	if ( null === Pending::$assessment ) {
		return 0;
	}
	$status = status_for( Pending::$assessment['verdict'], $comment );
	return 'approve' === $status ? 1 : ( 'spam' === $status ? 'spam' : 0 );
}

/**
 * Returns the status a verdict asks for.
 *
 * A comment the service lets pass still keeps to this site's own rules, except for the one that
 * a first comment always waits: that is what the service is for.
 *
 * @param string $verdict The service's verdict.
 * @param array  $comment The comment, without slashes.
 * @return string "approve", "hold" or "spam".
 */
function status_for( $verdict, $comment ) {
	if ( 'reject' === $verdict ) {
		return 'spam';
	}
	if ( 'approve' !== $verdict || mb_strlen( $comment['comment_content'] ) > LONGEST_TEXT ) {
		return 'hold';
	}
	add_filter( 'pre_option_comment_previously_approved', '__return_zero' );
	$passes = check_comment(
		$comment['comment_author'],
		$comment['comment_author_email'],
		$comment['comment_author_url'],
		$comment['comment_content'],
		$comment['comment_author_IP'],
		$comment['comment_agent'],
		$comment['comment_type']
	);
	remove_filter( 'pre_option_comment_previously_approved', '__return_zero' );
	return $passes ? 'approve' : 'hold';
}

/**
 * Keeps what the service said with the comment that was just stored.
 *
 * @param int $comment_id The comment's id.
 */
function keep_assessment( $comment_id ) {
	if ( '' === Pending::$ref ) {
		return;
	}
	add_comment_meta( $comment_id, REF, Pending::$ref, true );
	Pending::$ref = '';
	if ( null === Pending::$assessment ) {
		add_comment_meta( $comment_id, UNCHECKED, '1', true );
		schedule_catch_up();
	} else {
		remember( $comment_id, Pending::$assessment );
	}
}

/**
 * Sends no mail about a comment before the service has seen it.
 *
 * @param bool $notify     Whether mail is sent.
 * @param int  $comment_id The comment's id.
 * @return bool
 */
function notify_only_when_checked( $notify, $comment_id ) {
	return $notify && ! get_comment_meta( $comment_id, UNCHECKED, true );
}

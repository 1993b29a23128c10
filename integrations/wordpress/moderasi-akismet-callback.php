<?php
/**
 * Plugin Name: Moderasi Balasan: Akismet callback
 * Description: Must-use plugin, beside the Akismet redirect: lets an Akismet plugin older than 5.5, which has no callback of its own, follow what people decide in the service.
 *
 * @package Moderasi_Balasan
 */

defined( 'ABSPATH' ) || exit;

const MODERASI_AKISMET_GUID = 'moderasi_akismet_guid';

/**
 * Says whether the Akismet plugin needs this file.
 */
function moderasi_akismet_is_old(): bool {
	return defined( 'MODERASI_AKISMET_URL' ) && defined( 'AKISMET_VERSION' ) && version_compare( AKISMET_VERSION, '5.5', '<' );
}

// Name the address in every check.
add_filter(
	'http_request_args',
	static function ( $args, $url ) {
		$body = $args['body'] ?? null;
		if ( moderasi_akismet_is_old() && is_string( $body ) && preg_match( '#^https?://([\w-]+\.)?rest\.akismet\.com/1\.\d/comment-check$#i', $url ) ) {
			$args['body'] = $body . '&callback=' . rawurlencode( rest_url( 'moderasi-akismet/v1/callback' ) );
		}
		return $args;
	},
	10,
	2
);

// Remember how the service names the comment; it is stored in the same request.
add_action(
	'akismet_comment_check_response',
	static function ( $response ) {
		$guid = $response[0]['x-akismet-guid'] ?? '';
		if ( ! moderasi_akismet_is_old() || ! is_string( $guid ) || '' === $guid ) {
			return;
		}
		$remember = static function ( $comment_id ) use ( $guid, &$remember ) {
			remove_action( 'wp_insert_comment', $remember );
			add_comment_meta( $comment_id, MODERASI_AKISMET_GUID, $guid, true );
		};
		add_action( 'wp_insert_comment', $remember );
	}
);

// What somebody who may moderate has changed here, the service changes no more. A recheck is the
// Akismet plugin's doing, whoever asked for it.
add_action(
	'transition_comment_status',
	static function ( $new_status, $old_status, $comment ) {
		$rechecking = get_comment_meta( $comment->comment_ID, 'akismet_rechecking', true );
		if ( $new_status !== $old_status && ! $rechecking && current_user_can( 'moderate_comments' ) ) {
			delete_comment_meta( $comment->comment_ID, MODERASI_AKISMET_GUID );
		}
	},
	10,
	3
);

add_action(
	'rest_api_init',
	static function () {
		if ( ! moderasi_akismet_is_old() ) {
			return;
		}
		register_rest_route(
			'moderasi-akismet/v1',
			'/callback',
			array(
				'methods'             => 'POST',
				'callback'            => 'moderasi_akismet_take',
				'permission_callback' => 'moderasi_akismet_is_service',
			)
		);
	}
);

/**
 * Says whether a request carries the key only the service shares with this site.
 *
 * @param WP_REST_Request $request The request.
 */
function moderasi_akismet_is_service( WP_REST_Request $request ): bool {
	$ours   = strtolower( (string) Akismet::get_api_key() );
	$theirs = $request->get_param( 'key' );
	return '' !== $ours && is_string( $theirs ) && hash_equals( $ours, strtolower( $theirs ) );
}

/**
 * Does with comments what was decided about them.
 *
 * @param WP_REST_Request $request The request.
 */
function moderasi_akismet_take( WP_REST_Request $request ): WP_REST_Response {
	$answers = array();
	foreach ( (array) $request->get_param( 'comments' ) as $told ) {
		$guid = $told['guid'] ?? '';
		if ( ! is_string( $guid ) || '' === $guid ) {
			continue;
		}
		$found = get_comments(
			array(
				'meta_key'   => MODERASI_AKISMET_GUID, // phpcs:ignore WordPress.DB.SlowDBQuery
				'meta_value' => $guid, // phpcs:ignore WordPress.DB.SlowDBQuery
				'status'     => 'any',
			)
		);
		foreach ( $found as $comment ) {
			moderasi_akismet_follow( $comment, $told['result'] ?? '' );
		}
		$answers[ $guid ] = $found ? array( 'status' => 'success' ) : array(
			'status'  => 'error',
			'message' => 'No such comment, or somebody has moderated it here.',
		);
	}
	return new WP_REST_Response( array( 'comments' => $answers ) );
}

/**
 * Moves one comment; one in the trash stays there.
 *
 * @param WP_Comment $comment The comment.
 * @param mixed      $result  "true" if it is not to be published.
 */
function moderasi_akismet_follow( WP_Comment $comment, $result ): void {
	$status = wp_get_comment_status( $comment );
	if ( 'true' === $result && in_array( $status, array( 'approved', 'unapproved' ), true ) ) {
		wp_spam_comment( $comment );
	} elseif ( 'false' === $result && in_array( $status, array( 'spam', 'unapproved' ), true ) ) {
		wp_set_comment_status( $comment, 'approve' );
	}
}

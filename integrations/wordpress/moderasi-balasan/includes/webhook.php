<?php
/**
 * Decisions of the service's moderators come in here, signed as Standard Webhooks asks.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const TOLERANCE = 300;

add_action(
	'rest_api_init',
	static function () {
		register_rest_route(
			'moderasi-balasan/v1',
			'/webhook',
			array(
				'methods'             => 'POST',
				'callback'            => __NAMESPACE__ . '\\take_event',
				'permission_callback' => __NAMESPACE__ . '\\check_signature',
			)
		);
	}
);

/**
 * Says whether a request was signed with our secret, not long ago.
 *
 * @param \WP_REST_Request $request The request.
 * @return bool|\WP_Error
 */
function check_signature( $request ) {
	$refused   = new \WP_Error( 'moderasi_balasan_signature', 'The signature or its time is wrong.', array( 'status' => 401 ) );
	$id        = (string) $request->get_header( 'webhook-id' );
	$timestamp = (string) $request->get_header( 'webhook-timestamp' );
	$key       = base64_decode( preg_replace( '/^whsec_/', '', setting( 'secret' ) ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_decode -- how the standard writes keys.
	if ( ! $key || '' === $id || ! ctype_digit( $timestamp ) || abs( time() - (int) $timestamp ) > TOLERANCE ) {
		return $refused;
	}
	$expected = base64_encode( hash_hmac( 'sha256', $id . '.' . $timestamp . '.' . $request->get_body(), $key, true ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- the same.
	foreach ( explode( ' ', (string) $request->get_header( 'webhook-signature' ) ) as $signature ) {
		if ( 0 === strpos( $signature, 'v1,' ) && hash_equals( $expected, substr( $signature, 3 ) ) ) {
			return true;
		}
	}
	return $refused;
}

/**
 * Follows a decision. Every event that is understood is answered with 204, an unknown comment's
 * too: another site may share the key, and a comment may be gone.
 *
 * @param \WP_REST_Request $request The request.
 * @return \WP_REST_Response
 */
function take_event( $request ) {
	$event = json_decode( $request->get_body(), true );
	$data  = is_array( $event ) && isset( $event['data'] ) ? (array) $event['data'] : array();
	$type  = is_array( $event ) ? (string) ( $event['type'] ?? '' ) : '';
	if ( 'comment.decided' === $type && 'site' !== ( $data['source'] ?? '' ) ) {
		$status = 'approve' === ( $data['decision'] ?? '' ) ? 'approve' : 'spam';
		follow_decision( (string) ( $data['comment_id'] ?? '' ), $status, (string) ( $data['decided_at'] ?? '' ) );
	} elseif ( 'comment.reversed' === $type ) {
		follow_decision( (string) ( $data['comment_id'] ?? '' ), 'hold', (string) ( $data['reversed_at'] ?? '' ) );
	}
	return new \WP_REST_Response( null, 204 );
}

/**
 * Gives a comment the status somebody decided on, unless a later decision stands.
 *
 * @param string $ref    The comment's name between the service and this site.
 * @param string $status "approve", "hold" or "spam".
 * @param string $at     When it was decided, as the service writes times: they sort as text.
 */
function follow_decision( $ref, $status, $at ) {
	if ( '' === $ref ) {
		return;
	}
	$found = get_comments(
		array(
			'meta_key'   => REF, // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- one comment is meant.
			'meta_value' => $ref, // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_value -- the same.
			'status'     => array( 'hold', 'approve', 'spam' ),
			'number'     => 1,
		)
	);
	if ( ! $found || strcmp( $at, (string) get_comment_meta( $found[0]->comment_ID, DECIDED_AT, true ) ) < 0 ) {
		return;
	}
	update_comment_meta( $found[0]->comment_ID, DECIDED_AT, sanitize_text_field( $at ) );
	delete_comment_meta( $found[0]->comment_ID, UNCHECKED );
	follow( $found[0], $status );
}

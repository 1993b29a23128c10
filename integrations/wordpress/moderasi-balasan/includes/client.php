<?php
/**
 * Requests to the service.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

/**
 * Returns one of the plugin's settings: "url", "key" or "secret".
 *
 * @param string $name The setting's name.
 * @return string
 */
function setting( $name ) {
	$settings = (array) get_option( OPTION, array() );
	return isset( $settings[ $name ] ) ? (string) $settings[ $name ] : '';
}

/**
 * Says whether the service's address and key are known.
 *
 * @return bool
 */
function is_set_up() {
	return '' !== setting( 'url' ) && '' !== setting( 'key' );
}

/**
 * Asks the service, and gives up in time for a visitor not to notice.
 *
 * @param string     $method GET or POST.
 * @param string     $path   The path, with its query.
 * @param array|null $body   What to send as JSON.
 * @return array|\WP_Error "status" and "body" (decoded JSON or null), or why there was no answer.
 */
function request( $method, $path, $body = null ) {
	/**
	 * Filters how many seconds a comment may wait for its verdict.
	 *
	 * @param float $seconds Seconds; the visitor waits as long.
	 */
	$timeout  = (float) apply_filters( 'moderasi_balasan_timeout', 1.5 );
	$response = wp_remote_request(
		rtrim( setting( 'url' ), '/' ) . $path,
		array(
			'method'      => $method,
			'timeout'     => $timeout,
			'redirection' => 0,
			'headers'     => array(
				'Authorization' => 'Bearer ' . setting( 'key' ),
				'Content-Type'  => 'application/json',
			),
			'body'        => null === $body ? null : wp_json_encode( $body ),
		)
	);
	if ( is_wp_error( $response ) ) {
		return $response;
	}
	$document = json_decode( wp_remote_retrieve_body( $response ), true );
	return array(
		'status' => (int) wp_remote_retrieve_response_code( $response ),
		'body'   => is_array( $document ) ? $document : null,
	);
}

/**
 * Hands a comment in and returns its assessment.
 *
 * A comment that was handed in before, and whose article was renamed since, conflicts with
 * itself; the stored assessment is then fetched.
 *
 * @param array $submission What the service is told.
 * @return array|null The assessment, or null if there is none to be had now.
 */
function assess( $submission ) {
	$answer = request( 'POST', '/v1/comments', $submission );
	if ( ! is_wp_error( $answer ) && 409 === $answer['status'] ) {
		$answer = request( 'GET', '/v1/comments?comment_id=' . rawurlencode( $submission['comment_id'] ) );
	}
	if ( is_wp_error( $answer ) || ! in_array( $answer['status'], array( 200, 201 ), true ) ) {
		return null;
	}
	return isset( $answer['body']['id'], $answer['body']['verdict'] ) ? $answer['body'] : null;
}

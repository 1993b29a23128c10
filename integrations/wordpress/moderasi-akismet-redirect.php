<?php
/**
 * Plugin Name: Moderasi Balasan: Akismet redirect
 * Description: Must-use plugin: sends the Akismet plugin's requests to MODERASI_AKISMET_URL (in wp-config.php) instead.
 *
 * @package Moderasi_Balasan
 */

defined( 'ABSPATH' ) || exit;

add_filter(
	'pre_http_request',
	static function ( $answer, $args, $url ) {
		static $redirecting = false;

		$parts = wp_parse_url( $url );
		$host  = strtolower( $parts['host'] ?? '' );
		if ( $redirecting || ! defined( 'MODERASI_AKISMET_URL' ) || ! preg_match( '/(^|\.)rest\.akismet\.com$/', $host ) ) {
			return $answer;
		}
		if ( 'https' !== strtolower( $parts['scheme'] ?? '' ) ) {
			return new WP_Error( 'moderasi_balasan', 'The fallback to plain HTTP is refused.' );
		}
		foreach ( array_keys( (array) ( $args['headers'] ?? array() ) ) as $name ) {
			if ( 'host' === strtolower( $name ) ) {
				unset( $args['headers'][ $name ] );
			}
		}
		$query       = isset( $parts['query'] ) ? '?' . $parts['query'] : '';
		$redirecting = true;
		$answer      = wp_remote_request( rtrim( MODERASI_AKISMET_URL, '/' ) . ( $parts['path'] ?? '/' ) . $query, $args );
		$redirecting = false;
		return $answer;
	},
	10,
	3
);

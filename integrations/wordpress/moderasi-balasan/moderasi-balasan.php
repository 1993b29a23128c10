<?php
/**
 * Plugin Name:       Moderasi Balasan
 * Description:       Sends readers' comments to a Moderasi Balasan service, follows its verdicts and its moderators' decisions, and reports what is decided here.
 * Version:           0.1.0
 * Requires at least: 6.0
 * Requires PHP:      7.4
 * Text Domain:       moderasi-balasan
 * Domain Path:       /languages
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const OPTION   = 'moderasi_balasan';
const CATCH_UP = 'moderasi_balasan_catch_up';

require __DIR__ . '/includes/client.php';
require __DIR__ . '/includes/submission.php';
require __DIR__ . '/includes/status.php';
require __DIR__ . '/includes/intake.php';
require __DIR__ . '/includes/feedback.php';
require __DIR__ . '/includes/catch-up.php';
require __DIR__ . '/includes/webhook.php';

if ( is_admin() ) {
	require __DIR__ . '/includes/settings.php';
	require __DIR__ . '/includes/comment-list.php';
}

add_action(
	'init',
	static function () {
		load_plugin_textdomain( 'moderasi-balasan', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
	}
);

register_deactivation_hook(
	__FILE__,
	static function () {
		wp_clear_scheduled_hook( CATCH_UP );
	}
);

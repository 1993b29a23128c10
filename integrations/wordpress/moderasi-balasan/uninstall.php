<?php
/**
 * Forgets the settings and everything remembered of comments.
 *
 * @package Moderasi_Balasan
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

delete_option( 'moderasi_balasan' );
foreach ( array( 'ref', 'id', 'verdict', 'reasons', 'unchecked', 'report', 'decided_at' ) as $moderasi_balasan_name ) {
	delete_metadata( 'comment', 0, '_moderasi_' . $moderasi_balasan_name, '', true );
}

<?php
/**
 * The settings page, with a test that says what is wrong.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const PAGE = 'moderasi-balasan';
const TEST = 'moderasi_balasan_test';

add_action( 'admin_init', __NAMESPACE__ . '\\register_settings' );
add_action( 'admin_menu', __NAMESPACE__ . '\\add_page' );
add_action( 'admin_post_' . TEST, __NAMESPACE__ . '\\run_test' );

/**
 * Registers the option and its fields.
 */
function register_settings() {
	register_setting(
		PAGE,
		OPTION,
		array(
			'type'              => 'array',
			'sanitize_callback' => __NAMESPACE__ . '\\clean_settings',
		)
	);
	add_settings_section( 'service', '', '__return_empty_string', PAGE );
	$fields = array(
		'url'    => __( 'Address of the service', 'moderasi-balasan' ),
		'key'    => __( 'API key', 'moderasi-balasan' ),
		'secret' => __( 'Webhook secret', 'moderasi-balasan' ),
	);
	foreach ( $fields as $name => $title ) {
		add_settings_field(
			$name,
			esc_html( $title ),
			__NAMESPACE__ . '\\show_field',
			PAGE,
			'service',
			array(
				'name'      => $name,
				'label_for' => 'moderasi-balasan-' . $name,
			)
		);
	}
}

/**
 * Cleans what was typed; a secret left empty stays as it was.
 *
 * @param mixed $typed What came from the form.
 * @return array
 */
function clean_settings( $typed ) {
	$typed = (array) $typed;
	$clean = array( 'url' => esc_url_raw( trim( (string) ( $typed['url'] ?? '' ) ), array( 'http', 'https' ) ) );
	foreach ( array( 'key', 'secret' ) as $name ) {
		$value          = preg_replace( '/[^\x21-\x7e]/', '', (string) ( $typed[ $name ] ?? '' ) );
		$clean[ $name ] = '' === $value ? setting( $name ) : $value;
	}
	if ( 0 !== strpos( $clean['secret'], 'whsec_' ) && '' !== $clean['secret'] ) {
		add_settings_error( OPTION, 'secret', __( 'A webhook secret begins with whsec_.', 'moderasi-balasan' ) );
	}
	return $clean;
}

/**
 * Shows one field.
 *
 * @param array $field "name" and "label_for".
 */
function show_field( $field ) {
	$name  = $field['name'];
	$attrs = 'id="' . esc_attr( $field['label_for'] ) . '" name="' . esc_attr( OPTION . "[$name]" ) . '" class="regular-text" autocomplete="off"';
	if ( 'url' === $name ) {
		echo '<input type="url" ' . $attrs . ' placeholder="https://moderasi.example" value="' . esc_attr( setting( 'url' ) ) . '">'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped above.
		return;
	}
	$hint = '' === setting( $name ) ? '' : __( 'set; leave empty to keep it', 'moderasi-balasan' );
	echo '<input type="password" ' . $attrs . ' placeholder="' . esc_attr( $hint ) . '">'; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- escaped above.
	if ( 'secret' === $name ) {
		/* translators: %s: this site's webhook address. */
		$text = sprintf( __( 'For decisions made in the service. Its operator adds %s as a webhook and gets the secret.', 'moderasi-balasan' ), rest_url( 'moderasi-balasan/v1/webhook' ) );
		echo '<p class="description">' . esc_html( $text ) . '</p>';
	}
}

/**
 * Adds the page under Settings.
 */
function add_page() {
	add_options_page( 'Moderasi Balasan', 'Moderasi Balasan', 'manage_options', PAGE, __NAMESPACE__ . '\\show_page' );
}

/**
 * Shows the page.
 */
function show_page() {
	$result = get_transient( TEST . get_current_user_id() );
	delete_transient( TEST . get_current_user_id() );
	?>
	<div class="wrap">
		<h1>Moderasi Balasan</h1>
		<?php if ( is_array( $result ) ) : ?>
			<div class="notice <?php echo $result['good'] ? 'notice-success' : 'notice-error'; ?>" id="moderasi-balasan-result"><p><?php echo esc_html( $result['text'] ); ?></p></div>
		<?php endif; ?>
		<p><?php esc_html_e( 'Readers\' comments are sent to this service before they are published. If it cannot be reached, they wait as pending and are checked later.', 'moderasi-balasan' ); ?></p>
		<form method="post" action="options.php">
			<?php
			settings_fields( PAGE );
			do_settings_sections( PAGE );
			submit_button();
			?>
		</form>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( TEST ); ?>">
			<?php
			wp_nonce_field( TEST );
			submit_button( __( 'Test the connection', 'moderasi-balasan' ), 'secondary', 'test', false );
			?>
		</form>
	</div>
	<?php
}

/**
 * Tests the saved settings and goes back to the page with the result.
 */
function run_test() {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( 'You are not allowed to do this.', 'moderasi-balasan' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( TEST );
	set_transient( TEST . get_current_user_id(), test_connection(), MINUTE_IN_SECONDS );
	wp_safe_redirect( admin_url( 'options-general.php?page=' . PAGE ) );
	exit;
}

/**
 * Says whether a comment could be checked now, and if not, why.
 *
 * @return array "good" and "text".
 */
function test_connection() {
	if ( ! is_set_up() ) {
		return failed( __( 'Fill in the address and the API key first, and save.', 'moderasi-balasan' ) );
	}
	$answer = request( 'POST', '/v1/score', array( 'comments' => array( array( 'text' => 'Terima kasih atas beritanya.' ) ) ) );
	if ( is_wp_error( $answer ) ) {
		/* translators: %s: the network's own message. */
		return failed( sprintf( __( 'The service cannot be reached: %s', 'moderasi-balasan' ), $answer->get_error_message() ) );
	}
	$texts = array(
		401 => __( 'The service does not know this API key, or the key has ended.', 'moderasi-balasan' ),
		403 => __( 'This API key may not hand in comments; it needs the scope "submit".', 'moderasi-balasan' ),
	);
	if ( isset( $texts[ $answer['status'] ] ) ) {
		return failed( $texts[ $answer['status'] ] );
	}
	$model = $answer['body']['assessments'][0]['model_version'] ?? null;
	if ( 200 !== $answer['status'] || ! is_string( $model ) ) {
		/* translators: %d: an HTTP status. */
		return failed( sprintf( __( 'Something answers at this address, but not Moderasi Balasan (HTTP %d). Check the address.', 'moderasi-balasan' ), $answer['status'] ) );
	}
	return array(
		'good' => true,
		/* translators: %s: the version of the service's model. */
		'text' => sprintf( __( 'Connected. The service answers with model %s.', 'moderasi-balasan' ), $model ),
	);
}

/**
 * Makes the result of a failed test.
 *
 * @param string $text What is wrong.
 * @return array
 */
function failed( $text ) {
	return array(
		'good' => false,
		'text' => $text,
	);
}

<?php
/**
 * What the service is told about a comment.
 *
 * @package Moderasi_Balasan
 */

namespace Moderasi_Balasan;

defined( 'ABSPATH' ) || exit;

const LONGEST_TEXT = 20000;

/**
 * Describes a comment as POST /v1/comments takes it.
 *
 * @param array  $comment Fields named as in the comments table, without slashes.
 * @param string $ref     The name this comment has between the service and this site.
 * @return array
 */
function describe_comment( $comment, $ref ) {
	$parent     = empty( $comment['comment_parent'] ) ? null : get_comment( (int) $comment['comment_parent'] );
	$submission = array(
		'comment_id'   => $ref,
		'text'         => cut( $comment['comment_content'], LONGEST_TEXT ),
		'article'      => describe_article( (int) $comment['comment_post_ID'] ),
		'author'       => array(
			'id'         => empty( $comment['user_id'] ) ? '' : (string) $comment['user_id'],
			'name'       => cut( $comment['comment_author'], 500 ),
			'email'      => cut( $comment['comment_author_email'], 500 ),
			'url'        => cut( $comment['comment_author_url'], 4000 ),
			'ip'         => cut( $comment['comment_author_IP'], 500 ),
			'user_agent' => cut( $comment['comment_agent'], 4000 ),
		),
		'submitted_at' => mysql2date( 'Y-m-d\TH:i:s\Z', $comment['comment_date_gmt'], false ),
	);
	if ( $parent ) {
		$parent_ref           = (string) get_comment_meta( $parent->comment_ID, REF, true );
		$submission['parent'] = array(
			'comment_id' => '' === $parent_ref ? 'wp-' . $parent->comment_ID : $parent_ref,
			'text'       => cut( $parent->comment_content, LONGEST_TEXT ),
		);
	}
	return $submission;
}

/**
 * Describes the article a comment stands under.
 *
 * @param int $post_id The post's id.
 * @return array
 */
function describe_article( $post_id ) {
	$post = get_post( $post_id );
	if ( ! $post ) {
		return array( 'id' => (string) $post_id );
	}
	$categories = get_the_category( $post_id );
	$summary    = '' === $post->post_excerpt
		? wp_trim_words( strip_shortcodes( $post->post_content ), 55 )
		: $post->post_excerpt;
	return array(
		'id'      => (string) $post_id,
		'url'     => cut( (string) get_permalink( $post ), 4000 ),
		'title'   => cut( plain( get_the_title( $post ) ), 4000 ),
		'section' => $categories ? cut( plain( $categories[0]->name ), 500 ) : '',
		'summary' => cut( plain( $summary ), LONGEST_TEXT ),
	);
}

/**
 * Returns HTML as the text a reader sees.
 *
 * @param string $html HTML.
 * @return string
 */
function plain( $html ) {
	return html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES, 'UTF-8' );
}

/**
 * Returns valid UTF-8 of at most so many characters.
 *
 * @param string $text    The text.
 * @param int    $longest The most characters.
 * @return string
 */
function cut( $text, $longest ) {
	return mb_substr( wp_check_invalid_utf8( (string) $text, true ), 0, $longest );
}

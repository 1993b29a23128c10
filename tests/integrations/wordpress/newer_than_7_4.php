<?php
/**
 * Prints every place where the files named hold what PHP 7.4 does not know, one a line.
 *
 * It reads tokens, so that an interpreter of any later version will do.
 */

const NEWER_TOKENS    = array( 'T_MATCH', 'T_NULLSAFE_OBJECT_OPERATOR', 'T_ATTRIBUTE', 'T_ENUM', 'T_READONLY' );
const NEWER_FUNCTIONS = array(
	'array_is_list', 'fdiv', 'get_debug_type', 'get_resource_id', 'json_validate', 'preg_last_error_msg',
	'str_contains', 'str_ends_with', 'str_starts_with',
);
const BLANKS          = array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT );
const OPENING         = array( '(', '[', '{', '${', '{$' );
const CLOSING         = array( ')', ']', '}' );

foreach ( array_slice( $argv, 1 ) as $file ) {
	$tokens = array_values( array_filter( PhpToken::tokenize( file_get_contents( $file ) ), fn( $token ) => ! $token->is( BLANKS ) ) );
	foreach ( find_newer( $tokens ) as list( $token, $what ) ) {
		echo "$file:$token->line: $what\n";
	}
}

function find_newer( array $tokens ): iterable {
	$parentheses = array(); // For each that is open, whether it holds parameters.
	foreach ( $tokens as $at => $token ) {
		$before = $tokens[ $at - 1 ] ?? new PhpToken( T_INLINE_HTML, '' );
		$after  = $tokens[ $at + 1 ] ?? new PhpToken( T_INLINE_HTML, '' );
		if ( in_array( $token->getTokenName(), NEWER_TOKENS, true ) ) {
			yield array( $token, $token->text );
		}
		if ( $token->is( T_STRING ) && in_array( strtolower( $token->text ), NEWER_FUNCTIONS, true ) && $after->is( '(' ) ) {
			yield array( $token, "$token->text()" );
		}
		if ( $token->is( T_STRING ) && $before->is( array( '(', ',' ) ) && $after->is( ':' ) && $parentheses ) {
			yield array( $token, 'a named argument' );
		}
		if ( $token->is( T_THROW ) && ! $before->is( array( ';', '{', '}', ':', T_OPEN_TAG, ')' ) ) ) {
			yield array( $token, 'throw as an expression' );
		}
		if ( $token->is( T_CATCH ) && $tokens[ $at + 3 ]->is( ')' ) ) {
			yield array( $token, 'catch without a variable' );
		}
		$declares = ( (bool) end( $parentheses ) );
		if ( $declares && $token->is( '|' ) || $token->is( '|' ) && is_return_type( $tokens, $at ) ) {
			yield array( $token, 'a union type' );
		}
		if ( $declares && $token->is( array( T_PUBLIC, T_PROTECTED, T_PRIVATE ) ) ) {
			yield array( $token, 'a promoted parameter' );
		}
		if ( $declares && $token->is( ',' ) && $after->is( ')' ) ) {
			yield array( $token, 'a comma after the last parameter' );
		}
		if ( $token->is( OPENING ) ) {
			$named         = $before->is( T_STRING ) && ( $tokens[ $at - 2 ] ?? $before )->is( array( T_FUNCTION, '&' ) );
			$parentheses[] = $token->is( '(' ) && ( $named || $before->is( array( T_FUNCTION, T_FN, T_USE ) ) );
		} elseif ( $token->is( CLOSING ) ) {
			array_pop( $parentheses );
		}
	}
}

function is_return_type( array $tokens, int $at ): bool {
	do {
		--$at;
	} while ( $at > 1 && $tokens[ $at ]->is( array( T_STRING, T_NAME_QUALIFIED, T_NAME_FULLY_QUALIFIED, T_ARRAY, '|', '?' ) ) );
	return $tokens[ $at ]->is( ':' ) && $tokens[ $at - 1 ]->is( ')' );
}

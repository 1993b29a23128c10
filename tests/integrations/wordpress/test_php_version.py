"""The plugin says it runs on PHP 7.4; its tokens are read, for the tests run a later PHP."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKER = Path(__file__).with_name("newer_than_7_4.php")
INTEGRATIONS = Path(__file__).parents[3] / "integrations"
PLUGIN = INTEGRATIONS / "wordpress" / "moderasi-balasan" / "moderasi-balasan.php"
NEWER = """<?php
function f( int|string $a, $b, ): ?int { return match ( $a ) { 1 => 2 }; }
str_contains( g( name: 1 ), $a?->b ?? throw new E() );
try { f(); } catch ( E ) { h( $a ? B : C, 1 | 2, ); }
#[At] class A { function __construct( private $a ) {} }
"""


def find_newer(*files: Path) -> list[str]:
    if shutil.which("php") is None:
        pytest.skip("install php-cli (a Debian package)")
    command = ["php", str(CHECKER), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return [re.sub(r"^.*:(\d+): ", r"\1 ", line) for line in done.stdout.splitlines()]


def test_nothing_is_newer_than_the_php_the_plugin_asks_for() -> None:
    assert "Requires PHP:      7.4" in PLUGIN.read_text()
    assert find_newer(*sorted(INTEGRATIONS.rglob("*.php"))) == []


def test_what_is_newer_is_found(tmp_path: Path) -> None:
    (tmp_path / "newer.php").write_text(NEWER)

    assert find_newer(tmp_path / "newer.php") == [
        "2 a union type",
        "2 a comma after the last parameter",
        "2 match",
        "3 str_contains()",
        "3 a named argument",
        "3 ?->",
        "3 throw as an expression",
        "4 catch without a variable",
        "5 #[",
        "5 a promoted parameter",
    ]

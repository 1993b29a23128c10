"""A real WordPress from Debian's packages: PHP's own server and a throw-away MariaDB."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import tenacity

ROOT = Path(__file__).parents[3]
PLUGIN = ROOT / "integrations/wordpress/moderasi-balasan"
FOR_AKISMET = [
    ROOT / "integrations/wordpress/moderasi-akismet-redirect.php",
    ROOT / "integrations/wordpress/moderasi-akismet-callback.php",
]
PACKAGED = Path("/usr/share/wordpress")
PASSWORD = "kata-sandi-untuk-tes"

_CONFIG = """<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:{socket}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'WP_HOME', '{url}' );
define( 'WP_SITEURL', '{url}' );
define( 'WP_CONTENT_DIR', __DIR__ . '/wp-content' );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/debug.log' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {{
	define( $name . '_KEY', 'only-for-the-tests' );
	define( $name . '_SALT', 'only-for-the-tests' );
}}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require ABSPATH . 'wp-settings.php';
"""

# One visitor writes many comments here, no mail leaves, the plugin's patience is looked at, and
# the Akismet redirect leads where a test says, without a word of it nowhere.
_FOR_TESTS = """<?php
if ( get_option( 'tests_akismet_url' ) ) {
	define( 'MODERASI_AKISMET_URL', get_option( 'tests_akismet_url' ) );
	define( 'WPCOM_API_KEY', get_option( 'tests_akismet_key' ) );
}
add_filter( 'wp_is_comment_flood', '__return_false', 99 );
add_filter( 'pre_wp_mail', '__return_false' );
add_filter( 'rest_allow_anonymous_comments', '__return_true' );
add_filter( 'http_request_args', function ( $args, $url ) {
	if ( false !== strpos( $url, '/v1/comments' ) ) {
		update_option( 'tests_timeout', $args['timeout'] );
	}
	return $args;
}, 10, 2 );
"""

_INSTALL = f"""
define( 'WP_INSTALLING', true );
require 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install( 'Kabar Priangan', 'admin', 'admin@kabar.example', false, '', '{PASSWORD}' );
update_option( 'active_plugins', array( 'moderasi-balasan/moderasi-balasan.php' ) );
"""


def missing() -> list[str]:
    """Return what is not installed, as Debian names the packages."""
    loaded = _extensions()
    needed = {
        "php-cli": shutil.which("php"),
        "php-mysql": "mysqli" in loaded,
        "php-curl": "curl" in loaded,
        "php-mbstring": "mbstring" in loaded,
        "php-xml": "xml" in loaded,
        "mariadb-server": _program("mariadbd") and _program("mariadb-install-db"),
        "wordpress": (PACKAGED / "wp-load.php").exists(),
    }
    return [package for package, found in needed.items() if not found]


class _Staying(HTTPRedirectHandler):
    """Does not follow a redirect; the answer is the redirect itself."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Browser:
    """Keeps cookies, and stays where it is sent away."""

    opener: OpenerDirector

    def get(self, url: str) -> Answer:
        return self._open(url, None)

    def post(self, url: str, /, **fields: str) -> Answer:
        return self._open(url, urlencode(fields).encode())

    def _open(self, url: str, body: bytes | None) -> Answer:
        try:
            response = self.opener.open(url, body, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            location = response.headers.get("Location", "")
            return Answer(response.status, location, response.read().decode())


@dataclass(frozen=True)
class WordPress:
    """The site, and the ways a test reaches into it."""

    url: str
    place: Path

    def php(self, code: str) -> str:
        """Run PHP with WordPress loaded, and return what it prints."""
        return _run_php(self.place, f"require 'wp-load.php'; {code}")

    def browser(self) -> Browser:
        return Browser(build_opener(_Staying, HTTPCookieProcessor(CookieJar())))

    def comment(self, text: str, **fields: str) -> int:
        """Send the comment form as a visitor does; return the comment's id."""
        answer = self.browser().post(
            f"{self.url}/wp-comments-post.php",
            **{
                "comment_post_ID": "1",
                "comment": text,
                "author": "Budi",
                "email": "budi@surat.example",
                "url": "",
                **fields,
            },
        )
        found = re.search(r"#comment-(\d+)", answer.location)
        assert found is not None, (answer.status, answer.text[-300:], self.notices())
        return int(found[1])

    def status(self, comment_id: int) -> str:
        """Return "approved", "unapproved", "spam" or "trash"."""
        return self.php(f"echo wp_get_comment_status( {comment_id} );")

    def meta(self, comment_id: int, name: str) -> str:
        return self.php(f"echo get_comment_meta( {comment_id}, '{name}', true );")

    def catch_up(self) -> None:
        """Do what WordPress's scheduler does when the plugin's minute has come."""
        self.php("do_action( 'moderasi_balasan_catch_up' );")

    @contextmanager
    def akismet(self, url: str, key: str) -> Iterator[None]:
        """Let WordPress's own Akismet plugin judge instead of ours, sent to ``url``."""
        self._set_up("akismet/akismet.php", url, key)
        try:
            yield
        finally:
            self._set_up("moderasi-balasan/moderasi-balasan.php", "", "")

    def _set_up(self, plugin: str, akismet_url: str, akismet_key: str) -> None:
        self.php(
            f"update_option( 'active_plugins', array( '{plugin}' ) );"
            f"update_option( 'tests_akismet_url', '{akismet_url}' );"
            f"update_option( 'tests_akismet_key', '{akismet_key}' );"
        )

    def log_in(self) -> Browser:
        browser = self.browser()
        browser.get(f"{self.url}/wp-login.php")
        answer = browser.post(f"{self.url}/wp-login.php", log="admin", pwd=PASSWORD)
        assert answer.status == 302, answer
        return browser

    def notices(self) -> list[str]:
        """Return PHP's notices and errors about the plugin; WordPress's own are not ours."""
        path = self.place / "debug.log"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [line for line in lines if "moderasi-balasan/" in line or "moderasi-akismet" in line]


@contextmanager
def running() -> Iterator[WordPress]:
    """Install WordPress with the plugin, serve it, and remove it all afterwards."""
    with tempfile.TemporaryDirectory(prefix="moderasi-wp-") as folder:
        place = Path(folder)
        with _mariadb(place / "db") as socket_path:
            url = f"http://127.0.0.1:{_free_port()}"
            site = _install(place / "site", url, socket_path)
            with _served(site, url, place / "server.log"):
                yield WordPress(url, site)


@contextmanager
def _mariadb(place: Path) -> Iterator[Path]:
    """Run a MariaDB that only a socket in its own folder leads to."""
    place.mkdir()
    data, path = place / "data", place / "s"
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    install = [_program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", *as_root]
    options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run([*install, *options], check=True, capture_output=True)
    server = [_program("mariadbd"), "--no-defaults", f"--datadir={data}", *as_root]
    options = [f"--socket={path}", "--skip-networking", "--innodb-flush-log-at-trx-commit=0"]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [*server, *options, f"--pid-file={place / 'pid'}"], stdout=log, stderr=log
        )
    try:
        _make_database(place, path)
        yield path
    finally:
        process.terminate()
        process.wait(60)


@tenacity.retry(
    stop=tenacity.stop_after_delay(60),
    wait=tenacity.wait_fixed(0.1),
    retry=tenacity.retry_if_exception_type(subprocess.CalledProcessError),
    reraise=True,
)
def _make_database(place: Path, socket_path: Path) -> None:
    code = (
        f"(new mysqli( null, 'root', '', '', 0, '{socket_path}' ))->query("
        "'CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4' );"
    )
    _run_php(place, code)


def _install(site: Path, url: str, socket_path: Path) -> Path:
    shutil.copytree(PACKAGED, site, symlinks=True)
    (site / ".htaccess").unlink(missing_ok=True)
    config = _CONFIG.format(socket=socket_path, url=url)
    (site / "wp-config.php").write_text(config, encoding="utf-8")
    shutil.copytree(PLUGIN, site / "wp-content/plugins/moderasi-balasan")
    (site / "wp-content/mu-plugins").mkdir()
    (site / "wp-content/mu-plugins/for-tests.php").write_text(_FOR_TESTS, encoding="utf-8")
    for file in FOR_AKISMET:
        shutil.copy(file, site / "wp-content/mu-plugins")
    _run_php(site, _INSTALL)
    return site


@contextmanager
def _served(site: Path, url: str, log_path: Path) -> Iterator[None]:
    port = url.rpartition(":")[2]
    # Several PHP processes: WordPress asks the service, which may call WordPress back.
    environ = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            ["php", "-S", f"127.0.0.1:{port}", "-t", str(site)],
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(int(port))
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait(30)


@tenacity.retry(
    stop=tenacity.stop_after_delay(60),
    wait=tenacity.wait_fixed(0.1),
    retry=tenacity.retry_if_exception_type(OSError),
    reraise=True,
)
def _wait_for(port: int) -> None:
    socket.create_connection(("127.0.0.1", port)).close()


def _run_php(place: Path, code: str) -> str:
    prelude = "$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['REQUEST_METHOD'] = 'GET'; "
    return subprocess.run(
        ["php", "-d", "error_reporting=E_ALL", "-r", prelude + code],
        cwd=place,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _extensions() -> list[str]:
    if shutil.which("php") is None:
        return []
    return (
        subprocess.run(["php", "-m"], check=True, capture_output=True, text=True)
        .stdout.lower()
        .split()
    )


def _program(name: str) -> str:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin") or ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

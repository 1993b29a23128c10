from dataclasses import fields
from pathlib import Path

import pytest

from moderation.errors import SettingsError
from moderation.settings import PREFIX, Settings

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


def test_a_secret_is_all_that_is_needed() -> None:
    settings = Settings.from_environ({"MODERATION_SECRET_KEY": SECRET, "HOME": "/root"})

    assert settings.secret_key == SECRET
    assert settings.sqlite_synchronous == "FULL"
    assert not settings.demo


def test_the_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n", encoding="utf-8")

    assert Settings.from_environ({"MODERATION_SECRET_KEY_FILE": str(path)}).secret_key == SECRET


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("SECRET_KEY", "short", "at least 32 random characters"),
        ("SECRET_KEY", "a" * 64, "at least 32 random characters"),
        ("SECRET_KEY_FILE", "/nowhere/at/all", "cannot read /nowhere/at/all"),
        ("DATABASE_URL", "mysql://x", "use sqlite:///PATH"),
        ("SQLITE_SYNCHRONOUS", "OFF", "use FULL"),
        ("CONSOLE_LEASE_S", "0", "at least 1"),
        ("CONSOLE_LEASE_S", "ten", "at least 1"),
        ("DEMO", "yes", "use 1 or 0"),
        ("DEMO", "1", "DEMO_KEY: required"),
        ("RATE_LIMIT_STORAGE", "memcached://x", "use memory://"),
        ("RATE_LIMIT_PER_KEY", "0", "at least 1"),
        ("COLOUR", "red", "no such setting"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_do(name: str, value: str, complaint: str) -> None:
    environ = {"MODERATION_SECRET_KEY": SECRET, f"MODERATION_{name}": value}

    with pytest.raises(SettingsError, match=complaint) as raised:
        Settings.from_environ(environ)

    assert PREFIX in str(raised.value)


def test_a_missing_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="MODERATION_SECRET_KEY: required"):
        Settings.from_environ({})


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environ({"MODERATION_DEMO": "x", "MODERATION_CONSOLE_LEASE_S": "x"})

    assert all(name in str(raised.value) for name in ("DEMO", "CONSOLE_LEASE_S", "SECRET_KEY"))


def test_the_secret_never_shows_in_a_log_line() -> None:
    assert SECRET not in repr(Settings.from_environ({"MODERATION_SECRET_KEY": SECRET}))


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.metadata["help"].endswith(".") for setting in fields(Settings))

"""The service's settings: read from the environment once, refused when wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from moderation.errors import SettingsError

PREFIX = "MODERATION_"
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 20
LONGEST_UNDO_S = 300


def _read_share(raw: str) -> float:
    share = float(raw)
    if not 0.0 <= share <= 1.0:
        raise ValueError("use a number from 0 to 1")
    return share


def _read_version(raw: str) -> str:
    if Path(raw).name != raw:
        raise ValueError("use the name of a folder under the models")
    return raw


def _read_flag(raw: str) -> bool:
    try:
        return {"1": True, "true": True, "0": False, "false": False}[raw.lower()]
    except KeyError:
        raise ValueError("use 1 or 0") from None


def _read_count(raw: str) -> int:
    count = int(raw) if raw.isascii() and raw.isdigit() else 0
    if count < 1:
        raise ValueError("use a whole number of at least 1")
    return count


def _read_number(raw: str) -> int:
    return 0 if raw == "0" else _read_count(raw)


def _read_days(raw: str) -> timedelta | None:
    if raw == "0":
        return None
    return timedelta(days=_read_count(raw))


def _read_seconds(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit()) or int(raw) > LONGEST_UNDO_S:
        raise ValueError(f"use a whole number from 0 to {LONGEST_UNDO_S}")
    return int(raw)


def _read_database_url(raw: str) -> str:
    if not raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("use sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
    return raw


def _read_limit_storage(raw: str) -> str:
    if raw != "memory://" and not raw.startswith(("redis://", "rediss://")):
        raise ValueError("use memory:// or redis://HOST:PORT")
    return raw


def _read_synchronous(raw: str) -> str:
    level = raw.upper()
    if level not in {"FULL", "NORMAL"}:
        raise ValueError("use FULL (survives power loss) or NORMAL (faster)")
    return level


def _read_secret(raw: str) -> str:
    if len(raw) < SHORTEST_SECRET or len(set(raw)) < 8:
        raise ValueError(
            f"use at least {SHORTEST_SECRET} random characters, for example from "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        )
    return raw


def _read_token(raw: str) -> str:
    if len(raw) < SHORTEST_TOKEN:
        raise ValueError(f"use at least {SHORTEST_TOKEN} random characters")
    return raw


def _setting(read: Callable[[str], Any], help_: str, default: Any = None) -> Any:
    return field(default=default, metadata={"read": read, "help": help_})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting; the variable is the field's name in capitals after ``MODERATION_``.

    ``secret_key`` signs console sessions and keys the hashes of e-mail and IP addresses, so it
    has no default; ``MODERATION_SECRET_KEY_FILE`` may name a file that holds it instead.
    """

    secret_key: str = field(
        repr=False,
        metadata={
            "read": _read_secret,
            "help": "Signs sessions and keys the hashes of personal data. Required.",
        },
    )
    database_url: str = _setting(
        _read_database_url, "Where comments are stored.", "sqlite:///var/moderation.db"
    )
    sqlite_synchronous: str = _setting(
        _read_synchronous, "How durable a SQLite commit is: FULL or NORMAL.", "FULL"
    )
    models_dir: Path = _setting(Path, "The folder of champion.json.", Path("models"))
    console_lease_s: int = _setting(
        _read_count, "Seconds a moderator holds an opened comment.", 600
    )
    console_idle_s: int = _setting(
        _read_count, "Seconds without a request after which a moderator is logged out.", 7200
    )
    proxies: int = _setting(
        _read_number, "Proxies in front that set X-Forwarded-For; 0 trusts the header of nobody.", 0
    )
    undo_s: int = _setting(
        _read_seconds, "Seconds a decision at the console can be taken back.", 10
    )
    secure_cookies: bool = _setting(
        _read_flag, "Send the session cookie over HTTPS only; 0 only on loopback.", True
    )
    requests_at_once: int = _setting(
        _read_count, "Requests one process works on at a time; twice as many may wait.", 8
    )
    metrics_token: str = field(
        default="",
        repr=False,
        metadata={"read": _read_token, "help": "What Prometheus must send to read /metrics."},
    )
    keep_text_days: timedelta | None = _setting(
        _read_days, "Days a comment's text is kept; 0 keeps it for ever.", timedelta(days=730)
    )
    keep_author_days: timedelta | None = _setting(
        _read_days, "Days it is kept who wrote a comment; 0 keeps it for ever.", timedelta(days=180)
    )
    spot_check_share: float = _setting(
        _read_share, "The share of automatic verdicts that is shown to people too.", 0.005
    )
    shadow_model: str = _setting(
        _read_version, "The version that reads a share of the comments beside the champion.", ""
    )
    shadow_share: float = _setting(_read_share, "The share of comments it reads.", 0.1)
    keep_delivered_days: timedelta | None = _setting(
        _read_days, "Days a delivered webhook is kept; 0 keeps it for ever.", timedelta(days=30)
    )
    keep_campaign_days: timedelta | None = _setting(
        _read_days, "Days a text not seen again is recognised; 0 for ever.", timedelta(days=90)
    )
    rate_limit_storage: str = _setting(
        _read_limit_storage, "Where requests are counted: memory:// or redis://HOST.", "memory://"
    )
    rate_limit_per_key: int = _setting(_read_count, "Requests a minute for one key.", 120_000)
    rate_limit_per_address: int = _setting(
        _read_count, "Requests a minute from one address.", 120_000
    )
    webhook_private: bool = _setting(
        _read_flag, "Let webhooks lead to private addresses and plain HTTP.", False
    )
    demo: bool = _setting(_read_flag, "Serve the demo article at /demo.", False)
    demo_key: str = _setting(str, "The API key the demo article submits with.", "")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read every ``MODERATION_`` variable; a ``SettingsError`` names all that are wrong."""
        given = _with_files(environ)
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in fields(cls):
            raw = given.pop(setting.name, None)
            if raw is None:
                continue
            try:
                values[setting.name] = setting.metadata["read"](raw)
            except ValueError as error:
                wrong.append(f"{PREFIX}{setting.name.upper()}: {error}")
        wrong += [f"{PREFIX}{name.upper()}: no such setting" for name in given]
        if "secret_key" not in values and not any("SECRET_KEY" in line for line in wrong):
            wrong.append(f"{PREFIX}SECRET_KEY: required; set it or {PREFIX}SECRET_KEY_FILE")
        if values.get("demo") and not values.get("demo_key"):
            wrong.append(f"{PREFIX}DEMO_KEY: required when {PREFIX}DEMO is 1")
        if wrong:
            raise SettingsError("the settings are wrong:\n  " + "\n  ".join(sorted(wrong)))
        return cls(**values)


def _with_files(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the settings given, the secrets read from ``…_FILE`` where that is set."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX)
    }
    for name in ("secret_key", "demo_key", "metrics_token"):
        path = given.pop(f"{name}_file", None)
        if path is None:
            continue
        try:
            given[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(
                f"{PREFIX}{name.upper()}_FILE: cannot read {path} ({error.strerror})"
            ) from error
    return given

"""What clients show of a key: subscription, statistics, sites, usage."""

import csv
import io
import re
from datetime import datetime
from typing import Any

from flask import Response, json

from moderation.adapters.akismet.answers import say
from moderation.adapters.akismet.form import Form
from moderation.runtime import runtime
from moderation.services import akismet
from moderation.services.akismet import Counts
from moderation.storage.sites import ApiKey

# What a person needs to open, read and file one comment away; shown as time saved.
_SECONDS_A_COMMENT = 10
_PERIODS = {"60-days": 60, "6-months": 183}


def get_subscription(key: ApiKey, form: Form) -> Response:
    """Say that the key is in use; WordPress's key screen refuses one without a subscription."""
    return _say_json(
        {
            "account_id": key.id,
            "account_name": key.site.name,
            "account_type": "moderasi-balasan",
            "status": "active",
            "next_billing_date": False,
            "limit_reached": False,
        }
    )


def get_stats(key: ApiKey, form: Form) -> Response:
    """Give the figures of WordPress's dashboard for ``60-days``, ``6-months`` or ``all``."""
    months = _count(key, _PERIODS.get(form.get("from", "")))
    total = akismet.add_counts(list(months.values()))
    return _say_json(
        {
            **_present(total),
            "accuracy": _accuracy(total),
            "time_saved": total.spam * _SECONDS_A_COMMENT,
            "breakdown": {
                f"{year:04}-{month:02}": {
                    "da": f"{year:04}-{month:02}-01",
                    **_present(counts),
                }
                for (year, month), counts in months.items()
            },
        }
    )


def key_sites(key: ApiKey, form: Form) -> Response:
    """Give a month's figures of the one site a key speaks for, as JSON or CSV."""
    month = _read_month(form.get("month", ""), runtime().clock())
    counts = _count(key, None).get(month, Counts())
    row = {
        "site": key.site.name,
        "api_calls": counts.total,
        **_present(counts),
        "is_revoked": False,
    }
    rows = [row] if form.get("filter", "").lower() in key.site.name.lower() else []
    limit, offset = _read_count(form, "limit", 500), _read_count(form, "offset", 0)
    page = rows[offset : offset + limit]
    if form.get("format") == "csv":
        return _say_csv(list(row), page)
    return _say_json(
        {
            f"{month[0]:04}-{month[1]:02}": page,
            "limit": limit,
            "offset": offset,
            "total": len(rows),
        }
    )


def usage_limit(key: ApiKey, form: Form) -> Response:
    """Say that checks are counted and not limited by a plan."""
    now = runtime().clock()
    used = _count(key, None).get((now.year, now.month), Counts()).total
    return _say_json({"limit": "none", "usage": used, "percentage": "0.00", "throttled": False})


def _count(key: ApiKey, days: int | None) -> dict[tuple[int, int], Counts]:
    service = runtime()
    with service.database.reading() as tx:
        return akismet.count(tx, key, days=days, now=service.clock())


def _present(counts: Counts) -> dict[str, int]:
    return {
        "spam": counts.spam,
        "ham": counts.ham,
        "missed_spam": counts.missed_spam,
        "false_positives": counts.false_positives,
    }


def _accuracy(counts: Counts) -> float:
    """Return the percentage nobody corrected."""
    wrong = counts.missed_spam + counts.false_positives
    return round(100 * (1 - wrong / counts.total), 2) if counts.total else 100.0


def _read_month(written: str, now: datetime) -> tuple[int, int]:
    """Read ``YYYY-MM``; anything else means the present month."""
    year, _, month = written.partition("-")
    if len(written) == 7 and f"{year}{month}".isdecimal() and written.isascii():
        read = int(year), int(month)
        if 1 <= read[1] <= 12:
            return read
    return now.year, now.month


def _read_count(form: Form, name: str, otherwise: int) -> int:
    written = form.get(name, "")
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else otherwise


def _say_json(document: dict[str, Any]) -> Response:
    response = say(json.dumps(document))
    response.mimetype = "application/json"
    return response


def _say_csv(names: list[str], rows: list[dict[str, Any]]) -> Response:
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=names)
    writer.writeheader()
    writer.writerows(rows)
    response = say(written.getvalue())
    response.mimetype = "text/csv"
    return response

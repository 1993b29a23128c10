"""The log of every act of a person: who, what, on what, when. Rows are only ever added."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from moderation.storage.schema import audit_log


def record(
    tx: sa.Connection,
    *,
    at: datetime,
    actor: str,
    act: str,
    subject: str,
    site_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one row, in the transaction of the act it tells of."""
    tx.execute(
        sa.insert(audit_log),
        {
            "at": at,
            "actor": actor,
            "act": act,
            "subject": subject,
            "site_id": site_id,
            "detail": dict(detail or {}),
        },
    )

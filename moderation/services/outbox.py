"""Announce what happens to comments: stored with the event itself, sent by a worker later.

Every function writes in the caller's transaction, so an event is announced exactly when what
it tells of is committed. Payloads are thin: what a site does not know already, and nobody's
name.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Ruling, Source
from moderation.domain.delivery import Event
from moderation.storage import akismet, comments, outbox, webhooks
from moderation.storage.comments import StoredComment
from moderation.storage.complaints import Complaint
from moderation.storage.identity import new_id
from moderation.storage.queue import QueueItem


def announce_queued(tx: sa.Connection, comment: StoredComment, item: QueueItem) -> None:
    """Announce that a comment waits for a person."""
    endpoints = webhooks.list_subscribed(tx, comment.site_id, Event.COMMENT_QUEUED)
    data = {**_naming(comment), "labels": [label.value for label in item.labels]}
    _send(tx, endpoints, Event.COMMENT_QUEUED, data, now=item.opened_at, about=comment)


def announce_decided(
    tx: sa.Connection, site_id: int, comment_pk: UUID, decision_id: UUID, ruling: Ruling
) -> None:
    """Announce a decision once it is effective: after the time in which it can be taken back."""
    _announce_to_akismet(tx, site_id, comment_pk, decision_id, ruling)
    endpoints = webhooks.list_subscribed(tx, site_id, Event.COMMENT_DECIDED)
    comment = comments.find(tx, site_id, comment_pk) if endpoints else None
    if comment is None:
        return
    data = {
        **_naming(comment),
        "decision": ruling.decision.value,
        "labels": [label.value for label in ruling.labels],
        "source": ruling.source.value,
        "decided_at": _present_time(ruling.decided_at),
    }
    _send(
        tx,
        endpoints,
        Event.COMMENT_DECIDED,
        data,
        now=ruling.decided_at,
        grace=ruling.grace,
        about=comment,
        decision_id=decision_id,
    )


def _announce_to_akismet(
    tx: sa.Connection, site_id: int, comment_pk: UUID, decision_id: UUID, ruling: Ruling
) -> None:
    """Let a decision wait for the address a comment's check named, if it named one.

    What is sent is put together only then: it holds the site's key.
    """
    check = None if ruling.source is Source.SITE else akismet.find_check(tx, comment_pk)
    if check is None or not check.callback:
        return
    now, event = ruling.decided_at, Event.AKISMET_DECIDED
    endpoint = webhooks.find_by_url(tx, site_id, check.callback, event)
    if endpoint is not None and endpoint.disabled_at is not None:
        return
    endpoint_id = (
        endpoint.id
        if endpoint is not None
        else webhooks.add(tx, site_id, check.callback, [event], salt=secrets.token_hex(32), now=now)
    )
    outbox.add(
        tx,
        [endpoint_id],
        event_id=new_id(now),
        event=event,
        payload=json.dumps({"comment": str(comment_pk)}),
        now=now,
        send_at=now + ruling.grace,
        comment_id=comment_pk.hex,
        decision_id=decision_id,
    )


def cancel(
    tx: sa.Connection, site_id: int, comment_pk: UUID, decision_id: UUID, *, now: datetime
) -> None:
    """Take the announcement of an undone decision back.

    Where it was not sent yet it never will be; where it was, ``comment.reversed`` follows,
    even to an endpoint that did not ask for that event: it would hold a wrong state for good.
    """
    outbox.cancel_unsent(tx, decision_id, now=now)
    told = outbox.list_told(tx, decision_id)
    comment = comments.find(tx, site_id, comment_pk) if told else None
    if comment is not None:
        data = {**_naming(comment), "reversed_at": _present_time(now)}
        _send(tx, told, Event.COMMENT_REVERSED, data, now=now, about=comment)


def announce_resolved(tx: sa.Connection, complaint: Complaint, *, now: datetime) -> None:
    """Announce how a complaint, takedown order or appeal ended; its words and people stay here."""
    endpoints = webhooks.list_subscribed(tx, complaint.site_id, Event.COMPLAINT_RESOLVED)
    if not endpoints or complaint.resolution is None:
        return
    pk = complaint.comment_pk
    comment = None if pk is None else comments.find(tx, complaint.site_id, pk)
    data = {
        **({} if comment is None else _naming(comment)),
        "ticket": complaint.ticket,
        "kind": complaint.kind.value,
        "resolution": complaint.resolution.value,
        "received_at": _present_time(complaint.received_at),
        "due_at": _present_time(complaint.due_at),
        "resolved_at": _present_time(now),
    }
    _send(tx, endpoints, Event.COMPLAINT_RESOLVED, data, now=now, about=comment)


def announce_disabled(
    tx: sa.Connection, endpoint: webhooks.Endpoint, *, why: str, now: datetime
) -> None:
    """Tell a site's other endpoints that nothing more is sent to this one."""
    endpoints = webhooks.list_subscribed(tx, endpoint.site_id, Event.ENDPOINT_DISABLED)
    data = {"endpoint": endpoint.id, "url": endpoint.url, "why": why}
    _send(tx, endpoints, Event.ENDPOINT_DISABLED, data, now=now)


def _naming(comment: StoredComment) -> dict[str, Any]:
    return {
        "comment": str(comment.id),
        "comment_id": comment.comment_id,
        "revision": comment.revision,
    }


def _send(
    tx: sa.Connection,
    endpoints: Collection[int],
    event: Event,
    data: Mapping[str, Any],
    *,
    now: datetime,
    grace: timedelta = timedelta(),
    about: StoredComment | None = None,
    decision_id: UUID | None = None,
) -> None:
    if not endpoints:
        return
    document = {"type": event.value, "timestamp": _present_time(now), "data": data}
    outbox.add(
        tx,
        endpoints,
        event_id=new_id(now),
        event=event,
        payload=json.dumps(document, separators=(",", ":")),
        now=now,
        send_at=now + grace,
        comment_id="" if about is None else about.comment_id,
        decision_id=decision_id,
    )


def _present_time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

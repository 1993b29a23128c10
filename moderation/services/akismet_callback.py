"""What a site that speaks Akismet is told once a person has decided."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from moderation.domain.decision import Decision, Source
from moderation.services.access import compute_akismet_key
from moderation.services.records import Record
from moderation.storage import akismet
from moderation.storage.identity import Pseudonyms


@dataclass(frozen=True, slots=True)
class Callback:
    """A request to be sent to the site as it stands."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def guid_of(comment_pk: UUID) -> str:
    """Return the name a comment has between the site and us, as ``X-akismet-guid`` gave it."""
    return comment_pk.hex


def build_callback(
    *, url: str, key: str, guid: str, decision: Decision, comment_post_id: str = ""
) -> Callback:
    """Build the request that tells a decision.

    Without ``X-Akismet-Webhook`` the plugin takes the change for a click in wp-admin and
    reports it back. The plugin compares ``comment_post_ID`` only if it is sent, so it is left
    out where the site gave none; the writer's e-mail is not kept and not needed.
    """
    comment = {"guid": guid, "result": "true" if decision is Decision.REJECT else "false"}
    if comment_post_id:
        comment["comment_post_ID"] = comment_post_id
    body = {"key": key, "endpoint": "comment-check", "comments": [comment]}
    return Callback(
        url,
        {"Content-Type": "application/json", "X-Akismet-Webhook": "1"},
        json.dumps(body).encode(),
    )


def callback_for(tx: sa.Connection, pseudonyms: Pseudonyms, record: Record) -> Callback | None:
    """Return the request a decided comment asks for; none if the site decided it itself."""
    ruling = record.ruling
    if ruling is None or ruling.source is Source.SITE:
        return None
    check = akismet.find_check(tx, record.comment.id)
    if check is None or not check.callback:
        return None
    nonce = akismet.find_nonce(tx, check.api_key_id)
    if nonce is None:
        return None
    return build_callback(
        url=check.callback,
        key=compute_akismet_key(pseudonyms, nonce),
        guid=guid_of(record.comment.id),
        decision=ruling.decision,
        comment_post_id=record.comment.article.id,
    )

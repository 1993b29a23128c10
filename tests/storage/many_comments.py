"""Comments in numbers, stored without the service around them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.domain.comment import Parent, Story
from moderation.domain.verdict import LABELS, Assessment, Label, Verdict
from moderation.storage import comments
from moderation.storage.comments import StoredAuthor, StoredComment
from moderation.storage.identity import new_id
from moderation.storage.sites import Site


def add_comments(
    tx: sa.Connection,
    site: Site,
    texts: Sequence[str],
    *,
    since: datetime,
    scores: Mapping[Label, float] | None = None,
    version: str = "fake-1",
    section: str = "Daerah",
) -> None:
    """Store one comment a minute; dots are decoration, and gone from the text as read."""
    given = {**dict.fromkeys(LABELS, 0.001), **(scores or {})}
    for number, text in enumerate(texts):
        at = since + timedelta(minutes=number)
        pk = new_id(at)
        added = comments.add(
            tx,
            StoredComment(
                id=pk,
                site_id=site.id,
                comment_id=str(pk),
                revision=1,
                content_digest="",
                text=text,
                article=Story(section=section),
                author=StoredAuthor("", "", "", "", "", "", ""),
                parent=Parent(),
                submitted_at=None,
                received_at=at,
                assessment=Assessment(
                    Verdict.APPROVE, given, (), text.replace(".", ""), version, "policy-1"
                ),
            ),
        )
        assert added

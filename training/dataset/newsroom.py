"""What a newsroom's people said, from its database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from tqdm import tqdm

from moderation.domain.decision import Decision, Source
from moderation.storage import teaching
from moderation.storage.teaching import TaughtComment, Told
from training.dataset.statements import Statement, Voice, as_comment_id, known_from

_VOICES = {
    None: Voice.SECOND_LOOK,
    Source.CONSOLE: Voice.MODERATOR,
    Source.API: Voice.MODERATOR,
    Source.SITE: Voice.SITE,
}


def read_statements(
    tx: sa.Connection,
    read: Counter[str],
    left_out: Counter[str],
    *,
    until: datetime,
    site_names: Sequence[str] = (),
) -> Iterator[Statement]:
    """Yield what counts of what was said by a time; count all of it, and what does not count."""
    total = teaching.count_taught(tx, until=until, site_names=site_names)
    taught = teaching.list_taught(tx, until=until, site_names=site_names)
    for comment in tqdm(taught, "comments people decided", total, disable=None):
        read.update(_VOICES[told.source] for told in comment.told)
        if comment.erased:
            left_out["erased"] += len(comment.told)
        else:
            yield from _standing(comment, left_out)


def _standing(comment: TaughtComment, left_out: Counter[str]) -> Iterator[Statement]:
    left_out["undone"] += sum(told.undone for told in comment.told)
    left_out["pending"] += sum(told.pending and not told.undone for told in comment.told)
    stand = [told for told in comment.told if not told.undone and not told.pending]
    for place, told in enumerate(stand):
        if _is_overturned(told, stand[place + 1 :]):
            left_out["overturned"] += 1
        else:
            yield _statement(comment, told, place)


def _is_overturned(told: Told, later: Sequence[Told]) -> bool:
    """Tell whether a later decision says the opposite; a second look is overturned by nothing."""
    return told.source is not None and any(
        one.source is not None and one.decision is not told.decision for one in later
    )


def _statement(comment: TaughtComment, told: Told, place: int) -> Statement:
    known = known_from(told.decision, told.labels)
    return Statement(
        comment=str(comment.pk),
        place=place,
        voice=_VOICES[told.source],
        passage=comment.passage,
        known=known,
        harmful=told.decision is Decision.REJECT,
        at=comment.received_at,
        said_at=told.said_at,
        source=comment.site,
    )


def without_erased(
    tx: sa.Connection, statements: Iterable[Statement], left_out: Counter[str]
) -> Iterator[Statement]:
    """Leave out of other sources what is a tombstone here: a file may be older than an erasure."""
    rows = list(statements)
    ids = {pk: row.comment for row in rows if (pk := as_comment_id(row.comment)) is not None}
    gone = {str(pk) for pk in teaching.find_erased(tx, ids)}
    for row in rows:
        if row.comment in gone:
            left_out["erased"] += 1
        else:
            yield row

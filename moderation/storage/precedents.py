"""What is known of a comment's author and of texts like it, by one statement with one row.

The driver lets other threads in before each row and each statement. In a busy process that costs
several times what these look-ups do, so there is one of each.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from moderation.domain.rules import AuthorStanding
from moderation.storage import author_history, campaigns
from moderation.storage.author_history import AskedAuthor
from moderation.storage.campaigns import AskedText
from moderation.storage.prepared import Prepared, Runner

_AUTHOR = Prepared(lambda _dialect: sa.select(*author_history.COUNTS))
_TEXT = Prepared(lambda dialect: sa.select(campaigns.holders(dialect)))
_BOTH = Prepared(lambda dialect: sa.select(campaigns.holders(dialect), *author_history.COUNTS))


@dataclass(frozen=True, slots=True)
class Precedents:
    """How the author's comments fared, if asked, and who else has the text's keys."""

    author: AuthorStanding | None = None
    holders: tuple[tuple[int, str], ...] = ()


def find(tx: Runner, author: AskedAuthor | None, text: AskedText | None) -> Precedents:
    """Look up whichever of the two is asked for."""
    if author is None:
        if text is None:
            return Precedents()
        (row,) = _TEXT.run(tx, text.to_values())
        return Precedents(None, campaigns.to_holders(row[0]))
    if text is None:
        (row,) = _AUTHOR.run(tx, author.to_values())
        return Precedents(author_history.to_standing(row))
    (row,) = _BOTH.run(tx, {**text.to_values(), **author.to_values()})
    return Precedents(author_history.to_standing(row[1:]), campaigns.to_holders(row[0]))

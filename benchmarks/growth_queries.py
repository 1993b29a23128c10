"""Every query whose cost could grow with what is stored, asked as the service asks it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from benchmarks.growth_data import (
    BUSY_ARTICLE,
    BUSY_AUTHOR,
    BUSY_CAMPAIGN,
    BUSY_KEYS,
    END,
    RARE_WORD,
)
from moderation.domain.overview import Period
from moderation.domain.reach import EVERYWHERE, Reach
from moderation.domain.rules import DEFAULTS, EFFECTS, Mode, Rule, RuleKind
from moderation.domain.verdict import Label, SpamKind, Verdict
from moderation.services import background, copies, overview, review, searching, waiting
from moderation.services import campaigns as campaign_pages
from moderation.services.copies import Fingerprint
from moderation.storage import (
    campaigns,
    comments,
    hot_articles,
    precedents,
    queue,
    search,
    shift,
)
from moderation.storage.author_history import AskedAuthor
from moderation.storage.engine import Database
from moderation.storage.queue import Filter, Order, QueueItem
from moderation.storage.schema import queue_items

Asked = Callable[[sa.Connection], object]
PAGE = 25


def queries(database: Database) -> dict[str, Asked]:
    """Return the queries by the name a table shows."""
    with database.reading() as tx:
        deep = _cursor_in_the_middle(tx)
        some = queue.from_row(
            tx.execute(
                sa.select(queue_items).where(queue_items.c.closed_at.is_(None)).limit(1)
            ).one()
        )
    return {**_queue(deep), **_claims(some), **_pages(some), **_intake()}


def _queue(deep: str) -> dict[str, Asked]:
    part = Reach.of([(1, "Daerah"), (2, "")])
    return {
        "queue page": partial(_page, Filter()),
        "queue page, deep": partial(_page, Filter(), cursor=deep),
        "queue page, oldest first": partial(_page, Filter(), order=Order.OLDEST),
        "queue page, one site": partial(_page, Filter(site_id=2)),
        "queue page, one section": partial(_page, Filter(section="Opini")),
        "queue page, common label": partial(_page, Filter(label=Label.SPAM)),
        "queue page, rare label": partial(_page, Filter(label=Label.THREAT)),
        "queue page, high score": partial(_page, Filter(score=0.9)),
        "queue page, high score of a label": partial(_page, Filter(score=0.9, label=Label.HATE)),
        "queue page, kind of spam": partial(_page, Filter(spam_kind=SpamKind.DUKUN)),
        "queue page, unknown language": partial(_page, Filter(known_language=False)),
        "queue page, waiting 24 hours": partial(
            _page, Filter(opened_before=END - timedelta(hours=24))
        ),
        "queue page, narrow reach": partial(_page, Filter(reach=part)),
        "queue page, common word": partial(_page_with, "jalan"),
        "queue page, rare word": partial(_page_with, RARE_WORD),
        "who holds what": lambda tx: shift.count_held(tx, now=END),
    }


def _claims(some: QueueItem) -> dict[str, Asked]:
    lease = timedelta(minutes=10)

    def claim(which: Filter, tx: sa.Connection) -> object:
        return review.claim(tx, which, moderator="sari", count=5, lease=lease, now=END)

    return {
        "claim the next five": partial(claim, Filter()),
        "claim, rare label": partial(claim, Filter(label=Label.THREAT)),
        "open one item": lambda tx: _open(tx, some),
    }


def _pages(some: QueueItem) -> dict[str, Asked]:
    def look(days: int, tx: sa.Connection) -> object:
        return overview.look(tx, Period(END - timedelta(days=days), END), EVERYWHERE, site_id=None)

    return {
        "overview, 7 days": partial(look, 7),
        "overview, 92 days": partial(look, 92),
        "search, common word": partial(_search, "jalan"),
        "search, two words, decided": partial(_search, "jalan pasar", standing=Verdict.REJECT),
        "search, rare word": partial(_search, RARE_WORD),
        "search, no such word": partial(_search, "zzzz"),
        "campaigns, 48 hours": lambda tx: campaign_pages.list_campaigns(
            tx, 1, window=timedelta(hours=48), now=END, limit=50
        ),
        "figures for Prometheus": queue.measure,
    }


def _intake() -> dict[str, Asked]:
    since = END - timedelta(days=30)
    rule = Rule(
        1, 1, "campaign", RuleKind.CAMPAIGN, EFFECTS[RuleKind.CAMPAIGN], Mode.ON, 1,
        DEFAULTS[RuleKind.CAMPAIGN],
    )  # fmt: skip
    print_ = Fingerprint(tuple([0] * 16), BUSY_KEYS, ())
    return {
        "intake: a busy author's history": lambda tx: precedents.find(
            tx, AskedAuthor(1, BUSY_AUTHOR, since, since), None
        ),
        "intake: a busy article": lambda tx: hot_articles.measure(
            tx, 1, BUSY_ARTICLE, since=END - timedelta(days=30)
        ),
        "intake: copy of a busy campaign": lambda tx: copies.find_copy(
            tx,
            "site:1",
            print_,
            precedents.find(tx, None, copies.ask("site:1", print_)).holders,
            rule,
            now=END,
        ),
        "intake: size of a busy campaign": lambda tx: campaigns.measure(
            tx, BUSY_CAMPAIGN, since=since, limit=20
        ),
        "intake: revisions": lambda tx: comments.has_newer(tx, 1, "c-500", 1),
    }


def _page(
    which: Filter, tx: sa.Connection, *, order: Order = Order.PRIORITY, cursor: str | None = None
) -> Any:
    """Ask all that the page of the queue asks."""
    page = waiting.list_page(tx, which, order=order, cursor=cursor, limit=PAGE)
    return page, queue.count_open(tx, which), queue.list_sections(tx)


def _page_with(text: str, tx: sa.Connection) -> Any:
    return _page(Filter(among=tuple(search.find(tx, text))), tx)


def _search(text: str, tx: sa.Connection, *, standing: Verdict | None = None) -> Any:
    sought = searching.Sought(text, standing=standing)
    return searching.find(tx, sought, before=None, limit=PAGE)


def _open(tx: sa.Connection, item: QueueItem) -> Any:
    record = review.find_item(tx, item.id, site_id=None)
    return background.find_history(tx, record.comment), background.find_alike(tx, item)


def _cursor_in_the_middle(tx: sa.Connection) -> str:
    middle = queue.Position(1.0, BUSY_CAMPAIGN)
    items = queue.list_open(tx, Filter(), after=middle, limit=1)
    return waiting.write_cursor(items[0])

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from moderation.errors import NotFoundError
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.group_commit import GroupCommit, Prepare, Work
from tests.factories import MONDAY


class Gate:
    """A transaction source that counts commits and holds the first one until told to go on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.commits = 0
        self.entered = threading.Event()
        self.go_on = threading.Event()

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        with self.database.writing() as tx:
            yield tx
            self.hold()
        self.commits += 1

    def hold(self) -> None:
        self.entered.set()
        assert self.go_on.wait(timeout=30)


@pytest.fixture
def gate(database: Database) -> Gate:
    return Gate(database)


def names(database: Database) -> set[str]:
    with database.reading() as tx:
        return {site.name for site in sites.list_sites(tx)}


def run_together(
    group: GroupCommit, gate: Gate, works: list[Work], prepare: Prepare | None = None
) -> list[object]:
    """Start one unit, and the others while it is being committed; return what each got."""
    got: list[object] = [None] * len(works)

    def call(number: int) -> None:
        try:
            got[number] = group.run(works[number], prepare)
        except Exception as error:
            got[number] = error

    threads = [threading.Thread(target=call, args=(number,)) for number in range(len(works))]
    threads[0].start()
    assert gate.entered.wait(timeout=30)
    for thread in threads[1:]:
        thread.start()
    while len(group._waiting) < len(works) - 1:
        threading.Event().wait(0.001)
    gate.go_on.set()
    for thread in threads:
        thread.join(timeout=30)
    return got


def add(name: str) -> Work:
    return lambda tx: sites.add_site(tx, name, now=MONDAY).name


def test_units_that_arrive_during_a_commit_share_the_next_one(
    database: Database, gate: Gate
) -> None:
    wanted = [f"site-{number}" for number in range(9)]

    got = run_together(GroupCommit(gate.open), gate, [add(name) for name in wanted])

    assert got == wanted
    assert names(database) == set(wanted)
    assert gate.commits == 2


def test_units_that_arrive_together_are_prepared_together(database: Database, gate: Gate) -> None:
    prepared: list[int] = []
    wanted = [f"site-{number}" for number in range(5)]

    got = run_together(
        GroupCommit(gate.open),
        gate,
        [add(name) for name in wanted],
        lambda works: prepared.append(len(works)),
    )

    assert got == wanted
    assert prepared == [1, 4]


def test_a_unit_that_cannot_be_prepared_fails_alone(database: Database, gate: Gate) -> None:
    works = [add(name) for name in "abcd"]

    def prepare(some: Sequence[Work]) -> None:
        if works[2] in some:
            raise ValueError("not this one")

    got = run_together(GroupCommit(gate.open), gate, works, prepare)

    assert (got[0], got[1], got[3]) == ("a", "b", "d")
    assert isinstance(got[2], ValueError)
    assert names(database) == {"a", "b", "d"}


class _SlowDoor(Gate):
    """Makes the first transaction wait before it begins, as another process's would."""

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        self.hold()
        with super().open() as tx:
            yield tx


def test_units_that_arrive_while_the_database_is_awaited_come_along(database: Database) -> None:
    gate = _SlowDoor(database)
    group = GroupCommit(gate.open)
    got: list[str] = []

    def call(name: str) -> None:
        got.append(group.run(add(name)))

    threads = [threading.Thread(target=call, args=(name,)) for name in "abc"]
    threads[0].start()
    assert gate.entered.wait(timeout=30)
    for thread in threads[1:]:
        thread.start()
    while len(group._waiting) < len(threads):
        threading.Event().wait(0.001)
    gate.go_on.set()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(got) == ["a", "b", "c"]
    assert gate.commits == 1


def test_an_expected_failure_reaches_its_caller_and_nobody_else(
    database: Database, gate: Gate
) -> None:
    def refuse(_tx: sa.Connection) -> None:
        raise NotFoundError("there is none")

    got = run_together(GroupCommit(gate.open), gate, [add("a"), add("b"), refuse, add("c")])

    assert [type(one) for one in got] == [str, str, NotFoundError, str]
    assert names(database) == {"a", "b", "c"}


def test_a_unit_that_breaks_the_transaction_does_not_take_others_with_it(
    database: Database, gate: Gate
) -> None:
    got = run_together(GroupCommit(gate.open), gate, [add("a"), add("b"), add("a"), add("c")])

    assert got[0] == "a"
    assert isinstance(got[2], sa.exc.IntegrityError)
    assert (got[1], got[3]) == ("b", "c")
    assert names(database) == {"a", "b", "c"}


def test_after_a_failure_the_next_unit_works(database: Database, gate: Gate) -> None:
    gate.go_on.set()
    group = GroupCommit(gate.open)

    def explode(_tx: sa.Connection) -> None:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        group.run(explode)

    assert group.run(add("a")) == "a"
    assert names(database) == {"a"}


class _FailingCommit(Gate):
    """Opens transactions that cannot be committed once ``broken`` is set."""

    broken: BaseException | None = None

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        with super().open() as tx:
            yield tx
            if self.broken is not None and self.commits > 0:
                raise self.broken


def test_when_the_commit_fails_everybody_in_the_group_hears_of_it(database: Database) -> None:
    gate = _FailingCommit(database)
    gate.broken = sa.exc.OperationalError("COMMIT", None, Exception("disk is full"))

    got = run_together(GroupCommit(gate.open), gate, [add(f"site-{n}") for n in range(5)])

    assert got[0] == "site-0"
    assert [type(one) for one in got[1:]] == [sa.exc.OperationalError] * 4
    assert names(database) == {"site-0"}


def test_a_database_that_does_not_open_is_tried_once_for_the_whole_group(
    database: Database,
) -> None:
    gate, opened = Gate(database), []

    @contextmanager
    def open_() -> Iterator[sa.Connection]:
        opened.append(1)
        if len(opened) > 1:
            raise sa.exc.OperationalError("BEGIN", None, Exception("database is locked"))
        with gate.open() as tx:
            yield tx

    got = run_together(GroupCommit(open_), gate, [add(f"site-{n}") for n in range(6)])

    assert [type(one) for one in got[1:]] == [sa.exc.OperationalError] * 5
    assert len(opened) == 2


def test_when_the_leader_is_ended_nobody_believes_theirs_was_stored(database: Database) -> None:
    gate = _FailingCommit(database)
    gate.broken = SystemExit()
    group = GroupCommit(gate.open)
    got: list[object] = []

    def call(name: str) -> None:
        try:
            got.append(group.run(add(name)))
        except BaseException as error:
            got.append(type(error))

    first = threading.Thread(target=call, args=("first",))
    first.start()
    assert gate.entered.wait(timeout=30)
    others = [threading.Thread(target=call, args=(name,)) for name in ("a", "b", "c")]
    for thread in others:
        thread.start()
    while len(group._waiting) < len(others):
        threading.Event().wait(0.001)
    gate.go_on.set()
    for thread in [first, *others]:
        thread.join(timeout=30)

    assert got[0] == "first"
    assert got[1:] == [SystemExit] * 3
    assert names(database) == {"first"}

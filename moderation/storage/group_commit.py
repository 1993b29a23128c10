"""Units of work that arrive together share one commit.

A durable commit waits for the disk (0.5 to 4 ms where this was measured), and SQLite lets one
writer in at a time, so commits one by one cap a process at a few hundred comments a second.
While one group is being committed the next gathers; a unit that comes alone waits for nobody.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from moderation.errors import ModerationError

logger = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[sa.Connection], Any]
Prepare = Callable[[Sequence[Any]], None]
"""Does beforehand, for several units at once, what needs no transaction."""


@dataclass(slots=True, eq=False)
class _Unit:
    """A unit of work on its way: first waiting, then perhaps leading, then done."""

    work: Work
    prepare: Prepare | None = None
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    value: Any = None
    error: BaseException | None = None

    def prepare_alone(self) -> None:
        """Prepare this unit; what that raises is raised in the place of the work."""
        try:
            if self.prepare is not None:
                self.prepare([self.work])
        except Exception as error:
            failed = error

            def fail(_tx: sa.Connection) -> None:
                raise failed

            self.work = fail

    def run(self, tx: sa.Connection) -> None:
        """Do the work; an expected failure is this unit's alone, for it has written nothing."""
        self.error = None
        try:
            self.value = self.work(tx)
        except ModerationError as error:
            self.error = error
        except Exception as error:
            raise _UnitError from error


class _UnitError(Exception):
    """A unit's own work broke the transaction, as against the transaction itself failing."""


class GroupCommit:
    """Commits units of work in groups; each caller hears of its own unit after the commit."""

    MOST_TOGETHER = 64

    def __init__(
        self, open_transaction: Callable[[], AbstractContextManager[sa.Connection]]
    ) -> None:
        self._open_transaction = open_transaction
        self._lock = threading.Lock()
        self._waiting: list[_Unit] = []
        self._has_leader = False

    def run(self, work: Callable[[sa.Connection], T], prepare: Prepare | None = None) -> T:
        """Do the work in a transaction with others; return its value once it is durable.

        The work may run twice if a group fails, and must not write before it raises a
        ``ModerationError``. Whatever else it raises undoes and reaches its caller alone. When
        the transaction cannot be opened or committed, every caller in the group hears of it.

        ``prepare`` is called before the transaction is opened, with the works of all in the group
        that came with it.
        """
        ((value, error),) = self.run_all([work], prepare)
        if error is not None:
            raise error
        return cast("T", value)

    def run_all(
        self, works: Sequence[Work], prepare: Prepare | None = None
    ) -> list[tuple[Any, BaseException | None]]:
        """Do several units as ``run`` does one; return what each gave, or what it raised."""
        units = [_Unit(work, prepare) for work in works]
        with self._lock:
            self._waiting += units
            units[0].leads = not self._has_leader
            self._has_leader = True
        for unit in units:
            if not unit.leads:
                unit.called.wait()
            if unit.leads:
                self._lead()
        return [(unit.value, unit.error) for unit in units]

    def _lead(self) -> None:
        """Commit all that wait, the leader's own unit among them, and name the next leader."""
        group: list[_Unit] = []
        try:
            self._commit(group)
        except BaseException as error:
            # The leader's thread is being ended: nobody may believe that theirs was stored.
            for unit in group or self._take():
                unit.error = unit.error or error
                unit.called.set()
            raise
        finally:
            with self._lock:
                self._has_leader = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].called.set()
            for unit in group:
                unit.leads = False
                unit.called.set()

    def _take(self, *, to_prepare: bool | None = None) -> list[_Unit]:
        """Return who waits, or of those only who is, or is not, to be prepared."""
        with self._lock:
            taken = [
                unit
                for unit in self._waiting
                if to_prepare is None or to_prepare == (unit.prepare is not None)
            ][: self.MOST_TOGETHER]
            for unit in taken:
                self._waiting.remove(unit)
        return taken

    def _commit(self, group: list[_Unit]) -> None:
        group += self._take(to_prepare=True)
        _prepare(group)
        try:
            self._commit_together(group, with_late=True)
        except _UnitError as error:
            if len(group) == 1:
                group[0].error = error.__cause__
                return
            logger.warning("a group of %d failed and is tried one by one", len(group))
            self._commit_one_by_one(group)
        except Exception as error:
            group += self._take()
            _fail(group, error)

    def _commit_together(self, group: list[_Unit], *, with_late: bool = False) -> None:
        """Commit the group, and whoever waits once the transaction is open.

        Those who come while another process holds the database thus still come along, unless
        they are to be prepared: measured with two workers, half as many again share a commit.
        """
        with self._open_transaction() as tx:
            group += self._take(to_prepare=False) if with_late else []
            for unit in group:
                unit.run(tx)

    def _commit_one_by_one(self, group: list[_Unit]) -> None:
        for number, unit in enumerate(group):
            try:
                self._commit_together([unit])
            except _UnitError as error:
                unit.error = error.__cause__
            except Exception as error:
                # The database itself fails: waiting for it again for each would take for ever.
                _fail(group[number:], error)
                return


def _prepare(group: list[_Unit]) -> None:
    """Prepare a group; what only one of them cannot bear is raised when its own work is done."""
    together: dict[Prepare, list[_Unit]] = {}
    for unit in group:
        if unit.prepare is not None:
            together.setdefault(unit.prepare, []).append(unit)
    for prepare, units in together.items():
        try:
            prepare([unit.work for unit in units])
        except Exception:
            for unit in units:
                unit.prepare_alone()


def _fail(units: list[_Unit], error: Exception) -> None:
    for unit in units:
        unit.error = error

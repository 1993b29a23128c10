from datetime import datetime, timedelta

from moderation.services import throttling
from moderation.services.throttling import MOST_PER_ACCOUNT, MOST_PER_ADDRESS, WINDOW, Guess
from moderation.storage import attempts
from moderation.storage.engine import Database
from moderation.storage.identity import Pseudonyms
from tests.conftest import SECRET
from tests.factories import MONDAY


def guess(username: str = "sari", ip: str = "192.0.2.7") -> Guess:
    return throttling.describe_guess(Pseudonyms(SECRET), username=username, ip=ip)


def admit(database: Database, one: Guess, now: datetime = MONDAY) -> bool:
    with database.writing() as tx:
        return throttling.admit(tx, one, now=now)


def test_an_account_is_guessed_at_so_often_from_wherever_and_no_more(database: Database) -> None:
    tries = [admit(database, guess(ip=f"192.0.2.{n}")) for n in range(MOST_PER_ACCOUNT + 2)]

    assert tries == [True] * MOST_PER_ACCOUNT + [False] * 2
    assert admit(database, guess("tono", ip="192.0.2.1"))


def test_an_address_guesses_so_often_at_whatever_accounts_and_no_more(database: Database) -> None:
    tries = [admit(database, guess(f"orang-{n}")) for n in range(MOST_PER_ADDRESS + 2)]

    assert tries == [True] * MOST_PER_ADDRESS + [False] * 2
    assert admit(database, guess("orang-1", ip="192.0.2.8"))


def test_the_way_is_free_again_when_the_window_has_passed(database: Database) -> None:
    for _ in range(MOST_PER_ACCOUNT):
        admit(database, guess())

    assert not admit(database, guess(), MONDAY + WINDOW - timedelta(seconds=1))
    assert admit(database, guess(), MONDAY + WINDOW)


def test_who_came_in_begins_anew(database: Database) -> None:
    for _ in range(MOST_PER_ACCOUNT):
        admit(database, guess())
    with database.writing() as tx:
        throttling.forgive(tx, guess())

    assert admit(database, guess())


def test_neighbours_in_one_ipv6_subscription_count_as_one() -> None:
    assert guess(ip="2001:db8::1") == guess(ip="2001:db8::ffff")
    assert guess(ip="2001:db8::1") != guess(ip="2001:db8:0:1::1")


def test_old_attempts_are_forgotten(database: Database) -> None:
    admit(database, guess())

    with database.writing() as tx:
        assert attempts.forget_before(tx, MONDAY) == 0
        assert attempts.forget_before(tx, MONDAY + timedelta(seconds=1)) == 2

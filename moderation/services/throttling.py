"""Slow down whoever guesses passwords, by account and by address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from moderation.storage import attempts
from moderation.storage.identity import Pseudonyms, subscriber_of

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Guess:
    """An attempt to log in: hashes of the name tried and of where it came from."""

    account: str
    address: str


def describe_guess(pseudonyms: Pseudonyms, *, username: str, ip: str) -> Guess:
    """Return what is remembered of an attempt; whether the name exists makes no difference."""
    return Guess(
        account=pseudonyms.hash("login account", username.strip().casefold()),
        address=pseudonyms.hash("login address", subscriber_of(ip)),
    )


def admit(tx: sa.Connection, guess: Guess, *, now: datetime) -> bool:
    """Note an attempt and say whether the password may be looked at.

    It counts before the password is checked, so many at the same moment gain nothing; one that
    is refused does not count, so the way is free again when the window has passed.
    """
    since = now - WINDOW
    if (
        attempts.count_since(tx, guess.account, since) >= MOST_PER_ACCOUNT
        or attempts.count_since(tx, guess.address, since) >= MOST_PER_ADDRESS
    ):
        return False
    attempts.add(tx, (guess.account, guess.address), now=now)
    return True


def forgive(tx: sa.Connection, guess: Guess) -> None:
    """Forget the attempts on an account after its owner came in; the address keeps its own."""
    attempts.forget(tx, (guess.account,))

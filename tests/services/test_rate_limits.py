import pytest

from moderation.services.rate_limits import RateLimits, _LocalWindows


def test_a_storage_that_does_not_answer_lets_requests_pass() -> None:
    limits = RateLimits("redis://127.0.0.1:1", per_key=1, per_address=1)

    assert [limits.count_key(1).allowed for _ in range(2)] == [True, True]


def test_keys_and_addresses_are_counted_apart() -> None:
    limits = RateLimits("memory://", per_key=1, per_address=2)

    assert limits.count_key(1).allowed
    assert limits.count_key(2).allowed
    assert not limits.count_key(1).allowed
    assert [limits.count_address("192.0.2.1").remaining for _ in range(3)] == [1, 0, 0]
    assert limits.count_address(None).allowed


def test_a_window_ends_and_what_ended_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    windows = _LocalWindows(lambda: now)
    monkeypatch.setattr(_LocalWindows, "MOST_KEPT", 2)

    assert windows.hit("key", "1", 5) == (1, 60.0)
    assert windows.hit("key", "2", 5) == (1, 60.0)
    now = 130.0
    assert windows.hit("key", "1", 5) == (2, 30.0)
    now = 160.0

    assert windows.hit("key", "1", 5) == (1, 60.0)
    assert list(windows._ends) == [("key", "1")]

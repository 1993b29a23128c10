from datetime import timedelta

import pytest

from moderation.storage.identity import Pseudonyms, network_of, new_id
from tests.factories import MONDAY

pseudonyms = Pseudonyms("secret-of-this-installation")


def test_ids_sort_by_the_millisecond_they_were_made_in() -> None:
    ids = [new_id(MONDAY + timedelta(milliseconds=step)) for step in range(100)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 100
    assert {made.version for made in ids} == {7}


def test_one_person_writes_an_address_in_two_ways_and_stays_one() -> None:
    assert pseudonyms.email(" Budi@Surat.example ") == pseudonyms.email("budi@surat.example")
    assert pseudonyms.ip("2001:db8::1") == pseudonyms.ip("2001:0db8:0:0:0:0:0:1")


def test_another_installation_cannot_recognise_a_person() -> None:
    assert Pseudonyms("another").email("a@b.example") != pseudonyms.email("a@b.example")


def test_an_address_and_an_email_of_the_same_characters_differ() -> None:
    assert pseudonyms.hash("email", "x") != pseudonyms.hash("ip", "x")


def test_nothing_known_gives_nothing_stored() -> None:
    assert pseudonyms.email("") == pseudonyms.ip("") == network_of("") == ""


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("not an address", ""),
    ],
)
def test_only_the_coarse_network_is_kept(ip: str, network: str) -> None:
    assert network_of(ip) == network

import pytest
import sqlalchemy as sa

from moderation.domain.verdict import LABELS
from moderation.storage import policies
from moderation.storage.desk_schema import policies as table
from moderation.storage.engine import Database
from moderation.storage.policies import NewPolicy, StoredPolicy
from moderation.storage.sites import Site
from tests.factories import MONDAY, a_policy


def add(database: Database, site: Site, section: str = "", *, empty: bool = False) -> StoredPolicy:
    new = NewPolicy(
        site_id=site.id,
        section=section,
        author="rina",
        bands=None if empty else a_policy().bands,
        model_version="fake-1",
        source="dial",
        allowed=5,
    )
    with database.writing() as tx:
        return policies.add(tx, new, now=MONDAY)


def test_versions_count_up_within_their_section(database: Database, site: Site) -> None:
    versions = [add(database, site, section).version for section in ("", "Dunia", "Dunia", "")]

    assert versions == ["kabar@1", "kabar/Dunia@1", "kabar/Dunia@2", "kabar@2"]


def test_a_policy_comes_back_as_it_was_stored(database: Database, site: Site) -> None:
    stored = add(database, site, "Dunia")

    with database.reading() as tx:
        assert policies.find(tx, stored.id) == stored
        assert policies.find(tx, stored.id + 1) is None
    assert stored.bands == a_policy().bands
    assert (stored.author, stored.made_at, stored.allowed) == ("rina", MONDAY, 5)


def test_the_newest_of_each_section_is_found(database: Database, site: Site) -> None:
    add(database, site)
    add(database, site, "Dunia")
    handed_back = add(database, site, "Dunia", empty=True)

    with database.reading() as tx:
        newest = policies.newest_by_section(tx, site.id)
        listed = policies.list_versions(tx, site.id, "Dunia", limit=10)
        elsewhere = policies.newest_by_section(tx, site.id + 1)

    assert {section: one.number for section, one in newest.items()} == {"": 1, "Dunia": 2}
    assert newest["Dunia"].bands is None
    assert listed[0] == handed_back
    assert elsewhere == {}


def test_a_number_is_given_once(database: Database, site: Site) -> None:
    add(database, site)
    row = dict.fromkeys(("author", "model_version", "note", "source"), "x")

    with pytest.raises(sa.exc.IntegrityError), database.writing() as tx:
        tx.execute(
            sa.insert(table),
            {"site_id": site.id, "section": "", "number": 1, "made_at": MONDAY, **row},
        )


def test_every_label_has_its_band_in_the_database(database: Database, site: Site) -> None:
    add(database, site)

    with database.reading() as tx:
        document = tx.execute(sa.select(table.c.bands)).scalar_one()
    assert set(document) == {label.value for label in LABELS}

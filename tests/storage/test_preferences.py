from moderation.storage import preferences
from moderation.storage.engine import Database


def test_a_preference_is_each_persons_own_and_replaced_when_set_again(database: Database) -> None:
    with database.writing() as tx:
        preferences.write(tx, "sari", "veil", True)
        preferences.write(tx, "sari", "view", {"label": "spam"})
        preferences.write(tx, "sari", "veil", False)
        preferences.write(tx, "joko", "veil", True)

    with database.reading() as tx:
        assert preferences.read(tx, "sari") == {"veil": False, "view": {"label": "spam"}}
        assert preferences.read(tx, "rina") == {}

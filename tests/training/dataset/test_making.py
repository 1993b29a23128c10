"""What a newsroom said becomes rows, and nothing said is lost without a count."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import LABELS, Label
from moderation.services import review
from tests.factories import MONDAY
from tests.training.dataset.conftest import LATER, Newsroom
from training.dataset.folder import Dataset
from training.dataset.making import Request, make
from training.dataset.rows import Row, Split
from training.dataset.statements import Voice

ABUSE, SPAM, HATE = Label.ABUSE, Label.SPAM, Label.HATE
WORDS = ("jalan", "pasar", "sawah", "sungai", "hutan", "kebun", "gunung", "pantai", "kota", "desa")
NOTHING = dict.fromkeys(LABELS, False)


def only(dataset: Dataset) -> Row:
    adds_up(dataset)
    (row,) = dataset.rows
    return row


def adds_up(dataset: Dataset) -> None:
    left_out = dataset.manifest["left_out"]
    assert dataset.manifest["read"]["total"] == sum(left_out.values()) + len(dataset.rows)
    assert left_out["rejected"] == len(dataset.rejects)


def test_a_rejection_names_what_holds_and_leaves_the_rest_open(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record, ABUSE)

    row = only(newsroom.dataset())

    assert row.known == {ABUSE: True}
    assert (row.id, row.voice, row.source) == (str(record.comment.id), Voice.MODERATOR, "kabar")
    assert (row.at, row.said_at) == (record.comment.received_at, newsroom.now)
    assert row.passage.article is not None
    assert row.passage.article.section == "Daerah"


def test_what_is_published_carries_no_label(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.comment("kapan jalannya diperbaiki pak"))

    assert only(newsroom.dataset()).known == NOTHING


def test_a_second_look_counts_before_the_first_answer(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record)
    newsroom.look_again(record, ABUSE)

    dataset = newsroom.dataset()

    assert (only(dataset).voice, only(dataset).known) == (Voice.SECOND_LOOK, {ABUSE: True})
    assert dataset.manifest["left_out"]["outranked"] == 1


def test_a_second_look_that_agrees_adds_its_labels(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record, HATE)
    newsroom.look_again(record, ABUSE)

    dataset = newsroom.dataset()

    assert only(dataset).known == {ABUSE: True, HATE: True}
    assert dataset.manifest["left_out"]["agreeing"] == 1


def test_an_overturned_decision_is_no_truth(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record)
    newsroom.hear(record, Decision.REJECT, ABUSE)

    dataset = newsroom.dataset()

    assert (only(dataset).voice, only(dataset).known) == (Voice.SITE, {ABUSE: True})
    assert dataset.manifest["left_out"]["overturned"] == 1


def test_an_undone_decision_is_no_truth(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record, ABUSE)
    with newsroom.database.writing() as tx:
        review.take_back(tx, record.comment.id, now=newsroom.now)

    dataset = newsroom.dataset()

    adds_up(dataset)
    assert dataset.rows == []
    assert dataset.manifest["left_out"]["undone"] == 1


def test_what_can_still_be_undone_waits_for_the_next_dataset(newsroom: Newsroom) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    with newsroom.database.writing() as tx:
        minutes = timedelta(minutes=5)
        review.claim_one(tx, record.item.id, moderator="sari", lease=minutes, now=newsroom.now)
        review.decide(
            tx,
            record.item.id,
            review.Hold(moderator="sari"),
            site_id=None,
            decision=Decision.REJECT,
            labels=[ABUSE],
            note="",
            source=Source.CONSOLE,
            now=newsroom.now,
            undo=minutes,
        )

    now = newsroom.dataset(until=newsroom.now)
    later = newsroom.dataset()

    adds_up(now)
    assert (now.rows, now.manifest["left_out"]["pending"]) == ([], 1)
    assert only(later).known == {ABUSE: True}


def test_a_rejection_without_a_label_teaches_nothing_and_is_counted(newsroom: Newsroom) -> None:
    newsroom.hear(newsroom.comment("komentar yang dibuang situs"), Decision.REJECT)

    dataset = newsroom.dataset()

    adds_up(dataset)
    assert (dataset.rows, dataset.manifest["left_out"]["unlabelled"]) == ([], 1)


def test_copies_are_one_row_and_the_later_word_counts(newsroom: Newsroom) -> None:
    texts = (
        "Main di mawar88 pasti gacor!",
        "main di MAWAR88, pasti gacor",
        "Main di mawar88 pasti gacor",
    )
    for text, labels in zip(texts, ((), (SPAM,), (SPAM,)), strict=True):
        newsroom.decide(newsroom.comment(text), *labels)

    dataset = newsroom.dataset()

    assert (only(dataset).known, only(dataset).copies) == ({SPAM: True}, 2)
    assert dataset.manifest["left_out"]["copies"] == 1
    assert dataset.manifest["left_out"]["outranked"] == 1


def test_near_copies_that_contradict_stay_apart_in_one_group(newsroom: Newsroom) -> None:
    insult = "bapak kepala dinas itu memang goblok sekali dari dulu sampai sekarang"
    newsroom.decide(newsroom.comment(insult), ABUSE)
    newsroom.decide(newsroom.comment(insult + " katanya"))
    newsroom.decide(newsroom.comment(insult + " juga"), ABUSE)

    dataset = newsroom.dataset()

    adds_up(dataset)
    assert [row.known for row in dataset.rows] == [{ABUSE: True}, NOTHING]
    assert len({row.group for row in dataset.rows}) == 1
    assert dataset.manifest["left_out"]["copies"] == 1


def test_rows_of_emoji_are_no_copies_of_each_other(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.comment("🙏🙏🙏"))
    newsroom.decide(newsroom.comment("🖕🖕🖕"), ABUSE)
    newsroom.decide(newsroom.comment("🖕"), ABUSE)

    dataset = newsroom.dataset()

    adds_up(dataset)
    assert len(dataset.rows) == 3


def test_the_latest_comments_are_held_back(newsroom: Newsroom) -> None:
    for word in WORDS:
        newsroom.decide(newsroom.comment(f"{word} {word[::-1]} di tempat kami sudah {word * 2}"))
    newsroom.decide(newsroom.comment("jalan nalaj di tempat kami sudah jalanjalan ya"), ABUSE)

    dataset = newsroom.dataset()

    held = [row.passage.text.split()[0] for row in dataset.split(Split.HELD)]
    assert held == ["kota", "desa"]
    assert dataset.rows[-1].split is Split.TRAIN, "it is nearly a copy of the first"
    assert dataset.manifest["rows"]["split"] == {"train": 9, "held": 2}


def test_erased_people_are_left_out_also_of_older_files(
    newsroom: Newsroom, write: Callable[[str, str], Path]
) -> None:
    record = newsroom.comment("dasar kepala dinas goblok sekali")
    newsroom.decide(record, ABUSE)
    newsroom.decide(newsroom.comment("terima kasih beritanya lengkap"))
    older = write(
        "older.jsonl", "".join(json.dumps(row.to_json()) + "\n" for row in newsroom.dataset().rows)
    )
    pks = [record.comment.id]
    with newsroom.database.writing() as tx:
        from moderation.storage import personal

        personal.erase_texts(tx, pks, now=newsroom.now)

    dataset = newsroom.dataset(older)

    adds_up(dataset)
    assert [row.passage.text for row in dataset.rows] == ["terima kasih beritanya lengkap"]
    assert dataset.manifest["left_out"]["erased"] == 2


def test_bad_rows_are_told_of_and_the_rest_is_read(
    newsroom: Newsroom, write: Callable[[str, str], Path]
) -> None:
    newsroom.decide(newsroom.comment("dasar kepala dinas goblok sekali"), ABUSE)
    lines = ['{"text": "ayo main judi", "labels": ["spam"]}', "{", '{"text": " ", "labels": []}']

    dataset = newsroom.dataset(write("own.jsonl", "\n".join(lines)))

    adds_up(dataset)
    assert len(dataset.rows) == 2
    assert [(bad.file, bad.line, bad.reason) for bad in dataset.rejects] == [
        ("own.jsonl", 2, "not JSON"),
        ("own.jsonl", 3, "no text"),
    ]


def test_the_same_inputs_give_the_same_fingerprint(
    newsroom: Newsroom, write: Callable[[str, str], Path]
) -> None:
    newsroom.decide(newsroom.comment("dasar kepala dinas goblok sekali"), ABUSE)
    one = write("one.jsonl", '{"text": "ayo main judi", "labels": ["spam"], "id": "1"}')
    other = write("other.jsonl", '{"text": "kapan diperbaiki", "labels": [], "id": "1"}')

    first = newsroom.dataset(one, other)
    second = newsroom.dataset(other, one, until=LATER + timedelta(days=1))
    newsroom.decide(newsroom.comment("terima kasih"))
    third = newsroom.dataset(one, other)

    assert len(first.rows) == 3
    assert first.fingerprint == second.fingerprint != third.fingerprint


WORDS_OF_A_ROW = st.sampled_from(["dasar", "goblok", "sekali", "terima", "kasih", "🙏", "judi"])
A_LINE = st.one_of(
    st.just("{"),
    st.fixed_dictionaries(
        {
            "text": st.lists(WORDS_OF_A_ROW, max_size=5).map(" ".join),
            "labels": st.lists(st.sampled_from(LABELS), max_size=2, unique=True),
        },
        optional={
            "id": st.sampled_from("abc"),
            "at": st.dates(MONDAY.date() - timedelta(days=9), MONDAY.date()).map(str),
        },
    ).map(json.dumps),
)


@given(st.lists(A_LINE, max_size=25))
def test_whatever_a_file_holds_the_counts_add_up_and_no_group_crosses(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.mktemp("file") / "own.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")

    dataset = make(Request(None, [path], LATER))

    adds_up(dataset)
    assert dataset.manifest["read"]["total"] == len(lines)
    sides: dict[str, set[Split]] = {}
    for row in dataset.rows:
        sides.setdefault(row.group, set()).add(row.split)
    assert all(len(found) == 1 for found in sides.values())
    assert len({row.id for row in dataset.rows}) == len(dataset.rows)


def test_only_the_sites_asked_for_are_read(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.comment("dasar kepala dinas goblok sekali"), ABUSE)

    assert len(newsroom.dataset(site_names=["kabar"]).rows) == 1
    assert newsroom.dataset(site_names=["lain"]).manifest["read"]["total"] == 0

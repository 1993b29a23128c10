"""What the newsroom's rules cost ``POST /v1/comments``: ``-m benchmarks.rules``.

The same server is loaded over loopback, with no rule and with all of them, in turns; the median
counts. Every comment is another text by one of a thousand authors, so that nothing is answered
from a memory of the last one. Then the parts are timed alone, and campaigns are measured on
variants made as spinners make them.
"""

import argparse
import random
import shutil
import sys
import tempfile
import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.serving import TEXTS, Load, load, median, prepare, serve
from moderation.domain.campaign import NEAR, similarity, tells_enough
from moderation.domain.contacts import find_contacts
from moderation.domain.rules import LIST_KINDS, Effect, Mode, Rule, RuleKind
from moderation.domain.scorer import Reading
from moderation.domain.words import words_of
from moderation.services import rule_changes
from moderation.services.matching import Entry, WordMatcher
from moderation.services.rule_changes import ListDraft
from moderation.services.sketching import sketch, sketch_and_keys
from moderation.storage import sites
from moderation.storage.engine import Database
from moderation.storage.rules import StoredEntry

ENTRIES = 50_000
EDITS = (1, 4, 8, 12, 16, 20)
VARIANTS = 200
WARM_UP = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts-only", action="store_true", help="leave the server out")
    options = parser.parse_args()
    _print_parts()
    _print_recall()
    if options.parts_only:
        return
    if shutil.which("wrk") is None:
        sys.exit("this benchmark loads the server with wrk; on Debian: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        plain, ruled = _measure(Path(folder), options)
    print(f"no rules            {plain}")
    print(f"all rules           {ruled}")
    print(f"ratio               {ruled.per_second / plain.per_second:8.2f}")


def _print_parts() -> None:
    text = TEXTS[0]
    words, reading = words_of(text), Reading({}, text)
    rule = Rule(1, 1, "bench", RuleKind.WORDS, Effect.HOLD, Mode.ON, 1, {})
    matcher = WordMatcher(Entry(rule, f"{word}xq", f"{word}xq") for word in _words(ENTRIES))
    listed = f"{text} {_words(1)[0]}xq"
    with_one = words_of(listed)
    parts: dict[str, Callable[[], object]] = {
        f"word list of {ENTRIES}": lambda: matcher.find(text, reading, words),
        "the same, one word listed": lambda: matcher.find(listed, Reading({}, listed), with_one),
        "sketch and keys": lambda: sketch_and_keys(words),
        "tells enough": lambda: tells_enough(words),
        "contacts": lambda: find_contacts(text, text),
    }
    for name, part in parts.items():
        best = min(timeit.repeat(part, number=2_000, repeat=5)) / 2_000
        print(f"{name:24}{best * 1e6:8.1f} µs a comment of {len(text)} characters")


def _print_recall() -> None:
    """Print which share of variants is recognised, and how alike strangers look."""
    chance = random.Random(20261123)
    drawn = [sketch(words_of(text)) for text in TEXTS]
    for edits in EDITS:
        near = [
            similarity(own, sketch(words_of(_varied(text, edits, chance)))) >= NEAR
            for text, own in zip(TEXTS, drawn, strict=True)
            for _ in range(VARIANTS)
        ]
        print(f"{edits:3} random edits         {sum(near) / len(near):8.3f} recognised")
    strangers = [sketch(words_of(_text(chance, _vocabulary()))) for _ in range(300)]
    alike = sum(
        similarity(one, other) >= NEAR
        for at, one in enumerate(strangers)
        for other in strangers[:at]
    )
    pairs = len(strangers) * (len(strangers) - 1) // 2
    print(f"different texts         {alike / pairs:8.5f} taken for copies")


def _varied(text: str, edits: int, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(edits):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randrange(2)] = chance.choice("abcdefghij .")
    return "".join(letters)


def _words(count: int) -> list[str]:
    """Return made-up words that look Indonesian, the same with every call."""
    chance = random.Random(5)
    return [
        "".join(chance.choice("bcdghjklmnprst") + chance.choice("aiueo") for _ in range(size))
        for size in (chance.randint(2, 5) for _ in range(count))
    ]


def _vocabulary() -> list[str]:
    """Return words for texts: known ones, so that they are read, and made-up ones beside them."""
    known = sorted({word for text in TEXTS for word in words_of(text)})
    return known * 12 + _words(800)


def _text(chance: random.Random, words: list[str]) -> str:
    return " ".join(chance.choices(words, k=28))


def _measure(folder: Path, options: argparse.Namespace) -> tuple[Load, Load]:
    servers = []
    for name in ("plain", "ruled"):
        (folder / name).mkdir()
        environ, key = prepare(folder / name, "FULL")
        (folder / name / "post.lua").write_text(_lua(key), encoding="utf-8")
        servers.append((name, environ))
    _set_all_rules(servers[1][1]["MODERATION_DATABASE_URL"])
    loads: dict[str, list[Load]] = {name: [] for name, _ in servers}
    for _ in range(options.rounds):
        for name, environ in servers:
            with serve("wsgi:app", "/healthz", environ) as app:
                script = folder / name / "post.lua"
                # The first seconds load the model and build the lists, in every worker.
                load(f"{app.url}/v1/comments", script, WARM_UP)
                loads[name].append(load(f"{app.url}/v1/comments", script, options.seconds))
    return median(loads["plain"]), median(loads["ruled"])


def _set_all_rules(url: str) -> None:
    """Switch every rule on; none of them changes a verdict here, as in an ordinary hour."""
    now, database = datetime.now(UTC), Database(url)
    with database.writing() as tx:
        site = sites.find_site(tx, "bench")
        if site is None:
            sys.exit("the benchmark's site is missing")
        lists = {
            RuleKind.WORDS: [f"{word}xq" for word in _words(ENTRIES)],
            RuleKind.DOMAINS: [f"{word}.example" for word in _words(2_000)],
            RuleKind.AUTHORS: [f"id:{word}" for word in _words(2_000)],
        }
        for kind, entries in lists.items():
            stored = [StoredEntry(entry, entry) for entry in dict.fromkeys(entries)]
            draft = ListDraft(f"bench-{kind}", kind, Effect.HOLD, Mode.ON, stored)
            rule_changes.save_list(tx, site.id, draft, by="bench", now=now)
        for kind in set(RuleKind) - set(LIST_KINDS):
            mode = Mode.OBSERVE if kind is RuleKind.FIRST_COMMENTS else Mode.ON
            rule_changes.set_rule(tx, site.id, kind, mode, {}, by="bench", now=now)
        quiet = {"comments": 2_000}
        rule_changes.set_rule(
            tx, site.id, RuleKind.HOT_ARTICLE, Mode.ON, quiet, by="bench", now=now
        )
    database.close()


def _lua(key: str) -> str:
    """Return wrk's script: a new text and one of a thousand authors with every request."""
    words = ", ".join(f'"{word}"' for word in _vocabulary())
    return f"""
local words = {{ {words} }}
local n, id = 0, tostring(math.random(1, 2^40))
function setup(thread) thread:set("number", tostring(thread)) end
function init()
  math.randomseed(os.time() + tonumber(string.match(number, "0x(%x+)"), 16) % 99991)
end
function request()
  n = n + 1
  local text = {{}}
  for at = 1, 28 do text[at] = words[math.random(#words)] end
  local body = '{{"comment_id":"' .. number .. os.time() .. id .. n .. '","text":"'
    .. table.concat(text, " ") .. '","article":{{"id":"' .. math.random(50)
    .. '","title":"Perundingan damai dilanjutkan","section":"Dunia"}}'
    .. ',"author":{{"id":"' .. math.random(1000) .. '","name":"Budi","ip":"192.0.2.7"}}}}'
  return wrk.format("POST", nil, {{
    ["Content-Type"] = "application/json", ["Authorization"] = "Bearer {key}" }}, body)
end
function done(summary)
  io.write("refused " .. summary.errors.status .. "\\n")
end
"""


if __name__ == "__main__":
    main()

import re
from dataclasses import fields
from pathlib import Path

import pytest

from moderation.commands import main
from moderation.domain.verdict import LABELS, Verdict
from moderation.settings import PREFIX, Settings
from training.commands import training
from training.promotion.margins import MARGINS

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", [setting.name for setting in fields(Settings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{PREFIX}{setting.upper()}`" in read("docs/operations.md")


@pytest.mark.parametrize("word", [*LABELS, *Verdict])
def test_every_label_and_verdict_is_in_the_glossary(word: str) -> None:
    assert f"`{word}`" in read("docs/glossary.md")


def test_every_command_is_documented() -> None:
    assert all(
        f"python -m moderation {name}" in read("docs/operations.md") for name in main.commands
    )


def test_every_training_command_is_documented() -> None:
    assert all(
        f"python -m training {name}" in read("docs/retraining.md") for name in training.commands
    )


def test_every_margin_of_a_promotion_is_documented_as_it_is() -> None:
    table = re.findall(r"\| (0\.\d+) \| (0\.\d+) \|$", read("docs/retraining.md"), re.MULTILINE)

    assert {(float(whole), float(part)) for whole, part in table} == {
        (margin.whole, margin.slice) for margin in MARGINS.values()
    }


def test_every_make_target_says_what_it_does() -> None:
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None

    for target in set(phony[1].split()) - {"check"}:
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), (document.name, link)


def test_every_package_named_in_requirements_is_argued_for() -> None:
    argued = read("docs/architecture.md").lower()

    for name in re.findall(r"^([a-z][\w-]+)", read("requirements.in"), re.MULTILINE):
        assert name in argued, name

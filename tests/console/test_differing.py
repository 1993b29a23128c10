import pytest

from moderation.console.differing import differences


@pytest.mark.parametrize(
    ("variant", "marked"),
    [
        ("Modal receh, langsung cair", []),
        ("Modal kecil, langsung cair", ["kecil"]),
        ("Modal receh langsung cair semua", [" semua"]),
        ("", []),
    ],
)
def test_only_what_the_variant_has_otherwise_is_marked(variant: str, marked: list[str]) -> None:
    stretches = differences("Modal receh, langsung cair", variant)

    assert "".join(one.text for one in stretches) == variant
    assert [one.text for one in stretches if one.differs] == marked


def test_a_long_text_is_compared_by_its_beginning_and_kept_whole() -> None:
    text = "langsung cair " * 400

    stretches = differences(text, text + "sekarang")

    assert "".join(one.text for one in stretches) == text + "sekarang"
    assert not any(one.differs for one in stretches)

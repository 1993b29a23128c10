import pytest

from moderation.domain.rule_parameters import HIGHEST, check_parameters
from moderation.domain.rules import DEFAULTS
from moderation.errors import InvalidError


def test_every_parameter_has_a_highest_value_and_a_usual_one_that_is_right() -> None:
    for parameters in DEFAULTS.values():
        assert set(parameters) <= set(HIGHEST)
        check_parameters(parameters)


@pytest.mark.parametrize(
    ("name", "value"), [("share", 0), ("step", 0.95), ("copies", 501), ("approved", 1.5)]
)
def test_what_would_never_match_or_cost_too_much_is_named(name: str, value: float) -> None:
    with pytest.raises(InvalidError) as caught:
        check_parameters({name: value})

    assert caught.value.pointer == f"/parameters/{name}"

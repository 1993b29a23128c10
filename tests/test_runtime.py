from flask import Flask

from moderation.runtime import crown, runtime
from tests.factories import FakeScorer, a_policy


def test_a_request_keeps_the_champion_it_began_with_and_the_next_has_the_new_one(
    app: Flask, scorer: FakeScorer
) -> None:
    successor = FakeScorer(version="fake-2", policy=a_policy())
    with app.test_request_context():
        begun = runtime()
        crown(app, successor)
        after = runtime()

    assert begun.scorer is begun.intake.scorer is scorer
    assert after.scorer is after.intake.scorer is successor
    assert after.database is begun.database
    assert after.intake.policies is begun.intake.policies

"""What context is worth is told with how sure that is."""

from training.evaluation.context import context_ablation
from training.learning import Learnt


def test_lines_without_context_are_left_out_and_the_gain_lies_in_its_interval(
    learnt: Learnt,
) -> None:
    report = context_ablation(learnt, lambda _: None)

    with_article = sum(row.passage.article is not None for row in learnt.examples)
    assert report["with an article"]["lines"] == with_article
    for row in report.values():
        figure = row["average_precision"]
        assert figure["from"] <= figure["gain"] <= figure["to"]

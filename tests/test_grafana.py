import json
import re
from pathlib import Path

from prometheus_client import REGISTRY

from moderation import metrics

DASHBOARD = json.loads(
    (Path(__file__).parent.parent / "docs" / "grafana.json").read_text(encoding="utf-8")
)
READ_AT_THE_MOMENT = {
    "moderasi_queue_depth",
    "moderasi_queue_oldest_seconds",
    "moderasi_model_info",
    "moderasi_drift",
    "moderasi_drift_expected",
    "moderasi_drift_warning",
}


def test_every_figure_the_dashboard_shows_is_one_we_give() -> None:
    assert metrics.DECISIONS is not None
    given = {
        sample
        for family in REGISTRY.collect()
        for sample in (f"{family.name}_total", f"{family.name}_bucket")
        if family.name.startswith("moderasi_")
    } | READ_AT_THE_MOMENT
    shown = {
        name
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
        for name in re.findall(r"moderasi_\w+", target["expr"])
    }

    assert shown <= given
    assert shown >= READ_AT_THE_MOMENT

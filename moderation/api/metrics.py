"""Figures for Prometheus, for whoever holds the token of the settings."""

import os
import secrets
from collections.abc import Iterable, Mapping

from apiflask import APIBlueprint
from flask import Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from moderation.domain.drift import Measure
from moderation.domain.reach import EVERYWHERE
from moderation.runtime import Runtime, runtime
from moderation.storage import complaints, queue
from moderation.storage.drift import Place

blueprint = APIBlueprint("metrics", __name__, enable_openapi=False)


@blueprint.get("/metrics")
def show() -> Response:
    """Answer in Prometheus' text format; without a token in the settings, to nobody."""
    service = runtime()
    expected = f"Bearer {service.settings.metrics_token}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not (service.settings.metrics_token and secrets.compare_digest(given, expected)):
        raise Unauthorized("send the token", www_authenticate=WWWAuthenticate("bearer"))
    registry = CollectorRegistry()
    registry.register(_Present(service))
    counted = generate_latest(_counted())
    return Response(counted + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    """Return what this server's processes have counted together, or this process alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


class _Present(Collector):
    """What is read at the moment of asking rather than counted along the way."""

    def __init__(self, service: Runtime) -> None:
        self._service = service

    def collect(self) -> Iterable[Metric]:
        """Yield the model in service, the state of each site's queue, and what has changed."""
        model = GaugeMetricFamily("moderasi_model_info", "The serving model.", labels=["version"])
        model.add_metric([self._service.scorer.version or "none"], 1)
        depth = GaugeMetricFamily("moderasi_queue_depth", "Waiting comments.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "moderasi_queue_oldest_seconds", "Age of the oldest that waits.", labels=["queue"]
        )
        now = self._service.clock()
        with self._service.database.reading() as tx:
            for site, count, since in queue.measure(tx):
                depth.add_metric([site], count)
                age = 0.0 if since is None else (now - since).total_seconds()
                oldest.add_metric([site], max(0.0, age))
            place = Place(EVERYWHERE)
            changes = self._service.changes.look(tx, self._service.scorer, place, now=now)
            complained = complaints.measure(tx, now=now)
        return [model, depth, oldest, *_drift(changes.measures), *_complaints(complained)]


def _complaints(complained: Mapping[str, tuple[int, int]]) -> list[Metric]:
    """Return how many complaints are open, and how many of them past their time, by site."""
    open_ = GaugeMetricFamily(
        "moderasi_complaints_open", "Complaints not yet resolved.", labels=["queue"]
    )
    overdue = GaugeMetricFamily(
        "moderasi_complaints_overdue", "Open complaints past their time.", labels=["queue"]
    )
    for site, (waiting, late) in complained.items():
        open_.add_metric([site], waiting)
        overdue.add_metric([site], late)
    return [open_, overdue]


def _drift(measures: Iterable[Measure]) -> list[Metric]:
    """Return each measure that rests on enough comments, what it should be, and if it warns."""
    named = ["measure", "name"]
    now = GaugeMetricFamily("moderasi_drift", "How comments are now.", labels=named)
    expected = GaugeMetricFamily(
        "moderasi_drift_expected", "How they were, or should be by their scores.", labels=named
    )
    warning = GaugeMetricFamily(
        "moderasi_drift_warning", "1 where that differs by more than its level.", labels=named
    )
    for one in measures:
        if one.now is not None:
            labels = [one.kind.value, one.name]
            now.add_metric(labels, one.now)
            expected.add_metric(labels, one.before)
            warning.add_metric(labels, one.warns)
    return [now, expected, warning]

"""Is the process up, and can it do its work."""

import logging

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response, jsonify

from moderation.runtime import runtime
from moderation.storage.migrations import current_revision, head_revision

logger = logging.getLogger(__name__)

blueprint = APIBlueprint("health", __name__, tag="Health")


@blueprint.get("/healthz")
@blueprint.doc(summary="Is the process up?", responses={200: "It is."})
def healthz() -> Response:
    """Answer whenever the process can answer at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@blueprint.doc(
    summary="Are database and champion there?",
    responses={200: "They are.", 503: "One is missing."},
)
def readyz() -> tuple[Response, int]:
    """Answer 200 when comments can be both stored and scored.

    Without a champion comments are still taken in, and all of them wait for a person. The model
    is named that serves in the process that answers.
    """
    version = runtime().scorer.version
    checks = {"database": _check_database(), "champion": "ok" if version else "missing"}
    ready = all(state == "ok" for state in checks.values())
    answer = jsonify(
        status="ok" if ready else "unavailable", **checks, model_version=version or None
    )
    return answer, 200 if ready else 503


def _check_database() -> str:
    try:
        with runtime().database.reading() as tx:
            at = current_revision(tx)
    except sa.exc.SQLAlchemyError:
        logger.exception("the database does not answer")
        return "unreachable"
    return "ok" if at == head_revision() else "not migrated"

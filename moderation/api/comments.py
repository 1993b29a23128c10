"""Comments in, assessments out."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response
from marshmallow import RAISE

from moderation.api import PREFIX
from moderation.api.authorization import BEARER, current_key, protect, requires
from moderation.api.presenting import answer, present_assessment, present_record
from moderation.api.schemas import (
    CommentIdIn,
    CommentOut,
    FeedbackIn,
    ScoreIn,
    ScoreOut,
    SubmissionIn,
)
from moderation.domain.comment import Parent, Story, Submission, as_passage
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.runtime import runtime
from moderation.services import review
from moderation.services.records import find_record, find_record_by_comment_id
from moderation.services.scoring import score as score_passages
from moderation.storage.sites import Scope

blueprint = APIBlueprint("comments", __name__, url_prefix=PREFIX, tag="Comments")
protect(blueprint)


@blueprint.post("/comments")
@blueprint.input(SubmissionIn)
@blueprint.output(CommentOut, 201, description="Stored; a repeat of it answers 200.")
@blueprint.doc(security=BEARER, responses=[200, 400, 401, 403, 409, 413, 415, 422])
@requires(Scope.SUBMIT)
def submit(json_data: Submission) -> Response:
    """Hand in a comment

    Answers only after the comment is durably stored. If it cannot be scored it is stored all
    the same, and its verdict is `review`.
    """
    service = runtime()
    record, new = service.intake.submit(current_key().site, json_data, now=service.clock())
    return answer(present_record(record), 201 if new else 200)


@blueprint.get("/comments/<uuid:comment>")
@blueprint.output(CommentOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 404])
@requires(Scope.SUBMIT)
def show(comment: UUID) -> dict[str, Any]:
    """Look a comment up by our id"""
    with runtime().database.reading() as tx:
        return present_record(find_record(tx, current_key().site.id, comment))


@blueprint.get("/comments")
@blueprint.input(CommentIdIn, location="query", unknown=RAISE)
@blueprint.output(CommentOut)
@blueprint.doc(security=BEARER, responses=[401, 403, 404, 422])
@requires(Scope.SUBMIT)
def show_by_comment_id(query_data: dict[str, Any]) -> dict[str, Any]:
    """Look a comment up by the site's own id; its newest revision"""
    with runtime().database.reading() as tx:
        site_id = current_key().site.id
        return present_record(find_record_by_comment_id(tx, site_id, query_data["comment_id"]))


@blueprint.post("/comments/<uuid:comment>/feedback")
@blueprint.input(FeedbackIn)
@blueprint.output(CommentOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 404, 413, 415, 422])
@requires(Scope.SUBMIT)
def give_feedback(comment: UUID, json_data: dict[str, Any]) -> dict[str, Any]:
    """Report what the site's own moderators decided

    The comment then no longer waits here, and the decision teaches the next model.
    """
    service, site = runtime(), current_key().site
    with service.database.writing() as tx:
        record = review.take_feedback(
            tx,
            site.id,
            comment,
            decision=Decision(json_data["decision"]),
            labels=[Label(name) for name in json_data["labels"]],
            reporter=json_data["reporter"] or site.name,
            now=service.clock(),
        )
    return present_record(record)


@blueprint.post("/score")
@blueprint.input(ScoreIn)
@blueprint.output(ScoreOut)
@blueprint.doc(security=BEARER, responses=[400, 401, 403, 413, 415, 422])
@requires(Scope.SUBMIT)
def score(json_data: dict[str, Any]) -> Response:
    """Assess up to 1,000 texts; nothing is stored

    By the site's own thresholds and its lists of words and domains, as `POST /v1/comments` would;
    not by its lists of authors, nor by rules on history, copies and busy articles, which need a
    writer or other comments.
    """
    service = runtime()
    passages = [
        as_passage(text["text"], text.get("article", Story()), text.get("parent", Parent()).text)
        for text in json_data["comments"]
    ]
    assessments = score_passages(service.intake, current_key().site, passages, now=service.clock())
    return answer({"assessments": [present_assessment(assessment) for assessment in assessments]})

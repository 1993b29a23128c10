"""The demo article, and what becomes of the replies written under it."""

from typing import Any
from uuid import UUID, uuid4

from apiflask import APIBlueprint
from flask import abort, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.test import Client, TestResponse

from moderation.demo.article import ARTICLE
from moderation.pages import harden
from moderation.runtime import runtime

blueprint = APIBlueprint(
    "demo",
    __name__,
    url_prefix="/demo",
    template_folder="templates",
    static_folder="static",
    enable_openapi=False,
)
blueprint.after_request(harden)

_LABEL_NAMES = {
    "spam": "promosi atau spam",
    "abuse": "hinaan",
    "hate": "kebencian terhadap golongan",
    "threat": "ancaman",
    "sexual": "pelecehan seksual",
}
_WAITING = "Balasan Anda menunggu moderasi redaksi."
_OUTCOMES = {
    "approve": "Balasan Anda langsung terbit.",
    "review": _WAITING,
    "reject": "Balasan Anda tidak diterbitkan",
}
_DECIDED = {
    "approve": "Redaksi menerbitkan balasan Anda.",
    "reject": "Redaksi tidak menerbitkan balasan Anda.",
}


@blueprint.get("")
def show_article() -> str:
    """Show the article with the reply form."""
    return render_template("demo/article.html", article=ARTICLE)


@blueprint.post("/comments")
def reply() -> ResponseReturnValue:
    """Hand a reply in; a script gets the outcome as JSON, a plain form the page with it."""
    text = request.form.get("comment", "").strip()
    answer = _call_api(
        "POST",
        "/v1/comments",
        json={
            "comment_id": f"demo-{uuid4()}",
            "text": text,
            "article": ARTICLE.to_json(),
            "author": {"name": request.form.get("author", "").strip() or "Pembaca"},
        },
    )
    outcome = _outcome(answer)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(outcome), answer.status_code
    page = render_template("demo/article.html", article=ARTICLE, outcome=outcome, written=text)
    return page, answer.status_code


@blueprint.get("/comments/<uuid:comment>")
def show_outcome(comment: UUID) -> ResponseReturnValue:
    """Tell what has become of a reply so far."""
    answer = _call_api("GET", f"/v1/comments/{comment}")
    return jsonify(_outcome(answer)), answer.status_code


@blueprint.post("/complaints")
def complain() -> ResponseReturnValue:
    """Hand a complaint about the article's comments in; the ticket is the receipt."""
    answer = _call_api(
        "POST",
        "/v1/complaints",
        json={
            "text": request.form.get("complaint", "").strip(),
            "complainant": request.form.get("complainant", "").strip(),
            "url": url_for("demo.show_article", _external=True) + "#tanggapan",
        },
    )
    page = render_template(
        "demo/article.html",
        article=ARTICLE,
        complaint=answer.get_json(silent=True) if answer.status_code == 201 else {},
    )
    return page, answer.status_code


@blueprint.errorhandler(CSRFError)
def refuse_old_form(_error: CSRFError) -> ResponseReturnValue:
    """Ask for a reload where a form is from an ended session."""
    message = "Halaman ini sudah kedaluwarsa. Muat ulang, lalu kirim lagi."
    if request.accept_mimetypes.best == "application/json":
        return jsonify(state="error", message=message), 400
    return render_template(
        "demo/article.html", article=ARTICLE, outcome={"state": "error", "message": message}
    ), 400


def _call_api(method: str, path: str, **body: Any) -> TestResponse:
    """Call this service's own API over WSGI, with a key of the demo's own, as any CMS would."""
    client = Client(current_app._get_current_object())  # type: ignore[attr-defined]
    bearer = {"Authorization": f"Bearer {runtime().settings.demo_key}"}
    return client.open(path, method=method, headers=bearer, **body)


def _outcome(answer: TestResponse) -> dict[str, Any]:
    """Return what the page shows of an API answer."""
    body: dict[str, Any] = answer.get_json(silent=True) or {}
    if answer.status_code == 404:
        abort(404)
    if answer.status_code >= 400:
        empty = any(error.get("pointer") == "/text" for error in body.get("errors", []))
        message = (
            "Tulis balasan Anda dahulu, paling panjang 20.000 huruf."
            if empty
            else "Balasan belum terkirim. Coba lagi sebentar lagi."
        )
        return {"state": "error", "message": message}
    return {
        "state": _state(body),
        "message": _message(body),
        "id": body["id"],
        "waiting": body["verdict"] == "review" and body["decision"] is None,
        "spans": [span for reason in body["reasons"] for span in reason["spans"]],
        "scores": body["scores"],
    }


def _state(body: dict[str, Any]) -> str:
    decision = body["decision"]
    state: str = body["verdict"] if decision is None else decision["decision"]
    return state


def _message(body: dict[str, Any]) -> str:
    if body["decision"] is not None:
        return _DECIDED[body["decision"]["decision"]]
    message = _OUTCOMES[body["verdict"]]
    if body["verdict"] == "reject":
        reasons = ", ".join(_LABEL_NAMES[reason["label"]] for reason in body["reasons"])
        message = f"{message}: terbaca sebagai {reasons}."
    return message

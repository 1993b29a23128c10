"""The blind second look: answer anew, and see where people disagree."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_reach, current_username
from moderation.console.desk.access import EDITORS, EVERYBODY, page
from moderation.console.desk.asking import Days, asked_site, sites_within
from moderation.domain.agreement import (
    FEWEST_PAIRS,
    HIGHEST_SHARE,
    LOWEST_SHARE,
    Answer,
    measure_decisions,
    measure_labels,
)
from moderation.domain.decision import Decision
from moderation.domain.verdict import Label
from moderation.errors import InvalidError, StaleItemError
from moderation.runtime import runtime
from moderation.services import second_look
from moderation.storage import comments, second_looks, users

USUAL_DAYS = 30
SHOWN_DISAGREEMENTS = 50


@page("/second-look", EVERYBODY)
def show_second_look() -> ResponseReturnValue:
    """Show a comment that somebody else decided, without what they decided."""
    service, moderator = runtime(), current_username()
    with service.database.reading() as tx:
        reach = current_reach(tx)
        drawn = second_looks.find_next(tx, moderator, reach)
        count = second_looks.count_waiting(tx, moderator, reach)
        comment = None if drawn is None else comments.find(tx, drawn.site_id, drawn.comment_pk)
    return render_template(
        "console/desk/second_look.html",
        drawn=drawn,
        comment=comment,
        count=count,
        now=service.clock(),
    )


@page("/second-look/<uuid:decision_id>", EVERYBODY, method="POST")
def answer_second_look(decision_id: UUID) -> ResponseReturnValue:
    """Take the second answer and open the next."""
    service, answer = runtime(), _asked_answer()
    try:
        with service.database.writing() as tx:
            second_look.give_answer(
                tx,
                decision_id,
                answer,
                moderator=current_username(),
                reach=current_reach(tx),
                now=service.clock(),
            )
    except InvalidError:
        flash("Belum tersimpan: pilih paling sedikit satu alasan untuk menolak.", "error")
    except StaleItemError:
        flash("Komentar itu tidak lagi menunggu tinjauan ulang Anda.", "info")
    else:
        flash("Terima kasih. Keputusan pertama tetap berlaku.", "info")
    return redirect(url_for("desk.show_second_look"), 303)


@page("/agreement", EDITORS)
def show_agreement() -> ResponseReturnValue:
    """Show how far people agree, by label, and where they do not."""
    service = runtime()
    days = Days.asked(service.clock(), usual=USUAL_DAYS)
    with service.database.reading() as tx:
        reach = current_reach(tx)
        choices = sites_within(tx, reach)
        site = asked_site(choices, request.args.get("site", ""))
        pairs = second_looks.list_pairs(
            tx, days.to_period(), reach, site_id=None if site is None else site.id
        )
        apart = [pair for pair in pairs if pair.first != pair.second][:SHOWN_DISAGREEMENTS]
        texts = comments.find_all(tx, [pair.comment_pk for pair in apart])
        shares = {one.id: second_looks.find_share(tx, one.id) for one in choices}
        names = users.display_names(tx)
    answers = [(pair.first, pair.second) for pair in pairs]
    return render_template(
        "console/desk/agreement.html",
        days=days,
        site=site,
        choices=choices,
        overall=measure_decisions(answers),
        labels=measure_labels(answers),
        apart=apart,
        texts=texts,
        settable=[one for one in choices if reach.covers_site(one.id)],
        shares=shares,
        bounds=(LOWEST_SHARE, HIGHEST_SHARE),
        fewest=FEWEST_PAIRS,
        names=names,
    )


@page("/agreement/share", EDITORS, method="POST")
def set_share() -> ResponseReturnValue:
    """Set how many decisions of a newsroom are looked at again."""
    service = runtime()
    share = request.form.get("share", type=float)
    try:
        with service.database.writing() as tx:
            reach = current_reach(tx)
            site = asked_site(sites_within(tx, reach), request.form.get("site", ""))
            if site is None or not reach.covers_site(site.id):
                abort(404)
            second_look.set_share(
                tx,
                site.id,
                -1.0 if share is None else share / 100,
                actor=current_username(),
                now=service.clock(),
            )
    except InvalidError:
        flash("Belum tersimpan: isi antara 2 dan 5 persen.", "error")
    else:
        flash("Tersimpan.", "info")
    return redirect(url_for("desk.show_agreement"), 303)


def _asked_answer() -> Answer:
    try:
        decision = Decision(request.form.get("decision", ""))
        labels = frozenset(Label(name) for name in request.form.getlist("labels"))
    except ValueError as error:
        raise InvalidError("is no answer", "/decision") from error
    return Answer(decision, labels if decision is Decision.REJECT else frozenset())

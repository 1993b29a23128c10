"""Articles whose thresholds are tightened now: everybody sees them, an editor relaxes them."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired

from moderation.console.auth import current_username, own_sites
from moderation.console.desk.access import EDITORS, EVERYBODY, blueprint, current_person, page
from moderation.errors import NotFoundError
from moderation.runtime import runtime
from moderation.services import heat
from moderation.storage import hot_articles, users
from moderation.storage.hot_articles import HotArticle


class ArticleForm(FlaskForm):
    """Which article, and whether it is to be calm."""

    site = IntegerField(validators=[InputRequired()])
    article = HiddenField(validators=[InputRequired()])
    calm = IntegerField(validators=[InputRequired()])


@blueprint.app_template_global("hot_articles")
def list_tightened() -> list[HotArticle]:
    """Return the present person's hot articles that no one calmed, read once a request."""
    if not current_user.is_authenticated:
        return []
    if "hot_articles" not in g:
        g.hot_articles = [one for one in _list_known() if one.calmed_until is None]
    found: list[HotArticle] = g.hot_articles
    return found


@page("/hot-articles", EVERYBODY)
def show_hot_articles() -> ResponseReturnValue:
    """List the articles that are hot, and those that were calmed by hand."""
    with runtime().database.reading() as tx:
        names = users.display_names(tx)
        sites = {site.id: site.name for site in own_sites(tx)}
    return render_template(
        "console/desk/hot_articles.html",
        found=_list_known(),
        sites=sites,
        names=names,
        may_change=current_person().role in EDITORS,
    )


@page("/hot-articles", EDITORS, method="POST")
def calm_article() -> ResponseReturnValue:
    """Relax an article's thresholds for some hours, or let its surges count again."""
    service, form = runtime(), ArticleForm()
    if not form.validate_on_submit():
        abort(400)
    act = heat.calm if form.calm.data else heat.tighten_again
    try:
        with service.database.writing() as tx:
            if form.site.data not in {site.id for site in own_sites(tx)}:
                abort(404)
            act(
                tx,
                form.site.data,
                form.article.data,
                by=current_username(),
                now=service.clock(),
            )
    except NotFoundError:
        flash("Artikel itu sudah tidak ramai.", "info")
    else:
        flash("Disimpan; berlaku dalam sepuluh detik.", "info")
    return redirect(url_for("desk.show_hot_articles"), 303)


def _list_known() -> list[HotArticle]:
    service = runtime()
    with service.database.reading() as tx:
        ids = [site.id for site in own_sites(tx)]
        return hot_articles.list_hot(tx, ids, now=service.clock())

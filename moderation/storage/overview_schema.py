"""The tables of what the overview need not count again."""

import sqlalchemy as sa

from moderation.storage.schema import metadata

settled_days = sa.Table(
    "settled_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    # Whoever counts the day writes it down under this, and only if it still stands here.
    sa.Column("token", sa.String(32), nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False, server_default=sa.false()),
)

day_figures = sa.Table(
    "day_figures",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("sites.id"), primary_key=True),
    sa.Column("section", sa.Text, primary_key=True),
    # The sum over the site's sections, under an empty one: most who look see whole sites.
    sa.Column("whole", sa.Boolean, primary_key=True),
    sa.Column("figures", sa.JSON, nullable=False),
)

"""The tables that compare models on live comments; see :mod:`.schema`."""

import sqlalchemy as sa

from moderation.domain.verdict import LABELS
from moderation.storage.schema import UtcDateTime, _required, metadata

# Numbers only, and no foreign key: a row outlives nothing and nothing waits for it.
shadow_scores = sa.Table(
    "shadow_scores",
    metadata,
    sa.Column("comment_pk", sa.Uuid, primary_key=True),
    sa.Column("challenger", sa.Text, primary_key=True),
    _required("champion", sa.Text),
    _required("at", UtcDateTime),
    _required("champion_verdict", sa.String(8)),
    _required("challenger_verdict", sa.String(8)),
    # In ten-thousandths: two bytes a score.
    *(_required(f"champion_{label}", sa.SmallInteger) for label in LABELS),
    *(_required(f"challenger_{label}", sa.SmallInteger) for label in LABELS),
    sa.Index("ix_shadow_scores_at", "at"),
)

"""Order the queue by harm, uncertainty and age; mark random draws; compare a challenger."""

import math
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = "0007"
branch_labels = None
depends_on = None

_HARM = {'spam': 1.0, 'abuse': 1.5, 'sexual': 2.0, 'hate': 2.5, 'threat': 3.0}
_LABELS = ('spam', 'abuse', 'hate', 'threat', 'sexual')
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE = 1000

_items = sa.table(
    'queue_items',
    sa.column('id', sa.Uuid()),
    sa.column('comment_pk', sa.Uuid()),
    sa.column('priority', sa.Float()),
    sa.column('opened_at', sa.DateTime(timezone=True)),
    sa.column('closed_at', sa.DateTime(timezone=True)),
)
_comments = sa.table(
    'comments',
    sa.column('id', sa.Uuid()),
    *(sa.column(f'score_{label}', sa.Float()) for label in _HARM),
)


def upgrade() -> None:
    op.add_column(
        'queue_items',
        sa.Column('spot_check', sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        'ix_queue_items_spot_checks', 'queue_items', ['opened_at'],
        unique=False, sqlite_where=sa.text('spot_check = 1'),
        postgresql_where=sa.text('spot_check'),
    )
    _rank(op.get_bind())
    op.create_table(
        'shadow_scores',
        sa.Column('comment_pk', sa.Uuid(), nullable=False),
        sa.Column('challenger', sa.Text(), nullable=False),
        sa.Column('champion', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('champion_verdict', sa.String(length=8), nullable=False),
        sa.Column('challenger_verdict', sa.String(length=8), nullable=False),
        *(
            sa.Column(f'{role}_{label}', sa.SmallInteger(), nullable=False)
            for role in ('champion', 'challenger') for label in _LABELS
        ),
        sa.PrimaryKeyConstraint('comment_pk', 'challenger', name=op.f('pk_shadow_scores')),
    )
    op.create_index('ix_shadow_scores_at', 'shadow_scores', ['at'], unique=False)


def _rank(connection: sa.Connection) -> None:
    """Give what waits its place in the new order."""
    rows = connection.execute(
        sa.select(_items.c.id, _items.c.opened_at, *_comments.c)
        .join_from(_items, _comments, _comments.c.id == _items.c.comment_pk)
        .where(_items.c.closed_at.is_(None))
    ).all()
    changes = [{'pk': row[0], 'rank': _rank_of(row)} for row in rows]
    statement = (
        sa.update(_items)
        .where(_items.c.id == sa.bindparam('pk'))
        .values(priority=sa.bindparam('rank'))
    )
    for first in range(0, len(changes), _AT_ONCE):
        connection.execute(statement, changes[first:first + _AT_ONCE])


def _rank_of(row: sa.Row) -> float:
    scores = {label: row._mapping[f'score_{label}'] for label in _HARM}
    if None in scores.values():
        urgency = max(_HARM.values())
    else:
        urgency = max(
            _HARM[label] * score * max(1.0 - score, 0.25) for label, score in scores.items()
        )
    opened_at = row.opened_at
    if opened_at.tzinfo is None:
        opened_at = opened_at.replace(tzinfo=UTC)
    return math.log2(max(urgency, 0.01)) - (opened_at - _BEGINNING) / timedelta(hours=1)


def downgrade() -> None:
    op.drop_table('shadow_scores')
    op.drop_index('ix_queue_items_spot_checks', 'queue_items')
    op.drop_column('queue_items', 'spot_check')

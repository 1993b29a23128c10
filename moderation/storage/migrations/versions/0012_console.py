"""Second factors; filters of the queue that read no comments; days counted once."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = "0011"
branch_labels = None
depends_on = None

_LABELS = ('spam', 'abuse', 'hate', 'threat', 'sexual')
_FLOORS = (50, 70, 90)
_FLAGS = (*(f'reaches_{floor}' for floor in _FLOORS), 'unknown_language')
_OPEN = 'closed_at IS NULL'


def upgrade() -> None:
    op.create_table('second_factors',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_second_factors_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factors'))
    )
    op.create_table('recovery_codes',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'digest', name=op.f('pk_recovery_codes'))
    )
    op.create_table('settled_days',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('complete', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_settled_days'))
    )
    op.create_table('day_figures',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('section', sa.Text(), nullable=False),
    sa.Column('whole', sa.Boolean(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_day_figures_site_id')),
    sa.PrimaryKeyConstraint('day', 'site_id', 'section', 'whole', name=op.f('pk_day_figures'))
    )
    _add_filters()


def _add_filters() -> None:
    op.add_column('queue_items', sa.Column('spam_kind', sa.String(length=16), nullable=True))
    for name in _FLAGS:
        op.add_column('queue_items', sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    items, comments = _tables()
    own = comments.c.id == items.c.comment_pk
    op.execute(sa.update(items).where(own, comments.c.spam_kind.is_not(None)).values(spam_kind=comments.c.spam_kind))
    for floor in _FLOORS:
        high = sa.or_(*(comments.c[f'score_{label}'] >= floor / 100 for label in _LABELS))
        op.execute(sa.update(items).where(own, high).values({f'reaches_{floor}': True}))
    acted = sa.cast(comments.c.rules, sa.Text).contains('"observed": false')
    unmarked = [~items.c[f'marked_{label}'] for label in _LABELS]
    waits = [own, comments.c.verdict == 'review', comments.c.score_spam.is_not(None), ~acted, *unmarked]
    op.execute(sa.update(items).where(*waits).values(unknown_language=True))
    for name in _FLAGS:
        _index(name, f'{_OPEN} AND {name}' + (' = 1' if _sqlite() else ''))
    _index('spam_kind', f'{_OPEN} AND spam_kind IS NOT NULL')


def _tables():
    items = sa.table('queue_items', sa.column('comment_pk'), sa.column('spam_kind', sa.String()))
    comments = sa.table('comments', sa.column('id'), sa.column('spam_kind'), sa.column('verdict'), sa.column('rules'))
    for name in (*_FLAGS, *(f'marked_{label}' for label in _LABELS)):
        items.append_column(sa.column(name, sa.Boolean()))
    for label in _LABELS:
        comments.append_column(sa.column(f'score_{label}', sa.Float()))
    return items, comments


def _index(name, where) -> None:
    op.create_index(
        f'ix_queue_items_open_{name}', 'queue_items', [name, sa.text('priority DESC'), 'id'],
        sqlite_where=sa.text(where), postgresql_where=sa.text(where),
    )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def downgrade() -> None:
    op.drop_table('day_figures')
    op.drop_table('settled_days')
    for name in (*_FLAGS, 'spam_kind'):
        op.drop_index(f'ix_queue_items_open_{name}', table_name='queue_items')
        op.drop_column('queue_items', name)
    op.drop_table('recovery_codes')
    op.drop_table('second_factors')

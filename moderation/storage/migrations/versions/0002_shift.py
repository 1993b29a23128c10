"""Let decisions be undone; remember skips, preferences, and which comments are alike."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_OPEN = sa.text('closed_at IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE decisions SET effective_at = decided_at')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.alter_column(
            'effective_at', existing_type=sa.DateTime(timezone=True), nullable=False
        )
        batch_op.create_index(
            'ix_decisions_site_id_effective_at', ['site_id', 'effective_at'], unique=False
        )
    op.add_column(
        'queue_items',
        sa.Column('likeness', sa.String(length=64), server_default='', nullable=False),
    )
    op.create_index(
        'ix_queue_items_open_by_likeness', 'queue_items', ['site_id', 'likeness', 'id'],
        unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN,
    )
    op.create_index(
        'ix_queue_items_held', 'queue_items', ['holder'],
        unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN,
    )
    for name, column in (('author', 'author_id'), ('email', 'author_email_hash')):
        known = sa.text(f"{column} != ''")
        op.create_index(
            f'ix_comments_site_{name}', 'comments', ['site_id', column, 'id'],
            unique=False, sqlite_where=known, postgresql_where=known,
        )
    op.create_table(
        'queue_skips',
        sa.Column('item_id', sa.Uuid(), nullable=False),
        sa.Column('moderator', sa.Text(), nullable=False),
        sa.Column('skipped_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['item_id'], ['queue_items.id'], name=op.f('fk_queue_skips_item_id')
        ),
        sa.PrimaryKeyConstraint('item_id', 'moderator', name=op.f('pk_queue_skips')),
    )
    op.create_table(
        'preferences',
        sa.Column('username', sa.Text(), nullable=False),
        sa.Column('name', sa.String(length=32), nullable=False),
        sa.Column('value', sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint('username', 'name', name=op.f('pk_preferences')),
    )


def downgrade() -> None:
    op.drop_table('preferences')
    op.drop_table('queue_skips')
    op.drop_index('ix_comments_site_email', 'comments')
    op.drop_index('ix_comments_site_author', 'comments')
    op.drop_index('ix_queue_items_held', 'queue_items')
    op.drop_index('ix_queue_items_open_by_likeness', 'queue_items')
    op.drop_column('queue_items', 'likeness')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index('ix_decisions_site_id_effective_at')
        batch_op.drop_column('undone_at')
        batch_op.drop_column('effective_at')

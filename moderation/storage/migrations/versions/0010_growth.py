"""What stays quick with a million comments: indexes, search; ended sessions, owned complaints."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = "0009"
branch_labels = None
depends_on = None

_LABELS = ('spam', 'abuse', 'hate', 'threat', 'sexual')
_OPEN = 'closed_at IS NULL'


def upgrade() -> None:
    for label in _LABELS:
        column = sa.Column(f'marked_{label}', sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column('queue_items', column)
        mark = sa.column(f'marked_{label}', sa.Boolean())
        items = sa.table('queue_items', mark, sa.column('labels'))
        named = sa.cast(items.c.labels, sa.Text).contains(f'"{label}"')
        op.execute(sa.update(items).where(named).values({mark.name: True}))
        _index(f'ix_queue_items_open_{label}', [f'marked_{label}', sa.text('priority DESC'), 'id'], f'{_OPEN} AND {_is(label)}')
    _index('ix_queue_items_open_by_age', ['id'], _OPEN)
    _index('ix_queue_items_open_by_section', ['section', sa.text('priority DESC'), 'id'], _OPEN)
    op.drop_index('ix_comments_received_at', table_name='comments')
    op.create_index('ix_comments_received_at', 'comments', ['received_at', 'verdict'])
    op.drop_index('ix_comments_site_id_received_at', table_name='comments')
    op.create_index('ix_comments_site_id_received_at', 'comments', ['site_id', 'received_at', 'verdict'])
    op.create_index('ix_campaign_keys_campaign_id', 'campaign_keys', ['campaign_id'])
    op.create_index('ix_campaigns_last_seen', 'campaigns', ['last_seen'])
    finished = sa.text('finished_at IS NOT NULL')
    op.create_index('ix_webhook_outbox_finished', 'webhook_outbox', ['finished_at'], sqlite_where=finished, postgresql_where=finished)
    op.create_table('ended_sessions',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ended_sessions'))
    )
    op.create_index('ix_ended_sessions_ended_at', 'ended_sessions', ['ended_at'])
    op.add_column('complaints', sa.Column('owner', sa.Text(), nullable=True))
    op.add_column('complaints', sa.Column('evidence', sa.JSON(), nullable=True))
    op.add_column('complaints', sa.Column('evidence_hash', sa.String(length=64), server_default='', nullable=False))
    if _sqlite():
        # Without content: the texts lie in comments, and a comment's rowid never changes there.
        op.execute(
            "CREATE VIRTUAL TABLE search_comments USING fts5("
            "words, content='', tokenize='unicode61 remove_diacritics 2')"
        )
    else:
        op.execute('CREATE TABLE search_comments (comment_pk uuid PRIMARY KEY, words tsvector NOT NULL)')
        op.execute('CREATE INDEX search_comments_words ON search_comments USING gin (words)')
    if _sqlite():
        op.drop_index('ix_campaigns_copied', table_name='campaigns')
        op.create_index('ix_campaigns_copied', 'campaigns', ['scope', 'last_seen'], sqlite_where=sa.text('copied = 1'))


def _index(name, columns, where) -> None:
    op.create_index(
        name, 'queue_items', columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _is(label: str) -> str:
    return f'marked_{label} = 1' if _sqlite() else f'marked_{label}'


def downgrade() -> None:
    op.execute('DROP TABLE search_comments')
    for name in ('owner', 'evidence', 'evidence_hash'):
        op.drop_column('complaints', name)
    op.drop_table('ended_sessions')
    op.drop_index('ix_webhook_outbox_finished', table_name='webhook_outbox')
    op.drop_index('ix_campaigns_last_seen', table_name='campaigns')
    op.drop_index('ix_campaign_keys_campaign_id', table_name='campaign_keys')
    if _sqlite():
        op.drop_index('ix_campaigns_copied', table_name='campaigns')
        op.create_index('ix_campaigns_copied', 'campaigns', ['scope', 'last_seen'], sqlite_where=sa.text('copied'))
    op.drop_index('ix_comments_site_id_received_at', table_name='comments')
    op.create_index('ix_comments_site_id_received_at', 'comments', ['site_id', 'received_at'])
    op.drop_index('ix_comments_received_at', table_name='comments')
    op.create_index('ix_comments_received_at', 'comments', ['received_at'])
    op.drop_index('ix_queue_items_open_by_age', table_name='queue_items')
    op.drop_index('ix_queue_items_open_by_section', table_name='queue_items')
    for label in _LABELS:
        op.drop_index(f'ix_queue_items_open_{label}', table_name='queue_items')
        op.drop_column('queue_items', f'marked_{label}')

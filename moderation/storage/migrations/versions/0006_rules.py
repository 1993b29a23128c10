"""Add the newsroom's rules, campaigns, hot articles and complaints."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaigns',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('sketch', sa.LargeBinary(), nullable=False),
    sa.Column('first_seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=8), nullable=True),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('copied', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index('ix_campaigns_copied', ['scope', 'last_seen'], unique=False, sqlite_where=sa.text('copied'), postgresql_where=sa.text('copied'))

    op.create_table('campaign_keys',
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_keys_campaign_id')),
    sa.PrimaryKeyConstraint('scope', 'key', 'campaign_id', name=op.f('pk_campaign_keys')),
    sqlite_with_rowid=False
    )
    op.create_table('complaints',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('ticket', sa.String(length=24), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('comment_pk', sa.Uuid(), nullable=True),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('complainant', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('barred', sa.Text(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.Text(), nullable=True),
    sa.Column('resolution', sa.String(length=16), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_complaints_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaints')),
    sa.UniqueConstraint('ticket', name=op.f('uq_complaints_ticket'))
    )
    with op.batch_alter_table('complaints', schema=None) as batch_op:
        batch_op.create_index('ix_complaints_open_due_at', ['due_at'], unique=False, sqlite_where=sa.text('resolved_at IS NULL'), postgresql_where=sa.text('resolved_at IS NULL'))
        batch_op.create_index('ix_complaints_site_id_received_at', ['site_id', 'received_at'], unique=False)

    op.create_table('hot_articles',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('article_id', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('comments', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_hot_articles_site_id')),
    sa.PrimaryKeyConstraint('site_id', 'article_id', name=op.f('pk_hot_articles'))
    )
    op.create_table('rule_stamps',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('stamp', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_rule_stamps_site_id')),
    sa.PrimaryKeyConstraint('site_id', name=op.f('pk_rule_stamps'))
    )
    op.create_table('rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('effect', sa.String(length=8), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_rules_site_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules')),
    sa.UniqueConstraint('site_id', 'name', name=op.f('uq_rules_site_id_name'))
    )
    op.create_table('site_owners',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_site_owners_site_id')),
    sa.PrimaryKeyConstraint('site_id', name=op.f('pk_site_owners'))
    )
    op.create_table('rule_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('written', sa.Text(), nullable=False),
    sa.Column('read_as', sa.Text(), nullable=False),
    sa.Column('added_in', sa.Integer(), nullable=False),
    sa.Column('removed_in', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_rule_entries_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_entries'))
    )
    with op.batch_alter_table('rule_entries', schema=None) as batch_op:
        batch_op.create_index('ix_rule_entries_rule_id_removed_in', ['rule_id', 'removed_in'], unique=False)

    op.create_table('rule_hits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('comment_pk', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('observed', sa.Boolean(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('otherwise', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_rule_hits_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_hits'))
    )
    with op.batch_alter_table('rule_hits', schema=None) as batch_op:
        batch_op.create_index('ix_rule_hits_rule_id_version', ['rule_id', 'version'], unique=False)

    op.create_table('rule_versions',
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('effect', sa.String(length=8), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('change', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_rule_versions_rule_id')),
    sa.PrimaryKeyConstraint('rule_id', 'version', name=op.f('pk_rule_versions'))
    )
    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('author_key', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('standing', sa.String(length=8), server_default='review', nullable=False))
        batch_op.add_column(sa.Column('campaign_id', sa.Uuid(), nullable=True))
        batch_op.create_index('ix_comments_article', ['site_id', 'article_id', 'received_at', 'standing'], unique=False)
        batch_op.create_index('ix_comments_author_history', ['site_id', 'author_key', 'standing', 'received_at'], unique=False, sqlite_where=sa.text("author_key != ''"), postgresql_where=sa.text("author_key != ''"))
        batch_op.create_index('ix_comments_campaign', ['campaign_id', 'received_at', 'author_key'], unique=False, sqlite_where=sa.text('campaign_id IS NOT NULL'), postgresql_where=sa.text('campaign_id IS NOT NULL'))
    op.execute("UPDATE comments SET standing = verdict")
    op.execute(
        "UPDATE comments SET standing = (SELECT d.decision FROM decisions d"
        " WHERE d.comment_pk = comments.id ORDER BY d.seq DESC LIMIT 1)"
        " WHERE id IN (SELECT comment_pk FROM decisions)"
    )
    op.execute(
        "UPDATE comments SET author_key = CASE WHEN author_id <> '' THEN 'id:' || author_id"
        " WHEN author_email_hash <> '' THEN 'email:' || author_email_hash ELSE '' END"
    )


def downgrade() -> None:
    with op.batch_alter_table('comments', schema=None) as batch_op:
        batch_op.drop_index('ix_comments_campaign', sqlite_where=sa.text('campaign_id IS NOT NULL'), postgresql_where=sa.text('campaign_id IS NOT NULL'))
        batch_op.drop_index('ix_comments_author_history', sqlite_where=sa.text("author_key != ''"), postgresql_where=sa.text("author_key != ''"))
        batch_op.drop_index('ix_comments_article')
        batch_op.drop_column('campaign_id')
        batch_op.drop_column('standing')
        batch_op.drop_column('author_key')
        batch_op.drop_column('rules')

    op.drop_table('rule_versions')
    with op.batch_alter_table('rule_hits', schema=None) as batch_op:
        batch_op.drop_index('ix_rule_hits_rule_id_version')

    op.drop_table('rule_hits')
    with op.batch_alter_table('rule_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_rule_entries_rule_id_removed_in')

    op.drop_table('rule_entries')
    op.drop_table('site_owners')
    op.drop_table('rules')
    op.drop_table('rule_stamps')
    op.drop_table('hot_articles')
    with op.batch_alter_table('complaints', schema=None) as batch_op:
        batch_op.drop_index('ix_complaints_site_id_received_at')
        batch_op.drop_index('ix_complaints_open_due_at', sqlite_where=sa.text('resolved_at IS NULL'), postgresql_where=sa.text('resolved_at IS NULL'))

    op.drop_table('complaints')
    op.drop_table('campaign_keys')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index('ix_campaigns_copied', sqlite_where=sa.text('copied'), postgresql_where=sa.text('copied'))

    op.drop_table('campaigns')

"""Create the tables of the adapters: Akismet keys and checks, Coral secrets, kept answers."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('akismet_keys',
    sa.Column('api_key_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['api_key_id'], ['api_keys.id'], name=op.f('fk_akismet_keys_api_key_id')),
    sa.PrimaryKeyConstraint('api_key_id', name=op.f('pk_akismet_keys'))
    )
    op.create_table('akismet_checks',
    sa.Column('comment_pk', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('api_key_id', sa.Integer(), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('callback', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['api_key_id'], ['api_keys.id'], name=op.f('fk_akismet_checks_api_key_id')),
    sa.ForeignKeyConstraint(['comment_pk'], ['comments.id'], name=op.f('fk_akismet_checks_comment_pk'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_akismet_checks_site_id')),
    sa.PrimaryKeyConstraint('comment_pk', name=op.f('pk_akismet_checks'))
    )
    with op.batch_alter_table('akismet_checks', schema=None) as batch_op:
        batch_op.create_index('ix_akismet_checks_site_id_text_hash', ['site_id', 'text_hash'], unique=False)
        batch_op.create_index('ix_akismet_checks_api_key_id_checked_at', ['api_key_id', 'checked_at'], unique=False)

    op.create_table('coral_secrets',
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('secrets', sa.JSON(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_coral_secrets_site_id')),
    sa.PrimaryKeyConstraint('site_id', name=op.f('pk_coral_secrets'))
    )
    op.create_table('idempotent_answers',
    sa.Column('api_key_id', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['api_key_id'], ['api_keys.id'], name=op.f('fk_idempotent_answers_api_key_id')),
    sa.PrimaryKeyConstraint('api_key_id', 'idempotency_key', name=op.f('pk_idempotent_answers'))
    )
    with op.batch_alter_table('idempotent_answers', schema=None) as batch_op:
        batch_op.create_index('ix_idempotent_answers_started_at', ['started_at'], unique=False)


def downgrade() -> None:

    op.drop_table('idempotent_answers')
    op.drop_table('coral_secrets')
    op.drop_table('akismet_checks')
    op.drop_table('akismet_keys')

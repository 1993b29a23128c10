"""Chain the audit log; let a comment be erased, slow down guessing, note a key's use."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = "0006"
branch_labels = None
depends_on = None

_log = sa.table(
    'audit_log',
    sa.column('id', sa.BigInteger()),
    sa.column('at', sa.DateTime(timezone=True)),
    sa.column('actor', sa.Text()),
    sa.column('act', sa.Text()),
    sa.column('subject', sa.Text()),
    sa.column('site_id', sa.Integer()),
    sa.column('detail', sa.JSON()),
    sa.column('previous_hash', sa.String(64)),
    sa.column('hash', sa.String(64)),
)


def upgrade() -> None:
    head = op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('length', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    with op.batch_alter_table('audit_log', schema=None) as batch_op:
        batch_op.add_column(sa.Column('previous_hash', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('hash', sa.String(length=64), nullable=True))
    length, last = _chain(op.get_bind())
    with op.batch_alter_table('audit_log', schema=None) as batch_op:
        batch_op.alter_column('previous_hash', existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column('hash', existing_type=sa.String(length=64), nullable=False)
    op.bulk_insert(head, [{'id': 1, 'length': length, 'hash': last}])
    op.create_table('login_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempts'))
    )
    op.create_index('ix_login_attempts_key_at', 'login_attempts', ['key', 'at'], unique=False)
    op.add_column('api_keys', sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('comments', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))


def _chain(connection: sa.Connection) -> tuple[int, str]:
    """Number the rows there are without gaps, and give each the hash of the one before."""
    length, last = 0, '0' * 64
    for row in connection.execute(sa.select(_log).order_by(_log.c.id)).all():
        length += 1
        detail = {key: value for key, value in row.detail.items() if key != 'note'}
        at = _in_utc(row.at).isoformat(timespec='microseconds')
        content = [last, length, at, row.actor, row.act, row.subject, row.site_id, detail]
        canonical = json.dumps(content, sort_keys=True, separators=(',', ':'))
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        connection.execute(
            sa.update(_log).where(_log.c.id == row.id).values(
                id=length, detail=detail, previous_hash=last, hash=digest
            )
        )
        last = digest
    return length, last


def _in_utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def downgrade() -> None:
    op.drop_column('comments', 'erased_at')
    op.drop_column('api_keys', 'last_used_at')
    op.drop_table('login_attempts')
    with op.batch_alter_table('audit_log', schema=None) as batch_op:
        batch_op.drop_column('hash')
        batch_op.drop_column('previous_hash')
    op.drop_table('audit_head')

"""Say why a decision is looked at again: drawn by chance, or because its label is doubted."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'second_looks',
        sa.Column('origin', sa.String(length=8), server_default='chance', nullable=False),
    )
    op.add_column('second_looks', sa.Column('rank', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('second_looks', schema=None) as batch_op:
        batch_op.drop_column('rank')
        batch_op.drop_column('origin')

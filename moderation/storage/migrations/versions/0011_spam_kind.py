"""Keep what kind of spam a comment is."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('comments', sa.Column('spam_kind', sa.String(length=16), nullable=True))


def downgrade() -> None:
    op.drop_column('comments', 'spam_kind')

"""Add what remains to be done to a campaign's members, and articles that a person calmed."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign_work',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('decision', sa.String(length=8), nullable=False),
    sa.Column('taken_back', sa.Boolean(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('begun_by', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('after_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('after_id', sa.Uuid(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_work_campaign_id')),
    sa.ForeignKeyConstraint(['site_id'], ['sites.id'], name=op.f('fk_campaign_work_site_id')),
    sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_campaign_work'))
    )
    op.add_column('hot_articles', sa.Column('calmed_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('hot_articles', sa.Column('calmed_by', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('hot_articles', 'calmed_by')
    op.drop_column('hot_articles', 'calmed_until')
    op.drop_table('campaign_work')

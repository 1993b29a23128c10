"""Run migrations on the connection :func:`moderation.storage.migrations.migrate` hands over."""

from alembic import context

from moderation.storage import (  # noqa: F401 - they bring their tables into the metadata
    adapter_tables,
    rule_schema,
)
from moderation.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

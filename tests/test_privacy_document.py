from pathlib import Path

import pytest
import sqlalchemy as sa

from moderation.storage.schema import metadata

DOCUMENT = (Path(__file__).parent.parent / "docs" / "privacy.md").read_text(encoding="utf-8")

COLUMNS = [
    f"{table.name}.{column.name}"
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, sa.String | sa.JSON | sa.LargeBinary)
]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_that_can_hold_text_has_its_line(column: str) -> None:
    assert f"`{column}`" in DOCUMENT

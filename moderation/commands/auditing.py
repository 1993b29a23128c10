"""Check the audit log."""

import click

from moderation.commands.opening import open_database
from moderation.services.auditing import find_tampering
from moderation.storage import audit


@click.command("verify-audit")
@click.option("--expect", help="A hash printed by an earlier run; it must still be in the chain.")
def verify_audit(expect: str | None) -> None:
    """Check that no row of the audit log was edited, removed or moved.

    Prints the number of rows and the hash of the last: keep it outside of the database, and
    hand it to a later run with --expect.
    """
    with open_database() as database, database.reading() as tx:
        found = list(find_tampering(tx))
        head = audit.read_head(tx)
        if expect is not None and not audit.has_hash(tx, expect):
            found.append(f"the chain no longer holds {expect}: it was written anew")
    for sentence in found:
        click.echo(sentence)
    if found:
        raise SystemExit(1)
    click.echo(f"{head.length} rows, nothing was changed\n{head.hash}")

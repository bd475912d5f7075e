"""What is told of an append to the log besides the entries."""

from __future__ import annotations

from app.cli.output import report, report_error
from data.ledger.ledger import Appended


def warn(done: Appended) -> None:
    """Tells of a key that was made, and of copies that could not be. The log itself is safe."""
    if done.made_key is not None:
        report(f"the log begins; its public key, for you to keep elsewhere, is {done.made_key}")
    for refused in done.refused:
        report_error(refused)

"""What a line of a statement is called: whose it is, what it is, and where it comes from."""

from __future__ import annotations

from data.costs.allocation.bucket import Bucket
from data.costs.statement.content import Kind, Line
from data.costs.statement.month import named

NOBODY = {
    Bucket.UNALLOCATED: "nobody yet",
    Bucket.UNALLOCATABLE: "nobody can have it",
    Bucket.EXCLUDED: "not ours",
}
"""Whose a line without a team is."""


def whose(line: Line) -> str:
    """The team that has a line, or why none has."""
    return line.key.team or NOBODY.get(line.key.bucket, "nobody")


def what(line: Line) -> str:
    """What a line is: a charge, or the correction of which month."""
    if line.origin is None:
        return "charge"
    return f"correction of {named(line.origin)}"


def why(line: Line) -> str:
    """Where a correction comes from; empty for a charge."""
    return {
        Kind.CHARGE: "",
        Kind.CORRECTION: "in the bill",
        Kind.CHANGE: "changed after the close",
    }[line.kind]

"""The functions that answer the fields; importing this package fills the table."""

from __future__ import annotations

from tests.doubles.github.graphql.fields import (
    commits,
    delivery,
    files,
    issues,
    places,
    pulls,
    refs,
    teams,
)

MODULES = (commits, delivery, files, issues, places, pulls, refs, teams)

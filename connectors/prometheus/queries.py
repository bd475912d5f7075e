"""The queries that are asked, in PromQL.

`last_over_time(x[step])` at every step looks at each sample once. A plain `x` would repeat the last
sample for five minutes after a server died, and see only some samples where the step is long.
"""

from __future__ import annotations

from collections.abc import Sequence

RANGE = "$range"
"""Stands in a query of a counter for the stretch to count over."""


def firing(step: int) -> str:
    """Since when alerts are active that fired; those that were only pending are left out."""
    return (
        f"last_over_time(ALERTS_FOR_STATE[{step}s]) and ignoring (alertstate) "
        f'last_over_time(ALERTS{{alertstate="firing"}}[{step}s])'
    )


def heartbeat(selector: str, step: int) -> str:
    """A point where the server scraped or evaluated anything."""
    return (
        f"count(last_over_time({selector}[{step}s]) or last_over_time(ALERTS_FOR_STATE[{step}s]))"
    )


def unscraped(step: int) -> str:
    """Targets, and jobs as a whole, of which no scrape came through."""
    return f"max by (job) (max_over_time(up[{step}s])) == 0 or max_over_time(up[{step}s]) == 0"


def while_awake(query: str, selector: str, step: int) -> str:
    """A query of values, without those it makes up for times at which the server was down.

    The line breaks end a comment that the query may end with.
    """
    return f"(\n{query}\n) and on () ({heartbeat(selector, step)})"


def counted(query: str, by: Sequence[str], step: int) -> str:
    """By how much counters went up in each step, resets left out, added up by some labels."""
    if RANGE in query:
        return query.replace(RANGE, f"{step}s")
    grouped = f"by ({', '.join(by)}) " if by else ""
    return f"sum {grouped}(increase({query}[{step}s]))"

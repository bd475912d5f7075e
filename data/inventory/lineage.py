"""What is made from what, around a thing or a team: datasets, pipelines, versions and services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.store.snapshot import Snapshot

_KINDS = {
    Subject.DATASET: "dataset",
    Subject.PIPELINE: "pipeline",
    Subject.MODEL: "model_version",
    Subject.SERVICE: "service",
}

_AROUND = """
with recursive drawn as (
    select *
    from lineage_link
    where is_current
),
start as (
    select kind, name
    from lineage_node
    where is_current
      and {condition}
),
above as (
    select kind, name
    from start
    union
    select d.from_kind, d.from_name
    from above a
    join drawn d
      on d.to_kind = a.kind
     and d.to_name = a.name
    where d.from_kind is not null
),
below as (
    select kind, name
    from start
    union
    select d.to_kind, d.to_name
    from below b
    join drawn d
      on d.from_kind = b.kind
     and d.from_name = b.name
    where d.to_kind is not null
)
"""

_NODES = """
-- One row is one thing that leads to where we started, or that comes of it.
select
    n.*,
    (n.kind, n.name) in (select (kind, name) from start) as is_start,
    count(*) over () as found
from lineage_node n
where (n.kind, n.name) in (
    select (kind, name) from above
    union
    select (kind, name) from below
)
order by n.kind, n.name
limit {most:d}
"""

_LINKS = """
-- One row is one link between two of them, or an end beyond which nothing is told.
select d.*
from drawn d
where ((d.to_kind is null or (d.to_kind, d.to_name) in (select (kind, name) from above))
       and (d.from_kind is null or (d.from_kind, d.from_name) in (select (kind, name) from above)))
   or ((d.to_kind is null or (d.to_kind, d.to_name) in (select (kind, name) from below))
       and (d.from_kind is null or (d.from_kind, d.from_name) in (select (kind, name) from below)))
order by d.from_kind, d.from_name, d.to_kind, d.to_name
"""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Things and the links between them, as known now; none if there are too many."""

    nodes: Sequence[dict[str, Any]]
    """Rows of `lineage_node`; `is_start` of what was asked for."""
    links: Sequence[dict[str, Any]]
    """Rows of `lineage_link`."""
    found: int
    """How many things there are."""


def lineage(snapshot: Snapshot, scope: Scope, subject: Subject, most: int) -> Lineage:
    """What leads to a thing and what comes of it; without one, of all that a team owns, or of all.

    Versions of models that serve nowhere, and are not the newest of a model that serves nowhere,
    are left out.

    Args:
        snapshot: what is asked.
        scope: the thing or the team.
        subject: what kind of thing a page is about.
        most: things; of more, only their number is told.
    """
    item = scope.named(subject)
    if item is not None:
        condition, named = "kind = $kind and thing = $item", {"kind": _KINDS[subject], "item": item}
    elif scope.team is not None:
        condition = "list_contains((select members from team where team = $team), team)"
        named = {"team": scope.team}
    else:
        condition, named = "true", {}
    around = _AROUND.format(condition=condition)
    nodes = snapshot.rows(around + _NODES.format(most=most), named)
    found = int(nodes[0]["found"]) if nodes else 0
    if found > most:
        return Lineage([], [], found)
    return Lineage(nodes, snapshot.rows(around + _LINKS, named), found)

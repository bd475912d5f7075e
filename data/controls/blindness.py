"""Where controls cannot see, and what would open their eyes: a right, or another source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.controls.definition import Control
from data.controls.state import Reason
from data.controls.tally import Place, Tally
from data.period import Window
from data.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """One right that is missing, or one thing that could not be read."""

    source: str
    repositories: tuple[str, ...]
    """Empty: all that the source has."""
    entities: tuple[str, ...]
    """What it keeps from being seen."""
    reason: Reason
    what: str
    fix: str
    controls: tuple[str, ...]
    """The controls that look at any of it."""
    members: int
    """Members of their populations that are unknown there; one counts for each control."""
    is_open_ended: bool
    """Whether more members may be there that nobody can count."""
    is_withheld: bool = False
    """Whether those of a control are not counted, since it is about too few people."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A kind of evidence that a source never tells, or that no source does."""

    entity: str
    source: str | None
    """None: no source that is configured tells of it."""
    controls: tuple[str, ...]
    members: int
    """Members that are unknown for want of it, or of other evidence that is not told either."""
    is_withheld: bool = False
    """Whether those of a control are not counted, since it is about too few people."""


def blind_spots(
    snapshot: Snapshot,
    window: Window,
    tallies: Iterable[Tally],
    members: Collection[str | None] | None,
) -> list[BlindSpot]:
    """What sources refuse of a period, that which would open the eyes of most controls first.

    Args:
        snapshot: the published data.
        window: the days.
        tallies: what controls came to there.
        members: the team and those below it; None: the whole organisation.
    """
    known = list(tallies)
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in snapshot.rows(_REFUSED, {"start": window.start, "last": window.end}):
        if members is None or row["team"] is None or row["team"] in members:
            groups.setdefault((row["source"], row["kind"], row["reason"], row["fix"]), []).append(
                row
            )
    found = [_spot(rows, known, members) for rows in groups.values()]
    return sorted(
        found, key=lambda one: (-len(one.controls), -one.members, one.source, one.repositories)
    )


_REFUSED = """
-- One row is one kind of evidence that a source refuses, of one repository or of all that it has.
select
    source,
    repository,
    team,
    entity,
    split_part(stream, ':', 1) as kind,
    reason,
    what,
    fix
from blind_spot
where (from_at is null or from_at < $last)
  and (until_at is null or until_at > $start)
order by source, kind, repository, entity
"""


def _spot(
    rows: Sequence[Mapping[str, Any]],
    tallies: Sequence[Tally],
    members: Collection[str | None] | None,
) -> BlindSpot:
    first = rows[0]
    entities = tuple(dict.fromkeys(row["entity"] for row in rows))
    repositories = {row["repository"] for row in rows}
    everywhere = None in repositories
    looking = [one for one in tallies if not set(entities).isdisjoint(looked_at(one.control))]
    behind = sum(
        count
        for one in looking
        if not one.is_withheld(members)
        for place, count in one.unseen.items()
        if place.source == first["source"]
        and (everywhere or place.repository in repositories)
        and _is_of(place, members)
    )
    return BlindSpot(
        source=first["source"],
        repositories=() if everywhere else tuple(sorted(repositories)),
        entities=entities,
        reason=Reason(first["reason"]),
        what=first["what"],
        fix=first["fix"],
        controls=tuple(one.control.id for one in looking),
        members=behind,
        is_open_ended=any(not set(entities).isdisjoint(one.control.rows_from) for one in looking),
        is_withheld=any(one.is_withheld(members) for one in looking),
    )


def looked_at(control: Control) -> tuple[str, ...]:
    """The kinds of evidence that a control looks at."""
    return (*control.rows_from, *control.needs, *control.needs_any)


def untold(
    snapshot: Snapshot, tallies: Iterable[Tally], members: Collection[str | None] | None
) -> list[Untold]:
    """What no source tells, then what single sources never tell, most controls first."""
    told: dict[str, set[str]] = {}
    for row in snapshot.rows("select source, entity from told_entity"):
        told.setdefault(row["source"], set()).add(row["entity"])
    if not told:
        return []
    nowhere: dict[tuple[str, str | None], list[tuple[str, int]]] = {}
    everything = set().union(*told.values())
    known = {tally.control.id: tally for tally in tallies}
    for tally in known.values():
        of_source = _untold_members(tally, members)
        lacking = dict.fromkeys(e for e in looked_at(tally.control) if e not in everything)
        for entity in lacking:
            entry = (tally.control.id, sum(of_source.values()))
            nowhere.setdefault((entity, None), []).append(entry)
        for source, count in of_source.items():
            for entity in tally.control.needs:
                if entity in everything and entity not in told.get(source or "", everything):
                    nowhere.setdefault((entity, source), []).append((tally.control.id, count))
    found = [
        Untold(
            entity,
            source,
            tuple(name for name, _ in entries),
            sum(n for name, n in entries if not known[name].is_withheld(members)),
            any(known[name].is_withheld(members) for name, _ in entries),
        )
        for (entity, source), entries in nowhere.items()
    ]
    return sorted(
        found,
        key=lambda one: (one.source is not None, -len(one.controls), -one.members, one.entity),
    )


def _untold_members(tally: Tally, members: Collection[str | None] | None) -> dict[str | None, int]:
    found: dict[str | None, int] = {}
    for place, count in tally.untold.items():
        if _is_of(place, members):
            found[place.source] = found.get(place.source, 0) + count
    return found


def _is_of(place: Place, members: Collection[str | None] | None) -> bool:
    return members is None or place.team in members

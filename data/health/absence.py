"""Why there is nothing to show for a part of the organisation."""

from __future__ import annotations

from enum import StrEnum

from data.metrics.figure import NoValue
from data.metrics.scope import Scope
from data.store.snapshot import Snapshot


class Absence(StrEnum):
    """Causes of an empty page, the most fundamental first."""

    NO_SOURCE = "no_source"
    """No source has told of any service."""
    SOURCE_FAILED = "source_failed"
    """Nothing is known, and a source could not be read."""
    OWNS_NOTHING = "owns_nothing"
    """No pattern of the team matches anything."""
    NEVER_DEPLOYED = "never_deployed"
    """Services are known, and none was ever deployed, anywhere."""
    FILTERED_OUT = "filtered_out"
    """There are deployments, and the filters leave none of them."""
    BEFORE_FIRST = "before_first"
    """The period lies before the first deployment that is known."""
    NOT_YET = "not_yet"
    """The period lies after all that is known."""
    NOT_KNOWN = "not_known"
    """A part of the period was not read."""


_OF_PERIOD = {
    NoValue.BEFORE_FIRST: Absence.BEFORE_FIRST,
    NoValue.NOT_YET: Absence.NOT_YET,
    NoValue.NOT_KNOWN: Absence.NOT_KNOWN,
}


def absence(snapshot: Snapshot, scope: Scope, reason: NoValue) -> Absence:
    """Finds the cause behind a deployment frequency that has no value."""
    if reason in _OF_PERIOD:
        return _OF_PERIOD[reason]
    if _is_deployed_somewhere(snapshot, scope):
        return Absence.FILTERED_OUT
    if _has_failed_source(snapshot):
        return Absence.SOURCE_FAILED
    if not snapshot.rows("select service from owned_service limit 1"):
        return Absence.NO_SOURCE
    return Absence.NEVER_DEPLOYED if _owns_services(snapshot, scope) else Absence.OWNS_NOTHING


def _is_deployed_somewhere(snapshot: Snapshot, scope: Scope) -> bool:
    """Whether the same team or service was deployed, were it not for the environment."""
    wider = Scope(scope.team, scope.service, None)
    select = f"select service from service_watch w where {wider.condition('w')} limit 1"
    return bool(snapshot.rows(select, wider.parameters()))


def _owns_services(snapshot: Snapshot, scope: Scope) -> bool:
    wider = Scope(scope.team, scope.service, None)
    select = f"select service from owned_service o where {wider.condition('o')} limit 1"
    return bool(snapshot.rows(select, wider.parameters()))


def _has_failed_source(snapshot: Snapshot) -> bool:
    """Whether the last reading of any source failed."""
    return bool(
        snapshot.rows(
            """
            -- One row is one source whose last reading failed.
            select source
            from sync_run
            group by source
            having arg_max(status, started_at) <> 'done'
            """
        )
    )

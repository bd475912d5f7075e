"""What is new of one application, and what is known of it after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.api.fields import packed
from connectors.interface import Json


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier readings saw of an application."""

    number: int | None = None
    """Id of the newest entry of its history."""
    deployed_at: str | None = None
    operation: str | None = None
    """When the newest operation began, and how it is."""
    running: Json = None
    """An operation that was not over."""
    has_images: bool = False
    unread: str | None = None
    """It, if it could not be understood."""
    unreadable: Sequence[Json] = ()
    """Entries of its history that could not be."""

    @classmethod
    def after(cls, line: Json) -> Self:
        """What is known after a line of the journal."""
        if line["history"] is None:
            return cls(unread=packed(line["application"]).decode())
        newest = line["newest"] or {}
        return cls(
            newest.get("id"),
            newest.get("deployedAt"),
            _stamp(line["operation"]),
            line["operation"] if _is_running(line["operation"]) else None,
            has_images=line["has_images"],
            unreadable=line["unreadable"],
        )


def news_of(key: str, application: Json, known: Known | None) -> Json:
    """The line of the journal on an application; null if nothing is new.

    Raises:
        KeyError, TypeError, ValueError: if the application is not what it should be.
    """
    status = application.get("status") or {}
    told = status.get("history") or []
    history = sorted(filter(_is_entry, told), key=lambda entry: entry["id"])
    unreadable = [entry for entry in told if not _is_entry(entry)]
    before = known or Known()
    newest = history[-1] if history else None
    operation = _operation_of(status)
    images = _images_of(status, newest)
    is_same = newest is None or newest["id"] == before.number
    has_new_images = images is not None and not (is_same and before.has_images)
    facts = (_stamp(operation), unreadable)
    is_known = known and not known.unread and facts == (known.operation, known.unreadable)
    if is_known and is_same and not has_new_images:
        return None
    fresh = [entry for entry in history if before.number is None or entry["id"] > before.number]
    if is_same and has_new_images:
        fresh = [newest]
    return {
        "key": key,
        "application": {name: application.get(name) for name in ("metadata", "spec")},
        "history": fresh,
        "newest": newest,
        "oldest": history[0] if history else None,
        "operation": operation,
        "unreadable": unreadable,
        "images": images if has_new_images else None,
        "has_images": images is not None or (is_same and before.has_images),
        "before": {
            "id": before.number,
            "deployedAt": before.deployed_at,
            "running": before.running,
            "is_known": known is not None,
        },
    }


def _is_entry(entry: Json) -> bool:
    """Whether an entry of a history has a number and a time."""
    try:
        return isinstance(entry["id"], int) and bool(moment(entry["deployedAt"]))
    except UNREADABLE:
        return False


def _operation_of(status: Json) -> Json:
    """The operation that runs or ran last, if it deploys the whole application."""
    told = status.get("operationState")
    if not told:
        return None
    sync = (told.get("operation") or {}).get("sync")
    if not sync or sync.get("dryRun") or sync.get("resources"):
        return None
    kept = ("phase", "startedAt", "finishedAt", "message", "syncResult", "operation", "retryCount")
    operation = {name: told.get(name) for name in kept}
    result = dict(operation["syncResult"] or {})
    result.pop("resources", None)
    moment(operation["startedAt"])
    return {**operation, "syncResult": result}


def _images_of(status: Json, newest: Json) -> list[str] | None:
    """The images that the newest entry runs; null while something else may still run."""
    sync = status.get("sync") or {}
    revision = [sync.get("revision"), sync.get("revisions")]
    is_deployed = newest and [newest.get("revision"), newest.get("revisions")] == revision
    if not is_deployed or sync.get("status") != "Synced":
        return None
    return (status.get("summary") or {}).get("images")


def _stamp(operation: Json) -> str | None:
    return operation and f"{operation['startedAt']} {operation['phase']}"


def _is_running(operation: Json) -> bool:
    return bool(operation) and operation["phase"] in ("Running", "Terminating")

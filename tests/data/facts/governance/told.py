"""Records that the stories of governance are told with: reviews, checks, rules, events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data.model import AuditEvent, ChangeCommit, CheckRun, Protection, Review
from data.store.snapshot import Snapshot
from tests.data.published import at, sha

Row = dict[str, Any]


def review(number: int, author: str | None, submitted_at: str | None, **fields: Any) -> Review:
    """An approval of the change of that number by a person, of no known commit."""
    defaults: dict[str, Any] = {
        "id": f"test:web#pull/{number}/review/{author}@{submitted_at}",
        "source": "test",
        "repository": "web",
        "change": str(number),
        "author": author,
        "is_bot": False if author else None,
        "state": "approved",
        "sha": None,
        "submitted_at": _at(submitted_at),
        "dismissed_at": None,
    }
    return Review(**{**defaults, **_timed(fields)})


def wrote(number: int, name: str, committed_at: str, *authors: str, **fields: Any) -> ChangeCommit:
    """A commit of the branch of that change, by accounts that its host knows all."""
    defaults: dict[str, Any] = {
        "id": f"test:web#pull/{number}/commit/{name}",
        "source": "test",
        "repository": "web",
        "change": str(number),
        "sha": name,
        "ordinal": 1,
        "authored_at": at(committed_at),
        "committed_at": at(committed_at),
        "is_merge": False,
        "authors": authors,
        "author_count": len(authors),
    }
    return ChangeCommit(**{**defaults, **_timed(fields)})


def check(name: str, of: str, completed_at: str | None, **fields: Any) -> CheckRun:
    """A check of a commit that ended well."""
    defaults: dict[str, Any] = {
        "id": f"test:web#check/{of}/{name}@{fields.get('started_at')}/{completed_at}",
        "source": "test",
        "repository": "web",
        "sha": of,
        "name": name,
        "reporter": None,
        "result": "success",
        "started_at": None,
        "completed_at": _at(completed_at),
    }
    return CheckRun(**{**defaults, **_timed(fields)})


def rules(changed_before_at: str, **fields: Any) -> Protection:
    """Rules of `main` of `web` that a reading showed first; what is not said of them is unknown."""
    target = fields.get("target", "main")
    defaults: dict[str, Any] = {
        "id": f"test:web#protection/{target}@{changed_before_at}",
        "source": "test",
        "repository": "web",
        "kind": "branch",
        "target": "main",
        "changed_after_at": None,
        "changed_before_at": at(changed_before_at),
        "is_protected": True,
    }
    return Protection(**{**defaults, **_timed(fields)})


def event(number: int, happened_at: str, action: str, **fields: Any) -> AuditEvent:
    """Something that the host of `web` recorded."""
    defaults: dict[str, Any] = {
        "id": f"test:event/{number}",
        "source": "test",
        "happened_at": at(happened_at),
        "action": action,
        "actor": "ada",
        "subject": None,
        "repository": "web",
        "sha": None,
        "detail": None,
    }
    return AuditEvent(**{**defaults, **fields})


def landed(number: int) -> str:
    """The hash that the change of that number landed as."""
    return sha(number)


def rows(snapshot: Snapshot, fact: str, *columns: str) -> list[Any]:
    """The values of one column, or tuples of several, in the order of the fact's rows."""
    found = snapshot.rows(f"select {', '.join(columns)} from {fact}")
    if len(columns) == 1:
        return [row[columns[0]] for row in found]
    return [tuple(row[column] for column in columns) for row in found]


def _at(text: str | None) -> datetime | None:
    return at(text) if text else None


def _timed(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: at(value) if name.endswith("_at") and isinstance(value, str) else value
        for name, value in fields.items()
    }

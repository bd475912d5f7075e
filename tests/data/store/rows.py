"""Pages and rows that tests of the store are made of."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.model import Gap, Record, Service, Version
from data.store.page import Page
from data.store.run import Run
from data.store.standing import gaps_event
from data.store.working import Touched, Working

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def page(number: int = 1, **fields: Any) -> Page:
    given = {
        "source": "web",
        "stream": "tags",
        "evidence": f"page-{number}",
        "observed_at": NOON + timedelta(hours=number),
        "settings": "settings",
        "cursor": {"next": number},
        **fields,
    }
    return Page(**given)


def complete(number: int, *, is_last: bool = True, **fields: Any) -> Page:
    return page(number, is_complete=True, is_last=is_last, **fields)


def version(number: int, **fields: Any) -> Version:
    given = {
        "id": f"git:web#tag/{number}",
        "source": "web",
        "repository": "web",
        "name": f"v{number}",
        "sha": None,
        "tagged_at": NOON,
        "position": number,
        **fields,
    }
    return Version(**given)


def service(name: str, **fields: Any) -> Service:
    return Service(
        **{"id": f"web#{name}", "source": "web", "name": name, "repository": None, **fields}
    )


def gap(name: str, **fields: Any) -> Gap:
    given = {
        "id": f"gap:web:tags:{name}",
        "source": "web",
        "reason": "shallow",
        "what": name,
        "fix": "mend it",
        "count": None,
        **fields,
    }
    return Gap(**given)


def told(
    working: Working, gaps: list[Gap], *, is_whole: bool = True, at: datetime = NOON
) -> Touched:
    return working.apply(gaps_event("web", "tags", gaps, at, is_whole=is_whole))


def rows(working: Working, entity: str = "version") -> list[dict[str, Any]]:
    found = working.connection.sql(f'select * from "{entity}" order by id').to_arrow_table()
    return list(found.to_pylist())


def names(working: Working, entity: str = "version") -> list[str]:
    column = "what" if entity == "gap" else "name"
    return [row[column] for row in rows(working, entity)]


def run(read_at: dict[str, datetime], **fields: Any) -> Run:
    given = {
        "id": "r1",
        "source": "web",
        "started_at": NOON,
        "finished_at": NOON + timedelta(minutes=1),
        "status": "done",
        "pages": 1,
        "inserted": 2,
        "updated": 3,
        "deleted": 4,
        "error": None,
        "settings": "settings",
        "is_live": True,
        "read_at": read_at,
        **fields,
    }
    return Run(**given)


def hash_after(path: Path, pages: list[tuple[Page, list[Record]]]) -> str:
    with closing(Working(path)) as working:
        for each, records in pages:
            working.merge_records(each, records)
        return working.content_hash()

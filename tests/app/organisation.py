"""A small organisation, published into a folder: one team of each sort a page can meet."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from data.configuration import load
from data.facts.build import build
from data.model import Gap, Record, Service
from data.store.page import Page
from data.store.publish import publish
from data.store.run import Run
from data.store.working import Working
from data.store.workspace import Workspace
from tests.data.published import at, change, deployment, incident, sha

HOSTILE = "[click](javascript:alert(1)) **bold** <b>x</b> =1+1 :red[no]"
"""A title as nobody should write it."""

CONFIGURATION = """\
[organisation]
name = "Harbour & *Sons*"

[[team]]
name = "web"
title = "Web _team_"
owns = ["service:web", "service:shop"]

[[team]]
name = "silent"
title = "Silent"
owns = ["service:quiet"]

[[team]]
name = "few"
title = "Few"
owns = ["service:rare"]

[[team]]
name = "nobody"
title = "Nobody"
owns = ["service:gone-*"]

[[team]]
name = "staged"
title = "Staged"
owns = ["service:preview"]

[[annotation]]
from = 2026-09-01
to = 2026-09-14
text = "Freeze of *everything*"
team = "web"

[[source]]
name = "test"
kind = "demo"

[[source]]
name = "later"
kind = "demo"
"""

UNTIL = "2026-11-01"


def records() -> list[Record]:
    """Half a year: a deployment of `web` a day, each with a change; every tenth one fails."""
    found: list[Record] = []
    for number in range(1, 184):
        moment = at("2026-05-01") + timedelta(days=number, hours=10)
        before = moment - timedelta(hours=20)
        found.append(deployment(number, moment.strftime("%Y-%m-%d %H:%M")))
        found.append(
            change(
                number,
                (moment - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M"),
                title=HOSTILE if number % 7 == 0 else f"Change {number}",
                first_commit_at=before,
                opened_at=before + timedelta(hours=1),
            )
        )
        if number % 10 == 0:
            resolved = moment + timedelta(hours=3)
            hurt = sha(number)
            found.append(
                incident(
                    number,
                    (moment + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"),
                    resolved_at=resolved if number % 20 else None,
                    deployment=f"test:web#deployment/production/{number}",
                    title=f"{HOSTILE} {hurt[:4]}",
                )
            )
    return [*found, *_others()]


def _others() -> Iterable[Record]:
    for name in ("quiet", "rare", "preview", "shop", "orphan"):
        yield Service(
            id=f"test:service/{name}", source="test", url=None, name=name, repository=name
        )
    for number, day in enumerate(("2026-09-02", "2026-10-05"), 1):
        yield deployment(
            number, day, id=f"test:rare/{number}", service="rare", repository="rare"
        )  # fmt: skip
    yield deployment(
        1, "2026-08-02", id="test:preview/1", service="preview", repository="preview",
        environment="staging",
    )  # fmt: skip
    yield deployment(
        1, "2026-08-05", id="test:orphan/1", service="orphan", repository="orphan",
        url="javascript:alert(1)",
    )  # fmt: skip
    yield Gap(
        id="gap:test:all:shallow",
        source="test",
        url=None,
        reason="shallow",
        what=f"the history of web {HOSTILE}",
        fix="run `git fetch --unshallow`",
        count=12,
        until_at=at("2026-05-01"),
    )


def publish_into(
    folder: Path,
    rows: Iterable[Record],
    configuration: str = CONFIGURATION,
    until: str = UNTIL,
    error: str | None = None,
    read_at: datetime | None = None,
    *,
    is_finished: bool = False,
) -> str:
    """Publishes records into a workspace and returns the snapshot's id.

    Args:
        folder: of the workspace; may hold earlier ones.
        rows: the records, added to those that are there.
        configuration: text of `cairn.toml`.
        until: day up to which the source is complete.
        error: of the last reading, if it failed.
        read_at: when the source was read; now if not given.
        is_finished: whether nothing can come after what it tells.
    """
    workspace = Workspace(folder)
    folder.mkdir(parents=True, exist_ok=True)
    workspace.configuration.write_text(configuration, encoding="utf-8")
    moment = read_at or datetime.now(UTC)
    page = Page("test", "all", "none", moment, settings="", complete_until=at(until))
    run = Run(
        id=f"{moment:%Y%m%dT%H%M%S%f}",
        source="test",
        started_at=moment,
        finished_at=moment,
        status="failed" if error else "done",
        pages=1,
        inserted=9,
        updated=0,
        deleted=0,
        error=error,
        settings="",
        is_live=False,
        is_finished=is_finished,
        read_at={} if error else {"all": moment},
    )
    with closing(Working(workspace.working)) as working:
        working.merge_records(page, list(rows))
        working.apply(run.event())
        fill = partial(build, configuration=load(workspace.configuration))
        return publish(workspace, working.connection, fill, keep=3)

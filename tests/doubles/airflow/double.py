"""An Airflow that keeps runs in memory: it caps pages, ignores what it does not know, and breaks.

It does as a server of 3.3.2 was seen to do; `test_real_airflow.py` holds the two against each
other. The server of the tests drops parameters without a value: a list of runs that is asked for
without an offset, in the order of their numbers, is taken for one with an empty cursor.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from tests.connectors.loopback import Answer, Asked, Said
from tests.doubles.airflow import shapes
from tests.doubles.airflow.shapes import Item

RUNS = "/api/v2/dags/~/dagRuns"
TASKS = "/api/v2/dags/~/dagRuns/~/taskInstances/list"
_DESCRIBED_RUNS = "/api/v2/dags/{dag_id}/dagRuns"


class AirflowDouble:
    """The state of a server, and its answers."""

    def __init__(self, start: datetime, password: str) -> None:
        self.now = start
        self.version = "3.3.2"
        self.username, self.password = "viewer", password
        self.page_limit = 100
        """Items of a page at most, whatever is asked for."""
        self.zone: timezone = UTC
        self.unknown: set[str] = set()
        """Parameters that it does not describe and does not hear."""
        self.is_deaf = False
        """Whether it ignores when things changed, though it describes that filter."""
        self.refused: dict[str, tuple[int, int]] = {}
        """Path to status and first page that is refused."""
        self.trouble: list[Said] = []
        """What the next questions get instead of an answer."""
        self.damage: Callable[[str, Item], Any] = lambda kind, item: item
        """What becomes of each item on its way out."""
        self.dags: list[Item] = []
        self.runs: list[Item] = []
        self.tasks: list[Item] = []
        self.assets: list[Item] = []
        self.import_errors: list[Item] = []
        self.instead: dict[str, Any] = {}
        """Path to what is told in place of its list."""
        self.pages: dict[str, Said] = {}
        """Path to the whole answer that is given in place of its own."""
        self.is_silent = False
        """Whether a gate keeps its description from us."""
        self.says_date = False
        """Whether its answers tell the time by its clock."""
        self.token_refusal = (401, "Token Expired")
        """What is said to a token it does not take: one of another key is told 403."""
        self.tokens: set[str] = set()
        """Those that it takes."""
        self.asked: list[Asked] = []
        self._updated: dict[tuple[str, str], datetime | None] = {}
        """When each run changed, which is not told; null of one that an old version left."""
        self._signed_in = 0

    # --- what happens ---------------------------------------------------------------------------

    def tick(self, minutes: float = 10) -> datetime:
        """Lets time go by."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def add_dag(self, name: str, **fields: Any) -> Item:
        self.dags.append(shapes.dag(name, self.now) | fields)
        return self.dags[-1]

    def add_run(self, dag: str, *tasks: str, state: str = "success", **fields: Any) -> Item:
        """A run that takes ten minutes, each task of which is tried once."""
        at = self.tick()
        run = shapes.run(dag, f"scheduled__{at.isoformat()}", at) | fields
        self.runs.append(run)
        for name in tasks:
            self.tasks.append(shapes.task(run, name, len(self.tasks) + 1))
        self.turn(run, state)
        return run

    def turn(self, run: Item, state: str, tries: int = 1) -> None:
        """Lets a run come to a state, and its tasks to the same by so many tries."""
        began = self.tick()
        is_over = state in ("success", "failed")
        if state != "queued":
            run["start_date"] = began
        ended = self.tick() if is_over else None
        run |= {"state": state, "end_date": ended, "last_scheduling_decision": ended or began}
        for task in self.tasks_of(run):
            task |= {"state": state, "try_number": tries, "start_date": began, "end_date": ended}
        self.touch(run)

    def touch(self, run: Item, **fields: Any) -> None:
        """Changes a run now."""
        run |= fields
        self._updated[run["dag_id"], run["dag_run_id"]] = self.now

    def forget_when_changed(self, run: Item) -> None:
        """Makes a run one of a version that did not note when it changed."""
        self._updated[run["dag_id"], run["dag_run_id"]] = None

    def add_asset(self, name: str) -> Item:
        self.assets.append(shapes.asset(len(self.assets) + 1, name, self.now))
        return self.assets[-1]

    def link(self, asset: Item, kind: str, dag: str) -> None:
        """Lets a DAG make, read or wait for an asset."""
        task = None if kind == "scheduled_dags" else "work"
        asset[kind].append(shapes.reference(dag, self.now, task))

    def fail_import(self, filename: str, stack_trace: str) -> None:
        """Lets a file be one that cannot be read."""
        number = len(self.import_errors) + 1
        self.import_errors.append(shapes.import_error(number, filename, stack_trace, self.now))

    def tasks_of(self, run: Item) -> list[Item]:
        names = ("dag_id", "dag_run_id")
        return [task for task in self.tasks if all(task[n] == run[n] for n in names)]

    # --- what it answers ------------------------------------------------------------------------

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        if self.trouble:
            return self.trouble.pop(0)
        if asked.path == "/auth/token":
            return self._signed(asked)
        return self._told_to_all(asked) or self._told_to_accounts(asked)

    def _told_to_all(self, asked: Asked) -> Said | None:
        if asked.path == "/openapi.json" and self.is_silent:
            return self._json({"detail": "Forbidden"}, 403)
        opened = {"/api/v2/version": self._version, "/openapi.json": self._description}
        if asked.path in opened:
            return self._json(opened[asked.path]())
        is_api = asked.path.startswith("/api/v2/")
        return None if is_api else self._json({"error": "API route not found"}, 404)

    def _told_to_accounts(self, asked: Asked) -> Said:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return self._json({"detail": self.token_refusal[1]}, self.token_refusal[0])
        if asked.path in self.pages:
            return self.pages[asked.path]
        if asked.path in self.instead:
            return self._json(self.instead[asked.path])
        return self._refusal(asked) or self._answered(asked)

    def _answered(self, asked: Asked) -> Said:
        listed = {
            "/api/v2/dags": ("dags", self._dags(asked)),
            "/api/v2/importErrors": ("import_errors", self.import_errors),
            "/api/v2/assets": ("assets", self.assets),
        }
        if asked.path in listed:
            return self._page(asked, *listed[asked.path])
        if asked.path == RUNS:
            return self._runs(asked)
        if asked.path == TASKS and asked.method == "POST":
            return self._tasks(asked)
        return self._run(asked)

    def _signed(self, asked: Asked) -> Said:
        body = asked.json
        if not isinstance(body.get("password"), str) or not body["password"].isascii():
            return self._json({"detail": f"1 validation error, input_value={body}"}, 422)
        if (body["username"], body["password"]) != (self.username, self.password):
            return self._json({"detail": "Invalid credentials"}, 401)
        self._signed_in += 1
        token = f"eyJhbGciOiJIUzUxMiJ9.{self._signed_in:032}.signature"
        self.tokens.add(token)
        return self._json({"access_token": token}, 201)

    def _version(self) -> Item:
        return {"version": self.version, "git_version": None}

    def _description(self) -> Item:
        paths = {
            path: {"get": {"parameters": [{"name": name, "in": "query"} for name in names]}}
            for path, every in shapes.PARAMETERS.items()
            if (names := [name for name in every if name not in self.unknown])
        }
        return {"openapi": "3.1.0", "info": {"version": "2"}, "paths": paths}

    def _refusal(self, asked: Asked) -> Said | None:
        status, first = self.refused.get(asked.path, (0, 0))
        if not status or self._start(asked) // self.page_limit + 1 < first:
            return None
        return self._json({"detail": f"no, {asked.headers['authorization']}"}, status)

    def _start(self, asked: Asked) -> int:
        """How many items of a list lie before the page that is asked for."""
        if asked.method == "POST":
            return int(asked.json.get("page_offset", 0))
        token = self._heard(asked, "cursor")
        return int(base64.b64decode(token)) if token else int(asked.params.get("offset", 0))

    def _heard(self, asked: Asked, name: str) -> str | None:
        return None if name in self.unknown else asked.params.get(name)

    def _dags(self, asked: Asked) -> list[Item]:
        has_stale = self._heard(asked, "exclude_stale") == "false"
        shown = [dag for dag in self.dags if has_stale or not dag["is_stale"]]
        return sorted(shown, key=lambda dag: str(dag["dag_id"]))

    def _runs(self, asked: Asked) -> Said:
        since = self._heard(asked, "updated_at_gte")
        found = [run for run in self.runs if self._is_since(run, since)]
        order = asked.params.get("order_by", "id")
        if order == "-updated_at":
            # As PostgreSQL does: what is not known is the greatest.
            newest = sorted(found, key=self._order_of_change, reverse=True)
            return self._page(asked, "dag_runs", newest)
        if order != "id":
            return self._json({"detail": f"Ordering with '{order}' is disallowed"}, 400)
        is_by_cursor = "cursor" not in self.unknown and "offset" not in asked.params
        return self._after(asked, found) if is_by_cursor else self._page(asked, "dag_runs", found)

    def _after(self, asked: Asked, found: Sequence[Item]) -> Said:
        """A page by cursor: what it names is the number of a run, whatever came before."""
        passed = self._start(asked)
        rest = [run for run in found if self.runs.index(run) >= passed]
        shown = rest[: self._limit(asked.params.get("limit", 50))]
        has_more = len(shown) < len(rest)
        following = str(self.runs.index(shown[-1]) + 1) if has_more else None
        return self._json(
            {
                "dag_runs": [self.damage("dag_runs", dict(run)) for run in shown],
                "total_entries": min(len(found), 50_000),
                "total_entries_limit": 50_000,
                "next_cursor": following and base64.b64encode(following.encode()).decode(),
                "previous_cursor": None,
            }
        )

    def _is_since(self, run: Item, since: str | None) -> bool:
        if since is None or self.is_deaf:
            return True
        at = self._updated[run["dag_id"], run["dag_run_id"]]
        return at is not None and at >= datetime.fromisoformat(since)

    def _order_of_change(self, run: Item) -> tuple[bool, datetime]:
        at = self._updated[run["dag_id"], run["dag_run_id"]]
        return at is None, at or self.now

    def _run(self, asked: Asked) -> Said:
        _, _, _, _, dag, _, name = (unquote(part) for part in asked.path.split("/"))
        for run in self.runs:
            if (run["dag_id"], run["dag_run_id"]) == (dag, name):
                return self._json(self.damage("dag_runs", dict(run)))
        return self._json({"detail": "The DagRun was not found"}, 404)

    def _tasks(self, asked: Asked) -> Said:
        body = asked.json
        if strange := set(body) - shapes.POSTED:
            return self._json({"detail": [{"type": "extra_forbidden", "loc": [*strange]}]}, 422)
        wanted = {"dag_id": body.get("dag_ids"), "dag_run_id": body.get("dag_run_ids")}
        found = [
            task
            for task in sorted(self.tasks, key=lambda task: str(task["id"]))
            if all(names is None or task[field] in names for field, names in wanted.items())
        ]
        start = int(body.get("page_offset", 0))
        shown = found[start : start + self._limit(body.get("page_limit", 100))]
        return self._listed("task_instances", shown, len(found))

    def _page(self, asked: Asked, field: str, found: Sequence[Item]) -> Said:
        start = int(asked.params.get("offset", 0))
        shown = found[start : start + self._limit(asked.params.get("limit", 50))]
        return self._listed(field, shown, len(found))

    def _listed(self, field: str, shown: Sequence[Item], total: int) -> Said:
        items = [self.damage(field, dict(item)) for item in shown]
        return self._json({field: items, "total_entries": total})

    def _limit(self, told: str | int) -> int:
        return min(int(told), self.page_limit)

    def _json(self, value: Any, status: int = 200) -> Answer:
        body = json.dumps(value, default=self._time).encode()
        date = {"Date": format_datetime(self.now, usegmt=True)} if self.says_date else {}
        return Answer(status, body, {"Content-Type": "application/json", **date})

    def _time(self, value: object) -> str:
        assert isinstance(value, datetime)
        return value.astimezone(self.zone).isoformat().replace("+00:00", "Z")

"""Every kind of source against every clause of the conformance suite."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.http.retry import Timing
from connectors.kinds import KINDS, connector_class
from data.model import Gap, Record
from tests.connectors.conformance import CLAUSES, Binding, Conformance
from tests.connectors.house import RowKey
from tests.connectors.loopback import Answer, LoopbackServer, Reset
from tests.connectors.loopback_api import (
    PROMOTIONS,
    ApiSettings,
    DeploymentApi,
    ExampleApi,
    Item,
)


class ApiBinding(Binding):
    """The example of an API, on a real server on loopback."""

    connector_class: ClassVar[type[ExampleApi]] = ExampleApi
    untimed: ClassVar[Collection[str]] = (PROMOTIONS.name,)
    secret = "tok-0123456789abcdef"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.api = DeploymentApi(self.secret, self.time.at - timedelta(days=3))
        self.made: list[ExampleApi] = []
        self.serving = running.enter_context(ExitStack())
        self.come_back()

    def connector(self, clock_skew: timedelta = timedelta()) -> ExampleApi:
        context = self.context(clock_skew)
        timing = Timing(context.clock, self.time.sleep, lambda: 0.0)
        settings = ApiSettings(url=self.server.url, token="file:token.txt")
        self.made.append(self.connector_class("api", settings, context, timing))
        return self.made[-1]

    def change(self) -> None:
        self.api.add_service("service-new")
        self.api.touch(self.api.deployments[2], status="failed")
        for _ in range(4):
            self.api.add_deployment("service-new")

    def vanish(self) -> None:
        self.serving.close()

    def come_back(self) -> None:
        self.server = self.serving.enter_context(LoopbackServer(self.api))

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        api = self.api
        return {
            "a service comes first": lambda: api.add_service("a-new-one", place=0),
            "a service goes": lambda: api.services.pop(1),
            "a service moves": lambda: api.services.append(api.services.pop(0)),
            "a deployment comes": lambda: api.add_deployment("service-1"),
            "an old deployment changes": lambda: api.touch(api.deployments[0], status="failed"),
        }

    def remove(self) -> Collection[RowKey]:
        gone = self.api.services.pop(4)
        return [("service", f"example:api#service/{gone['id']}")]

    def storm(self) -> float:
        self.api.trouble = [
            Answer(429, headers={"Retry-After": "40"}),
            Answer(503, headers={"Retry-After": "20"}),
            Reset(),
            Answer.json({"message": "secondary rate limit"}, 403, Retry_After="30"),
            Answer(500),
        ]
        return 90.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        paths = {PROMOTIONS.name: "/environments"}
        self.api.refused = {paths.get(stream, f"/{stream}"): (status, page)}

    def allow(self) -> None:
        self.api.refused = {}

    def ignore_filters(self) -> None:
        self.api.has_filters = False

    def change_untimed(self) -> None:
        self.api.environments["production"] = "v7"

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        (gap,) = (row for row in rows.values() if isinstance(row, Gap))
        return gap.since_at, gap.until_at

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [partial(self.refuse, name, 403, 1) for name in ("services", "deployments")] + [
            partial(setattr, self.api, "token", "another"),
            self.vanish,
        ]

    def add_unmapped(self) -> bytes:
        self.api.services[0]["colour"] = "octarine"
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        self.api.zone = zone

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in ("renamed", "missing", "null", "a list")}

    def _damage(self, way: str) -> int:
        """Damages in each of the first deployments another field."""
        fields = ["id", "service", "environment", "status", "finished_at"]
        if way in ("renamed", "missing"):
            fields += ["sha", "version", "link"]

        def damaged(item: Item) -> Item:
            number = item["id"] - 1 if isinstance(item["id"], int) else len(fields)
            if number >= len(fields):
                return item
            rest, name = dict(item), fields[number]
            value = rest.pop(name)
            changed = {"renamed": {f"{name}_2": value}, "null": {name: None}, "a list": {name: []}}
            return rest | changed.get(way, {})

        self.api.damage = damaged
        return len(fields)

    @property
    def requests(self) -> int:
        return sum(made._http.usage.counted for made in self.made)

    fewest_requests = 3 + 4 + 1
    idle_requests = 1


class TestApi(Conformance):
    binding = ApiBinding


# --- nothing is left out ------------------------------------------------------------------------

_HERE = Path(__file__).parent

for _file in sorted(_HERE.rglob("test*_conformance.py")):
    if _file != Path(__file__):
        _name = ".".join(_file.relative_to(_HERE).with_suffix("").parts)
        importlib.import_module(f"{__package__}.{_name}")

BOUND = [kind for kind in Conformance.__subclasses__() if kind.__name__.startswith("Test")]


@pytest.mark.parametrize("kind", BOUND)
def test_every_clause_is_run_or_left_out_with_a_reason(kind: type[Conformance]) -> None:
    for clause in CLAUSES:
        expected = None if clause in kind.not_applicable else getattr(Conformance, clause)
        assert getattr(kind, clause) is expected, clause
    for clause, reason in kind.not_applicable.items():
        assert clause in CLAUSES, f"{clause} is no clause"
        assert len(reason.split()) >= 4, f"{clause}: {reason!r} is no reason"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_is_bound_to_the_suite(kind: str) -> None:
    of_kind = connector_class(kind)
    assert [bound for bound in BOUND if issubclass(bound.binding.connector_class, of_kind)]


def test_only_a_kind_without_http_may_leave_out_what_http_demands() -> None:
    assert TestApi.not_applicable == {}


def test_the_guide_explains_every_clause() -> None:
    guide = Path(__file__).parents[2] / "docs" / "sources" / "writing-a-connector.md"
    assert re.findall(r"^\| `(test_\w+)` \|", guide.read_text(), re.MULTILINE) == [*CLAUSES]

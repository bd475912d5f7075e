"""The `events` source against the clauses that bind every kind of source."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.events.connector import Events
from connectors.events.envelope import write_event
from connectors.events.settings import EventsSettings
from data.store.inbox import inbox_of
from data.store.workspace import Workspace
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.events.sent import NOON, Body, lineage

_NOTHING_ASKED = "senders come by themselves: nothing is asked over a network"
_FIELDS = ("eventTime", "run", "job", "eventType")


class FewEvents(Events):
    """Pages of three events, so that a short inbox has several."""

    page_events = 3


class EventsBinding(Binding):
    """An inbox of eight events of four runs, one of which began and has not ended."""

    connector_class = FewEvents
    secret = "tok-0123456789abcdef"

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.inbox = inbox_of(Workspace(folder), "lineage")
        self.bodies: list[Body] = []
        for number in range(4):
            self.send(lineage("START", f"run-{number}", number))
            if number != 1:
                self.send(lineage("COMPLETE", f"run-{number}", number + 10))
        self.send(lineage("RUNNING", "run-1", 9))

    def send(self, body: Body) -> None:
        self.bodies.append(body)
        line = write_event(f"event-{len(self.bodies)}", NOON, {}, json.dumps(body).encode())
        self.inbox.keep([line])

    def send_all_again(self, changed: Callable[[int, Body], Body]) -> None:
        """As if everything had been sent otherwise from the beginning."""
        bodies, self.bodies = self.bodies, []
        self.inbox.close()
        shutil.rmtree(self.inbox.folder)
        for number, body in enumerate(bodies):
            self.send(changed(number, body))

    def connector(self, clock_skew: timedelta = timedelta()) -> FewEvents:
        settings = {"format": "openlineage", "token": "file:token.txt"}
        context = self.context(clock_skew)
        return FewEvents("lineage", EventsSettings.model_validate(settings), context)

    def change(self) -> None:
        self.send(lineage("FAIL", "run-1", 30))
        self.send(lineage("START", "run-new", 31))
        self.send(lineage("START", "run-1", 1))

    def vanish(self) -> None:
        self.inbox.folder.rename(self.folder / "elsewhere")

    def come_back(self) -> None:
        (self.folder / "elsewhere").rename(self.inbox.folder)

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a run ends": lambda: self.send(lineage("ABORT", "run-1", 41)),
            "an old event comes again": lambda: self.send(lineage("START", "run-2", 2)),
        }

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [(self.folder / "token.txt").unlink, self.vanish]

    def add_unmapped(self) -> bytes:
        self.send(lineage("START", "run-coloured", 50, colour="octarine"))
        return b"octarine"

    def tell_times_in(self, zone: timezone) -> None:
        def told(_: int, body: Body) -> Body:
            at = datetime.fromisoformat(body["eventTime"])
            return {**body, "eventTime": at.astimezone(zone).isoformat()}

        self.send_all_again(told)

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        return {way: partial(self._damage, way) for way in ("renamed", "null", "a list")}

    def _damage(self, way: str) -> int:
        """Sends events each of which lacks another field; a type is one that may be left out."""
        ways: dict[str, Callable[[str, Any], Body]] = {
            "renamed": lambda name, value: {f"{name}_2": value},
            "null": lambda name, _: {name: None},
            "a list": lambda name, _: {name: []},
        }
        fields = _FIELDS if way == "a list" else _FIELDS[:-1]
        for name in fields:
            body = lineage("START", f"run-damaged-{name}", 55)
            value = body.pop(name)
            self.send({**body, **ways[way](name, value)})
        return len(fields)


class TestEvents(Conformance):
    binding = EventsBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _NOTHING_ASKED,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": "there is one stream",
        "test_a_filter_the_source_does_not_know_is_noticed": _NOTHING_ASKED,
        "test_only_a_complete_reading_deletes": "what was sent is never taken back",
        "test_what_has_no_time_is_bounded_by_two_readings": "everything that is sent has a time",
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": (
            _NOTHING_ASKED
        ),
    }

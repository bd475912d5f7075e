"""A binding to the conformance suite for a source that is one API with a double."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from connectors.interface import Connector, Json
from tests.connectors.conformance import Binding
from tests.connectors.loopback import Answer, Asked, LoopbackServer, Reset
from tests.doubles.questions import told

Damage = Callable[[Json, str], object]

DAMAGE: Mapping[str, Damage] = {
    "renamed": lambda item, field: item.update({f"{field}_2": item.pop(field)}),
    "missing": lambda item, field: item.pop(field),
    "null": lambda item, field: item.update({field: None}),
    "a list": lambda item, field: item.update({field: []}),
}


class ApiBinding(Binding):
    """The double on a real server, and what can happen to any of them."""

    secret = "tok-0123456789abcdef"
    account: ClassVar[str] = "cairn"
    later: ClassVar[str]
    """What only a page after the first is asked with."""
    questions: ClassVar[Mapping[str, str]]
    """What is asked for each stream, as `tests.doubles.questions.told` writes it."""
    filters: ClassVar[frozenset[str]] = frozenset()
    """Filters that can be ignored."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        (folder / "token.txt").write_text(self.secret)
        self.double = self.make_double()
        self.double.add_token(self.secret, self.account)
        self.server = running.enter_context(LoopbackServer(self.double))
        self.tell_the_story()

    def make_double(self) -> Any:
        """Makes the double."""
        raise NotImplementedError

    def tell_the_story(self) -> None:
        """Makes what was there before the first reading."""
        raise NotImplementedError

    def settings(self) -> Mapping[str, Json]:
        """The keys of the source but for `url` and `token`."""
        return {}

    def connector(self, clock_skew: timedelta = timedelta()) -> Connector:
        given = {**self.settings(), "url": self.server.url, "token": "file:token.txt"}
        settings = self.connector_class.Settings(**given)
        return self.connector_class("api", settings, self.context(clock_skew))

    def vanish(self) -> None:
        # A server that begins anew has another address, and is another source to some.
        self.double.spoil("", lambda answer: Reset())

    def come_back(self) -> None:
        self.double.allow()

    def wait(self, **by: float) -> None:
        """Lets time pass, so that what happens next is later than all before."""
        self.time.at += timedelta(**(by or {"minutes": 10}))

    def storm(self) -> float:
        answers = [Answer(429, b"", {"Retry-After": "20"}), Reset(), Answer(500)]
        more = [Answer(503, headers={"Retry-After": "10"})]
        self.double.fail("/", [*answers, *more])
        return 30.0

    def refuse(self, stream: str, status: int, page: int) -> None:
        pattern, later = re.compile(self.questions[stream]), re.compile(self.later)

        def is_meant(asked: Asked) -> bool:
            line = told(asked)
            return bool(pattern.search(line)) and (page == 1 or bool(later.search(line)))

        self.double.refuse(is_meant, status)

    def allow(self) -> None:
        self.double.allow()

    def ignore_filters(self) -> None:
        self.double.ignored_filters |= self.filters

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        refuse = partial(self.double.refuse, "/", 403, f"no: {self.secret}")
        return [refuse, self.double.tokens.clear, self.vanish]

    def tell_times_in(self, zone: timezone) -> None:
        self.double.zone = zone

    def damaged(
        self, match: str, items: Callable[[Json], list[Json]], fields: Sequence[str]
    ) -> Any:
        """Ways to damage one field of each of the first items of an answer that matches."""

        def damage(way: str) -> int:
            done: dict[str, str] = {}

            def change(answer: Json) -> Json:
                for item in items(answer):
                    key = str(sorted(item.items(), key=str))
                    if key not in done and len(done) < len(fields):
                        done[key] = fields[len(done)]
                    if key in done:
                        DAMAGE[way](item, done[key])
                return answer

            self.double.damage(match, change)
            return len(fields)

        return {way: partial(damage, way) for way in DAMAGE}

    @property
    def requests(self) -> int:
        return len(self.double.counted)

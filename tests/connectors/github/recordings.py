"""Real exchanges with GitHub, recorded over fourteen years, where they are at hand.

They are not ours and name real people, so they lie outside the repository: where the environment
variable CAIRN_CONTRACTS says, or in `shared/contracts` beside the repository.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.connectors.loopback import Answer

_FILE = "github_recorded_exchanges.json.gz"
_BESIDE = Path(__file__).parents[4] / "shared" / "contracts"
_HOST = "https://api.github.com"
ADDRESS = re.compile(r"(?<![/\w.+-])(?!git@)[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
"""Mail addresses, but for those that are part of a web address."""
_OF_A_CONNECTION = {"connection", "content-encoding", "content-length", "transfer-encoding"}
_LONG_AGO = datetime(2012, 6, 1, tzinfo=UTC)
"""When those were recorded that do not say it."""


@dataclass(frozen=True)
class Recording:
    """One question and its answer."""

    name: str
    """What was recorded."""
    method: str
    path: str
    """Without what a server of one's own puts before it."""
    params: Mapping[str, str]
    asked: str
    """The body of the question."""
    template: str
    """The path as GitHub's description has it; empty if it has none like it."""
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        told = self.header("date")
        return parsedate_to_datetime(told) if told else _LONG_AGO

    @property
    def is_recent(self) -> bool:
        return self.at.year >= 2023

    @property
    def repository(self) -> str:
        """Full name of the repository it is about."""
        return "/".join(self.path.split("/")[1:3])

    @cached_property
    def told(self) -> Any:
        """The answer as JSON.

        Raises:
            ValueError: if it is none.
        """
        return json.loads(self.body)

    def header(self, name: str) -> str:
        """One of the headers, by its name in lower case; empty if it was not sent."""
        return next((text for told, text in self.headers.items() if told.lower() == name), "")

    def answer(self, base: str = _HOST, *, is_paged: bool = False) -> Answer:
        """The same answer from another server; without pages that follow, it is all there is."""
        dropped = _OF_A_CONNECTION | (set() if is_paged else {"link"})
        kept = {n: text for n, text in self.headers.items() if n.lower() not in dropped}
        moved = {name: text.replace(_HOST, base) for name, text in kept.items()}
        return Answer(self.status, self.body.replace(_HOST.encode(), base.encode()), moved)


def are_here() -> bool:
    return _file().is_file()


@cache
def recordings() -> tuple[Recording, ...]:
    """All of them, by name; none where they are not at hand."""
    if not are_here():
        return ()
    with gzip.open(_file(), "rt") as file:
        return tuple(sorted(map(_recording, json.load(file)), key=lambda r: (r.name, r.path)))


def recorded(*templates: str, method: str = "GET", status: int = 200) -> list[Recording]:
    """Those of some paths."""
    return [
        each
        for each in recordings()
        if (each.method, each.status) == (method, status) and each.template in templates
    ]


def _file() -> Path:
    named = os.environ.get("CAIRN_CONTRACTS")
    return (Path(named) if named else _BESIDE) / _FILE


def _recording(told: Mapping[str, Any]) -> Recording:
    parts = urlsplit(told["path"])
    return Recording(
        name=told["file"].removesuffix(".txt"),
        method=told["method"],
        path=parts.path.removeprefix("/api/v3").removeprefix("/some/prefix").strip("/"),
        params=dict(parse_qsl(parts.query)),
        asked=told["req"] or "",
        template=told["tpl"] or "",
        status=told["status"],
        headers=told["headers"],
        body=told["body"].encode(),
    )

"""The `git` source behind an address that wants a token, against the clauses for every kind."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest

import connectors.git.history
from connectors.git.connector import Git
from connectors.git.settings import Settings
from tests.connectors.conformance import Conformance
from tests.connectors.git import builder
from tests.connectors.git import test_conformance as folder
from tests.connectors.loopback import Answer, Asked, LoopbackServer


class GitByAddressBinding(folder.GitBinding):
    """The repository of the other binding, served as plain files to who has the token."""

    secret = "tok-0123456789abcdef"

    def __init__(self, place: Path, running: ExitStack) -> None:
        super().__init__(place, running)
        (place / "token.txt").write_text(self.secret)
        self.wanted = self.secret
        self.server = running.enter_context(LoopbackServer(self.answer))

    def connector(self, clock_skew: timedelta = timedelta()) -> Git:
        url = f"{self.server.url}/web.git"
        settings = Settings(url=url, token="file:token.txt", deploy_tags="v{version}")
        return Git("web", settings, self.context(clock_skew))

    def answer(self, asked: Asked) -> Answer:
        word, _, pair = asked.headers.get("authorization", "").partition(" ")
        if word != "Basic" or self.wanted not in base64.b64decode(pair).decode():
            return Answer(401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        if not self._repo.path.exists():
            return Answer(404)
        self._repo.git("update-server-info")
        file = self._repo.git_dir / asked.path.removeprefix("/web.git/")
        return Answer(200, file.read_bytes()) if file.is_file() else Answer(404)

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        return [partial(setattr, self, "wanted", "another"), self.vanish]

    def tell_times_in(self, zone: timezone) -> None:
        def told(at: datetime) -> bytes:
            return f"{int(at.timestamp())} {at.astimezone(zone):%z}".encode()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(builder, "_time", told)
            self._repo.path.rename(self.folder / "in-utc")
            folder.GitBinding.__init__(self, self.folder, self.running)


class TestGitByAddress(Conformance):
    binding = GitByAddressBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        **folder.TestGit.not_applicable,
        "test_a_list_that_shifts_while_paged_loses_and_doubles_nothing": (
            "the mirror is brought up to date before it is paged, and then read as a folder is"
        ),
    }
    for _done_here in (
        "test_no_secret_is_in_archive_cursor_log_error_or_gap",
        "test_the_same_times_told_in_another_zone_are_the_same",
    ):
        not_applicable.pop(_done_here, None)

    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors.git.history, "PAGE_COMMITS", 4)

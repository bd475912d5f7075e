"""The `git` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest

import connectors.git.history
from connectors.git.connector import Git
from connectors.git.settings import Settings
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.git.builder import GitRepo
from tests.connectors.house import RowKey

_NO_API = "a repository is a folder: nothing is asked over HTTP"
_NO_FIELDS = "git has no fields that could be renamed: damage has tests of its own"


class GitBinding(Binding):
    """A clone with merges, squashes, a release branch and tags."""

    connector_class = Git

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self._repo = GitRepo(folder / "web")
        self._number = 0
        for _ in range(4):
            self._land()
        self._release()

    def connector(self, clock_skew: timedelta = timedelta()) -> Git:
        settings = Settings(path="web", deploy_tags="v{version}")
        return Git("web", settings, self.context(clock_skew))

    def change(self) -> None:
        """Lands two changes, and moves a tag."""
        self._land()
        self._repo.tag("v1.0")
        self._repo.tag(f"v1.{self._number}")

    def remove(self) -> Collection[RowKey]:
        self._repo.ref("refs/tags/v0.1", None)
        return {("version", "git:web#version/v0.1"), ("deployment", "git:web#deployment/v0.1/web")}

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "a push": self._land,
            "a tag": lambda: self._repo.tag("v7"),
            "a force push": self._force_push,
        }

    def add_unmapped(self) -> bytes:
        self._repo.commit("Signed\n\nSigned-off-by: Ada Example <ada@example.org>")
        return b"Signed-off-by: Ada Example"

    def vanish(self) -> None:
        self._repo.path.rename(self.folder / "away")

    def come_back(self) -> None:
        (self.folder / "away").rename(self._repo.path)

    def _land(self) -> None:
        self._number += 1
        repo, name = self._repo, f"topic-{self._number}"
        base = repo.commit(f"Squashed work (#{self._number}0)", {f"s{self._number}": "1"})
        work = repo.commit("work", {name: "1"}, on=name, parents=[base])
        title = f"Merge pull request #{self._number} from ada/{name}\n\nWork"
        repo.commit(title, {name: "1"}, parents=[base, work])

    def _release(self) -> None:
        repo = self._repo
        repo.tag("v0.1", "main~2")
        repo.tag("v1.0", "main~1")
        for number in range(3):
            repo.commit(f"fix {number}", on="release", parents=None if number else ["main~3"])
        repo.tag("v0.2", "release", message="a fix")

    def _force_push(self) -> None:
        self._repo.ref("refs/heads/main", "main~2")
        self._land()


class TestGit(Conformance):
    binding = GitBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _NO_API,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": (
            "who may read a repository may read its history and its tags"
        ),
        "test_a_filter_the_source_does_not_know_is_noticed": _NO_API,
        "test_what_has_no_time_is_bounded_by_two_readings": "commits and tags have times",
        "test_no_secret_is_in_archive_cursor_log_error_or_gap": (
            "a folder needs none; the token of an address has tests of its own"
        ),
        "test_the_same_times_told_in_another_zone_are_the_same": (
            "git stores seconds since 1970, and the zone beside them"
        ),
        "test_a_renamed_missing_or_null_field_warns_and_does_not_crash": _NO_FIELDS,
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": _NO_API,
    }

    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors.git.history, "PAGE_COMMITS", 4)

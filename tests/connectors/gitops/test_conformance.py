"""The `gitops` source against the clauses that bind every kind of source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from connectors.gitops.connector import GitOps
from connectors.gitops.settings import GitOpsSettings
from tests.connectors.conformance import Binding, Conformance
from tests.connectors.git.builder import GitRepo
from tests.connectors.house import RowKey

_NO_REQUESTS = "a folder answers no requests"
_WHOLE_BLOBS = "a file is read for its version alone: the repository keeps the rest"


class FewCommits(GitOps):
    """Pages of three commits, so that a short history has several."""

    page_commits = 3


class GitOpsBinding(Binding):
    """A repository of ten commits: a base file, two overlays, one broken commit, one removal."""

    connector_class = FewCommits

    def __init__(self, folder: Path, running: ExitStack) -> None:
        super().__init__(folder, running)
        self.repo = GitRepo(folder / "config")
        self.count = 0
        self.repo.commit("start", {"README": "a", "apps/shop/base.yaml": "image: r/shop:v0\n"})
        self.repo.commit("overlay", {"apps/shop/prod.yaml": "replicas: 2\n"})
        for _ in range(5):
            self.deploy()
        self.repo.commit("break", {"apps/shop/stg.yaml": "image: [\n"})
        self.repo.commit("mend", {"apps/shop/stg.yaml": "image: r/shop:v3\n"})
        self.repo.commit("remove", {"apps/shop/stg.yaml": None})

    def connector(self, clock_skew: timedelta = timedelta()) -> FewCommits:
        rules = [
            {"pattern": "apps/{service}/{environment:prod|stg}.yaml"},
            {
                "pattern": "apps/{service}/base.yaml",
                "inherit": ["prod", "stg"],
                "inherit_when": "overlay",
            },
        ]
        settings = {"path": "config", "value": {"yaml": "image"}, "rule": rules}
        return FewCommits(
            "gitops", GitOpsSettings.model_validate(settings), self.context(clock_skew)
        )

    def deploy(self) -> None:
        self.count += 1
        content = f"image: r/shop:v{self.count}\n"
        self.repo.commit(f"deploy {self.count}", {"apps/shop/base.yaml": content})

    def change(self) -> None:
        self.repo.commit("break again", {"apps/shop/stg.yaml": "image: {\n"})
        self.repo.commit("pin", {"apps/shop/stg.yaml": "image: r/shop:v1\n"})
        self.deploy()
        self.repo.commit("unpin", {"apps/shop/stg.yaml": "replicas: 1\n"})

    def vanish(self) -> None:
        (self.folder / "config").rename(self.folder / "elsewhere")

    def come_back(self) -> None:
        (self.folder / "elsewhere").rename(self.folder / "config")

    def rewrite(self) -> None:
        """A force push that drops the last commits and lands another."""
        self.repo.ref("refs/heads/main", "main~6")
        self.repo.commit("other", {"apps/shop/base.yaml": "image: r/shop:other\n"})

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        return {"a commit": self.deploy, "a force push": self.rewrite}

    def remove(self) -> Collection[RowKey]:
        gone = self.repo.git("log", "--format=%H", "main~6..main", "--", "apps/shop/base.yaml")
        self.rewrite()
        return [("deployment", f"gitops:gitops#{sha}/prod/shop") for sha in gone.split()]


class TestGitOps(Conformance):
    binding = GitOpsBinding
    not_applicable: ClassVar[Mapping[str, str]] = {
        "test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock": _NO_REQUESTS,
        "test_a_refused_stream_is_a_gap_and_the_others_go_on": "there is one stream",
        "test_a_filter_the_source_does_not_know_is_noticed": _NO_REQUESTS,
        "test_what_has_no_time_is_bounded_by_two_readings": "everything in it has a time",
        "test_no_secret_is_in_archive_cursor_log_error_or_gap": (
            "mirrors, and their tokens, are tested with the source `git`"
        ),
        "test_a_field_without_a_column_survives_in_the_archive": _WHOLE_BLOBS,
        "test_the_same_times_told_in_another_zone_are_the_same": "git keeps times in UTC",
        "test_a_renamed_missing_or_null_field_warns_and_does_not_crash": (
            "a file without a value says that nothing runs; broken files are tested by name"
        ),
        "test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing": (
            _NO_REQUESTS
        ),
    }

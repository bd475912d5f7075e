"""Pages of runs, each with what its rows must know beside what the server told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from connectors.answers.page import write_page
from connectors.http.errors import Refused
from connectors.http.paging import Page
from connectors.interface import Json
from connectors.mlflow.api import Server
from connectors.mlflow.reading import Versions
from connectors.mlflow.run_cursor import RunCursor
from connectors.mlflow.run_question import info_of, key_of

_LOGGED_MODEL = "models:/m-"
_PACKAGES = frozenset({"conda.yaml", "python_env.yaml", "requirements.txt"})

Told = tuple[bytes, RunCursor]
"""A page, and where the stream goes on after it."""


@dataclass
class RunPages:
    """Writes the pages of one pull."""

    server: Server
    names: Mapping[str, str]
    """Name of each experiment by its id."""
    versions: Versions | None
    reads_environments: bool
    _environments: dict[str, bool] = field(default_factory=dict)

    def page(self, page: Page, after: RunCursor) -> Told:
        """A page as the server told it."""
        return write_page(self._header(page.items), page.reply.body), after

    def written(self, runs: Sequence[Json], after: RunCursor) -> Told:
        """Runs that were asked for one by one."""
        return write_page(self._header(runs), json.dumps({"runs": runs}).encode()), after

    def missing(self, runs: Sequence[str], after: RunCursor) -> Told:
        """Runs that cannot be had, by their ids."""
        header = {"pages": self.server.pages, "missing": sorted(runs)}
        return write_page(header), after

    def _header(self, runs: Iterable[Json]) -> dict[str, Json]:
        runs = list(runs)
        told = {str(info_of(run).get("experiment_id")) for run in runs}
        return {
            "pages": self.server.pages,
            "experiments": {id: self.names[id] for id in sorted(told & self.names.keys())},
            "environments": {
                key_of(run): has
                for run in runs
                if (has := self._environment(key_of(run))) is not None
            },
        }

    def _environment(self, run: str) -> bool | None:
        """Whether what a version was made of has a file of its packages; null: nobody looked."""
        model = self._models_of_versions.get(run)
        if model is None or not self.reads_environments:
            return None
        if run not in self._environments:
            try:
                path = f"logged-models/{model}/artifacts/directories"
                files = self.server.get(path, {}).get("files") or []
            except Refused:
                return None
            self._environments[run] = any(file.get("path") in _PACKAGES for file in files)
        return self._environments[run]

    @cached_property
    def _models_of_versions(self) -> Mapping[str, str]:
        """The logged model of each run that made a version; servers before version 3 have none."""
        versions = self.versions.items.values() if self.versions else ()
        return {
            str(item["run_id"]): str(item["source"]).removeprefix("models:/")
            for item in versions
            if item.get("run_id") and str(item.get("source")).startswith(_LOGGED_MODEL)
        }

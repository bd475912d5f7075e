"""The stream of what a project builds on, and of files that show how it is built and run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import quote

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import LATE
from connectors.api.reader import Items
from connectors.gitlab.api.daily import (
    digest_of,
    is_absent,
    is_due,
    nothing_new,
    refusal,
    to_archive,
)
from connectors.gitlab.api.refusing import refused_gaps
from connectors.gitlab.asking import Asking, below
from connectors.gitlab.code.includes import of_path
from connectors.gitlab.code.tree import Tree
from connectors.hosting.place import Place
from connectors.hosting.reader import Reader
from connectors.hosting.signs import shown_by
from connectors.http.errors import Refused, Unauthorized
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, GapReason, Record, Reuse, ReuseKind

_USUAL = ".gitlab-ci.yml"
_SETTINGS = "the project's settings"
"""Where it is said that the pipeline is defined elsewhere."""
_WORDS = {"files": "files"}
_MORE_OWNERS = ".gitlab/codeowners"
"""Where only GitLab looks for it."""


class ReusedParts(Reader):
    """Reads the names of files and the pipeline files when the default branch moved.

    A page holds names and what is included, no text: that may name secrets and addresses.
    """

    kind: ClassVar[str] = "reuse"
    entities: ClassVar[tuple[str, ...]] = ("reuse", "gap")
    needs: ClassVar[str] = "scope read_api, Reporter"
    blind: ClassVar[tuple[str, ...]] = ("CM-12", "ML-02", "VM-06", "VM-07")

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def pull(self, place: Place, cursor: Cursor | None) -> Items:
        """Yields all parts, if one is not what it was."""
        if place.default_branch is None:
            return
        known = dict(cursor or {})
        name, now = f"{place.name}@{place.default_branch}", self._asking.context.clock()
        if not is_due(known, name, now):
            yield from self._gaps(place, known.get("refused", {}))
            return
        if known.get("name") != name:
            known = {"name": name}
        looked = {"looked_at": now.isoformat()}
        try:
            yield self._look(place, place.default_branch, {**known, **looked, "refused": {}})
        except Unauthorized:
            raise
        except Refused as error:
            told = refusal(error)
            refused = {"files": told}
            yield from self._gaps(place, refused)
            if is_absent(told):
                yield nothing_new(_about(place), {**known, **looked, "refused": refused})

    def _look(self, place: Place, branch: str, known: Cursor) -> Batch:
        """One look, if only at what the branch leads to."""
        path = below(place, f"repository/branches/{quote(branch, safe='')}")
        sha = str(self._asking.api.get(path).json()["commit"]["id"])
        file = self._asking.listed[place.id].get("ci_config_path") or _USUAL
        seen = {**known, "sha": sha, "file": file}
        if (known.get("sha"), known.get("file")) == (sha, file):
            return nothing_new(_about(place), seen)
        parts = self._parts(place, sha, file)
        seen["digest"] = digest_of(parts)
        if "unreadable" in parts:
            seen["sha"] = None  # looked at again, though nothing is pushed
        if known.get("digest") == seen["digest"]:
            return nothing_new(_about(place), seen)
        is_whole = not parts["is_cut"]
        return Batch(
            payload=write_page(_about(place), to_archive(parts)),
            cursor=seen,
            reading=Reading.COMPLETE if is_whole else Reading.INCREMENT,
            is_first=is_whole,
            is_last=is_whole,
        )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        project = header["repository"]
        for parts in answers:
            for sign, path in _shown(parts).items():
                yield self._row(project, ("file", sign), ReuseKind.FILE, sign, path)
            for file in parts["files"]:
                yield from self._included(project, file)
            if parts["is_cut"]:
                yield self._cut(project, len(parts["paths"]))
            if "unreadable" in parts:
                yield self._unreadable(project, parts["unreadable"])

    def _parts(self, place: Place, sha: str, file: str) -> dict[str, Json]:
        tree = Tree(self._asking.api, place, sha)
        tree.read()
        elsewhere = of_path(file)
        if elsewhere is None:
            files = list(tree.pipeline_files(file))
        else:
            one = elsewhere
            told = [[one.kind.value, one.name, one.version, one.is_pinned]]
            files = [{"path": _SETTINGS, "includes": told, "problem": None}]
        unreadable = {"unreadable": tree.unreadable} if tree.unreadable else {}
        return {"paths": tree.paths, "is_cut": tree.is_cut, "files": files, **unreadable}

    def _gaps(self, place: Place, refused: Mapping[str, Json]) -> Iterator[Gap]:
        fix = f"needs {self.needs}"
        return refused_gaps(self._asking, place.name, self.kind, refused, _WORDS, fix)

    def _included(self, project: str, file: Mapping[str, Json]) -> Iterator[Record]:
        path = file["path"]
        for kind, name, version, is_pinned in file["includes"]:
            key = f"{name}@{version}" if version else name
            yield self._row(
                project, (kind, path, key), ReuseKind(kind), name, path, version, is_pinned
            )
        if file["problem"]:
            yield self._asking.gap(
                project,
                f"{self.kind}/{path}",
                GapReason.UNREADABLE,
                f"{path} {file['problem']}: what it includes is not known",
                "correct the file, or remove it",
                1,
            )

    def _row(
        self,
        project: str,
        key: tuple[str, ...],
        kind: ReuseKind,
        name: str,
        path: str,
        version: str | None = None,
        is_pinned: bool | None = None,
    ) -> Reuse:
        page = "edit" if path == _SETTINGS else f"blob/HEAD/{path}"
        return Reuse(
            id=self._asking.row_id(project, *key),
            source=self._asking.source,
            url=self._asking.page(project, page),
            repository=project,
            kind=kind.value,
            name=name,
            path=path,
            version=version,
            is_pinned=is_pinned,
        )

    def _unreadable(self, project: str, count: int) -> Gap:
        what = f"{count:,} of its files have no name: what they would show is not known"
        return self._asking.gap(project, self.kind, GapReason.UNREADABLE, what, LATE, count)

    def _cut(self, project: str, count: int) -> Gap:
        return self._asking.gap(
            project,
            self.kind,
            GapReason.TRUNCATED,
            f"no more than {count:,} of its files are read: what the others would show is not "
            "known",
            "nothing: what is not found here may be there",
        )


def _about(place: Place) -> dict[str, Json]:
    return {"repository": place.name, "id": place.id}


def _shown(parts: Mapping[str, Json]) -> dict[str, str]:
    """What files show; those that only GitLab knows as such show it as well."""
    paths = parts["paths"]
    found = dict(shown_by(paths))
    if owners := [path for path in paths if path.lower() == _MORE_OWNERS]:
        found.setdefault("code_owners", owners[0])
    if parts["files"]:
        found["ci"] = parts["files"][0]["path"]
    return found

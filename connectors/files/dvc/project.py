"""What `dvc.yaml`, `dvc.lock` and `*.dvc` say: data and its content, stages, what makes what.

The format is that of DVC 3: https://dvc.org/doc/user-guide/project-structure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import normpath

from connectors.files.dvc.reduced import HASHES
from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import entries, first, mapping, text, text_or_none
from connectors.files.yaml import one_document
from connectors.interface import Json
from data.model import (
    Dataset,
    GapReason,
    LineageEdge,
    NodeKind,
    Pipeline,
    PipelineKind,
    Record,
)

_CODE = frozenset(
    {".py", ".ipynb", ".r", ".jl", ".sh", ".sql", ".scala", ".java", ".c", ".cpp", ".go", ".rs"}
    | {".yaml", ".yml", ".toml", ".cfg", ".ini", ".lock", ".md"}
)
_TRAINS = re.compile(r"(^|[_.-])(train|fit)", re.IGNORECASE)
_KNOWN_LOCK = "2.0"


@dataclass(frozen=True, slots=True)
class _Project:
    """All files of DVC in one folder tree, by their paths."""

    naming: Naming
    repository: str | None
    told: Mapping[str, Json]
    made: frozenset[str]
    """Data that a stage makes or that somebody put there."""

    def beside(self, path: str, name: str) -> Mapping[str, Json]:
        """Another file in the folder of one; empty if there is none."""
        return _beside(self.told, path, name)


def project_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:
    """Data, stages and edges."""
    told = {file.path: one_document(file.data) for file in files}
    project = _Project(naming, meaning["repository"], told, _made(told))
    tracked = [each for each in told.items() if each[0].endswith(".dvc")]
    locks = [each for each in told.items() if PurePosixPath(each[0]).name == "dvc.lock"]
    declared = [each for each in told.items() if PurePosixPath(each[0]).name == "dvc.yaml"]
    yield from naming.each("lock", locks, lambda path, each: _read(project, path, each))
    yield from naming.each("tracked", tracked, lambda path, each: _added(project, path, each))
    yield from naming.each("stages", declared, lambda path, each: _unlocked(project, path, each))


def _added(project: _Project, path: str, told: Json) -> Iterator[Record]:
    """Data that somebody put there, with `dvc add` or `dvc import`."""
    base = _inside(path, mapping(told))
    for out in map(mapping, entries(mapping(told)["outs"])):
        yield _dataset(project, _join(base, text(out["path"])), path, out, is_source=True)


def _read(project: _Project, path: str, told: Json) -> Iterator[Record]:
    """The stages of a lock file."""
    schema = text(mapping(told)["schema"])
    if schema != _KNOWN_LOCK:
        yield project.naming.gap(
            f"schema/{schema}",
            GapReason.UNREADABLE,
            f"{path} is of schema {schema}: only what is as in {_KNOWN_LOCK} is read",
            "write it with a version of DVC that is supported",
        )
    stages = mapping(mapping(told).get("stages") or {})
    yield from project.naming.each(
        f"stage/{path}", stages.items(), lambda name, stage: _stage(project, path, name, stage)
    )


def _unlocked(project: _Project, path: str, told: Json) -> Iterator[Record]:
    """Stages that were never run."""
    locked = _mapping(project.beside(path, "dvc.lock").get("stages"))
    run = {name.partition("@")[0] for name in locked}
    for name in mapping(mapping(told).get("stages") or {}):
        if name not in run:
            yield _pipeline(project, path, name, ())


def _stage(project: _Project, path: str, name: str, told: Json) -> Iterator[Record]:
    stage = mapping(told)
    base = _base(project.told, path, name)
    outs = _parts(base, stage.get("outs"))
    pipeline = _pipeline(project, path, name, [_path(base, each) for each in outs.values()])
    yield pipeline

    def read(_: str, dep: Json) -> Iterator[Record]:
        place = _join(base, text(mapping(dep)["path"]))
        if place not in project.made and _is_data(place):
            yield _dataset(project, place, None, dep, is_source=True)
        if place in project.made or _is_data(place):
            yield _edge(project, place, pipeline.name, _digest(dep), is_read=True)

    def made(_: str, out: Json) -> Iterator[Record]:
        place = _join(base, text(mapping(out)["path"]))
        yield _dataset(project, place, path, out, is_source=False)
        yield _edge(project, place, pipeline.name, None, is_read=False)

    stage_key = f"stage/{path}/{name}"
    deps = _parts(base, stage.get("deps"))
    yield from project.naming.each(f"{stage_key}/deps", deps.items(), read)
    yield from project.naming.each(f"{stage_key}/outs", outs.items(), made)


def _parts(base: str, told: Json) -> Mapping[str, Json]:
    """Dependencies or outputs by their paths; by their number where one tells none."""
    return {
        _path(base, each) or str(number): each for number, each in enumerate(entries(told or []))
    }


def _path(base: str, told: Json) -> str:
    path = _mapping(told).get("path")
    return _join(base, path) if isinstance(path, str) and path else ""


def _made(told: Mapping[str, Json]) -> frozenset[str]:
    found = set()
    for path, each in told.items():
        if PurePosixPath(path).name == "dvc.yaml":  # its lock tells the same, and more
            continue
        stages = _mapping(_mapping(each).get("stages")).items()
        lists = [(_base(told, path, name), _mapping(stage).get("outs")) for name, stage in stages]
        own = (_inside(path, _mapping(each)), _mapping(each).get("outs"))
        for base, outs in [own, *lists]:
            found |= {_path(base, out) for out in (outs if isinstance(outs, list) else ())}
    return frozenset(found)


def _base(told: Mapping[str, Json], path: str, stage: str) -> str:
    """A path in the folder that a stage works in, from which it names its files."""
    declared = _mapping(_beside(told, path, "dvc.yaml").get("stages"))
    return _inside(path, _mapping(declared.get(stage.partition("@")[0])))


def _inside(path: str, told: Mapping[str, Json]) -> str:
    """A path in the folder that a file or stage names its files from."""
    folder = told.get("wdir")
    return _join(path, f"{folder if isinstance(folder, str) else '.'}/_")


def _beside(told: Mapping[str, Json], path: str, name: str) -> Mapping[str, Json]:
    return _mapping(told.get(_join(path, name)))


def _is_data(place: str) -> bool:
    return PurePosixPath(place).suffix.lower() not in _CODE


def _pipeline(project: _Project, path: str, name: str, outs: Iterable[str]) -> Pipeline:
    folder = str(PurePosixPath(path).parent)
    full_name = name if folder == "." else f"{folder}/{name}"
    artifacts = _mapping(project.beside(path, "dvc.yaml").get("artifacts")).values()
    models = {
        _join(path, str(each["path"]))
        for each in map(_mapping, artifacts)
        if each.get("type") == "model" and each.get("path")
    }
    is_training = bool(models & set(outs)) or _TRAINS.search(name) is not None
    kind = PipelineKind.TRAINING if is_training else PipelineKind.DATA
    return Pipeline(
        id=project.naming.id("pipeline", full_name),
        source=project.naming.source,
        repository=project.repository,
        name=full_name,
        path=_join(path, "dvc.yaml"),
        is_active=None,
        kind=kind.value,
    )


def _dataset(
    project: _Project, place: str, path: str | None, told: Mapping[str, Json], *, is_source: bool
) -> Dataset:
    return Dataset(
        id=project.naming.id("dataset", place),
        source=project.naming.source,
        name=place,
        kind="folder" if str(told.get("md5", "")).endswith(".dir") else "file",
        owner=None,
        description=text_or_none(told.get("desc")),
        is_source=is_source,
        digest=_digest(told),
        path=path,
    )


def _digest(told: Mapping[str, Json]) -> str | None:
    """`md5:…`: by whatever the file tells the content."""
    return first(
        f"{name}:{said}" for name in HASHES if (said := text_or_none(told.get(name))) is not None
    )


def _edge(
    project: _Project, place: str, pipeline: str, digest: str | None, *, is_read: bool
) -> LineageEdge:
    data, stage = (NodeKind.DATASET.value, place), (NodeKind.PIPELINE.value, pipeline)
    (from_kind, from_name), (to_kind, to_name) = (data, stage) if is_read else (stage, data)
    return LineageEdge(
        id=project.naming.id("edge", from_name, "to", to_name),
        source=project.naming.source,
        from_kind=from_kind,
        from_name=from_name,
        to_kind=to_kind,
        to_name=to_name,
        from_digest=digest,
    )


def _join(path: str, name: str) -> str:
    """Where a name leads that a file says, seen from the folder that is read."""
    return normpath(PurePosixPath(path).parent / name)


def _mapping(told: Json) -> Mapping[str, Json]:
    """What may be missing."""
    return told if isinstance(told, dict) else {}

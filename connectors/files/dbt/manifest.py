"""`manifest.json`: what data there is, whose it is, and what is made from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connectors.files.dbt.nodes import DATASETS, node_name, resource_type, version_gap
from connectors.files.file import File, NotUnderstood
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import (
    UNREADABLE,
    entries,
    first,
    json_of,
    mapping,
    moment_or_none,
    text,
    text_or_none,
)
from connectors.interface import Json
from data.model import Dataset, LineageEdge, NodeKind, Record

_SERVICES = ("application", "ml")


def manifest_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """Datasets and edges of each manifest."""
    for file in files:
        try:
            yield from _rows(naming, mapping(json_of(file.data)))
        except UNREADABLE as error:
            yield naming.misread(file.path, error, naming.id("manifest", file.path))


def edition_of(data: bytes) -> tuple[str, str] | None:
    """The project of a manifest, and when it was written; null if it does not say."""
    try:
        metadata = mapping(mapping(json_of(data))["metadata"])
        return text(metadata["project_name"]), text(metadata["generated_at"])
    except (NotUnderstood, *UNREADABLE):
        return None


def _rows(naming: Naming, manifest: Mapping[str, Json]) -> Iterator[Record]:
    metadata = mapping(manifest["metadata"])
    yield from version_gap(naming, metadata, "manifest")
    nodes = {**mapping(manifest["nodes"]), **mapping(manifest.get("sources") or {})}
    groups = mapping(manifest.get("groups") or {})
    data = [(each, node) for each, node in nodes.items() if resource_type(each) in DATASETS]
    yield from naming.each(
        "dataset", data, lambda key, node: [_dataset(naming, key, mapping(node), groups)]
    )
    yield from _edges(naming, manifest, moment_or_none(metadata.get("generated_at")))


def _dataset(
    naming: Naming, unique_id: str, node: Mapping[str, Json], groups: Mapping[str, Json]
) -> Dataset:
    kind = resource_type(unique_id)
    checksum = mapping(node.get("checksum") or {})
    is_content = kind == "seed" and checksum.get("name") == "sha256"
    return Dataset(
        id=naming.id("dataset", unique_id),
        source=naming.source,
        name=node_name(unique_id),
        kind=text(node["resource_type"]),
        owner=_owner(node, groups),
        description=text_or_none(node.get("description")),
        is_source=kind in ("source", "seed"),
        digest=f"sha256:{text(checksum['checksum'])}" if is_content else None,
        path=text_or_none(node.get("original_file_path")),
    )


def _owner(node: Mapping[str, Json], groups: Mapping[str, Json]) -> str | None:
    """`meta.owner`, or else the owner of the group."""
    config = mapping(node.get("config") or {})
    metas = [node.get("meta"), config.get("meta"), node.get("source_meta")]
    told = first(_person(mapping(meta or {}).get("owner")) for meta in metas)
    group = text_or_none(node.get("group") or config.get("group"))
    if told or group is None:
        return told
    named = [each for each in groups.values() if mapping(each).get("name") == group]
    return first(_person(mapping(each).get("owner")) for each in named) or group


def _person(told: Json) -> str | None:
    if not isinstance(told, Mapping):
        return text_or_none(told)
    return text_or_none(told.get("name")) or text_or_none(told.get("email"))


def _edges(
    naming: Naming, manifest: Mapping[str, Json], seen_at: datetime | None
) -> Iterator[Record]:
    parents = mapping(manifest["parent_map"])
    exposures = mapping(manifest.get("exposures") or {})

    def edges(child: str, _: Json) -> Iterator[Record]:
        for parent in _data_above(parents, child):
            yield LineageEdge(
                id=naming.id("edge", child, parent),
                source=naming.source,
                from_kind=NodeKind.DATASET.value,
                from_name=node_name(parent),
                to_kind=_kind(child, exposures),
                to_name=node_name(child),
                seen_at=seen_at,
            )

    made = [(each, None) for each in parents if resource_type(each) in (*DATASETS, "exposure")]
    yield from naming.each("edge", made, edges)


def _kind(unique_id: str, exposures: Mapping[str, Json]) -> str:
    if resource_type(unique_id) != "exposure":
        return NodeKind.DATASET.value
    is_service = mapping(exposures[unique_id]).get("type") in _SERVICES
    return NodeKind.SERVICE.value if is_service else NodeKind.DASHBOARD.value


def _data_above(parents: Mapping[str, Json], child: str) -> Sequence[str]:
    """The data that something is made from, also by way of metrics and semantic models."""
    found: list[str] = []
    seen, due = {child}, [child]
    while due:
        for parent in map(text, entries(parents.get(due.pop()) or [])):
            if parent in seen:
                continue
            seen.add(parent)
            (found if resource_type(parent) in DATASETS else due).append(parent)
    return found

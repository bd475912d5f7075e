"""Objects of Kubernetes as manifests declare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import entries, first, json_of, mapping, text, text_or_none, texts
from connectors.interface import Json
from data.model import Record, Resource

_SERVICE_LABELS = ("app.kubernetes.io/name", "app.kubernetes.io/instance")


def object_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:
    """A row for each object of each file."""
    for file in files:
        for number, each in enumerate(map(mapping, entries(json_of(file.data)))):
            if "is_unread" in each:
                yield naming.unread_part("object", file.path, number)
            else:
                yield _resource(naming, meaning, file.path, each)


def _resource(naming: Naming, meaning: Meaning, path: str, told: Mapping[str, Json]) -> Resource:
    kind, name = text(told["kind"]), text(told["name"])
    namespace = text_or_none(told["namespace"])
    address = "/".join(part for part in (namespace, kind, name) if part)
    labels = {key: text(value) for key, value in mapping(told.get("labels") or {}).items()}
    group, slash, _ = text(told["apiVersion"]).partition("/")
    return Resource(
        id=naming.id("resource", path, address),
        source=naming.source,
        name=address,
        kind=kind,
        tool="kubernetes",
        provider=group if slash else "core",
        repository=meaning["repository"],
        path=path,
        service=first(labels.get(key) for key in _SERVICE_LABELS),
        environment=namespace,
        labels=tuple(f"{key}={value}" for key, value in sorted(labels.items())),
        image=first(texts(told.get("images"))),
    )

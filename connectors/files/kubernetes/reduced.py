"""Kubernetes manifests, reduced to what runs where: they may hold secrets and settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from connectors.files.file import NotUnderstood
from connectors.files.page import Meaning
from connectors.files.said import mapping
from connectors.files.yaml import yaml_of
from connectors.interface import Json

_COMMON_LABELS = "app.kubernetes.io/"
_MARK = b"{{"
_NOT_RENDERED = "it is a Helm template that is not rendered"
_RENDER = "render it (`helm template`) and name the result, or leave it out with `exclude`"
_CONTAINERS = ("containers", "initContainers")


def kept(data: bytes, meaning: Meaning) -> bytes:
    """The objects of a file: what each is, its common labels, its images. No more.

    Raises:
        NotUnderstood: if it is no YAML, or a template.
    """
    try:
        found = [
            _reduced_or_unread(each, meaning) for root in yaml_of(data) for each in _objects(root)
        ]
        is_whole = not any("is_unread" in each for each in found)
    except NotUnderstood:
        if _MARK not in data:
            raise
        is_whole = False
    said = json.dumps(found, sort_keys=True).encode() if is_whole or _MARK not in data else _MARK
    if _MARK in said:
        raise NotUnderstood(_NOT_RENDERED, _RENDER)
    return said


def _reduced_or_unread(told: Mapping[str, Json], meaning: Meaning) -> Mapping[str, Json]:
    try:
        return _reduced(told, meaning)
    except TypeError:
        return {"is_unread": True}


def _objects(root: Json) -> Iterator[Mapping[str, Json]]:
    """The objects of a document; those of a list one by one. Other YAML holds none."""
    if not isinstance(root, dict) or not {"apiVersion", "kind"} <= root.keys():
        return
    items = root.get("items")
    if isinstance(items, list) and str(root["kind"]).endswith("List"):
        for item in items:
            yield from _objects(item)
    elif isinstance(root.get("metadata"), dict):
        yield root


def _reduced(told: Mapping[str, Json], meaning: Meaning) -> Mapping[str, Json]:
    metadata = mapping(told["metadata"])
    said = {
        "kind": _text(told["kind"]),
        "apiVersion": _text(told["apiVersion"]),
        "name": _text(metadata.get("name") or metadata.get("generateName")),
        "namespace": _text(metadata["namespace"]) if metadata.get("namespace") else None,
    }
    if said["kind"] == "Secret":
        return said
    wanted = set(meaning["label_keys"])
    labels = mapping(metadata.get("labels") or {})
    let_through = {
        key: value
        for key, value in labels.items()
        if isinstance(value, str) and (key.startswith(_COMMON_LABELS) or key in wanted)
    }
    return {**said, "labels": let_through, "images": list(_images(told.get("spec")))}


def _text(told: Json) -> str:
    if not isinstance(told, str):
        raise TypeError
    return told


def _images(spec: Json) -> Iterator[str]:
    """Images of a pod, or of the pods that a workload makes; those of its main work first."""
    if not isinstance(spec, dict):
        return
    for name in _CONTAINERS:
        containers = spec.get(name)
        for each in containers if isinstance(containers, list) else ():
            if isinstance(each, dict) and isinstance(each.get("image"), str):
                yield each["image"]
    for inner in ("template", "jobTemplate"):
        template = spec.get(inner)
        if isinstance(template, dict):
            yield from _images(template.get("spec"))

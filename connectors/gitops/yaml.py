"""Versions found at a place of a YAML file: a key path, kustomize images, Helm values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

import yaml

from connectors.gitops.nodes import KeyPath, Walk, documents, scalar
from connectors.gitops.values import (
    Found,
    NoImageError,
    Unread,
    Value,
    image_value,
    plain_value,
)
from data.model import GapReason

_RESOURCE = KeyPath("metadata.name")
_IMAGES = (KeyPath("images.*"), KeyPath("spec.images.*"))
_Values = Callable[[yaml.Node, Walk], Iterator[Found]]


class YamlValues:
    """The texts and numbers at key paths, over all documents of a file.

    Gives the placeholders of the paths, and `{resource}`, the document's `metadata.name`.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        """Takes one path or more.

        Raises:
            ValueError: if one is no key path, or there is none.
        """
        self._paths = [KeyPath(path) for path in paths]
        self.names = _common_names(self._paths)

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """The values of each document, path by path."""
        return _found(data, self._values)

    def _values(self, root: yaml.Node, walk: Walk) -> Iterator[Found]:
        resource = _resource(root, walk)
        for path in self._paths:
            for node, captures in path.nodes(root, walk):
                value = _value(scalar(node), is_image=path.is_image)
                if value is not None:
                    yield Found(value, resource | captures)


class KustomizeImages:
    """The `images:` of a kustomization, or of a Flux Kustomization's `spec`.

    Gives `{image}`, the name that the entry replaces.
    """

    names = frozenset({"image"})

    def __init__(self, image: str) -> None:
        """Takes the image's name in the entry's `name`; `*` stands for any text."""
        self._image = image

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """One value for each entry that sets a tag or a digest."""
        return _found(data, self._values)

    def _values(self, root: yaml.Node, walk: Walk) -> Iterator[Found]:
        for path in _IMAGES:
            for node, _ in path.nodes(root, walk):
                entry = walk.scalars(node)
                name = entry.get("name", "")
                tag = entry.get("newTag") or entry.get("digest")
                if tag and fnmatchcase(name, self._image):
                    value = Value(tag, entry.get("digest"), entry.get("newName") or name)
                    yield Found(value, {"image": name})


class HelmImage:
    """A Helm chart's `image:`, with `repository` and `tag`, or as one text.

    Gives the same placeholders as `YamlValues`.
    """

    def __init__(self, path: str) -> None:
        """Takes the key path of the image, such as `image` or `spec.values.web.image`.

        Raises:
            ValueError: if it is no key path.
        """
        self._path = KeyPath(path)
        self.names = _common_names([self._path])

    def find(self, data: bytes) -> Sequence[Found] | Unread:
        """One value for each place of the path that names a tag or a digest."""
        return _found(data, self._values)

    def _values(self, root: yaml.Node, walk: Walk) -> Iterator[Found]:
        resource = _resource(root, walk)
        for node, captures in self._path.nodes(root, walk):
            text = scalar(node)
            value = image_value(text) if text else _helm_value(walk.scalars(node))
            if value is not None:
                yield Found(value, resource | captures)


def _found(data: bytes, values: _Values) -> Sequence[Found] | Unread:
    walk = Walk()
    try:
        return [found for root in documents(data) for found in values(root, walk)]
    except yaml.YAMLError as error:
        return Unread(GapReason.UNREADABLE, f"broken YAML, {_cause(error)}")
    except NoImageError as error:
        return Unread(GapReason.UNREADABLE, str(error))


def _cause(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        return f"{line}{error.problem}"
    return str(error).partition("\n")[0][:120]


def _value(text: str, *, is_image: bool) -> Value | None:
    if is_image:
        return image_value(text) if text else None
    try:
        image = image_value(text)
    except NoImageError:
        image = None
    return image or plain_value(text)


def _common_names(paths: Sequence[KeyPath]) -> frozenset[str]:
    return frozenset.intersection(*(path.names for path in paths)) | {"resource"}


def _resource(root: yaml.Node, walk: Walk) -> dict[str, str]:
    name = next((scalar(node) for node, _ in _RESOURCE.nodes(root, walk)), "")
    return {"resource": name} if name else {}


def _helm_value(entry: Mapping[str, str]) -> Value | None:
    tag, digest = entry.get("tag"), entry.get("digest")
    whole = image_value(f"image:{tag}") if tag else None  # a tag may carry its digest
    version = whole.version if whole else digest
    if version is None:
        return None
    image = "/".join(filter(None, (entry.get("registry"), entry.get("repository"))))
    return Value(version, digest or (whole.digest if whole else None), image or None)

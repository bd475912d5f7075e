"""The rows of a page: images, and what became of tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.answers.moment import moment, moment_or_none
from connectors.git.commit import is_plausible
from connectors.interface import Json
from connectors.oci.images import Image, parts_of
from data.model import Artifact, ArtifactTag, Gap, GapReason, Record

_REVISIONS = ("org.opencontainers.image.revision", "org.label-schema.vcs-ref")
_CREATED = "org.opencontainers.image.created"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_LARGEST = 2**62


def page_rows(source: str, payload: bytes) -> list[Record]:
    """The rows of a page."""
    page = json.loads(payload)
    return [*_tags(source, page), *_images(source, page)]


def _tags(source: str, page: Json) -> Iterator[ArtifactTag]:
    repository = page["repository"]
    for move in page["tags"]:
        yield ArtifactTag(
            id=f"oci:{source}#tag/{repository}:{move['tag']}/{page['read_at']}",
            source=source,
            repository=repository,
            tag=move["tag"],
            digest=move["digest"],
            previous=move["previous"],
            occurred_after_at=moment_or_none(page["seen_at"]),
            occurred_before_at=moment(page["read_at"]),
        )


def _images(source: str, page: Json) -> Iterator[Record]:
    images = {image["digest"]: _Described(image) for image in page["images"]}
    for digest, image in images.items():
        row = f"oci:{source}#image/{page['repository']}@{digest}"
        parts = [images.get(part["digest"]) for part in image.parts]
        yield Artifact(
            id=row,
            source=source,
            repository=page["repository"],
            digest=digest,
            media_type=image.told["media_type"],
            size_bytes=image.size_bytes(parts),
            created_at=image.created_at(parts),
            sha=image.sha(parts),
            first_seen_at=moment(image.told["first_seen_at"]),
        )
        losses = image.told["losses"]
        if losses:
            yield Gap(
                id=f"oci:{source}#gap/image/{page['repository']}@{digest}",
                source=source,
                reason=GapReason.UNREADABLE,
                what=f"{page['repository']}@{digest[:19]}…: {'; '.join(losses)}",
                fix="push it again, or delete the tag, if the registry lost a part of it",
                count=len(losses),
                about=row,
            )


class _Described:
    """What an image says of itself."""

    def __init__(self, image: Image) -> None:
        self.told = image
        self.manifest: Json = json.loads(image["manifest"]) if image["manifest"] else {}
        config = image["config"] or {}
        self._labels: dict[str, str] = {
            **_texts(self.manifest.get("annotations")),
            **config.get("labels", {}),
        }
        self._created = config.get("created") or self._labels.get(_CREATED)
        self.parts = parts_of(self.manifest)

    def size_bytes(self, parts: list[_Described | None]) -> int | None:
        """The size of its layers and configuration; of an index, that of all its images."""
        if self.parts:
            return _sum([part.size_bytes([]) if part else None for part in parts])
        layers = self.manifest.get("layers")
        if not isinstance(layers, list):
            return None
        return _sum([_size(each) for each in [*layers, self.manifest.get("config")]])

    def created_at(self, parts: list[_Described | None]) -> datetime | None:
        """When it was built; an index is no older than its newest image."""
        times = [part.created_at([]) if part else None for part in parts]
        own = _time(self._created)
        known = [time for time in times if time is not None]
        return max(known) if own is None and known and len(known) == len(times) else own

    def sha(self, parts: list[_Described | None]) -> str | None:
        """The commit it was built from; of an index, the one that all its images name."""
        for label in _REVISIONS:
            told = self._labels.get(label, "")
            if _COMMIT.fullmatch(told):
                return told
        named = {part.sha([]) if part else None for part in parts}
        return named.pop() if len(named) == 1 else None


def _texts(told: Json) -> dict[str, str]:
    notes: Mapping[str, Any] = told if isinstance(told, dict) else {}
    return {name: text for name, text in notes.items() if isinstance(text, str)}


def _size(descriptor: Json) -> int | None:
    size = descriptor.get("size") if isinstance(descriptor, dict) else None
    is_size = isinstance(size, int) and not isinstance(size, bool) and 0 <= size < _LARGEST
    return size if is_size else None


def _sum(sizes: list[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) and sum(known) < _LARGEST else None


def _time(told: Json) -> datetime | None:
    """A time that can be right: builds that are to repeat exactly claim to be of 1970 or before."""
    try:
        time = moment(told)
    except (TypeError, ValueError):
        return None
    return time if is_plausible(time) and time.year > 1980 else None

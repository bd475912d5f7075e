"""One reading of a repository: where its tags point now, and what is new since the one before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.interface import Batch, Cursor, Json
from connectors.oci.images import Image, read_images
from connectors.oci.known import Known, Memory
from connectors.oci.registry import Registry

Move = dict[str, Json]
"""`tag`, `digest` it points to from now on, and the `previous` one; null: nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a part of a reading found to be new, and the state after it."""

    moves: Sequence[Move]
    images: Sequence[Image]
    after: Known
    read_at: str


@dataclass
class Reading:
    """Reads a repository once."""

    registry: Registry
    repository: str
    memory: Memory
    clock: Callable[[], datetime]
    page_tags: int
    """Tags whose news make a page."""

    def __post_init__(self) -> None:
        self.dangling: list[str] = []
        """Tags that are listed and point to nothing that can be had."""
        self.restarted: str | None = None
        """Why readings before this state are not known."""

    def pages(self, cursor: Cursor | None) -> Iterator[Batch]:
        """Yields a page for each part of the list of tags that has news, with the state after it.

        Raises:
            HttpError: if the registry does not answer, or refuses the repository.
        """
        known = self.memory.known(cursor)
        self.restarted = known.restarted
        started_at = self.clock().isoformat()
        step: Step | None = None
        for following in self._steps(known):
            if step is not None:
                yield self._batch(known, step, step.after, is_last=False)
            step = following
        if step is None:
            self.memory.note(known, started_at)
        else:
            yield self._batch(known, step, replace(step.after, seen_at=started_at), is_last=True)

    def _steps(self, known: Known) -> Iterator[Step]:
        tags = self.registry.tags(self.repository)
        after = known
        for start in range(0, len(tags), self.page_tags):
            step = self._step(tags[start : start + self.page_tags], after)
            if step.moves or step.images:
                after = step.after
                yield step
        removed: list[Move] = [
            {"tag": tag, "digest": None, "previous": digest}
            for tag, digest in known.tags.items()
            if tag not in set(tags)
        ]
        if removed:
            left = {tag: digest for tag, digest in after.tags.items() if tag in set(tags)}
            yield Step(removed, [], replace(after, tags=left), self.clock().isoformat())

    def _step(self, tags: Sequence[str], known: Known) -> Step:
        pointing = {tag: self.registry.digest_of(self.repository, tag) for tag in tags}
        self.dangling += [tag for tag, digest in pointing.items() if digest is None]
        found = {tag: digest for tag, digest in pointing.items() if digest is not None}
        moves: list[Move] = [
            {"tag": tag, "digest": digest, "previous": known.tags.get(tag)}
            for tag, digest in found.items()
            if known.tags.get(tag) != digest
        ]
        images, unread = self._images([*dict.fromkeys(found.values())], known)
        read_at = self.clock().isoformat()
        seen = {**{image["digest"]: read_at for image in images}, **known.images}
        told = [{**image, "first_seen_at": seen[image["digest"]]} for image in images]
        after = replace(known, tags={**known.tags, **found}, images=seen, unread=tuple(unread))
        return Step(moves, told, after, read_at)

    def _images(self, digests: Sequence[str], known: Known) -> tuple[list[Image], list[str]]:
        """The images that were not seen, or not read, before; and what is still unread."""
        images: dict[str, Image] = {}
        unread = [digest for digest in known.unread if digest not in digests]
        for digest in digests:
            is_retried = digest in known.unread
            if digest in known.images and not is_retried:
                continue
            found = [*read_images(self.registry, self.repository, digest)]
            is_lost = bool(found[0]["losses"])
            if is_lost:
                unread.append(digest)
            if not (is_lost and is_retried):
                images.update((image["digest"], image) for image in found)
        return [*images.values()], unread

    def _batch(self, known: Known, step: Step, after: Known, *, is_last: bool) -> Batch:
        page = {
            "address": self.registry.address,
            "repository": self.repository,
            "seen_at": known.seen_at,
            "read_at": step.read_at,
            "tags": step.moves,
            "images": step.images,
        }
        payload = json.dumps(page, sort_keys=True).encode()
        return Batch(payload, self.memory.cursor(after), is_last=is_last)

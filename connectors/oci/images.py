"""Reading what an image says of itself: its manifest, those it is made of, and its configuration.

What is read is kept as it was sent, but for the configuration: of that only what describes the
image, since its environment and its history may hold secrets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.http.errors import NotFound, Refused, UnexpectedReply
from connectors.interface import Json
from connectors.oci.registry import Registry, is_digest

CONFIGURATIONS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
"""Media types of configurations that tell when an image was built, and its labels."""

_LABELS = ("org.opencontainers.image.", "org.label-schema.")
_FACTS = ("created", "architecture", "os", "variant")
_MOST_PARTS = 100
_MOST_CONFIGURATION_BYTES = 8 * 1024 * 1024
_ATTESTATION = "attestation-manifest"

Image = dict[str, Json]
"""`digest` and `media_type`; `manifest` as text or null; `config` or null; `losses` in words."""


def is_attestation(descriptor: Mapping[str, Any]) -> bool:
    """Whether a part of an index is what a builder attests of another part, and no image."""
    notes = descriptor.get("annotations")
    return isinstance(notes, dict) and notes.get("vnd.docker.reference.type") == _ATTESTATION


def parts_of(manifest: Json) -> list[Mapping[str, Any]]:
    """The images an index is made of; none of what is no index."""
    told = manifest.get("manifests") if isinstance(manifest, dict) else None
    found = [part for part in told if isinstance(part, dict)] if isinstance(told, list) else []
    return [part for part in found if is_digest(part.get("digest")) and not is_attestation(part)]


def read_images(registry: Registry, repository: str, digest: str) -> Iterator[Image]:
    """Yields an image and, of an index, the images it is made of: the asked one comes first.

    Raises:
        HttpError: if the registry does not answer, or refuses the repository.
    """
    waiting, known = [digest], {digest}
    for number in range(_MOST_PARTS + 1):
        if not waiting:
            return
        image, manifest = _image(registry, repository, waiting.pop(0))
        news = [part["digest"] for part in parts_of(manifest) if part["digest"] not in known]
        waiting += dict.fromkeys(news)
        known.update(news)
        if number == 0 and len(waiting) > _MOST_PARTS:
            image["losses"].append(f"of {len(waiting)} parts only {_MOST_PARTS} are read")
        yield image


def _image(registry: Registry, repository: str, digest: str) -> tuple[Image, Json]:
    image: Image = {"digest": digest, "media_type": None, "manifest": None, "config": None}
    image["losses"] = []
    try:
        reply = registry.manifest(repository, digest)
    except (NotFound, UnexpectedReply) as error:
        image["losses"].append(f"its manifest cannot be read: {error.what}")
        return image, None
    sent = reply.headers.get("Content-Type", "").partition(";")[0].strip()
    problem = _mismatch(reply.body, digest)
    manifest = None if problem else _parsed(reply.body)
    if manifest is None:
        image["losses"].append(f"its manifest {problem or 'is no JSON object'}")
        return image, None
    image["media_type"] = _text(manifest.get("mediaType")) or sent or None
    image["manifest"] = reply.body.decode()
    described = manifest.get("config")
    if isinstance(described, dict) and described.get("mediaType") in CONFIGURATIONS:
        image["config"], loss = _configuration(registry, repository, described)
        image["losses"] += [f"its configuration {loss}"] if loss else []
    return image, manifest


def _configuration(
    registry: Registry, repository: str, described: Mapping[str, Any]
) -> tuple[Json, str | None]:
    digest, size = described.get("digest"), described.get("size")
    if not is_digest(digest) or not isinstance(size, int):
        return None, "is not named by a digest and a size"
    if size > _MOST_CONFIGURATION_BYTES:
        return None, f"is larger than {_MOST_CONFIGURATION_BYTES:,} bytes"
    try:
        body = registry.blob(repository, digest).body
    except (Refused, UnexpectedReply) as error:
        return None, f"cannot be read: {error.what}"
    problem = _mismatch(body, digest)
    told = None if problem else _parsed(body)
    if told is None:
        return None, problem or "is no JSON object"
    inner = told.get("config")
    labels = inner.get("Labels") if isinstance(inner, dict) else None
    kept = {name: told[name] for name in _FACTS if name in told}
    return {**kept, "labels": _described(labels)}, None


def _described(labels: Json) -> dict[str, str]:
    told = labels.items() if isinstance(labels, dict) else ()
    return {n: text for n, text in told if n.startswith(_LABELS) and isinstance(text, str)}


def _mismatch(body: bytes, digest: str) -> str | None:
    """Why a content is not what its digest names; null if it is."""
    name, _, wanted = digest.partition(":")
    if name not in ("sha256", "sha384", "sha512"):
        return f"has a digest that cannot be checked: {name}"
    is_right = hashlib.new(name, body).hexdigest() == wanted
    return None if is_right else "is not what its digest names"


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _text(told: Json) -> str | None:
    return told if isinstance(told, str) and told and told.isascii() else None

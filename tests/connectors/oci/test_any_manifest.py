"""Whatever a registry sends as a manifest: rows that fit, or a gap, and never a break."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.http.errors import NotFound
from connectors.http.reply import Reply
from connectors.oci.images import CONFIGURATIONS, read_images
from connectors.oci.registry import Registry
from connectors.oci.rows import page_rows
from data.model import ENTITY_OF, Artifact, Gap

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def _digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


class Shelf:
    """Answers with what lies on it, as a registry would."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def put(self, told: Any) -> dict[str, Any]:
        body = json.dumps(told).encode()
        self.bodies[_digest(body)] = body
        return {"digest": _digest(body), "size": len(body)}

    def manifest(self, _repository: str, digest: str) -> Reply:
        if digest not in self.bodies:
            raise NotFound("answered 404", digest, "push it again", 404)
        return Reply(digest, digest, 200, {}, self.bodies[digest])

    blob = manifest


_KINDS = st.sampled_from(sorted(CONFIGURATIONS)) | _JSON


@st.composite
def shelves(draw: st.DrawFn) -> tuple[Shelf, str]:
    """An index or an image, whose parts are there, missing, or something else."""
    shelf = Shelf()
    config = draw(
        _JSON
        | st.fixed_dictionaries(
            {"created": _JSON, "config": st.fixed_dictionaries({"Labels": _JSON})}
        )
    )
    told: dict[str, Any] = {
        "mediaType": draw(_JSON),
        "config": draw(_JSON | st.just({**shelf.put(config), "mediaType": draw(_KINDS)})),
        "layers": draw(_JSON | st.lists(st.fixed_dictionaries({"size": _JSON}), max_size=3)),
        "annotations": draw(_JSON),
    }
    part = shelf.put(told)
    if draw(st.booleans()):
        missing = {"digest": "sha256:" + "0" * 64}
        parts = draw(st.lists(st.sampled_from([part, missing, {"digest": 1}, 7]), max_size=4))
        part = shelf.put({"manifests": parts or draw(_JSON), **draw(_notes())})
    return shelf, part["digest"]


def _notes() -> st.SearchStrategy[dict[str, Any]]:
    created = {"org.opencontainers.image.created": _JSON, "org.label-schema.vcs-ref": _JSON}
    return st.fixed_dictionaries({"annotations": _JSON | st.fixed_dictionaries(created)})


@settings(max_examples=50, deadline=None)
@given(shelves())
def test_any_manifest_makes_rows_that_fit(found: tuple[Shelf, str]) -> None:
    shelf, digest = found
    images = [*read_images(cast(Registry, shelf), "acme/web", digest)]
    told = [{**image, "first_seen_at": "2026-03-01T12:00:00+00:00"} for image in images]
    page = {"repository": "acme/web", "seen_at": None, "read_at": "2026-03-01T12:00:00+00:00"}
    payload = json.dumps({**page, "tags": [], "images": told}).encode()
    rows = page_rows("images", payload)
    assert [ENTITY_OF[type(row)].misfit(row) for row in rows] == [None] * len(rows)
    assert next(row for row in rows if isinstance(row, Artifact)).digest == digest
    lost = sum(bool(image["losses"]) for image in images)
    assert sum(isinstance(row, Gap) for row in rows) == lost

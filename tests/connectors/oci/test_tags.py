"""What becomes of tags between two readings of a real registry."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from connectors import state_file
from tests.connectors.oci.reading import Reader
from tests.servers.docker_registry import DockerRegistry

HOUR = timedelta(hours=1)


def test_the_first_reading_tells_where_tags_point_and_claims_no_time_they_came(
    registry: DockerRegistry, reader: Reader
) -> None:
    digest = registry.push("acme/web", "v1")
    move = reader.read().moves["acme/web:v1"]
    assert (move.digest, move.previous, move.occurred_after_at) == (digest, None, None)
    assert move.occurred_before_at == reader.time.at


def test_a_moved_tag_is_an_event_between_the_two_readings(
    registry: DockerRegistry, reader: Reader
) -> None:
    old = registry.push("acme/web", "latest", labels={"n": "1"})
    reader.read()
    first_at = reader.time.at
    new = registry.push("acme/web", "latest", labels={"n": "2"})
    (move,) = reader.read().moves.values()
    assert (move.digest, move.previous) == (new, old)
    assert (move.occurred_after_at, move.occurred_before_at) == (first_at, first_at + HOUR)


def test_a_reading_that_found_nothing_new_makes_the_next_bound_narrower(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "latest", labels={"n": "1"})
    reader.read()
    for _ in range(3):
        assert not reader.read().payloads
    quiet_at = reader.time.at
    registry.push("acme/web", "latest", labels={"n": "2"})
    (move,) = reader.read().moves.values()
    assert move.occurred_after_at == quiet_at


def test_what_comes_to_a_repository_that_was_read_empty_came_after_that(
    registry: DockerRegistry, reader: Reader
) -> None:
    digest = registry.push("acme/web", "v1")
    registry.delete("acme/web", digest)
    assert not reader.read().rows
    empty_at = reader.time.at
    registry.push("acme/web", "v2", labels={"n": "2"})
    assert reader.read().moves["acme/web:v2"].occurred_after_at == empty_at


def test_a_deleted_manifest_takes_its_tags_away_and_stays_known(
    registry: DockerRegistry, reader: Reader
) -> None:
    digest = registry.push("acme/web", "v1")
    registry.push("acme/web", "stable")
    registry.push("acme/web", "v2", labels={"n": "2"})
    reader.read()
    registry.delete("acme/web", digest)
    found = reader.read()
    gone = {name: (move.digest, move.previous) for name, move in found.moves.items()}
    assert gone == {"acme/web:v1": (None, digest), "acme/web:stable": (None, digest)}
    assert not found.gaps


def test_a_rollback_of_a_tag_asks_for_no_image_again_and_keeps_when_it_was_first_seen(
    registry: DockerRegistry, reader: Reader
) -> None:
    old = registry.push("acme/web", "latest", labels={"n": "1"})
    first = reader.read().images[old].first_seen_at
    registry.push("acme/web", "latest", labels={"n": "2"})
    reader.read()
    registry.push("acme/web", "latest", labels={"n": "1"})
    connector = reader.connector()
    found = reader.read_by(connector)
    assert [move.digest for move in found.moves.values()] == [old]
    assert not found.images
    assert connector.requests.sent == 3  # the catalogue, the tags, and where the one points
    assert first is not None


def test_a_state_too_large_for_a_cursor_is_kept_in_a_file(
    registry: DockerRegistry, reader: Reader
) -> None:
    digest = registry.push("acme/web", "v1")
    with patch.object(state_file, "_LARGEST_IN_CURSOR", 50):
        reader.read()
        assert set(reader.cursors["tags:acme/web"]) == {"address", "file"}
        assert not reader.read().payloads
        registry.push("acme/web", "v1", labels={"n": "2"})
        (move,) = reader.read().moves.values()
    assert move.previous == digest


def test_a_lost_file_starts_over_and_says_so(registry: DockerRegistry, reader: Reader) -> None:
    registry.push("acme/web", "v1")
    with patch.object(state_file, "_LARGEST_IN_CURSOR", 50):
        reader.read()
        for path in (reader.folder / "mirrors").rglob("state-*.json"):
            path.unlink()
        found = reader.read()
    assert found.moves["acme/web:v1"].occurred_after_at is None
    (gap,) = found.standing
    assert "is lost" in gap.what
    assert reader.read().standing == [gap]


def test_another_address_starts_over_and_says_so(registry: DockerRegistry, reader: Reader) -> None:
    registry.push("acme/web", "v1")
    reader.read()
    reader.settings["url"] = registry.url.replace("127.0.0.1", "localhost")
    found = reader.read()
    assert found.moves["acme/web:v1"].occurred_after_at is None
    assert registry.url in found.standing[0].what


def test_a_tag_that_points_to_nothing_is_a_gap_and_no_event(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1")
    registry.push("acme/web", "v2", labels={"n": "2"})
    reader.read()
    content = reader.folder / "registry" / "content"
    (link,) = content.rglob("_manifests/tags/v1/current/link")
    digest = link.read_text().removeprefix("sha256:")
    (blob,) = content.rglob(f"blobs/sha256/*/{digest}/data")
    blob.unlink()
    found = reader.read()
    assert not found.rows
    assert [gap.count for gap in found.standing] == [1]
    assert "v1" in found.standing[0].what

"""What images say of themselves, on a real registry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.connectors.loopback import Answer, Asked
from tests.connectors.oci.proxy import HeadServer, Proxy, is_about
from tests.connectors.oci.reading import Reader
from tests.servers.docker_registry import (
    DOCKER_LIST,
    OCI_INDEX,
    OCI_MANIFEST,
    DockerRegistry,
)

REVISION = "org.opencontainers.image.revision"
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("is_docker", [False, True])
def test_an_image_tells_when_it_was_built_of_which_commit_and_its_size(
    registry: DockerRegistry, reader: Reader, is_docker: bool
) -> None:
    digest = registry.push("acme/web", "v1", labels={REVISION: SHA}, is_docker=is_docker)
    (image,) = reader.read().images.values()
    assert (image.digest, image.sha, image.repository) == (digest, SHA, "acme/web")
    assert image.created_at == datetime(2026, 2, 1, 10, 0, 0, 123456, UTC)
    assert image.first_seen_at == reader.time.at
    assert image.size_bytes is not None
    assert image.size_bytes > len(b"a layer")


def test_what_is_not_told_is_unknown(registry: DockerRegistry, reader: Reader) -> None:
    registry.push("acme/web", "v1", created=None, labels={REVISION: "main"})
    registry.push("acme/web", "v2", created="1970-01-01T00:00:00Z")
    registry.push("acme/web", "v3", created="yesterday")
    found = reader.read()
    assert {(image.created_at, image.sha) for image in found.images.values()} == {(None, None)}


def test_annotations_tell_what_the_configuration_does_not(
    registry: DockerRegistry, reader: Reader
) -> None:
    notes = {REVISION: SHA, "org.opencontainers.image.created": "2026-02-03T04:05:06+01:00"}
    chart = {
        "mediaType": "application/vnd.cncf.helm.config.v1+json",
        **registry.blob("charts/web", b'{"name": "web"}'),
    }
    registry.push("charts/web", "1.0.0", config=chart, annotations=notes)
    (image,) = reader.read().images.values()
    assert image.created_at == datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)
    assert image.sha == SHA


@pytest.mark.parametrize("kind", [OCI_INDEX, DOCKER_LIST])
def test_an_index_is_the_sum_of_its_images(
    registry: DockerRegistry, reader: Reader, kind: str
) -> None:
    is_docker = kind == DOCKER_LIST
    parts = [
        registry.push(
            "acme/web", f"v1-{hour}", f"2026-02-01T{hour}:00:00Z", {REVISION: SHA}, is_docker
        )
        for hour in (10, 11)
    ]
    index = registry.index("acme/web", "v1", parts, kind)
    images = reader.read().images
    assert images.keys() == {index, *parts}
    assert images[index].media_type == kind
    assert images[index].sha == SHA
    assert images[index].created_at == images[parts[1]].created_at
    assert images[index].size_bytes == sum(images[part].size_bytes or 0 for part in parts)


def test_images_of_two_commits_leave_the_commit_of_their_index_unknown(
    registry: DockerRegistry, reader: Reader
) -> None:
    parts = [registry.push("acme/web", f"v1-{n}", labels={REVISION: str(n) * 40}) for n in range(2)]
    index = registry.index("acme/web", "v1", parts)
    assert reader.read().images[index].sha is None


def test_what_a_builder_attests_is_no_image(registry: DockerRegistry, reader: Reader) -> None:
    image, attested = registry.push("acme/web", "v1"), registry.push("acme/web", "x", None)
    kept = {"mediaType": OCI_MANIFEST, "digest": image, "size": 400}
    note = {"vnd.docker.reference.type": "attestation-manifest"}
    attestation = {"mediaType": OCI_MANIFEST, "digest": attested, "size": 4, "annotations": note}
    index = registry.index("acme/web", "v1", [], manifests=[kept, attestation])
    reader.settings["repositories"] = ["acme/web"]
    first = reader.read()
    assert first.images[index].created_at == first.images[image].created_at
    assert attested.encode() in b"".join(first.payloads)


def test_environment_and_history_of_an_image_are_not_kept(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1", labels={"secret-label": "label-secret", REVISION: SHA})
    kept = b"".join(reader.read().payloads)
    assert SHA.encode() in kept
    assert b"env-secret-0123456789" not in kept
    assert b"label-secret" not in kept


def test_an_image_that_cannot_be_read_is_a_gap_until_it_can(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1", labels={REVISION: SHA})
    proxy = Proxy(registry.url)
    with HeadServer(proxy) as server:
        reader.settings["url"] = server.url

        def forged(asked: Asked, answer: Answer) -> Answer:
            is_forged = asked.method == "GET" and is_about(asked, "acme/web", "manifests")
            return Answer(200, b'{"config": 1}', answer.headers) if is_forged else answer

        proxy.damage = forged
        found = reader.read()
        (image,) = found.images.values()
        (gap,) = found.gaps
        assert (image.sha, image.created_at, image.size_bytes) == (None, None, None)
        assert gap.about == image.id
        assert "not what its digest names" in gap.what
        assert not reader.read().payloads
        proxy.damage = lambda _, answer: answer
        (mended,) = reader.read().images.values()
    assert (mended.id, mended.sha, mended.first_seen_at) == (image.id, SHA, image.first_seen_at)


def test_a_registry_that_tells_no_digest_is_read_by_its_content(
    registry: DockerRegistry, reader: Reader
) -> None:
    digest = registry.push("acme/web", "v1")
    proxy = Proxy(registry.url)

    def silent(_: Asked, answer: Answer) -> Answer:
        told = {n: t for n, t in answer.headers.items() if n != "Docker-Content-Digest"}
        return Answer(answer.status, answer.body, told)

    proxy.damage = silent
    with HeadServer(proxy) as server:
        reader.settings["url"] = server.url
        assert reader.read().moves["acme/web:v1"].digest == digest


def test_the_storage_behind_a_registry_is_followed_to_and_told_no_password(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1", labels={REVISION: SHA})
    front, storage = Proxy(registry.url), Proxy(registry.url)
    with HeadServer(storage) as behind, HeadServer(front) as server:

        def sent_on(asked: Asked, answer: Answer) -> Answer:
            if is_about(asked, "acme/web", "blobs"):
                return Answer(307, b"", {"Location": f"{behind.url}{asked.path}?signature=s"})
            return answer

        front.damage = sent_on
        (reader.folder / "password").write_text("pass-0123456789")
        reader.settings |= {"url": server.url, "username": "me", "password": "file:password"}
        (image,) = reader.read().images.values()
        assert any("authorization" in asked.headers for asked in server.asked)
    assert image.sha == SHA
    assert [asked.params for asked in behind.asked] == [{"signature": "s"}]
    assert not any("authorization" in asked.headers for asked in behind.asked)

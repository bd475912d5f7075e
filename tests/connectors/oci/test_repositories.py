"""Which repositories of a registry are read."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from pydantic import ValidationError

from connectors.interface import Severity
from connectors.oci import registry as asking
from connectors.oci.settings import OciSettings
from tests.connectors.loopback import Asked
from tests.connectors.oci.proxy import HeadServer, Proxy
from tests.connectors.oci.reading import Reader
from tests.servers.docker_registry import DockerRegistry


def test_a_list_of_several_pages_is_read_to_its_end(
    registry: DockerRegistry, reader: Reader
) -> None:
    names = [f"acme/service-{number}" for number in range(5)]
    for name in names:
        registry.push(name, "v1")
    with patch.object(asking, "_PAGE", 2):
        assert set(reader.read().moves) == {f"{name}:v1" for name in names}


def test_patterns_choose_among_those_that_are_listed(
    registry: DockerRegistry, reader: Reader
) -> None:
    for name in ("acme/web", "acme/web-cache", "sandbox/web"):
        registry.push(name, "v1")
    reader.settings |= {"include": ["acme/*"], "exclude": ["*-cache"]}
    assert set(reader.read().moves) == {"acme/web:v1"}


def test_patterns_that_match_nothing_are_a_gap(registry: DockerRegistry, reader: Reader) -> None:
    registry.push("acme/web", "v1")
    reader.settings["include"] = ["acme-web"]
    assert "no repository that is to be read" in reader.read().standing[0].what


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_registry_that_lists_nothing_is_a_gap_that_says_what_to_write(
    registry: DockerRegistry, reader: Reader, status: int
) -> None:
    registry.push("acme/web", "v1")
    proxy = Proxy(registry.url)

    def refused(asked: Asked) -> int:
        return status if asked.path == "/v2/_catalog" else 0

    proxy.refused = refused
    with HeadServer(proxy) as server:
        reader.settings["url"] = server.url
        found = reader.read()
        assert not found.rows
        assert ("name them" in found.standing[0].fix) == (status != 401)
        reader.settings["repositories"] = ["acme/web"]
        named = reader.read()
    assert set(named.moves) == {"acme/web:v1"}
    assert not named.gaps


def test_a_repository_that_is_not_there_is_a_gap_and_the_others_are_read(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1")
    reader.settings["repositories"] = ["acme/wbe", "acme/web"]
    found = reader.read()
    assert set(found.moves) == {"acme/web:v1"}
    (gap,) = found.standing
    assert "acme/wbe/tags/list" in gap.what
    assert gap.reason == "not_found"


def test_doctor_counts_repositories_and_tags(registry: DockerRegistry, reader: Reader) -> None:
    registry.push("acme/web", "v1")
    assert [finding.what for finding in reader.connector().check()] == [
        "1 repositories are read",
        "answers with 1 tags",
    ]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("registry.example.com", "https://registry.example.com"),
        ("https://registry.example.com/v2/", "https://registry.example.com"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
    ],
)
def test_an_address_is_known_however_it_is_written(told: str, address: str) -> None:
    assert OciSettings.model_validate({"url": told}).url == address


@pytest.mark.parametrize(
    "wrong",
    [
        {"repositories": ["acme/web:v1"]},
        {"repositories": ["Acme"]},
        {"username": "reader"},
        {"password": "the password itself", "username": "reader"},
        {"url": "https://user:secret@registry.example.com"},
        {"auth_host": "https://auth.example.com/token"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as error:
        OciSettings.model_validate({"url": "registry.example.com", **wrong})
    assert "the password itself" not in str(error.value)


def test_doctor_names_the_right_to_pull_where_it_is_missing(
    registry: DockerRegistry, reader: Reader
) -> None:
    registry.push("acme/web", "v1")
    proxy = Proxy(registry.url)
    proxy.refused = lambda asked: 403 if asked.path.endswith("/tags/list") else 0
    with HeadServer(proxy) as server:
        reader.settings["url"] = server.url
        _, finding = reader.connector().check()
    assert finding.severity is Severity.ERROR
    assert "repository:acme/web:pull" in finding.fix

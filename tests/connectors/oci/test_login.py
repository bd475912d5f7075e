"""What a registry demands: a password, or a token that another server issues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from connectors.http.retry import Timing
from connectors.oci.login import Login, LoginRefused, challenges
from tests.connectors.loopback import LoopbackServer
from tests.connectors.oci.reading import Reader
from tests.connectors.oci.token_server import TokenServer
from tests.servers.docker_registry import PASSWORD, USER, DockerRegistry, docker_registry


@contextmanager
def guarded(folder: Path, tokens: TokenServer) -> Iterator[tuple[Reader, str]]:
    """A registry with two images that takes tokens only; yields a reader and the issuer's host."""
    with ExitStack() as running:
        issuer = running.enter_context(LoopbackServer(tokens))
        realm = tokens.configuration(f"{issuer.url}/token")
        url = running.enter_context(docker_registry(folder / "registry", realm))
        for repository in ("acme/api", "acme/web"):
            access = [{"type": "repository", "name": repository, "actions": ["pull", "push"]}]
            headers = {"Authorization": f"Bearer {tokens.token(access)}"}
            DockerRegistry(url, headers=headers).push(repository, "v1")
        yield Reader(folder, url=url), issuer.url.removeprefix("http://")


def test_a_token_is_asked_for_without_a_password_where_everybody_may_read(tmp_path: Path) -> None:
    tokens = TokenServer(tmp_path)
    with guarded(tmp_path, tokens) as (reader, _):
        assert set(reader.read().moves) == {"acme/api:v1", "acme/web:v1"}
    assert tokens.scopes == [
        "registry:catalog:*",
        "repository:acme/api:pull",
        "repository:acme/web:pull",
    ]


def test_the_password_buys_the_token_where_its_host_is_allowed(tmp_path: Path) -> None:
    tokens = TokenServer(tmp_path, PASSWORD)
    (tmp_path / "password").write_text(PASSWORD)
    with guarded(tmp_path, tokens) as (reader, host):
        reader.settings |= {"username": USER, "password": "file:password", "auth_host": host}
        assert set(reader.read().moves) == {"acme/api:v1", "acme/web:v1"}


def test_the_password_is_sent_to_no_other_host_that_nobody_allowed(tmp_path: Path) -> None:
    tokens = TokenServer(tmp_path, PASSWORD)
    (tmp_path / "password").write_text(PASSWORD)
    with guarded(tmp_path, tokens) as (reader, host):
        reader.settings |= {"username": USER, "password": "file:password"}
        with pytest.raises(LoginRefused, match=f'auth_host = "{host}"'):
            reader.read()
        (finding,) = reader.connector().check()
        assert host in finding.what
    assert tokens.scopes == []


def test_a_token_that_ran_out_is_asked_for_again(tmp_path: Path) -> None:
    tokens = TokenServer(tmp_path)
    tokens.lifetime_seconds = -600
    with guarded_at_last(tmp_path, tokens) as (reader, connector_tokens):
        connector = reader.connector()
        assert "401" in reader.read_by(connector).standing[0].what
        connector_tokens.lifetime_seconds = 300
        assert reader.read_by(connector).moves


@contextmanager
def guarded_at_last(folder: Path, tokens: TokenServer) -> Iterator[tuple[Reader, TokenServer]]:
    wanted, tokens.lifetime_seconds = tokens.lifetime_seconds, 300
    with guarded(folder, tokens) as (reader, _):
        tokens.lifetime_seconds = wanted
        yield reader, tokens


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong-0123456789")
    with docker_registry(tmp_path / "registry", has_password=True) as url:
        reader = Reader(tmp_path, url=url, username=USER, password="file:password")
        (gap,) = reader.read().standing
        assert "401" in gap.what
        assert "wrong-0123456789" not in str(gap)
        findings = reader.connector().check()
    assert [finding.severity for finding in findings] == ["error"]


def test_several_challenges_are_told_apart() -> None:
    told = (
        'Bearer realm="https://a.example/t",service="s",scope="repository:x:pull", Basic realm="b"'
    )
    assert challenges({"WWW-Authenticate": told}) == {
        "bearer": {"realm": "https://a.example/t", "service": "s", "scope": "repository:x:pull"},
        "basic": {"realm": "b"},
    }
    assert challenges({}) == {}


def test_a_password_is_sent_nowhere_without_encryption_that_was_there_before(
    tmp_path: Path,
) -> None:
    login = Login("https://registry.example", Timing(Reader(tmp_path).time.now), None, None)
    refusal = {"WWW-Authenticate": 'Bearer realm="http://registry.example/token"'}
    with pytest.raises(LoginRefused, match="without encryption"):
        login.learn(refusal, "")

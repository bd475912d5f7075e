"""Whether sign-in is asked for, and what must be there for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.access.required import CookieSecretRefused, required, secrets
from connectors.credential import CredentialError
from data.configuration import ConfigurationError
from tests.app.access.claimed import SETTINGS
from tests.app.cli.running import run

SECTION = """
[sign_in]
provider = "https://login.example/.well-known/openid-configuration"
client_id = "cairn"
client_secret = "env:CLIENT_SECRET"
cookie_secret = "file:cookie.secret"
redirect = "https://cairn.example/oauth2callback"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cairn.toml"


@pytest.mark.parametrize("text", [None, "", "team = 3\n", "not toml"])
def test_nobody_has_to_sign_in_where_nothing_speaks_of_it(path: Path, text: str | None) -> None:
    if text is not None:
        path.write_text(text)
    assert required(path) is None


def test_a_section_asks_for_it(path: Path) -> None:
    path.write_text(SECTION)
    found = required(path)
    assert found is not None
    assert found.client_id == "cairn"


@pytest.mark.parametrize("wrong", ["not toml\n", "team = 3\n", "[organisation]\nnam = 'a'\n"])
def test_a_mistake_elsewhere_lets_nobody_in(path: Path, wrong: str) -> None:
    path.write_text(wrong + SECTION)
    with pytest.raises(ConfigurationError):
        required(path)


def test_a_file_that_cannot_be_read_lets_nobody_in(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError):
        required(path)


def test_secrets_are_taken_from_where_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "a secret")
    (tmp_path / "cookie.secret").write_text("c" * 32 + "\n")
    settings = SETTINGS.model_copy(update={"cookie_secret": "file:cookie.secret"})
    told = secrets(settings, tmp_path)["auth"]
    assert (told["client_secret"], told["cookie_secret"]) == ("a secret", "c" * 32)


def test_a_secret_that_is_missing_or_short_is_told_before_anybody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_SECRET", "a secret")
    monkeypatch.delenv("COOKIE_SECRET", raising=False)
    with pytest.raises(CredentialError, match="env:COOKIE_SECRET: there is no token"):
        secrets(SETTINGS, tmp_path)
    monkeypatch.setenv("COOKIE_SECRET", "c" * 31)
    with pytest.raises(CookieSecretRefused, match="fewer than 32 characters") as refused:
        secrets(SETTINGS, tmp_path)
    assert "ccc" not in str(refused.value)


def test_nothing_is_served_until_the_section_is_right(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLIENT_SECRET", raising=False)
    path.write_text(SECTION.replace("client_id", "client"))
    done = run(path.parent, "serve", "--port", "0")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"cairn: {path}, line 4: unknown key `client`")
    required.cache_clear()
    path.write_text(SECTION)
    (path.parent / "cookie.secret").write_text("c" * 32)
    done = run(path.parent, "serve", "--port", "0")
    assert done.exit_code == 3
    assert done.stderr == (
        "cairn: env:CLIENT_SECRET: there is no token; set it there, or name another place\n"
    )


def test_no_header_says_who_somebody_is(path: Path) -> None:
    """Streamlit can be told to believe a header more than its signed cookie."""
    (path.parent / ".streamlit").mkdir()
    headers = '[server]\ntrustedUserHeaders = {"X-User" = "email"}\n'
    (path.parent / ".streamlit" / "config.toml").write_text(headers)
    program = """
import socket, uvicorn
from streamlit import config
from app.cli.serve import _run

uvicorn.Server.run = lambda *_, **__: print(config.get_option("server.trustedUserHeaders"))
print(config.get_option("server.trustedUserHeaders"))
_run(socket.socket(), "localhost", 0, [])
"""
    where = {**os.environ, "HOME": str(path.parent), "CAIRN_DATA": str(path.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=where, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["{'X-User': 'email'}", "{}"]

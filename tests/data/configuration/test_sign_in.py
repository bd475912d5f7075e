"""How people sign in: what is wrong or missing is told with its line, and no secret is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.configuration import ConfigurationError, load

GOOD = """\
[organisation]
name = "Example"

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


def refusal(path: Path, text: str) -> ConfigurationError:
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        load(path)
    return refused.value


def test_without_the_section_nobody_signs_in(path: Path) -> None:
    path.write_text("")
    assert load(path).sign_in is None


def test_a_good_section_says_how(path: Path) -> None:
    path.write_text(GOOD)
    found = load(path).sign_in
    assert found is not None
    assert (found.host, found.is_encrypted, found.hours, found.only) == (
        "cairn.example", True, 12, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    "redirect", ["http://localhost:{port}/oauth2callback", "http://127.0.0.1:8501/oauth2callback"]
)
def test_this_machine_itself_needs_no_encryption(path: Path, redirect: str) -> None:
    path.write_text(GOOD.replace("https://cairn.example/oauth2callback", redirect))
    found = load(path).sign_in
    assert found is not None
    assert found.host in ("localhost", "127.0.0.1")
    assert not found.is_encrypted


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ('client_id = "cairn"\n', "", 4, "key `client_id` is missing; add `client_id = …`"),
        ("client_id", "client", 6, "unknown key `client` (the first of 2 mistakes)"),
        ('"cairn"', '""', 6, "`client_id`: string should have at least 1 character"),
        ("env:CLIENT_SECRET", "hunter2", 7, "must be env:NAME or file:PATH, never the secret"),
        ("file:cookie.secret", "hunter2", 8, "must be env:NAME or file:PATH, never the secret"),
        ("https://login", "http://login", 5, "`provider`: must begin with https://"),
        ("https://login.example", "login.example", 5, "write it with https:// and host"),
        ("https://login", "https://a:hunter2@login", 5, "write the address alone"),
        ("https://login.example", "https://login.example:x", 5, "write it with https:// and host"),
        ("https://cairn", "http://cairn", 9, "`redirect`: must begin with https://"),
        ("/oauth2callback", "/back", 9, "`redirect`: must end in `/oauth2callback`"),
        ("callback", "callback?x=1", 9, "write the address alone"),
        ('callback"', 'callback"\nhours = 0', 10, "`hours`: input should be greater than or"),
        ('callback"', 'callback"\nhours = 169', 10, "`hours`: input should be less than or"),
        ('callback"', 'callback"\nonly = "*@a.example"', 10, 'write a list: `only = ["…"]`'),
    ],
)
def test_a_wrong_or_half_section_is_told_with_its_line(
    path: Path, good: str, bad: str, line: int, said: str
) -> None:
    assert good in GOOD
    error = refusal(path, GOOD.replace(good, bad, 1))
    assert said in str(error)
    assert error.where == f"{path}, line {line}"
    assert "hunter2" not in str(error)
    assert "\n" not in str(error)

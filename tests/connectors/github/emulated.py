"""Somebody else's GitHub: the npm package `emulate`, on loopback. See `test_emulate.py`."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from connectors.github.connector import GitHub
from connectors.github.settings import Settings
from connectors.interface import Context
from connectors.sync import SourceResult
from tests.connectors.conformance import HOTFIX_PATTERN
from tests.connectors.house import House

TOKEN = "test_token_admin"
ISSUES = 130
APP = {"id": 7, "private_key": "file:app.pem"}
_PROGRAM = Path("node_modules", "emulate", "dist", "index.js")
_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Emulated:
    """The server, and a folder for what a source of it needs."""

    url: str
    folder: Path

    def tell(self, method: str, path: str, **told: Any) -> Any:
        """Changes something there."""
        headers = {"Authorization": f"token {TOKEN}"}
        url = f"{self.url}/{path}"
        reply = requests.request(method, url, json=told, headers=headers, timeout=_PATIENCE_SECONDS)
        reply.raise_for_status()
        return reply.json()

    @property
    def context(self) -> Context:
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern=HOTFIX_PATTERN,
            clock=lambda: datetime.now(UTC),
            progress=lambda what, done, total: None,
        )

    def source(self, organisation: str = "acme", **settings: Any) -> GitHub:
        """A source of it, whose API lies at the root, where no server has it."""
        given: dict[str, Any] = {"organisation": organisation, "token": "file:token.txt"}
        given |= settings
        made = Settings(**given).model_copy(update={"url": self.url})
        return GitHub("code", made, self.context)

    def sync(self, house: House, **settings: Any) -> SourceResult:
        """Reads two repositories of the organisation."""
        names = ["acme/web", "acme/empty"]
        rules = [{"from": "releases"}, {"from": "tags"}]
        made = self.source(repositories=names, deployments=rules, **settings)
        return house.sync(made, self.context)


@contextmanager
def emulating(folder: Path) -> Iterator[Emulated]:
    """The server with something to read, until it is left; skips the test if there is none."""
    named = os.environ.get("CAIRN_EMULATE")
    if not named or not (Path(named) / _PROGRAM).is_file():
        pytest.skip("CAIRN_EMULATE names no folder with emulate@0.12.2 in its node_modules")
    (folder / "token.txt").write_text(TOKEN)
    (folder / "app.pem").write_text(_key())
    with _running(_node(), Path(named) / _PROGRAM, folder) as url:
        made = Emulated(url, folder)
        _happen(made)
        yield made


def _happen(emulated: Emulated) -> None:
    """What there is to read."""
    path = "repos/acme/web"
    head = emulated.tell("GET", f"{path}/git/ref/heads/main")["object"]["sha"]
    emulated.tell("POST", f"{path}/git/refs", ref="refs/tags/v1", sha=head)
    file = base64.b64encode(b"FROM scratch\n").decode()
    message = "Build it\n\nCo-authored-by: Dev <dev-1@example.com>"
    emulated.tell("PUT", f"{path}/contents/Dockerfile", message=message, content=file)
    emulated.tell("POST", f"{path}/releases", tag_name="v1.0.0")
    rules = {
        "required_status_checks": {"strict": True, "contexts": ["build"]},
        "required_pull_request_reviews": {"required_approving_review_count": 2},
    }
    emulated.tell(
        "PUT", f"{path}/branches/main/protection", enforce_admins=True, restrictions=None, **rules
    )
    for number in range(ISSUES):
        emulated.tell("POST", f"{path}/issues", title=f"Issue {number}")


@contextmanager
def _running(node: str, program: Path, folder: Path) -> Iterator[str]:
    """Serves on loopback until left."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    (folder / "seed.json").write_text(json.dumps(_seed((folder / "app.pem").read_text())))
    command = [node, str(program), "start", "--service", "github", "--port", str(port)]
    command += ["--base-url", url, "--seed", "seed.json"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server,
    ):
        try:
            _await(url)
            yield url
        finally:
            server.terminate()


def _await(url: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        retry = Retry(total=40, backoff_factor=0.05, backoff_max=0.5)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.get(f"{url}/meta", timeout=_PATIENCE_SECONDS)


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the PATH")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"v(\d+)", said)
    if version is None or int(version[1]) < 24:
        pytest.skip(f"node on the PATH is {said.strip()}: emulate needs 24 or newer")
    return node


def _key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def _seed(key: str) -> Any:
    """The accounts, their repositories, and an app that is installed in the organisation."""
    members = [{"login": "dev-1", "role": "admin"}, {"login": "reviewer-2"}]
    app = {
        "app_id": APP["id"],
        "slug": "cairn-reader",
        "name": "Cairn reader",
        "private_key": key,
        "permissions": {"contents": "read", "administration": "read"},
        "installations": [{"installation_id": 100, "account": "acme"}],
    }
    return {
        "tokens": {TOKEN: {"login": "dev-1", "scopes": ["repo", "user", "admin:org"]}},
        "github": {
            "users": [{"login": member["login"]} for member in members],
            "orgs": [{"login": "acme", "name": "Acme", "members": members}],
            "repos": [
                {"owner": "acme", "name": "web"},
                {"owner": "acme", "name": "empty", "auto_init": False},
                {"owner": "dev-1", "name": "one"},
                {"owner": "dev-1", "name": "two"},
            ],
            "apps": [app],
        },
    }

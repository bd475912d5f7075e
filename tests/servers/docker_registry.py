"""A real registry (Debian's package `docker-registry`) on loopback, and what is pushed to it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
import requests

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"

USER, PASSWORD = "reader", "pass-0123456789abcdef"
_HTPASSWD = f"{USER}:$2y$04$abcdefghijklmnopqrstuuL.DJeIq4zeuv6PmShudN0p0yGQMQBAS\n"
"""The password above under bcrypt with its lowest cost, and a salt of letters in order."""

Json = Any


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True)
class DockerRegistry:
    """A running registry."""

    url: str
    auth: tuple[str, str] | None = None
    headers: Mapping[str, str] | None = None
    session: requests.Session = field(default_factory=requests.Session)
    pushed: set[tuple[str, str]] = field(default_factory=set)
    """Blobs that are there already: repository and digest."""

    def push(
        self,
        repository: str,
        tag: str,
        created: str | None = "2026-02-01T10:00:00.123456789Z",
        labels: Mapping[str, str] | None = None,
        is_docker: bool = False,
        **manifest: Json,
    ) -> str:
        """Pushes an image with one layer under a tag; returns its digest."""
        config: Json = {"architecture": "amd64", "os": "linux", "config": {"Labels": labels}}
        config["config"]["Env"] = ["LEAKED=env-secret-0123456789"]
        if created is not None:
            config["created"] = created
        kinds = (DOCKER_MANIFEST, DOCKER_CONFIG) if is_docker else (OCI_MANIFEST, OCI_CONFIG)
        layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"}
        return self.put(
            repository,
            tag,
            {
                "schemaVersion": 2,
                "mediaType": kinds[0],
                "config": {
                    "mediaType": kinds[1],
                    **self.blob(repository, json.dumps(config).encode()),
                },
                "layers": [{**layer, **self.blob(repository, b"a layer")}],
                **manifest,
            },
        )

    def put(self, repository: str, reference: str, manifest: Json) -> str:
        """Pushes a manifest; returns its digest."""
        content = json.dumps(manifest).encode()
        path = f"{repository}/manifests/{reference or digest_of(content)}"
        self.ask("PUT", path, data=content, headers={"Content-Type": manifest["mediaType"]})
        return digest_of(content)

    def index(
        self, repository: str, tag: str, digests: Sequence[str], kind: str = OCI_INDEX, **more: Json
    ) -> str:
        """Pushes an index of images that are there; returns its digest."""
        part = DOCKER_MANIFEST if kind == DOCKER_LIST else OCI_MANIFEST
        platform = {"architecture": "amd64", "os": "linux"}
        parts = [
            {"mediaType": part, "digest": digest, "size": 400, "platform": platform}
            for digest in digests
        ]
        told = {"schemaVersion": 2, "mediaType": kind, "manifests": parts, **more}
        return self.put(repository, tag, told)

    def blob(self, repository: str, content: bytes) -> dict[str, Json]:
        """Pushes a blob unless it is there; returns digest and size."""
        told: dict[str, Json] = {"digest": digest_of(content), "size": len(content)}
        if (repository, told["digest"]) in self.pushed:
            return told
        place = self.ask("POST", f"{repository}/blobs/uploads/").headers["Location"]
        mark = "&" if "?" in place else "?"
        self.ask("PUT", f"{place}{mark}digest={digest_of(content)}", data=content)
        self.pushed.add((repository, told["digest"]))
        return told

    def delete(self, repository: str, digest: str) -> None:
        """Deletes a manifest, and with it the tags that point to it."""
        self.ask("DELETE", f"{repository}/manifests/{digest}")

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if "://" in path else f"{self.url}/v2/{path}"
        headers = {**(self.headers or {}), **more.pop("headers", {})}
        reply = self.session.request(
            method, url, auth=self.auth, headers=headers, timeout=20, **more
        )
        assert reply.ok, reply.text
        return reply


@contextmanager
def docker_registry(folder: Path, auth: str = "", *, has_password: bool = False) -> Iterator[str]:
    """Runs a registry that keeps its content in a folder; yields its address.

    Args:
        folder: where it keeps its content and configuration.
        auth: the part `auth` of its configuration, as YAML in one line.
        has_password: whether it demands the user and password above.
    """
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("needs the Debian package docker-registry: apt-get install docker-registry")
    folder.mkdir(parents=True, exist_ok=True)
    if has_password:
        (folder / "htpasswd").write_text(_HTPASSWD)
        auth = f"{{htpasswd: {{realm: here, path: {folder / 'htpasswd'}}}}}"
    (folder / "config.yml").write_text(
        "version: 0.1\n"
        "log: {level: info, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'content'}}},"
        " delete: {enabled: true}, maintenance: {uploadpurging: {enabled: false}}}\n"
        "http: {addr: '127.0.0.1:0'}\n" + (f"auth: {auth}\n" if auth else "")
    )
    command = [program, "serve", str(folder / "config.yml")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        draining = threading.Thread(target=_drain, args=[process.stderr], daemon=True)
        try:
            address = _address(process.stderr)
            draining.start()
            yield address
        finally:
            process.terminate()
            process.wait(10)
            if draining.ident is not None:
                draining.join(10)


def _address(log: IO[str]) -> str:
    told = ""
    for line in log:
        told += line
        found = re.search(r"listening on (127\.0\.0\.1:\d+)", line)
        if found:
            return f"http://{found[1]}"
    pytest.fail(f"the registry did not start: {told[-2000:]}")


def _drain(log: IO[str]) -> None:
    """Reads on, so that the registry never waits for somebody to read what it says."""
    for _ in log:
        pass

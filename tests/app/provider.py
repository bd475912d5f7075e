"""A real OpenID Connect provider on a free port of this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Provider:
    """A running provider."""

    address: str

    @property
    def metadata(self) -> str:
        """The address that a configuration names."""
        return f"{self.address}/.well-known/openid-configuration"


@contextmanager
def providing(*people: Mapping[str, object]) -> Iterator[Provider]:
    """Starts a provider that knows some people by their claims; ends it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = [word for one in people for word in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        provider = Provider(f"http://localhost:{port}")
        _wait(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(provider: Provider, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        assert process.poll() is None, "the provider has ended"
        try:
            requests.get(provider.metadata, timeout=_PATIENCE_SECONDS).raise_for_status()
            return
        except OSError:
            assert time.monotonic() < until, "the provider does not answer"
            time.sleep(0.1)

"""What the tests of API sources share: a clock to sleep on, a server to ask, a token to hide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.credential import Credential
from tests.connectors.loopback import Asked, FakeTime, LoopbackServer, Said, Serve, in_turn


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is asked directly, also where a proxy is set for everything."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(*said: Said, answer: Callable[[Asked], Said] | None = None) -> LoopbackServer:
            return stack.enter_context(LoopbackServer(answer or in_turn(said)))

        yield start


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Credential:
    monkeypatch.setenv("CAIRN_TEST_TOKEN", "tok-0123456789abcdef")
    return Credential("env:CAIRN_TEST_TOKEN", tmp_path)

"""What all tests share: loopback only, no Git settings, long tests first, a browser or none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import settings

# Time limits for single examples fail on a busy machine and say nothing about the code.
settings.register_profile("cairn", deadline=None)
settings.load_profile("cairn")

os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
os.environ["GIT_CONFIG_NOSYSTEM"] = "1"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Whoever starts the tests in the background lets them, and all they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Fails a test that reaches out, before a packet leaves."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = arguments[1][0]
    if host not in {"127.0.0.1", "::1", "localhost"}:
        raise AssertionError(f"a test tried to reach {host}: only loopback is allowed")


sys.addaudithook(refuse_the_network)


def _can_drive() -> bool:
    """Whether what drives the browser runs here: it needs libatomic1."""
    driver = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(driver, check=False, capture_output=True).returncode == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the files that take longest, and skips browser tests where there is no browser.

    Whoever begins a long test as the last one lets all others wait.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    if shutil.which("chromium") and _can_drive():
        return
    skip = pytest.mark.skip(reason="no browser: apt-get install chromium libatomic1")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)

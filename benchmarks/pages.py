"""The first page in a real browser against Streamlit's smallest, and memory a session."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.figure import Figure

SESSIONS = 20
RUNS = 9
_READY = "[data-testid=stApp][data-test-script-state=notRunning]"
_WATCH = """
const taken = [];
const look = () => {
  const sign = document.querySelector(signs[taken.length]);
  if (document.querySelector("READY") && sign && sign.getBoundingClientRect().width) {
    taken.push(performance.now());
  }
  if (taken.length < signs.length) requestAnimationFrame(look);
  else document.documentElement.dataset.taken = JSON.stringify(taken);
};
requestAnimationFrame(look);
""".replace("READY", _READY)
"""Notes in which frame each sign stands in its place: asking from outside would wait in line."""
_FIGURE = "[data-testid=stMetric]"
_CHART = ".js-plotly-plot .plot-container"
_HELLO = 'import streamlit as st\nst.title("Hello, world")\n'
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def run() -> list[Figure]:
    """Ready times in the same browser, and growth of the server with twenty open sessions."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        stack.callback(browser.close)
        (folder / "hello.py").write_text(_HELLO, encoding="utf-8")
        hello = stack.enter_context(_streamlit(folder / "hello.py"))
        cairn, process = stack.enter_context(_cairn(folder / "data"))
        taken = [
            (*_ready(browser, hello, "h1"), *_ready(browser, cairn, _FIGURE, _CHART))
            for _ in range(RUNS + 1)
        ]
        hello_seconds, figures_seconds, charts_seconds = map(
            statistics.median, zip(*taken[1:], strict=True)
        )
        grown = _grown(browser, cairn, process)
    return [
        Figure(
            "first page / hello world", figures_seconds / hello_seconds, 2, "×",
            f"{figures_seconds * 1000:.0f} ms until the figures stand, "
            f"hello {hello_seconds * 1000:.0f} ms",
        ),
        Figure(
            "the same with its charts", charts_seconds / hello_seconds, 4, "×",
            f"{charts_seconds * 1000:.0f} ms, of which Plotly is the most",
        ),
        Figure("memory per further session", grown, 1, "MB", f"{SESSIONS} sessions"),
    ]  # fmt: skip


def _ready(browser: Browser, address: str, *signs: str) -> list[float]:
    """Seconds from going there in a fresh profile until each sign and its page stand."""
    with closing(browser.new_context()) as context:
        context.add_init_script(f"const signs = {json.dumps(signs)};{_WATCH}")
        page = context.new_page()
        page.goto(address)
        told = page.locator("html[data-taken]").get_attribute("data-taken")
        return [milliseconds / 1000 for milliseconds in json.loads(told or "[]")]


def _grown(browser: Browser, address: str, process: subprocess.Popen[str]) -> float:
    """Megabytes that each further open session adds to the server."""
    context = browser.new_context()
    for _ in range(3):
        _open(context.new_page(), address)
    before = _resident_mb(process.pid)
    for _ in range(SESSIONS):
        _open(context.new_page(), address)
    after = _resident_mb(process.pid)
    context.close()
    return (after - before) / SESSIONS


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-testid=stMetric]").first.wait_for()
    page.locator(_READY).wait_for()


def _resident_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def _cairn(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [str(Path(sys.executable).with_name("cairn")), "--data", str(folder)]
    subprocess.run([*command, "demo"], check=True, stdout=subprocess.DEVNULL)
    with _running([*command, "serve", "--port", "0"]) as started:
        yield started


@contextmanager
def _streamlit(script: Path) -> Iterator[str]:
    options = ["--server.port=8599", "--server.address=localhost", "--server.headless=true"]
    quiet = ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options, *quiet]
    with _running(command) as (address, _):
        yield address


@contextmanager
def _running(command: list[str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Starts a server and waits for the address it prints."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        found = next(
            match[0]
            for line in process.stdout
            if (match := re.search(r"http://localhost:\d+", line))
        )
        yield found, process
    finally:
        process.terminate()
        process.wait(timeout=20)

"""Takes the pictures of this documentation: the real server, the demo data, a real Chromium.

`python -m docs.screenshots` rewrites the pictures that pages here show; `--all FOLDER` takes every
page in light and dark, wide and narrow, in full height, to look at.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

_IMAGES = Path(__file__).parent / "images"
_CAIRN = str(Path(sys.executable).with_name("cairn"))
_READY = "[data-testid=stApp][data-test-script-state=notRunning]"
_DELIVERY = "/?window=365d&metric=lead_time&bands=cairn"
_TEAM = "/?team=payments&window=365d&grain=month&metric=lead_time"
_MODEL = "/models?model=fraud-score&window=365d&grain=month"
_TARGETS = "/targets"
_SOURCES = "/sources"
_POSTURE = "/posture?framework=soc2"
_CONTROL = "/control?control=CM-03"
_TRAIL = "/audit_trail?group=decisions"
_WAIVERS = "/waivers"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: which address, seen how. Without a height, all of the page."""

    name: str
    address: str
    mode: str
    width: int = 1440
    height: int | None = None


SHOWN = (
    Picture("delivery-light", _DELIVERY, "light", height=1500),
    Picture("delivery-dark", _DELIVERY, "dark", height=1500),
    Picture("models-light", _MODEL, "light", height=1500),
    Picture("targets-light", _TARGETS, "light", height=1500),
    Picture("sources-light", _SOURCES, "light", height=1000),
    Picture("posture-light", "/posture", "light", height=1500),
    Picture("control-light", _CONTROL, "light", height=1500),
    Picture("audit-trail-light", _TRAIL, "light", height=1300),
    Picture("waivers-light", _WAIVERS, "light", height=1000),
)
"""The pictures in `docs/images`."""

STATES = {
    "delivery": _DELIVERY,
    "delivery-plain": "/",
    "delivery-team": _TEAM,
    "delivery-silent": "/?team=coldchain",
    "delivery-few": "/?team=records&metric=recovery_time",
    "delivery-cell": "/?metric=change_fail_rate&group=storefront&period=2026-W40",
    "models": "/models",
    "model": _MODEL,
    "data": "/data",
    "pipeline": "/data?pipeline=payments-settle",
    "operations": "/operations",
    "targets": _TARGETS,
    "imported": "/imported",
    "posture": "/posture",
    "posture-framework": _POSTURE,
    "control": _CONTROL,
    "control-unknown": "/control?control=CM-11&state=unknown",
    "audit-trail": _TRAIL,
    "audit-trail-entry": "/audit_trail?entry=100",
    "waivers": _WAIVERS,
    "waivers-request": "/waivers?about=request&control=CM-03",
    "attestations": "/waivers?about=attestations&manual=PD-01",
    "reviews": "/waivers?about=reviews",
    "blind-spots": "/blind_spots",
    "sources": _SOURCES,
}
"""What is worth looking at, by name."""


def main(arguments: Sequence[str]) -> int:
    """Takes the pictures; returns the exit code."""
    if arguments[:1] == ["--all"] and len(arguments) == 2:
        into, pictures = Path(arguments[1]), list(_all())
    elif not arguments:
        into, pictures = _IMAGES, list(SHOWN)
    else:
        print(__doc__)
        return 2
    into.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _serving(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for picture in pictures:
            _take(browser, server, picture, into / f"{picture.name}.png")
            print(into / f"{picture.name}.png")
        browser.close()
    return 0


def _all() -> Iterator[Picture]:
    for name, address in STATES.items():
        for mode in ("light", "dark"):
            for width in (1440, 400):
                yield Picture(f"{name}-{mode}-{width}", address, mode, width)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Serves the demo organisation and yields the address."""
    command = [_CAIRN, "--data", str(folder)]
    subprocess.run([*command, "demo"], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        yield re.findall(r"http://\S+", told)[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


def _take(browser: Browser, server: str, picture: Picture, path: Path) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height or 1000},
        color_scheme="dark" if picture.mode == "dark" else "light",
    )
    page = context.new_page()
    page.goto(server + picture.address)
    page.locator("[data-testid=stExpander], [data-testid=stMain] h2").last.wait_for()
    _stand(page)
    if picture.height is None:
        height = page.locator("[data-testid=stMain]").evaluate("e => e.scrollHeight")
        page.set_viewport_size({"width": picture.width, "height": max(int(height), 700)})
        _stand(page)
    page.screenshot(path=path)
    context.close()


def _stand(page: Page) -> None:
    """Waits until nothing runs, loads or moves any more."""
    for _ in range(2):  # a part that has arrived may draw what loads again
        page.locator(_READY).wait_for()
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=60_000)
        page.wait_for_timeout(1500)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

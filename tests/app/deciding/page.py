"""The page of waivers and attestations, as tests use it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data.configuration import load
from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiver import Waiver, waivers
from data.decisions.waiving import Request, Rules, request
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from tests.today import in_days

VIEW = "views/governance/waivers.py"
SHOWN = '[governance]\nnames = "shown"\n\n'
ANY = Rules(WaiverSettings(), lambda _: True, lambda *_: 1)
Open = Callable[..., AppTest]


def settled(page: AppTest) -> AppTest:
    page.run(timeout=180)
    assert not page.exception, page.exception[0].message
    return page


def as_(page: AppTest, name: str) -> AppTest:
    """The same page, where somebody else sits."""
    field(page, "You decide as").set_value(name)
    return settled(page)


def choose(page: AppTest, label: str, value: str) -> AppTest:
    """Chooses one of several that stand side by side."""
    next(one for one in page.button_group if one.label == label).set_value(value)
    return settled(page)


def field(page: AppTest, label: str) -> object:
    kinds = (page.text_input, page.text_area, page.selectbox, page.date_input)
    (found,) = [one for kind in kinds for one in kind if one.label.startswith(label)]
    return found


def press(page: AppTest, label: str) -> AppTest:
    (found,) = [one for one in page.button if re.match(label, one.label)]
    found.click()
    return settled(page)


def asked(folder: Path, requester: str = "ada", **other: object) -> str:
    """A request that is open; gives its id."""
    told = {
        "control": "DP-05",
        "scope": parse_scope("team:web"),
        "reason": WaiverReason.RISK_ACCEPTED,
        "justification": "the tickets come with the new board",
        "requester": requester,
        "until": in_days(20),
        **{key: value for key, value in other.items() if key != "at"},
    }
    at = other.get("at")
    return request(Book(folder), Request(**told), ANY, at).id  # type: ignore[arg-type]


def found(folder: Path, waiver: str = "") -> Waiver:
    known = waivers(Book(folder))
    one = known.find(waiver) if waiver else known.all[-1]
    assert one is not None
    return one


def said(refused: str) -> str:
    """A message as it was before it became Markdown."""
    return refused[:1].lower() + refused[1:].replace("\\", "")


def words(page: AppTest) -> str:
    told = (*page.markdown, *page.caption, *page.header, *page.success, *page.error, *page.info)
    return " ".join(one.value for one in told)


def logged(folder: Path) -> list[str]:
    ledger = Ledger(folder, load(folder / "cairn.toml").ledger)
    return [entry.id for entry in ledger.entries(Asked(kind="decision.*"))]

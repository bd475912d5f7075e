"""Each link from one document to another leads to a file and a heading that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_BLOCK = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_WORDS = re.compile(r"`[^`\n]*`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_document_lead_somewhere(document: Path) -> None:
    assert not list(dead_links(document))


def test_a_link_that_leads_nowhere_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# What is `here`, and why?\n\n## Twice\n\n## Twice\n")
    document = tmp_path / "from.md"
    document.write_text(
        "# Top\n[1](there.md#what-is-here-and-why) [2](there.md#twice-1) [3](#top) [4](there.md)\n"
        "[5](gone.md) [6](there.md#gone) [7](#gone) [8](https://example.com/gone) `[9](gone.md)`\n"
    )
    assert list(dead_links(document)) == ["gone.md", "there.md#gone", "#gone"]


def dead_links(document: Path) -> Iterator[str]:
    text = _WORDS.sub("", _BLOCK.sub("", document.read_text(encoding="utf-8")))
    for link in _LINK.findall(text):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        there = document.parent / path if path else document
        if not there.exists() or (heading and heading not in headings(there)):
            yield link


def headings(document: Path) -> set[str]:
    """The headings of a document as code hosts write them into addresses."""
    found: set[str] = set()
    text = _BLOCK.sub("", document.read_text(encoding="utf-8"))
    for title in re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\]\([^)]*\)", "", title).lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        count = sum(re.fullmatch(rf"{re.escape(name)}(-\d+)?", each) is not None for each in found)
        found.add(f"{name}-{count}" if count else name)
    return found

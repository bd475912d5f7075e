"""Each kind of source has a page that names its settings, its streams and the rights they need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.files.settings import FileSettings
from connectors.kinds import KINDS, connector_class
from data.metrics.definition import definitions

DOCS = Path(__file__).parents[2] / "docs"
SOURCES = DOCS / "sources"
LIST = SOURCES / "README.md"
DOCUMENTED = [kind for kind in KINDS if kind != "demo"]


def page(kind: str) -> str:
    return (SOURCES / f"{kind}.md").read_text(encoding="utf-8")


def test_there_is_one_page_a_kind_and_no_other() -> None:
    pages = {path.stem for path in SOURCES.glob("*.md")} - {"README", "writing-a-connector"}
    assert pages == set(DOCUMENTED)


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_a_page_names_each_setting(kind: str) -> None:
    settings = connector_class(kind).Settings
    said = page(kind)
    if issubclass(settings, FileSettings):
        assert "(README.md#files)" in said
        said += LIST.read_text(encoding="utf-8")
    missing = [
        name for name in settings.model_fields if not re.search(rf"(?<!\w){name}(?!\w)", said)
    ]
    assert not missing


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_the_list_of_sources_leads_to_each_page_and_names_the_least_right(kind: str) -> None:
    line = rf"^\| \[{kind}\]\({kind}\.md\) \| .+ \| .+ \|$"
    assert re.search(line, LIST.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_leads_to_the_list() -> None:
    assert "(docs/sources/README.md)" in (DOCS.parent / "README.md").read_text(encoding="utf-8")


def test_the_page_of_tables_names_each_measure_that_a_figure_looks_for_with_its_unit() -> None:
    looked_for = {
        name
        for metric in definitions().values()
        if metric.fact == "imported_measure"
        for name in re.findall(r"name (?:=|in) \(?'(\w+)'", f"{metric.watched} {metric.measure}")
    }
    lines = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", page("table"), re.MULTILINE))
    assert looked_for
    assert not looked_for - lines.keys()
    assert all(re.search("`share`|`seconds`|currency", lines[name]) for name in looked_for)

"""Each kind of source has a page that names its settings, its streams and the rights they need."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.api.reader import OrganisationReader
from connectors.files.connector import FileConnector
from connectors.files.settings import FileSettings
from connectors.hosting.connector import HostConnector
from connectors.hosting.reader import Reader
from connectors.interface import Connector
from connectors.kinds import KINDS, connect, connector_class
from connectors.update import context_of
from data.configuration import ConfigurationError, SourceSettings, load
from data.metrics.definition import definitions
from data.store.workspace import Workspace
from tests.connectors.test_conformance import BOUND

DOCS = Path(__file__).parents[2] / "docs"
SOURCES = DOCS / "sources"
LIST = SOURCES / "README.md"
DOCUMENTED = [kind for kind in KINDS if kind != "demo"]
HOSTS = ("github", "gitlab")
ASKING = ("airflow", "git", "oci")
"""Kinds that ask their source which streams there are."""
RIGHTS = {"github": "app, fine-grained token", "gitlab": "role"}
"""Column of the least right, where it is not called so."""


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
        if metric.fact in ("imported_measure", "initiative_part")
        for name in re.findall(r"name (?:=|in) \(?'(\w+)'", f"{metric.watched} {metric.measure}")
    }
    lines = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", page("table"), re.MULTILINE))
    assert looked_for
    assert not looked_for - lines.keys()
    assert all(re.search("`share`|`seconds`|currency", lines[name]) for name in looked_for)


@pytest.mark.parametrize("kind", KINDS)
def test_no_setting_is_called_as_what_every_source_has(kind: str) -> None:
    assert (
        connector_class(kind).Settings.model_fields.keys().isdisjoint(SourceSettings.model_fields)
    )


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_a_page_names_each_stream_with_its_right_and_what_goes_without(
    kind: str, tmp_path: Path
) -> None:
    told = rights(kind)
    with ExitStack() as running:
        assert {row.stream for row in told} == streams(kind, tmp_path, running)
    unsaid = [row for row in told if not (row.right and row.without)]
    assert not unsaid


@pytest.mark.parametrize("kind", HOSTS)
def test_a_page_and_doctor_name_the_same_controls_for_a_stream(kind: str, tmp_path: Path) -> None:
    said = defaultdict[str, set[str]](set)
    for row in rights(kind):
        said[row.stream] |= controls(row.without)
    assert said == {r.kind: set(r.blind) for r in readers(connected(kind, tmp_path))}


@pytest.mark.parametrize("kind", DOCUMENTED)
def test_the_examples_of_a_page_are_taken(kind: str, tmp_path: Path) -> None:
    blocks = examples(kind)
    first = next(filter(is_whole, blocks))
    for block in blocks:
        text = block if is_whole(block) else completed(first, block)
        assert {type(made) for made in connected_all(text, tmp_path)} == {connector_class(kind)}


def test_an_example_that_is_not_taken_would_be_noticed(tmp_path: Path) -> None:
    part = '[[source.deployments]]\nbrnach = "main"\n'
    with pytest.raises(ConfigurationError, match="brnach"):
        connected_all(completed(examples("github")[0], part), tmp_path)


# --- what a page says, and what there is --------------------------------------------------------


class Right(NamedTuple):
    """A line of the table of streams."""

    stream: str
    right: str
    without: str


def rights(kind: str) -> list[Right]:
    """The lines of the table whose columns are the stream, its right, and what goes without it."""
    found: list[Right] = []
    columns: list[str] = []
    for line in page(kind).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if not cells or not columns:
            columns = cells
        elif "stream" in columns and "without it" in columns and set(line) - set("|- "):
            row = dict(zip(columns, cells, strict=True))
            right = row[RIGHTS.get(kind, "least right")]
            names = re.findall(r"`([^`:]+)[^`]*`", row["stream"])
            found += [Right(name, right, row["without it"]) for name in names]
    return found


def examples(kind: str) -> list[str]:
    """The pieces of `cairn.toml` on a page."""
    return re.findall(r"^```toml\n(.*?)^```", page(kind), re.MULTILINE | re.DOTALL)


def controls(text: str) -> set[str]:
    """The controls that a text names, such as `CM-01 to CM-03, CM-05`."""
    found: set[str] = set()
    for kind, first, last in re.findall(r"\b([A-Z]{2})-(\d\d)(?: to \1-(\d\d))?", text):
        found |= {f"{kind}-{number:02}" for number in range(int(first), int(last or first) + 1)}
    return found


def streams(kind: str, folder: Path, running: ExitStack) -> set[str]:
    """The streams that a kind has, as its page calls them."""
    if kind in ("bills", "table"):
        return {"<file>"}
    if kind in ASKING:
        of_kind = connector_class(kind)
        bound = next(b for b in BOUND if issubclass(b.binding.connector_class, of_kind))
        names = [stream.name for stream in bound.binding(folder, running).connector().discover()]
        return {name.partition(":")[0].rpartition("/")[2] for name in names}
    made = connected(kind, folder)
    if isinstance(made, HostConnector):
        return {reader.kind for reader in readers(made)}
    if isinstance(made, FileConnector):
        return {stream.name for stream in made.streams}
    return {stream.name.partition(":")[0] for stream in made.discover()}


def readers(made: Connector) -> list[Reader | OrganisationReader]:
    """All that a host is read for."""
    assert isinstance(made, HostConnector)
    return [*made.make_readers(), *made.make_organisation_readers()]


def connected(kind: str, folder: Path) -> Connector:
    """The connector that the first example of a page makes."""
    return connected_all(next(filter(is_whole, examples(kind))), folder)[0]


def connected_all(text: str, folder: Path) -> list[Connector]:
    """The connectors of a `cairn.toml`, made as `cairn doctor` makes them; asks nothing."""
    workspace = Workspace(folder)
    workspace.configuration.write_text(text, encoding="utf-8")
    configuration = load(workspace.configuration)
    context = context_of(workspace, configuration, lambda what, done, total: None)
    return [connect(workspace, configuration, source, context) for source in configuration.source]


def is_whole(block: str) -> bool:
    """Whether an example is a source of its own, and no part of one."""
    told = tomllib.loads(block).get("source")
    return isinstance(told, list) and all("kind" in source for source in told)


def completed(example: str, part: str) -> str:
    """An example with a part of a source written into it, in place of keys it has already."""
    keys = "".join(takewhile(lambda line: line[0] != "[", part.splitlines(keepends=True)))
    begin, mark, rest = example.partition("[[source]]\n")
    for key in tomllib.loads(keys):
        rest = re.sub(rf"^{key} = .*\n", "", rest, flags=re.MULTILINE)
    return f"{begin}{mark}{keys}{rest}{part.removeprefix(keys)}"

"""Files that come, change and go."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.interface import Reading, SourceUnavailable
from connectors.tables.connector import TableFiles
from data.model import Deployment, Incident
from tests.connectors.tables.importing import Importer

HEADER = "Team,Hours,Month\n"
GOOD = f"{HEADER}pay,12.5,2026-01-01\n"
MAPPING = """
[columns]
team = "Gruppe"
value = { column = "Stunden", scale = 3600 }
from_at = { column = "Tag", format = "%d.%m.%Y" }
[constants]
measure = "training_attended"
unit = "seconds"
"""


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


def test_nothing_is_yielded_while_nothing_changes(importer: Importer) -> None:
    path = importer.write(GOOD)
    assert importer.read().batches
    os.utime(path, (1, 1))
    assert not importer.read().batches


def test_a_mapping_that_changes_reads_the_file_anew(importer: Importer) -> None:
    importer.write(GOOD)
    importer.read()
    importer.settings["constants"] = {"measure": "user_adoption", "unit": "hours"}
    assert [value.measure for value in importer.read().values] == ["user_adoption"]


def test_the_rows_of_a_file_that_is_gone_go(importer: Importer) -> None:
    importer.write(GOOD)
    other = importer.write(GOOD, "other.csv")
    importer.read()
    other.unlink()
    (batch,) = importer.read().batches
    assert (batch.reading, batch.is_first, batch.is_last) == (Reading.COMPLETE, True, True)
    assert json.loads(batch.payload)["rows"] == []
    assert not importer.read().batches
    importer.write(GOOD, "other.csv")
    assert len(importer.read().values) == 1


def test_no_file_at_all_is_a_source_that_is_not_there(importer: Importer) -> None:
    path = importer.write(GOOD)
    importer.read()
    path.unlink()
    with pytest.raises(SourceUnavailable, match="no such file"):
        importer.read()


def test_files_that_are_no_tables_are_told_or_left_alone(importer: Importer) -> None:
    importer.write(GOOD)
    for name in (".hidden.csv", "~$training.csv", "training.toml"):
        importer.write("", name)
    importer.write("x", "training.xlsx")
    found = importer.read()
    assert len(found.values) == 1
    (gap,) = found.standing
    assert "training.xlsx: has a name that does not tell what it is" in gap.what


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(importer: Importer) -> None:
    path = importer.write(HEADER + "pay,1,2026-01-01\n" * 10)
    with patch.object(TableFiles, "page_rows", 4):
        connector = importer.connector()
        (stream,) = connector.discover()
        pages = connector.pull(stream, None)
        first = next(pages)
        importer.write(HEADER + "ops,2,2026-01-01\n" * 10, "new.part").replace(path)
        rest = list(pages)
    values = [json.loads(batch.payload)["rows"] for batch in [first, *rest]]  # type: ignore[union-attr]
    assert {row[1] for rows in values for row in rows} == {"pay"}


def test_a_file_that_is_written_to_while_it_is_copied_is_left_for_later(
    importer: Importer,
) -> None:
    path = importer.write(GOOD)
    copy = shutil.copyfile

    def slowly(source: Path, target: Path) -> None:
        copy(source, target)
        with path.open("a") as file:
            file.write("ops,1,2026-01-01\n")

    with (
        patch.object(shutil, "copyfile", slowly),
        pytest.raises(SourceUnavailable, match="written to"),
    ):
        importer.read()
    assert not importer.cursors


def test_a_folder_that_is_gone_takes_no_rows_with_it(importer: Importer) -> None:
    importer.settings["path"] = "**/*.csv"
    importer.write(GOOD)
    (importer.folder / "imports" / "old").mkdir()
    importer.write(GOOD, "old/other.csv")
    importer.read()
    (importer.folder / "imports" / "old").rename(importer.folder / ".elsewhere")
    importer.settings["path"] = "imports/**/*.csv"
    found = importer.read()
    assert not found.batches
    assert "its folder is not there" in found.standing[0].what


def test_a_mapping_may_stand_beside_each_file(importer: Importer) -> None:
    importer.settings = {"path": "imports/*.csv"}
    importer.write(MAPPING + '[columns.until_at]\ncolumn = "Tag"\nformat = "%d.%m.%Y"\n'
                   "is_inclusive = true\n", "stunden.toml")  # fmt: skip
    importer.write("Gruppe,Stunden,Tag\npay,2,31.01.2026\n", "stunden.csv")
    importer.write(GOOD, "unmapped.csv")
    found = importer.read()
    assert [(value.value, value.until_at.day) for value in found.values] == [(7200.0, 1)]
    assert "unmapped.toml: is not there" in found.standing[0].what


def test_one_mapping_may_serve_all_files(importer: Importer) -> None:
    importer.settings = {"path": "imports/*.csv", "mapping": "how.toml"}
    (importer.folder / "how.toml").write_text('period = "day"\n' + MAPPING)
    importer.write("Gruppe,Stunden,Tag\npay,2,31.01.2026\n")
    assert len(importer.read().values) == 1


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("[columns", "not valid TOML"),
        ('period = "day"\ncolums = 1\n' + MAPPING, "unknown key `colums`"),
        ('entity = "review"\n' + MAPPING, "cannot be imported"),
        (MAPPING, "nothing tells `until_at`"),
    ],
)
def test_a_mapping_that_is_wrong_is_a_gap_of_its_file(
    importer: Importer, mapping: str, told: str
) -> None:
    importer.settings = {"path": "imports/*.csv"}
    importer.write(mapping, "training.toml")
    assert told in importer.refusals(GOOD)


def test_other_entities_are_rows_of_their_own(importer: Importer) -> None:
    importer.settings = {
        "path": "imports/incidents.csv",
        "entity": "incident",
        "key": ["Id"],
        "columns": {
            "service": "Service",
            "title": "Title",
            "started_at": "From",
            "resolved_at": "To",
        },
        "constants": {"reopened_count": 0},
    }
    importer.write("Id,Service,Title,From,To\n7,web,It fell,2026-01-01T10:00Z,\n", "incidents.csv")
    (incident,) = importer.read().rows
    assert isinstance(incident, Incident)
    assert (incident.id, incident.resolved_at) == (
        "table:people#incident/imports/incidents.csv/7",
        None,
    )


def test_a_word_of_the_file_becomes_one_that_the_field_takes(importer: Importer) -> None:
    importer.settings = {
        "path": "imports/*.csv",
        "entity": "deployment",
        "columns": {
            "service": "Service",
            "status": {"column": "Result", "words": {"ok": "success"}},
            "deployed_at": "At",
            "title": "Service",
        },
        "constants": {"environment": "production", "attempt": 1},
    }
    importer.write("Service,Result,At\nweb,ok,2026-01-01\nweb,fine,2026-01-01\n")
    found = importer.read()
    (deployment,) = found.rows
    assert isinstance(deployment, Deployment)
    assert deployment.status == "success"
    assert "line 3, Result: `fine` is none of success, failed" in found.gaps[0].what


def test_doctor_shows_which_rows_would_be_refused(importer: Importer) -> None:
    importer.write(f"{HEADER}pay,1,2026-01-01\npay,x,2026-01-01\n")
    importer.write("Team\n", "wrong.csv")
    findings = [(f.severity.value, f.what) for f in importer.connector().check()]
    assert findings == [
        ("warning", "1 of 2 rows would be taken"),
        ("warning", "refused: line 3, Hours: `x` is no number"),
        ("error", "has no column `Hours`"),
    ]

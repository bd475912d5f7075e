"""The pages of the controls say all that the files say, and a changed meaning is noticed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from data.controls.catalogue import catalogue
from docs import reference
from docs.control_pages import control_pages

PAGES = control_pages()
KNOWN = catalogue()


@pytest.mark.parametrize("name", KNOWN.controls)
def test_a_control_is_on_one_page_with_all_it_says(name: str) -> None:
    control = KNOWN.controls[name]
    (page,) = [text for text in PAGES.values() if f"\n## {name}\n" in text]
    assert control.title in page
    for said in (control.statement, control.why, control.fix):
        assert " ".join(said.split()) in page
    for sql in filter(None, (control.population, control.test)):
        assert sql.rstrip() in page
    for part in (*control.parameters, *(e.why for e in control.excluded)):
        assert part in page
    for case in control.cases:
        assert f"\n- {case['name']}\n" in page


@pytest.mark.parametrize("name", KNOWN.frameworks)
def test_each_clause_is_listed_with_its_controls_or_as_one_without(name: str) -> None:
    framework = KNOWN.frameworks[name]
    overview = PAGES["controls.md"]
    part = overview[overview.index(f"### {framework.title}\n") :].split("\n### ")[0]
    groups = {framework.parent(clause) for clause in framework.by_id}
    _, _, without = part.partition("Without a control: ")
    for clause in framework.by_id:
        served = [c.id for c in KNOWN.controls.values() if clause in c.clauses.get(name, ())]
        row = next((line for line in part.splitlines() if line.startswith(f"| `{clause}` |")), "")
        assert all(f"[{control}]" in row for control in served)
        assert bool(row) is bool(served)
        assert (f"`{clause}`" in without) is (not served and clause not in groups)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages as they stand."""
    folder = tmp_path / "docs"
    for name in ("reference", "controls"):
        shutil.copytree(reference._FOLDER / name, folder / name)
    shutil.copy(reference._FOLDER / "controls.md", folder)
    monkeypatch.setattr(reference, "_FOLDER", folder)
    assert reference.main(["--check"]) == 0
    return folder


def test_a_control_that_means_something_else_under_the_same_version_is_refused(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = there / "reference" / "definitions.lock"
    control = KNOWN.controls["ML-01"]
    lock.write_text(lock.read_text().replace(control.sha256, "0" * 64))
    assert reference.main([]) == 1
    assert "ML-01 changed under the same version" in capsys.readouterr().err
    assert reference.main(["--same-meaning"]) == 0
    assert control.sha256 in lock.read_text()


def test_a_page_that_was_changed_by_hand_or_is_left_over_is_named(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (there / "controls" / "gone.md").write_text("# Gone\n")
    (there / "controls.md").write_text("# Controls\n")
    assert reference.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "docs/controls/gone.md does not match" in told
    assert "docs/controls.md does not match" in told
    assert reference.main([]) == 0
    assert not (there / "controls" / "gone.md").exists()

"""`cairn audit pack`: what is in it, and that whoever has it can check it without Cairn."""

from __future__ import annotations

import base64
import csv
import getpass
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.controls.evidence.piece import statements
from data.ledger.entry import Asked
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.store.retention import published
from data.store.workspace import Workspace
from tests.app.cli.running import run
from tests.app.cli.test_check import OWN
from tests.app.organisation import publish_into
from tests.data.published import change
from tests.servers.schemas import Schema, validator

DOCS = Path(__file__).parents[3] / "docs"
SCRIPTS = ("verify_pack.py", "verify_proof.py")
WANTED = ("--control", "OWN-01", "--framework", "soc2", "--period", "2026-10")
LEFT_OUT = """\
excluded:
  - name: too old
    when: number = '9'
    why: It was before the rule.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty changes in October 2026; titles that are formulas, and markup, among them."""
    made = tmp_path_factory.mktemp("audited")
    titles = {1: "=1+1", 2: "#strong[x] *y*", 3: "A title that is far too long"}
    days = [
        change(n, f"2026-10-{n % 28 + 1:02}", title=titles.get(n, "Short")) for n in range(1, 41)
    ]
    publish_into(made, days)
    (made / "controls").mkdir()
    (made / "controls" / "OWN-01.yaml").write_text(OWN + LEFT_OUT, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def pack(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("taken") / "pack"
    done = run(folder, "audit", "pack", str(path), *WANTED)
    assert done.exit_code == 0, done.stderr
    return path


@pytest.fixture
def copied(pack: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pack, tmp_path / "copied"))


def _verified(pack: Path, tmp_path: Path, *key: str) -> subprocess.CompletedProcess[str]:
    """Checks a pack as an auditor does: two scripts, a bare Python, another folder."""
    for script in SCRIPTS:
        shutil.copy(DOCS / script, tmp_path)
    return subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / SCRIPTS[0]), str(pack), *key],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )


def _rows(pack: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((pack / name).read_text(encoding="utf-8"))))


def test_it_holds_what_an_auditor_asks_for(pack: Path) -> None:
    listed = set(json.loads((pack / "manifest.json").read_text())["files"])
    assert listed == {
        "README.txt", "attestations.csv", "definitions/OWN-01.yaml",
        "definitions/frameworks/soc2.yaml", "evidence.csv", "left_out.csv", "mainlines.csv",
        "oscal.json", "pack.pdf", "pack.xlsx", "populations/OWN-01.csv", "reconciliation.csv",
        "results.csv", "samples/OWN-01.csv", "sql/OWN-01.sql", "waivers.csv",
        *(f"sql/evidence/{name}.sql" for name in statements()),
    }  # fmt: skip
    (result,) = _rows(pack, "results.csv")
    assert (result["state"], result["pass"], result["fail"]) == ("fail", "37", "2")
    (left_out,) = _rows(pack, "left_out.csv")
    assert (left_out["id"], left_out["why"]) == ("test:web#pull/9", "It was before the rule.")
    (sums,) = _rows(pack, "reconciliation.csv")
    assert (sums["told"], sums["left_out"], sums["members"]) == ("40", "1", "39")
    assert sums["adds_up"] == "true"
    assert len(_rows(pack, "populations/OWN-01.csv")) == 39


def test_its_oscal_names_the_tables_with_their_hashes(pack: Path) -> None:
    said = json.loads((pack / "oscal.json").read_text(encoding="utf-8"))
    resources = said["assessment-results"]["back-matter"]["resources"]
    links = [link for each in resources for link in each.get("rlinks", [])]
    assert [link["href"] for link in links] == ["results.csv", "populations/OWN-01.csv"]
    for link in links:
        digest = hashlib.sha256((pack / link["href"]).read_bytes()).hexdigest()
        assert link["hashes"] == [{"algorithm": "SHA-256", "value": digest}]
    assert validator(Schema.OSCAL).is_valid(said)


def test_the_sample_is_the_one_that_anybody_draws(pack: Path) -> None:
    population = [row["id"] for row in _rows(pack, "populations/OWN-01.csv")]
    places = {row: hashlib.sha256(f"2026-10\n{row}".encode()).hexdigest() for row in population}
    drawn = [row["id"] for row in _rows(pack, "samples/OWN-01.csv")]
    assert drawn == sorted(population, key=lambda row: places[row])[:25]


def test_each_member_of_the_sample_has_its_evidence_under_its_place(pack: Path) -> None:
    drawn = [row["id"] for row in _rows(pack, "samples/OWN-01.csv")]
    found = _rows(pack, "evidence.csv")
    merged = {int(row["number"]): row["url"] for row in found if row["part"] == "merge"}
    links = [id_.replace("test:web#", "https://git.example/web/") for id_ in drawn]
    assert [merged[number] for number in range(1, 26)] == links


def test_it_verifies_without_cairn(pack: Path, folder: Path, tmp_path: Path) -> None:
    for key in ([], [str(folder / "ledger" / "ledger.vkey")]):
        done = _verified(pack, tmp_path, *key)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"{16 + len(statements())} files listed, ")


def _append(path: str) -> Callable[[Path], None]:
    def damage(pack: Path) -> None:
        with (pack / path).open("ab") as file:
            file.write(b" ")

    return damage


def _other_event(pack: Path) -> None:
    proof = pack / "proofs" / "manifest.tlog-proof"
    lines = proof.read_text(encoding="utf-8").split("\n")
    event = base64.b64decode(lines[1].removeprefix("extra ")).replace(b"evidence", b"Evidence", 1)
    lines[1] = f"extra {base64.b64encode(event).decode()}"
    proof.write_text("\n".join(lines), encoding="utf-8")


def _relisted(pack: Path) -> None:
    """A result is changed, and the manifest too: only the log knows."""
    results = pack / "results.csv"
    results.write_text(results.read_text().replace("fail", "pass"), encoding="utf-8")
    manifest = json.loads((pack / "manifest.json").read_text())
    digest = hashlib.sha256(results.read_bytes()).hexdigest()
    manifest["files"]["results.csv"] = digest
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_append("results.csv"), "changed: results.csv"),
        (_append("populations/OWN-01.csv"), "changed: populations/OWN-01.csv"),
        (_append("manifest.json"), "the log does not hold this manifest"),
        (_relisted, "the log does not hold this manifest"),
        (lambda pack: (pack / "left_out.csv").unlink(), "missing: left_out.csv"),
        (lambda pack: (pack / "more.csv").write_text("x"), "not listed: more.csv"),
        (_other_event, "not proven: proofs/manifest.tlog-proof"),
        (lambda pack: (pack / "proofs/manifest.tlog-proof").unlink(),
         "the log does not hold this manifest"),
    ],
)  # fmt: skip
def test_what_was_altered_is_found(
    copied: Path, tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(copied)
    done = _verified(copied, tmp_path)
    assert done.returncode == 1
    assert f"WRONG: {said}" in done.stdout


def test_what_a_source_told_does_not_vouch_for_a_manifest(
    copied: Path, folder: Path, tmp_path: Path
) -> None:
    """Whoever can make a source tell a hash would else have any pack vouched for."""
    manifest = copied / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    house = Path(shutil.copytree(folder / "ledger", tmp_path / "house" / "ledger")).parent
    log, at = Ledger(house), datetime(2026, 11, 1, tzinfo=UTC)
    told = hashlib.sha256(manifest.read_bytes()).hexdigest()
    log.append([Event("host.recorded", "host.recorded:1", at, subject="evidence pack", after=told)])
    proof = str(log.prove("host.recorded:1"))
    (copied / "proofs" / "manifest.tlog-proof").write_text(proof, encoding="utf-8")
    done = _verified(copied, tmp_path, str(log.key()))
    assert done.returncode == 1
    assert "WRONG: the log does not hold this manifest" in done.stdout


@pytest.mark.parametrize("damage", [b"", b"\xff", b"[]", b'{"files": 1}', None])
def test_a_manifest_that_is_none_is_told_in_one_line(
    copied: Path, tmp_path: Path, damage: bytes | None
) -> None:
    (copied / "manifest.json").unlink()
    if damage is not None:
        (copied / "manifest.json").write_bytes(damage)
    done = _verified(copied, tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("WRONG: ")
    assert done.stdout.count("\n") == 1


def test_another_key_proves_nothing(pack: Path, tmp_path: Path) -> None:
    other = Ledger(tmp_path / "other")
    done = _verified(pack, tmp_path, str(other.key()))
    assert done.returncode == 1
    assert "not proven" in done.stdout


def test_the_same_question_gives_the_same_bytes(pack: Path, folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    assert run(folder, "audit", "pack", str(again), *WANTED).exit_code == 0
    with zipfile.ZipFile(again) as archive:
        names = set(archive.namelist())
        listed = set(json.loads(archive.read("manifest.json"))["files"]) | {"manifest.json"}
        assert {n for n in names - listed if not n.startswith("proofs/")} == set()
        for name in listed:
            assert archive.read(name) == (pack / name).read_bytes(), name


def test_no_cell_is_a_formula_and_no_word_is_markup(pack: Path) -> None:
    assert "'=1+1" in (pack / "populations/OWN-01.csv").read_text(encoding="utf-8")
    with zipfile.ZipFile(pack / "pack.xlsx") as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
    assert sheets
    assert not any("<f>" in sheet for sheet in sheets)
    assert (pack / "pack.pdf").read_bytes().startswith(b"%PDF-")


def test_the_export_is_in_the_log(pack: Path, folder: Path) -> None:
    digest = hashlib.sha256((pack / "manifest.json").read_bytes()).hexdigest()
    told = [entry.event for entry in Ledger(folder).entries(Asked(kind="export.*"))]
    one = next(event for event in told if event and event.after == digest)
    assert one.data["row_count"] == 39
    assert one.data["byte_count"] == (pack / "manifest.json").stat().st_size
    assert one.data["filters"] == {"framework": "soc2", "team": None}
    assert Ledger(folder).people.accounts()[one.actor or ""] == getpass.getuser()


def test_of_a_user_without_a_name_it_is_not_known_who_took_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    done = run(folder, "audit", "pack", str(tmp_path / "pack"), *WANTED)
    assert done.exit_code == 0, done.stderr
    newest = Asked(kind="export.written", limit=1, is_newest_first=True)
    one = Ledger(folder).entries(newest)[0].event
    assert one is not None
    assert (one.actor, one.data["is_account_known"]) == (None, False)
    assert "" not in Ledger(folder).people.accounts().values()


def test_a_copy_of_the_checkpoint_that_cannot_be_written_is_told(
    folder: Path, tmp_path: Path
) -> None:
    configuration = folder / "cairn.toml"
    before = configuration.read_text(encoding="utf-8")
    gone = tmp_path / "gone"
    copies = f'\n[ledger]\ncopies = ["{gone}"]\n'
    configuration.write_text(before + copies, encoding="utf-8")
    try:
        packed = run(folder, "audit", "pack", str(tmp_path / "pack"), *WANTED)
        name = Ledger(folder).entries(Asked(kind="export.written", limit=1))[0].id
        proven = run(folder, "audit", "prove", name, "--out", str(tmp_path / "proof"))
    finally:
        configuration.write_text(before, encoding="utf-8")
    for done in (packed, proven):
        assert done.exit_code == 0, done.stderr
        assert f"{gone}: a checkpoint could not be copied" in done.stderr


def test_what_is_there_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "audit", "pack", str(tmp_path), *WANTED)
    assert done.exit_code == 2
    assert "there is something already" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_proof_is_told(folder: Path, tmp_path: Path) -> None:
    """The fixture publishes without a sync: nothing logged the snapshot."""
    (snapshot,) = published(Workspace(folder))
    done = run(folder, "audit", "pack", str(tmp_path / "pack"), *WANTED)
    assert f"the log does not hold `snapshot.published:{snapshot}`" in done.stderr
    assert done.exit_code == 0

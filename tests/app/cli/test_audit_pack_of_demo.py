"""A pack of the demo: an auditor finds on the page of a change what the store knows of it."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from data.ledger.ledger import Ledger
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.running import run

DOCS = Path(__file__).parents[3] / "docs"
WANTED = ("--control", "CM-03", "--control", "DP-01", "--control", "AC-02",
          "--framework", "iso27001", "--period", "2026-Q3")  # fmt: skip


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(demo, tmp_path_factory.mktemp("copied") / "demo"))


@pytest.fixture(scope="module")
def pack(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packed(folder, tmp_path_factory.mktemp("taken") / "pack")


def packed(folder: Path, path: Path) -> Path:
    done = run(folder, "audit", "pack", str(path), *WANTED)
    assert (done.exit_code, done.stderr.count("no proof")) == (0, 0), done.stderr
    return path


def rows(pack: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((pack / name).read_text(encoding="utf-8"))))


def test_a_sampled_change_has_the_reviews_that_the_store_has(pack: Path, folder: Path) -> None:
    drawn = [row["id"] for row in rows(pack, "samples/CM-03.csv")]
    found = [
        (drawn[int(row["number"]) - 1], row["who"], row["happened_at"], row["url"])
        for row in rows(pack, "evidence.csv")
        if (row["control"], row["part"]) == ("CM-03", "review")
    ]
    with closing(SnapshotReader(Workspace(folder))) as reader, reader.reading() as snapshot:
        known = snapshot.rows(
            "select change, account, submitted_at, url from change_review "
            "where list_contains($drawn, change)",
            {"drawn": drawn},
        )
    assert len(drawn) == 25
    assert len(found) > 15, "most changes of the demo are reviewed"
    assert sorted(found) == sorted(
        (row["change"], row["account"] or "", row["submitted_at"].isoformat(), row["url"])
        for row in known
    )


def test_a_sampled_deployment_has_its_changes(pack: Path) -> None:
    parts = {
        row["number"]
        for row in rows(pack, "evidence.csv")
        if (row["control"], row["part"]) == ("DP-01", "change")
    }
    assert len(parts) > 15


def test_it_verifies_without_cairn(pack: Path, tmp_path: Path) -> None:
    for script in ("verify_pack.py", "verify_proof.py"):
        shutil.copy(DOCS / script, tmp_path)
    words = [sys.executable, "-I", "-S", str(tmp_path / "verify_pack.py"), str(pack)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_where_names_are_hidden_the_pack_names_only_who_decided(
    pack: Path, folder: Path, tmp_path: Path
) -> None:
    accounts = holders(pack)
    assert len(accounts) > 10
    configuration = folder / "cairn.toml"
    shown = configuration.read_text(encoding="utf-8")
    configuration.write_text(shown.replace('names = "shown"', ""), encoding="utf-8")
    try:
        hidden = packed(folder, tmp_path / "hidden")
    finally:
        configuration.write_text(shown, encoding="utf-8")
    people = Ledger(folder).people.accounts()
    drawn = holders(hidden)
    assert len(drawn) > 10
    assert drawn <= set(people)
    tables = {path.name: path.read_text(encoding="utf-8") for path in hidden.rglob("*.csv")}
    tables["oscal.json"] = (hidden / "oscal.json").read_text(encoding="utf-8")
    deciding = "\n".join(tables.pop(name) for name in ("waivers.csv", "attestations.csv"))
    named = {
        (account, name)
        for account in accounts
        for name, text in tables.items()
        if account in text and not (name == "oscal.json" and account in deciding)
    }
    assert named == set()
    ids = [row["id"] for row in rows(hidden, "populations/AC-02.csv")]
    places = {row: hashlib.sha256(f"2026-Q3\n{row}".encode()).hexdigest() for row in ids}
    assert [row["id"] for row in rows(hidden, "samples/AC-02.csv")] == sorted(
        places, key=places.__getitem__
    )[:25], "it is drawn again from the pseudonyms"


def holders(pack: Path) -> set[str]:
    """Who has the rights that were drawn."""
    found = rows(pack, "evidence.csv")
    return {row["who"] for row in found if (row["control"], row["part"]) == ("AC-02", "right")}

"""The file of the working database, whole, damaged or taken."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from data.store import working_file
from data.store.refusal import StoreRefused
from data.store.working import Working, WorkingDamaged
from tests.data.store.rows import hash_after, names, page, version

DAMAGED = "run `cairn rebuild` to derive it again from the archive"


def test_a_database_killed_while_it_was_made_is_made_anew(path: Path) -> None:
    path.parent.mkdir()
    new = path.with_name(".new-working.duckdb")
    new.write_bytes(b"half a database")
    new.with_name(f"{new.name}.wal").write_bytes(b"and its log")
    Working(path).close()
    assert [each.name for each in path.parent.iterdir()] == ["working.duckdb"]


def test_a_write_ahead_file_left_behind_is_read(path: Path) -> None:
    with closing(Working(path)) as first:
        first.connection.execute("pragma disable_checkpoint_on_shutdown")
        first.merge_records(page(1), [version(1)])
    assert path.with_name("working.duckdb.wal").exists()
    with closing(Working(path)) as second:
        assert names(second) == ["v1"]


@pytest.mark.parametrize("damage", ["junk", "empty", "short", "flipped", "wal"])
def test_a_damaged_database_says_how_to_derive_it_again(path: Path, damage: str) -> None:
    with closing(Working(path)) as first:
        first.connection.execute("pragma disable_checkpoint_on_shutdown")
        first.merge_records(page(1), [version(n) for n in range(999)])
        if damage != "wal":
            first.connection.execute("checkpoint")
    content = bytearray(path.read_bytes())
    content[5_000] ^= 1
    wal = path.with_name("working.duckdb.wal")
    match damage:
        case "junk":
            path.write_bytes(b"junk" * 5_000)
        case "empty":
            path.write_bytes(b"")
        case "short":
            path.write_bytes(bytes(content[:20_000]))
        case "flipped":
            path.write_bytes(bytes(content))
        case _:
            wal.write_bytes(wal.read_bytes()[:400] + b"x" + wal.read_bytes()[401:])
    with pytest.raises(WorkingDamaged) as refused:
        Working(path)
    assert refused.value.where == str(path)
    assert refused.value.fix == DAMAGED


def test_a_database_of_another_version_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_file, "_SHAPE", "older")
    Working(path).close()
    monkeypatch.undo()
    with pytest.raises(WorkingDamaged, match="was made by another version of Cairn; run `cairn re"):
        Working(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table state")
    with pytest.raises(WorkingDamaged, match="Table with name state does not exist"):
        Working(path)


def test_a_database_that_another_program_has_open_is_refused(path: Path) -> None:
    Working(path).close()
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreRefused, match=f"another program .*PID {other.pid}"):
            Working(path)
        other.communicate("\n", timeout=30)
    Working(path).close()


@pytest.mark.parametrize("name", ["it's here", "tab\there", "näme ☃", 'quo"te', "semi;colon -- x"])
def test_a_path_may_have_any_character(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "working.duckdb"
    assert hash_after(path, [(page(), [version(1)])])
    assert path.exists()

"""Bills and a disk that says no: told in one line, and never blamed on the bill."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.app.cli.running import run
from tests.app.serving import CAIRN
from tests.data.costs.bill.bills import bill, line
from tests.data.costs.test_building import delivered, workspace


def test_where_there_is_no_room_for_its_lines_the_bill_is_not_to_blame(tmp_path: Path) -> None:
    """The system lets no file grow here beyond 64 KiB; a full disk answers in the same place."""
    rows = (line(BilledCost=str(number), Tags=f'{{"n": "{number}"}}') for number in range(40_000))
    path = bill(tmp_path, *rows)
    result = subprocess.run(
        ["bash", "-c", 'ulimit -f 64; "$0" cost check "$1"', CAIRN, str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in result.stderr.splitlines() if line.startswith("cairn: ")]
    assert result.returncode == 3
    assert len(told) == 1
    assert "cannot be used (File too large); mend that, then run the same command" in told[0]
    assert str(path) not in told[0]


def test_what_a_killed_reading_left_is_gone_after_the_next(tmp_path: Path) -> None:
    kept = workspace(tmp_path).bills
    left = kept / ".reading-killed"
    left.mkdir(parents=True)
    (left / "lines.parquet").write_bytes(b"half of it")
    delivered(tmp_path, "a.csv", line())
    assert run(tmp_path, "cost", "load").exit_code == 0
    assert not left.exists()
    assert len(list(kept.iterdir())) == 1


def test_a_bill_that_cannot_be_read_takes_no_other_away(tmp_path: Path) -> None:
    workspace(tmp_path)
    delivered(tmp_path, "a.csv", line())
    (tmp_path / "bills" / "b.parquet").write_bytes(b"PAR1 and nothing more")
    (tmp_path / "bills" / "c.csv").write_bytes(b"")
    result = run(tmp_path, "cost", "load")
    told = [line for line in result.stderr.splitlines() if line.startswith("cairn: ")]
    assert [one.split(":")[2].strip() for one in told] == ["bills/b.parquet", "bills/c.csv"]
    assert "bills/a.csv" in result.stdout

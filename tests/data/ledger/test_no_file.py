"""A pipe, a folder or a socket where a file of the log was: told in a line, not waited for."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.errors import CairnError
from data.ledger.ledger import Ledger
from data.ledger.refusal import LedgerRefused
from data.trail.index import Index
from data.trail.search import Trail
from data.trail.standing import has_begun, standing
from tests.app.cli.running import run
from tests.data.ledger.logs import events, filled

PUT = {
    "pipe": os.mkfifo,
    "folder": os.mkdir,
    "socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
}
READS: dict[str, Callable[[Ledger], object]] = {
    "verify": lambda log: log.verify(),
    "entries": lambda log: log.entries(),
    "append": lambda log: log.append(events(50)),
    "name": lambda log: log.people.pseudonym("ada.alder"),
}


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    """Ends a test that waits."""

    def stop(*_: object) -> None:
        raise TimeoutError("it was waited for")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def replaced(folder: Path, name: str, kind: str) -> tuple[Ledger, Path]:
    log = filled(folder)
    log.people.pseudonym("bob.birch")
    path = log.place.folder / name
    path.unlink()
    PUT[kind](path)
    return log, path


@pytest.mark.parametrize("kind", PUT)
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("ledger.db", "verify"),
        ("ledger.db", "entries"),
        ("ledger.db", "append"),
        ("ledger.vkey", "verify"),
        ("ledger.key", "append"),
        ("ledger.seal", "append"),
        ("people.db", "name"),
        ("people.key", "name"),
    ],
)
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str, name: str, what: str) -> None:
    log, path = replaced(tmp_path, name, kind)
    with pytest.raises(CairnError) as refused:
        READS[what](log)
    assert (refused.value.what, refused.value.where) == (f"`{path.name}` is no file", str(path))


@pytest.mark.parametrize("kind", PUT)
@pytest.mark.parametrize("name", ["ledger.seal", "checkpoints/000000000003.checkpoint"])
def test_a_check_finds_what_is_no_file(tmp_path: Path, kind: str, name: str) -> None:
    log, path = replaced(tmp_path, name, kind)
    assert f"{path}: it is no file" in [found.what for found in log.verify().findings]


@pytest.mark.parametrize("kind", PUT)
def test_the_command_says_so_in_one_line(tmp_path: Path, kind: str) -> None:
    _, path = replaced(tmp_path, "ledger.db", kind)
    result = run(tmp_path, "audit", "verify")
    fix = "see who put it there, then bring the file back from a copy"
    assert (result.exit_code, result.stderr) == (
        3,
        f"cairn: {path}: `ledger.db` is no file; {fix}\n",
    )


@pytest.mark.parametrize("name", ["ledger.db", "checkpoints/000000000010.checkpoint"])
def test_the_trail_says_so(tmp_path: Path, name: str) -> None:
    log, _ = replaced(tmp_path, name, "pipe")
    index = Index()
    index.refresh(log, lambda *_: None)
    assert any("no file" in one for one in standing(log, Trail(index, None)).troubles)


def test_a_log_that_may_not_be_looked_at_is_refused_in_one_line(tmp_path: Path) -> None:
    log = Ledger(tmp_path / ("x" * 300))  # whoever runs the tests, there the system says no
    index = Index()
    for ask in (log.entries, log.key, lambda: log.is_there, lambda: has_begun(log),
                lambda: index.refresh(log, lambda *_: None)):  # fmt: skip
        with pytest.raises(LedgerRefused, match="cannot be used"):
            ask()

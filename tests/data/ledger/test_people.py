"""Persons stand in the log under pseudonyms, and can be forgotten."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from data.ledger import custody
from data.ledger.event import PERSON
from data.ledger.people import ERASED
from data.ledger.refusal import LedgerRefused, NotInLedger
from tests.data.ledger.logs import BY, event, filled, ledger, said

JANE = "github:jane-quillfeather"


def test_a_person_has_one_pseudonym_that_tells_nothing(tmp_path: Path) -> None:
    people = ledger(tmp_path / "one").people
    jane = people.pseudonym(JANE)
    assert PERSON.fullmatch(jane)
    assert people.pseudonym(JANE.upper()) == jane
    assert people.pseudonym("github:john") != jane
    assert people.accounts()[jane] == JANE
    assert ledger(tmp_path / "other").people.pseudonym(JANE) != jane


def test_key_and_mapping_are_their_owners_alone(tmp_path: Path) -> None:
    ledger(tmp_path).people.pseudonym(JANE)
    for name in ("people.db", "people.key"):
        assert stat.S_IMODE((tmp_path / "ledger" / name).stat().st_mode) == 0o600


def test_an_erased_person_is_nowhere_and_each_proof_still_holds(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    jane = log.people.pseudonym(JANE)
    log.append([event(n, actor=jane) for n in range(5)])
    before = log.checkpoint()
    assert any(JANE.encode() in path.read_bytes() for path in files(tmp_path))
    pseudonym, _ = custody.erase(log, JANE, BY)
    assert pseudonym == jane
    assert not any(JANE.encode() in path.read_bytes() for path in files(tmp_path))
    assert said(log, before) == ""
    told = log.entries()[-1].event
    assert told is not None
    assert (told.kind, told.subject, told.data) == (ERASED, jane, {"reason": BY.reason})
    assert jane not in log.people.accounts()


def test_an_erased_person_is_not_mapped_again(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    jane = log.people.pseudonym(JANE)
    custody.erase(log, JANE, BY)
    assert log.people.pseudonyms([JANE, "github:john"])[JANE] == jane
    assert jane not in log.people.accounts()
    assert not any(JANE.encode() in path.read_bytes() for path in files(tmp_path))


def test_somebody_unknown_cannot_be_erased(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    log.people.pseudonym(JANE)
    with pytest.raises(NotInLedger, match="nobody of that name"):
        custody.erase(log, "github:jane", BY)


def test_an_erasure_that_was_cut_short_is_told_and_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ledger(tmp_path)
    jane = log.people.pseudonym(JANE)
    with monkeypatch.context() as patch:
        patch.setattr(log.people, "forget", lambda _: None)
        custody.erase(log, JANE, BY)
    report = log.verify()
    assert report.is_sound
    assert f"{jane} was erased, and its account is still there" in report.notes[0]
    size = log.size
    custody.erase(log, JANE, BY)
    assert (log.size, log.verify().notes) == (size, ())


def test_a_key_of_pseudonyms_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    log.people.pseudonym(JANE)
    (tmp_path / "ledger" / "people.key").unlink()
    with pytest.raises(LedgerRefused, match="the key of the pseudonyms is gone"):
        log.people.pseudonym("github:john")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_list_of_persons_that_cannot_be_read_is_told_by_a_check(tmp_path: Path) -> None:
    log = filled(tmp_path, [3])
    log.people.pseudonym("github:jane")
    log.place.people.write_text("no database at all")
    report = log.verify()
    assert report.findings == ()
    assert "people.db: it is damaged" in report.notes[0]
    assert "bring it back from a copy" in report.notes[0]

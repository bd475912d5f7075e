"""Sign-ins in the log: who by a pseudonym, once each, and found by what they are called."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from data.ledger.ledger import Ledger
from data.trail.index import Index
from data.trail.kinds import Group, group_of, words
from data.trail.search import Trail
from data.trail.sessions import By, Session, ended, refused, started
from data.trail.wanted import Wanted
from tests.data.published import at

ADA = "ada.alder@harbour.example"
NOW = at("2026-10-01")


def session(account: str | None = ADA, number: int = 1) -> Session:
    return Session(id=f"s{number}", at=NOW, account=account, issuer="https://login.example")


def searched(ledger: Ledger, accounts: dict[str, str] | None) -> Trail:
    index = Index()
    index.refresh(ledger, lambda *_: None)
    return Trail(index, accounts)


def test_who_signs_in_and_out_is_told_by_the_same_pseudonym(tmp_path: Path) -> None:
    people = Ledger(tmp_path).people
    until = NOW + timedelta(hours=12)
    came, left = started(session(), until, people), ended(session(), people)
    assert came.actor == left.actor == people.known(ADA)
    assert (came.id, left.id) == ("session.started:s1", "session.ended:s1")
    assert came.data["until"] == "2026-10-01T12:00:00+00:00"
    assert came.data["provider"] == "https://login.example"
    for event in (came, left):
        assert ADA.encode() not in event.content()


def test_who_was_refused_before_it_was_known_who_it_is_is_nobody(tmp_path: Path) -> None:
    people = Ledger(tmp_path).people
    told = refused(session(None), By.PROVIDER, "access_denied", people)
    assert told.actor is None
    assert told.data["is_account_known"] is False
    assert people.accounts() == {}


def test_the_same_sign_in_told_twice_is_one_entry(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    event = started(session(), NOW, ledger.people)
    ledger.append([event])
    ledger.append([event])
    assert ledger.size == 1


def test_they_are_found_by_what_they_are_called_and_by_who_where_names_are_shown(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(
        [
            started(session(), NOW, ledger.people),
            ended(session(), ledger.people),
            refused(session(None, 2), By.PROVIDER, "access_denied", ledger.people),
            refused(session("bo", 3), By.CAIRN, "not_allowed", ledger.people),
        ]
    )
    open_, closed = searched(ledger, ledger.people.accounts()), searched(ledger, None)
    assert open_.count(Wanted(group=Group.ACCESS)) == 4
    assert open_.count(Wanted(words="signed in")) == 1
    assert open_.count(Wanted(words="refused not allowed")) == 1
    assert open_.count(Wanted(subject="pages", words="ada.alder")) == 2
    assert closed.count(Wanted(words="ada.alder")) == 0


def test_they_have_a_group_and_plain_words() -> None:
    kinds = ("session.started", "session.ended", "session.refused")
    assert {group_of(kind) for kind in kinds} == {Group.ACCESS}
    assert [words(kind) for kind in kinds] == [
        "session started", "session ended", "session refused",
    ]  # fmt: skip

"""The trail after a sync: what was told is logged once, what changed again, and no name is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from data.configuration import Configuration, LedgerSettings
from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.baseline import set_baseline
from data.decisions.book import Book
from data.decisions.scope import parse_scope
from data.decisions.waiving import Request, Rules, approve, request
from data.facts.build import build
from data.ledger.custody import By, erase
from data.ledger.entry import Asked
from data.ledger.ledger import Ledger
from data.model import AuditEvent, MemberAccess, Record, Review
from data.store.page import Page
from data.store.publish import publish
from data.store.working import Working
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions
from data.trail.keeping import keep
from tests.data.published import at, change, deployment

NAMES = ("m.alder", "t.birch", "k.cedar")


class House:
    """A data folder that sources tell something, snapshot after snapshot."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(folder)
        self.ledger = Ledger(folder)
        self.working = Working(self.workspace.working)

    def tell(self, seen_at: str, *records: Record) -> int:
        """Merges and publishes; returns how many entries were logged."""
        page = Page(source="test", stream="all", evidence="none", observed_at=at(seen_at),
                    settings="", complete_until=at(seen_at))  # fmt: skip
        self.working.merge_records(page, records)
        return self.publish()

    def publish(self) -> int:
        return self.log(self.snapshot())

    def snapshot(self) -> str:
        fill = partial(build, configuration=Configuration())
        return publish(self.workspace, self.working.connection, fill, keep=5)

    def log(self, snapshot: str) -> int:
        told = (snapshot, [])
        done = keep(self.workspace, self.ledger, self.working.connection, told, lambda *_: None)
        return len(done.numbers)

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.ledger.entries()]

    def close(self) -> None:
        self.working.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path)) as made:
        yield made


def _review(**fields: object) -> Review:
    told = {"id": "test:web#pull/1/review/7", "source": "test", "repository": "web", "change": "1",
            "author": "t.birch", "is_bot": False, "state": "approved", "sha": None,
            "submitted_at": at("2026-05-01 09:00"), "dismissed_at": None}  # fmt: skip
    return Review(**{**told, **fields})  # type: ignore[arg-type]


def _right(account: str, **fields: object) -> MemberAccess:
    told = {"id": f"test:web/{account}", "source": "test", "kind": "member", "subject": account,
            "scope": "web", "role": "write", "is_admin": False, "is_read_only": False,
            "has_two_factor": None, "created_at": None, "expires_at": None,
            "last_used_at": None}  # fmt: skip
    return MemberAccess(**{**told, **fields})  # type: ignore[arg-type]


def _everything(ledger: Ledger) -> str:
    return " ".join((entry.content or b"").decode() for entry in ledger.entries())


def test_what_was_told_is_logged_once_and_the_snapshot_after_it(house: House) -> None:
    merged = change(1, "2026-05-01 10:00", author="m.alder", merged_by="k.cedar")
    assert house.tell("2026-05-02", merged, _review(), deployment(1, "2026-05-01 12:00")) == 4
    assert sorted(house.kinds()[:-1]) == ["change.merged", "change.reviewed", "service.deployed"]
    assert house.kinds()[-1] == "snapshot.published"
    assert house.ledger.verify().findings == ()


def test_nothing_new_logs_nothing(house: House) -> None:
    house.tell("2026-05-02", change(1, "2026-05-01"))
    (snapshot,) = [
        e.event.subject for e in house.ledger.entries(Asked(kind="snapshot.*")) if e.event
    ]
    assert snapshot is not None
    assert house.log(snapshot) == 0
    assert house.publish() == 1, "another snapshot of the same rows is an event, its rows are not"


def test_what_is_told_otherwise_is_another_entry_of_the_same_event(house: House) -> None:
    house.tell("2026-05-02", change(1, "2026-05-01 10:00"), _review())
    house.tell("2026-05-03", _review(dismissed_at=at("2026-05-02 08:00")))
    told = house.ledger.find("change.reviewed:test:web#pull/1/review/7")
    assert [entry.event.observed_at.day for entry in told if entry.event] == [2, 3]
    assert "review.dismissed" in house.kinds()


def test_no_account_is_in_the_log_and_each_can_be_named_until_erased(house: House) -> None:
    merged = change(1, "2026-05-01 10:00", author="m.alder", merged_by="k.cedar")
    host = AuditEvent(id="test:audit/1", source="test", happened_at=at("2026-05-01"),
                      action="org.add_member", actor="k.cedar", subject="m.alder",
                      repository=None, sha=None, detail="m.alder was added")  # fmt: skip
    page = "https://git.example/t.birch"
    house.tell("2026-05-02", merged, _review(), host, _right("t.birch", url=page))
    house.tell("2026-05-03", _right("t.birch", role="admin", is_admin=True, url=page))
    said = _everything(house.ledger)
    assert [name for name in NAMES if name in said] == []
    assert set(house.ledger.people.accounts().values()) == set(NAMES)
    proof = house.ledger.prove(
        "host.recorded:test:audit/1/" + house.ledger.people.pseudonym("m.alder")
    )
    erase(house.ledger, "m.alder", By("k.cedar", "asked for it"))
    assert "m.alder" not in house.ledger.people.accounts().values()
    assert house.ledger.verify().findings == ()
    assert proof.content in {entry.content for entry in house.ledger.entries()}


def test_rights_that_changed_between_two_snapshots_are_events_with_before_and_after(
    house: House,
) -> None:
    house.tell("2026-05-02", _right("m.alder"), _right("t.birch"))
    assert [kind for kind in house.kinds() if kind.startswith("access")] == []
    house.tell("2026-05-03", _right("m.alder", role="admin", is_admin=True), _right("k.cedar"))
    found = _events(house.ledger, "access.*")
    assert {(e.kind, e.before, e.after) for e in found} == {
        ("access.changed", "write", "admin, administrator"),
        ("access.granted", None, "write"),
    }
    assert {e.observed_at for e in found} == {at("2026-05-03")}


def test_a_sync_that_died_before_it_logged_is_made_up_for_by_the_next(house: House) -> None:
    house.tell("2026-05-02", change(1, "2026-05-01"))
    page = Page(source="test", stream="all", evidence="none", observed_at=at("2026-05-03"),
                settings="", complete_until=at("2026-05-03"))  # fmt: skip
    house.working.merge_records(page, [change(2, "2026-05-02")])
    fill = partial(build, configuration=Configuration())
    snapshot = publish(house.workspace, house.working.connection, fill, keep=5)
    assert house.kinds().count("change.merged") == 1
    assert house.log(snapshot) == 2
    assert house.kinds().count("change.merged") == 2


def test_a_decision_is_in_the_log_by_its_hash(house: House) -> None:
    book = Book(house.workspace.folder)
    days = (datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 2, 1, tzinfo=UTC).date())
    made = set_baseline(book, "lead_time", None, days, ("m.alder", "we say so"))
    house.tell("2026-05-02", change(1, "2026-05-01"))
    (told,) = _events(house.ledger, "decision.*")
    assert told.id == f"decision:{made.id}"
    assert str(told.after).startswith(made.id)
    assert len(str(told.after)) == 64
    assert "we say so" not in _everything(house.ledger)


def _events(ledger: Ledger, kind: str) -> Sequence:
    return [entry.event for entry in ledger.entries(Asked(kind=kind)) if entry.event]


def test_a_waiver_that_is_over_is_an_event_once(house: House) -> None:
    book = Book(house.workspace.folder)
    wanted = Request(control="CM-03", scope=parse_scope("team:web"), until=date(2026, 3, 31),
                     reason=WaiverReason.RISK_ACCEPTED, justification="until then",
                     requester="m.alder")  # fmt: skip
    rules = Rules(WaiverSettings(), lambda _: True, lambda *_: 1)
    asked = request(book, wanted, rules, datetime(2026, 3, 1, tzinfo=UTC))
    approve(book, asked.id, ("t.birch", "for a month"), datetime(2026, 3, 2, tzinfo=UTC))
    house.tell("2026-05-02", change(1, "2026-05-01"))
    house.publish()
    (told,) = _events(house.ledger, "waiver.expired")
    assert (told.subject, told.happened_at) == ("CM-03", datetime(2026, 4, 1, tzinfo=UTC))
    assert told.data["waiver"] == asked.id


def test_a_waiver_of_one_row_that_is_over_does_not_name_the_row(house: House) -> None:
    book = Book(house.workspace.folder)
    wanted = Request(control="AC-04", scope=parse_scope("row:test:web/m.alder"),
                     until=date(2026, 3, 31), reason=WaiverReason.RISK_ACCEPTED,
                     justification="until then", requester="k.cedar")  # fmt: skip
    rules = Rules(WaiverSettings(), lambda _: True, lambda *_: 1)
    request(book, wanted, rules, datetime(2026, 3, 1, tzinfo=UTC))
    house.tell("2026-05-02", change(1, "2026-05-01"))
    (told,) = _events(house.ledger, "waiver.expired")
    assert told.data["title"] == "waiver of AC-04 for one row has expired"
    assert "m.alder" not in _everything(house.ledger)


def test_what_was_just_decided_is_logged_at_once_and_once(tmp_path: Path) -> None:
    settings, workspace = LedgerSettings(), Workspace(tmp_path)
    assert log_decisions(workspace, settings) is None
    assert not (tmp_path / "ledger").exists()
    days = (date(2026, 1, 1), date(2026, 2, 1))
    set_baseline(Book(tmp_path), "lead_time", None, days, ("m.alder", "we say so"))
    first = log_decisions(workspace, settings)
    assert first is not None
    assert (first.numbers, first.made_key) == (range(1), Ledger(tmp_path).key())
    assert log_decisions(workspace, settings) is None
    set_baseline(Book(tmp_path), "recovery_time", None, days, ("m.alder", "we say so"))
    second = log_decisions(workspace, settings)
    assert second is not None
    assert (second.numbers, second.made_key) == (range(1, 2), None)


def test_the_checkpoint_of_a_snapshot_stays_the_same_while_the_log_grows(house: House) -> None:
    house.tell("2026-05-02", change(1, "2026-05-01"))
    first = house.ledger.covering(house.ledger.size - 1)
    house.tell("2026-05-03", change(2, "2026-05-02"))
    assert first is not None
    assert first.size == 2
    assert first == house.ledger.covering(1)
    assert house.ledger.covering(house.ledger.size) is None

"""Searching the trail: what is found, what is not, and what nobody finds whose names are hidden."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from data.ledger import custody
from data.ledger.custody import By
from data.ledger.database import connected
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.period import Grain
from data.trail.index import Index
from data.trail.kinds import TITLES, Group, cdevent, group_of, words
from data.trail.search import Trail
from data.trail.wanted import Wanted
from tests.data.ledger.logs import NOW, event, events, filled, ledger

BEGAN = NOW - timedelta(days=30)


def indexed(log: Ledger, index: Index | None = None) -> Index:
    made = index or Index()
    made.refresh(log, lambda *_: None)
    return made


def trail(log: Ledger, *, sees_names: bool = False) -> Trail:
    return Trail(indexed(log), log.people.accounts() if sees_names else None)


def told(number: int, kind: str = "change.merged", **fields: object) -> Event:
    """An event with a title and a team."""
    title, team = fields.pop("title", f"Change {number}"), fields.pop("team", "web")
    data = {"title": title, "team": team, **dict(fields.pop("data", {}))}  # type: ignore[call-overload]
    return event(number, kind, data=data, **fields)


@pytest.fixture
def log(tmp_path: Path) -> Ledger:
    """Five events of two persons, one of which names a person in its id."""
    made = ledger(tmp_path)
    ada, bob = (made.people.pseudonym(name) for name in ("ada.alder", "bob.birch"))
    made.append(
        [
            told(0, title="Speed up Quotes", actor=ada),
            told(1, "deployment.approved", title="web v2 in production", actor=bob,
                 source="argocd", data={"person": ada}, after="approved"),
            told(2, "service.upgraded", title="web v2", team="ops", source="argocd", after="v2"),
            told(3, "access.granted", title="write in acme", team=None, actor=bob,
                 subject=f"acme {ada}", after="write"),
            told(4, title="Fix quotes", actor=bob, after="0123abcd"),
        ]
    )  # fmt: skip
    return made


def numbers(found: Trail, **wanted: object) -> list[int]:
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    page = [one.number for one in found.page(asked, 0, 50)]
    assert found.count(asked) == len(page), "the count is that of the rows"
    assert sum(found.course(asked, Grain.WEEK).values()) == len(page), "and so is the chart"
    assert [one.number for one in found.every(asked)] == page, "and so is the file"
    return page


def test_entries_are_found_by_parts_of_words_in_any_order_and_case(log: Ledger) -> None:
    found = trail(log)
    assert numbers(found) == [4, 3, 2, 1, 0]
    assert numbers(found, words="QUOTES") == [4, 0]
    assert numbers(found, words="quotes speed") == [0]
    assert numbers(found, words="merg") == [4, 0]
    assert numbers(found, words="pull/2") == [2]
    assert numbers(found, words="0123abcd") == [4]
    assert numbers(found, words="argocd upgraded ops") == [2]
    assert numbers(found, words="' or 1=1 --") == []


def test_filters_narrow_and_add_to_each_other(log: Ledger) -> None:
    found = trail(log)
    assert numbers(found, group=Group.DEPLOYMENTS) == [2, 1]
    assert numbers(found, group=Group.MODELS) == []
    assert numbers(found, source="argocd", words="approved") == [1]
    assert numbers(found, subject="github:acme/web#pull/4") == [4]
    assert numbers(found, subject="*pull/?") == [4, 2, 1, 0]
    assert numbers(found, teams=frozenset({"ops"})) == [2]
    at = BEGAN + timedelta(minutes=2)
    assert numbers(found, since=at) == [4, 3, 2]
    assert numbers(found, until=at) == [1, 0]
    assert numbers(found, since=at, until=at + timedelta(minutes=1), words="v2") == [2]
    assert found.sources() == ["argocd", "github"]


@pytest.mark.parametrize(
    ("subject", "pattern"),
    [
        ("github:build[bot]", "github:build[bot]"),
        ("github:build[bot]", "*[bot]"),
        ("github:build[bot]", "*[*"),
        ("github:build[bot]", "*d[b?t]"),
        ("gitlab:a\\b", "gitlab:a\\b"),
        ("gitlab:a\\b", "*\\?"),
    ],
)
def test_but_for_two_signs_a_subject_is_plain_text(
    tmp_path: Path, subject: str, pattern: str
) -> None:
    log = ledger(tmp_path)
    others = ("github:buildb", "github:build", "gitlab:ab", "gitlab:a")
    log.append([told(n, subject=name) for n, name in enumerate((subject, *others))])
    assert numbers(trail(log), subject=pattern) == [0]


def test_pages_hold_every_entry_once(tmp_path: Path) -> None:
    found = trail(filled(tmp_path, [257]))
    pages = [found.page(Wanted(), first, 50) for first in range(0, 300, 50)]
    assert [one.number for page in pages for one in page] == list(range(256, -1, -1))
    assert [len(page) for page in pages] == [50, 50, 50, 50, 50, 7]


def test_what_happened_first_stands_last_whenever_it_was_told(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    log.append(events(5, 3))
    log.append([Event("access.granted", "seen", NOW, subject="acme"), *events(4)])
    found = trail(log).page(Wanted(), 0, 9)
    assert [one.number for one in found] == [2, 0, 3, 1]
    assert found[0].happened_at is None, "it was only seen"
    assert found[0].dated_at == found[0].observed_at == NOW
    dates = [one.dated_at for one in found if one.dated_at is not None]
    assert all(later >= earlier for later, earlier in pairwise(dates))


def test_the_newest_entry_up_to_a_time_is_told_whatever_is_dated_later(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    later = Event("change.merged", "later", NOW, NOW + timedelta(days=400))
    log.append([told(0), told(1), later])
    found = trail(log)
    assert found.newest(NOW) == BEGAN + timedelta(minutes=1)
    assert found.newest(NOW + timedelta(days=400)) == NOW + timedelta(days=400)
    assert found.newest(BEGAN - timedelta(days=1)) is None


@pytest.mark.parametrize("name", ["ada", "alder", "ADA.ALDER", "bob.birch"])
def test_nobody_finds_a_person_whose_names_are_hidden(log: Ledger, name: str) -> None:
    hidden = trail(log)
    assert numbers(hidden, words=name) == []
    pseudonym = log.people.known("ada.alder")
    assert numbers(hidden, words=pseudonym) == []
    assert numbers(hidden, words=pseudonym.removeprefix("person:")[:10]) == []
    assert numbers(hidden, actor=pseudonym) == []
    assert hidden.actors() == {}
    assert {one.account for one in hidden.page(Wanted(), 0, 50)} == {None}


def test_who_may_see_names_searches_by_them(log: Ledger) -> None:
    shown = trail(log, sees_names=True)
    ada, bob = (log.people.known(name) for name in ("ada.alder", "bob.birch"))
    assert numbers(shown, words="BIRCH") == [4, 3, 1]
    assert numbers(shown, words="birch quotes") == [4]
    assert numbers(shown, actor=ada) == [0]
    assert numbers(shown, words=bob) == [4, 3, 1]
    assert shown.actors() == {ada: "ada.alder", bob: "bob.birch"}
    assert [one.account for one in shown.page(Wanted(actor=ada), 0, 9)] == ["ada.alder"]


def test_one_reader_learns_nothing_from_another(log: Ledger) -> None:
    index = indexed(log)
    shown, hidden = Trail(index, log.people.accounts()), Trail(index, None)
    assert shown.count(Wanted(words="alder")) == 1
    assert hidden.count(Wanted(words="alder")) == 0


def test_an_erased_person_is_found_by_the_pseudonym_alone(log: Ledger) -> None:
    pseudonym, _ = custody.erase(log, "ada.alder", By("officer", "asked for"))
    found = trail(log, sees_names=True)
    assert found.erased() == {pseudonym}
    assert numbers(found, words="ada.alder") == []
    assert numbers(found, actor=pseudonym) == [0]
    assert found.actors()[pseudonym] is None


def test_what_is_appended_is_found_and_what_is_pruned_is_not(tmp_path: Path) -> None:
    log = ledger(tmp_path, retention={"change.*": 7})
    log.append([told(0, title="An old secret"), told(1, "incident.detected", title="Outage")])
    index = indexed(log)
    found = Trail(index, None)
    assert numbers(found, words="secret") == [0]
    log.append([told(2, "model.created", title="A new model")])
    indexed(log, index)
    assert numbers(found, words="model") == [2]
    custody.prune(log, "officer")
    indexed(log, index)
    assert numbers(found, words="secret") == []
    gone = found.entry(0)
    assert gone is not None
    assert (gone.is_pruned, gone.title, gone.subject, gone.after) == (True, None, None, None)
    assert numbers(found, words="merged") == [0], "id and kind stay"
    assert numbers(Trail(indexed(log), None), words="secret") == [], "nor from its beginning"


def test_an_index_of_another_log_is_made_anew(tmp_path: Path) -> None:
    index = indexed(filled(tmp_path / "one", [4]))
    other = ledger(tmp_path / "other")
    other.append([told(n, title="other") for n in range(6)])
    found = Trail(indexed(other, index), None)
    assert numbers(found, words="other") == [5, 4, 3, 2, 1, 0]
    assert Trail(indexed(ledger(tmp_path / "none"), index), None).count(Wanted()) == 0


def test_what_was_changed_in_the_file_is_shown_as_it_is_now(log: Ledger) -> None:
    index = indexed(log)
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = replace(content, 'Speed', 'Slow')")
    indexed(log, index)
    assert numbers(Trail(index, None), words="slow") == [0]


def test_an_event_that_was_told_twice_shows_both_tellings(log: Ledger) -> None:
    log.append([told(2, "service.upgraded", title="web v2", source="events", after="v3")])
    found = trail(log)
    tellings = found.tellings("service.upgraded:2", 9)
    assert [(one.number, one.source, one.after) for one in tellings] == [
        (5, "events", "v3"),
        (2, "argocd", "v2"),
    ]


def test_around_an_entry_stands_what_is_told_of_the_same_subject(tmp_path: Path) -> None:
    log = ledger(tmp_path)
    log.append([event(n, subject="model@3" if n % 2 else "other") for n in range(9)])
    found = trail(log)
    one = found.entry(5)
    assert one is not None
    before, after = found.around(one, 1)
    assert ([e.number for e in before], [e.number for e in after]) == ([3], [7])


def test_a_payload_that_was_spoilt_is_listed_as_such(log: Ledger) -> None:
    with closing(connected(log.place.database)) as connection:
        connection.execute("drop trigger payload_is_never_changed")
        connection.execute("update payload set content = 'no json' where number = 1")
        connection.execute(
            "update payload set content = cast(x'7bff7d' as text) where number = 2"
        )  # fmt: skip
    found = trail(log)
    assert numbers(found) == [4, 3, 2, 1, 0]
    assert [one.is_readable for one in found.page(Wanted(), 0, 9)] == [
        True, True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("where", [0.4, 0.6, 0.9])
def test_of_a_file_that_is_damaged_what_can_be_read_is_found(tmp_path: Path, where: float) -> None:
    log = filled(tmp_path, [3_000])
    content = bytearray(log.place.database.read_bytes())
    begin, end = int(len(content) * where), int(len(content) * (where + 0.1))
    content[begin:end] = b"\xff" * (end - begin)
    log.place.database.write_bytes(content)
    found = trail(log)
    assert found.index.trouble is not None
    assert 0 < found.count(Wanted()) <= 3_000


def test_a_file_that_is_no_database_has_no_entries_and_says_why(tmp_path: Path) -> None:
    log = filled(tmp_path, [30])
    log.place.database.write_bytes(b"nothing" * 999)
    found = trail(log)
    assert found.index.trouble is not None
    assert found.count(Wanted()) == 0


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("change.merged", Group.CODE),
        ("review.dismissed", Group.CODE),
        ("host.setting_changed", Group.PROTECTION),
        ("host.recorded", Group.ACCESS),
        ("waiver.expired", Group.DECISIONS),
        ("export.written", Group.EXPORTS),
        ("ledger.pruned", Group.LOG),
        ("something.new", Group.OTHER),
    ],
)
def test_each_kind_is_about_something(kind: str, group: Group) -> None:
    assert group_of(kind) is group
    assert group in TITLES


def test_kinds_are_said_in_words_and_by_their_type_where_there_is_one() -> None:
    assert words("service.rolledback") == "service rolled back"
    assert words("access.granted") == "access granted"
    assert words("decision.waiver") == "decision", "its title says the rest"
    assert cdevent("change.merged") == "dev.cdevents.change.merged"
    assert cdevent("access.granted") is None

"""Waivers: who may have one, how long it holds, what becomes of it, and what it covers."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.configuration.waivers import WaiverReason, WaiverSettings
from data.decisions.book import FILE, Book
from data.decisions.decision import NothingDecided
from data.decisions.refusal import DecisionsRefused
from data.decisions.scope import Scope
from data.decisions.waiver import State, Waiver, waivers
from data.decisions.waiving import (
    Rules,
    WaiverRefused,
    approve,
    checked,
    reason_of,
    reject,
    request,
    withdraw,
)
from tests.data.decisions.disk import of_at_most, pages
from tests.data.decisions.waived import DAY, NOON, RULES, ask, asked, known

BOARD = ("the board", "agreed on Monday")
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def states(book: Book, at: datetime = NOON + AN_HOUR) -> list[str]:
    return [one.state(at.date()).value for one in waivers(book, at).all]


def the_one(book: Book) -> Waiver:
    (found,) = waivers(book).all
    return found


def test_a_request_that_somebody_else_approves_is_in_force_up_to_its_last_day(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path)
    made = ask(book, ticket="OPS-7", compensating=" ")
    assert states(book) == ["requested"]
    approve(book, made, BOARD, NOON + AN_HOUR)
    one = the_one(book)
    assert (one.id, one.requester, one.ticket, one.compensating) == (made, "m.alder", "OPS-7", None)
    assert one.approved is not None
    assert (one.approved.by, one.approved.why) == BOARD
    assert one.state(one.until) is State.IN_FORCE
    assert one.state(one.until + A_DAY) is State.EXPIRED
    assert waivers(book).all == (one,), "what has expired stays in the list"


def test_what_is_approved_before_it_begins_covers_nothing_yet(tmp_path: Path) -> None:
    book = Book(tmp_path)
    approve(book, ask(book, start=DAY + 7 * A_DAY), BOARD, NOON)
    row = {"id": "1", "team": "web"}
    for days, state in ((0, State.APPROVED), (6, State.APPROVED), (7, State.IN_FORCE)):
        then = NOON + timedelta(days=days)
        assert the_one(book).state(then.date()) is state
        held = waivers(book).standing(then).covering("CM-02", row)
        assert (held is not None) is (state is State.IN_FORCE)


def test_what_is_approved_later_than_the_data_stands_over_it_from_its_own_day(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path)
    approve(book, ask(book), BOARD, NOON + AN_HOUR)
    decided, row = waivers(book), {"team": "web"}
    before = NOON - 3 * A_DAY
    assert decided.standing(before).covering("CM-02", row) is None
    assert decided.reckoned(before) == NOON + AN_HOUR
    assert decided.standing(decided.reckoned(before)).covering("CM-02", row) is not None
    after = NOON + 60 * A_DAY
    assert decided.reckoned(after) == after


def test_a_rejected_one_says_by_whom_and_why_and_covers_nothing(tmp_path: Path) -> None:
    book = Book(tmp_path)
    reject(book, ask(book), ("the board", "there is time to mend it"), NOON)
    one = the_one(book)
    assert one.rejected is not None
    assert (one.rejected.by, one.rejected.why) == ("the board", "there is time to mend it")
    assert states(book) == ["rejected"]
    assert waivers(book).standing(NOON).covering("CM-02", {"team": "web"}) is None


def test_a_request_nobody_answers_expires(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = ask(book)
    late = NOON + 31 * A_DAY
    assert states(book, late) == ["expired"]
    with pytest.raises(WaiverRefused, match="ended on 2026-07-01"):
        approve(book, made, BOARD, late)


def test_a_new_request_replaces_the_open_one_and_once_approved_the_one_in_force(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path)
    first = ask(book)
    second = ask(book, NOON + AN_HOUR, ticket="OPS-8")
    with pytest.raises(WaiverRefused, match=f"replaced by `{second}`"):
        approve(book, first, BOARD, NOON + AN_HOUR)
    approve(book, second, BOARD, NOON + AN_HOUR)
    third = ask(book, NOON + A_DAY, start=DAY + 5 * A_DAY, until=DAY + 40 * A_DAY)
    assert states(book, NOON + A_DAY) == ["replaced", "in force", "requested"]
    approve(book, third, BOARD, NOON + A_DAY)
    assert states(book, NOON + A_DAY) == ["replaced", "in force", "approved"]
    assert states(book, NOON + 5 * A_DAY) == ["replaced", "replaced", "in force"]
    other = ask(book, NOON + A_DAY, scope="team:ops")
    approve(book, other, BOARD, NOON + A_DAY)
    assert states(book, NOON + 5 * A_DAY)[2:] == ["in force", "in force"]


def test_one_that_had_expired_before_another_came_stays_expired(tmp_path: Path) -> None:
    book = Book(tmp_path)
    approve(book, ask(book), BOARD, NOON)
    later = NOON + 60 * A_DAY
    approve(book, ask(book, later, until=later.date() + A_DAY), BOARD, later)
    assert states(book, later) == ["expired", "in force"]


def test_one_that_expires_before_the_next_begins_is_expired_and_not_replaced(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path)
    approve(book, ask(book, until=DAY + 5 * A_DAY), BOARD, NOON)
    approve(book, ask(book, NOON + AN_HOUR, start=DAY + 20 * A_DAY), BOARD, NOON + AN_HOUR)
    assert states(book, NOON + 6 * A_DAY) == ["expired", "approved"]
    assert states(book, NOON + 21 * A_DAY) == ["expired", "in force"]


def test_the_old_one_goes_on_if_the_new_one_is_withdrawn_before_it_begins(tmp_path: Path) -> None:
    book = Book(tmp_path)
    approve(book, ask(book), BOARD, NOON)
    new = ask(book, NOON + AN_HOUR, start=DAY + 5 * A_DAY)
    approve(book, new, BOARD, NOON + AN_HOUR)
    withdraw(book, new, BOARD, NOON + A_DAY)
    assert states(book, NOON + 6 * A_DAY) == ["in force", "withdrawn"]


def test_the_old_one_does_not_come_back_if_the_new_one_is_withdrawn_later(tmp_path: Path) -> None:
    book = Book(tmp_path)
    approve(book, ask(book), BOARD, NOON)
    new = ask(book, NOON + AN_HOUR)
    approve(book, new, BOARD, NOON + AN_HOUR)
    withdraw(book, new, BOARD, NOON + A_DAY)
    assert states(book, NOON + A_DAY) == ["replaced", "withdrawn"]


@pytest.mark.parametrize("approver", ["m.alder", " M.Alder ", "m.\u0430lder", "\uff4d.alder\u200b"])
def test_nobody_approves_what_they_ask_for(tmp_path: Path, approver: str) -> None:
    book = Book(tmp_path)
    made = ask(book)
    with pytest.raises(WaiverRefused, match="asks for the waiver and approves it"):
        approve(book, made, (approver, "why"), NOON)
    assert states(book) == ["requested"]


def test_who_asked_first_cannot_approve_what_another_asks_for_instead(tmp_path: Path) -> None:
    book = Book(tmp_path)
    ask(book)
    made = ask(book, NOON + AN_HOUR, requester="t.rowan")
    again = ask(book, NOON + 2 * AN_HOUR, requester="k.linden")
    with pytest.raises(WaiverRefused, match="replaced by"):
        approve(book, made, BOARD, NOON + 2 * AN_HOUR)
    for earlier in ("m.alder", "T.Rowan"):
        with pytest.raises(WaiverRefused, match=r"asked for the same before `k.linden` did"):
            approve(book, again, (earlier, "why"), NOON + 2 * AN_HOUR)
    approve(book, again, BOARD, NOON + 2 * AN_HOUR)


def test_what_is_answered_is_not_answered_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = ask(book)
    first = approve(book, made, BOARD, NOON)
    assert approve(book, made, BOARD, NOON) == first, "the same told twice is one"
    for answer in (approve, reject):
        with pytest.raises(WaiverRefused, match="is approved already, by the board at 2026-06-01"):
            answer(book, made, ("the other board", "why"), NOON + AN_HOUR)
    withdraw(book, made, BOARD, NOON + AN_HOUR)
    for again in (approve, reject, withdraw):
        with pytest.raises(WaiverRefused, match="is withdrawn already, by the board"):
            again(book, made, ("the other board", "why"), NOON + 2 * AN_HOUR)
    assert len(book.decisions()) == 3


def test_what_nobody_asked_for_is_not_answered(tmp_path: Path) -> None:
    for answer in (approve, reject, withdraw):
        with pytest.raises(NothingDecided, match="there is no waiver `0123`"):
            answer(Book(tmp_path), "0123", BOARD, NOON)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"control": "CM-99"}, "there is no control `CM-99`"),
        ({"requester": " \u200b"}, "nobody asks for it"),
        ({"justification": " \n"}, "it is not justified"),
        ({"reason": WaiverReason.MITIGATED}, "what mitigates it"),
        ({"reason": WaiverReason.MITIGATED, "compensating": " "}, "what mitigates it"),
        ({"until": None}, "it has no end; name its last day, at most 90 days from now"),
        ({"until": DAY - A_DAY}, "ends on 2026-05-31, which is past"),
        ({"start": DAY - A_DAY}, "begins on 2026-05-31, which is past"),
        ({"start": DAY + 31 * A_DAY}, "begins on 2026-07-02, after its end"),
        (
            {"start": DAY + 5 * A_DAY, "until": DAY + 91 * A_DAY},
            "on 2026-08-31, more than the 90 days",
        ),
        ({"until": DAY + 91 * A_DAY}, "more than the 90 days that `risk_accepted` may hold"),
        ({"until": DAY + 15 * A_DAY, "reason": WaiverReason.EMERGENCY}, "more than the 14 days"),
        ({"scope": "repository:gone-*"}, "nothing of `CM-02` is in `repository:gone-"),
    ],
)
def test_what_nobody_may_have_is_refused_and_leaves_nothing(
    tmp_path: Path, fields: dict[str, Any], says: str
) -> None:
    with pytest.raises(WaiverRefused, match=says) as refused:
        ask(Book(tmp_path), **fields)
    assert len(str(refused.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None)
@given(days=st.integers(-5, 400), reason=st.sampled_from(WaiverReason), most=st.integers(1, 366))
def test_it_ends_today_at_the_earliest_and_within_what_is_configured(
    days: int, reason: WaiverReason, most: int
) -> None:
    rules = Rules(WaiverSettings(most_days={reason: most}), RULES.is_control, RULES.matches)
    until = DAY + timedelta(days=days)
    wanted = asked(until=until, reason=reason, compensating="a second look")
    if 0 <= days <= most:
        assert checked(wanted, rules, DAY) == (DAY, until)
    else:
        with pytest.raises(WaiverRefused, match=str(until)):
            checked(wanted, rules, DAY)


def test_a_reason_that_is_not_configured_keeps_its_own_maximum() -> None:
    configured = WaiverSettings(most_days={WaiverReason.MITIGATED: 180})
    assert [configured.most(one) for one in WaiverReason] == [90, 90, 180, 14]


@pytest.mark.parametrize("word", ["", "because", "RISK_ACCEPTED"])
def test_a_reason_that_nobody_knows_is_refused(word: str) -> None:
    with pytest.raises(WaiverRefused, match="use one of: risk_accepted, false_positive"):
        reason_of(word)


def test_what_was_in_force_then_can_be_had_again(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = ask(book)
    approve(book, made, BOARD, NOON + AN_HOUR)
    withdraw(book, made, BOARD, NOON + A_DAY)
    moments = [NOON - AN_HOUR, NOON, NOON + AN_HOUR, NOON + A_DAY]
    then = [(at, states(book, at)) for at in moments]
    assert [told for _, told in then] == [[], ["requested"], ["in force"], ["withdrawn"]]
    ask(book, NOON + 2 * A_DAY)
    reject(book, ask(book, NOON + 2 * A_DAY, scope="organisation"), BOARD, NOON + 2 * A_DAY)
    assert [(at, states(book, at)) for at in moments] == then


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "approve", "reject", "withdraw"]),
        st.integers(0, 9),
        st.integers(0, 3),
        st.sampled_from(["team:web", "organisation"]),
    ),
    max_size=14,
)


def done(book: Book, steps: list[tuple[str, int, int, str]]) -> tuple[list[str], datetime]:
    """Takes steps as far as they may be; the ids asked for, and when the last was."""
    ids: list[str] = []
    at = NOON
    for verb, which, days, scope in steps:
        at += timedelta(days=days, minutes=1)
        if verb == "ask":
            begins = at.date() + timedelta(days=which % 4 * days)
            until = at.date() + timedelta(days=which + 9)
            ids.append(ask(book, at, scope=scope, start=begins, until=until))
        elif ids:
            answer = {"approve": approve, "reject": reject, "withdraw": withdraw}[verb]
            with suppress(WaiverRefused):
                answer(book, ids[which % len(ids)], BOARD, at)
    return ids, at


@settings(deadline=None, max_examples=30)
@given(steps=STEPS)
def test_whatever_is_done_one_at_most_is_in_force_of_each_scope_and_all_stay_in_the_list(
    steps: list[tuple[str, int, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = Book(tmp_path_factory.mktemp("book"))
    ids, at = done(book, steps)
    found = waivers(book)
    assert [one.id for one in found.all] == ids
    for days in range(-30, 25):
        day = at.date() + timedelta(days=days)
        held = [one for one in found.all if one.state(day) is State.IN_FORCE]
        assert len({one.scope for one in held}) == len(held)
        assert all(one.approved and one.start <= day <= one.until for one in held)


@settings(deadline=None, max_examples=30)
@given(steps=STEPS)
def test_the_whole_log_tells_of_a_day_what_the_log_of_that_day_told(
    steps: list[tuple[str, int, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = Book(tmp_path_factory.mktemp("book"))
    _, at = done(book, steps)
    whole = waivers(book)
    night = NOON.replace(hour=23, minute=59)
    while night.date() <= at.date():
        then = {one.id: one.state(night.date()) for one in waivers(book, night).all}
        assert then == {one: whole_one.state(night.date()) for one in then
                        if (whole_one := whole.find(one))}  # fmt: skip
        night += A_DAY


def test_the_next_begins_though_the_one_between_is_withdrawn(tmp_path: Path) -> None:
    book = Book(tmp_path)
    approve(book, ask(book), BOARD, NOON)
    between = ask(book, NOON + AN_HOUR, start=DAY + 10 * A_DAY)
    approve(book, between, BOARD, NOON + AN_HOUR)
    approve(book, ask(book, NOON + 2 * AN_HOUR, start=DAY + 20 * A_DAY), BOARD, NOON + A_DAY)
    withdraw(book, between, BOARD, NOON + 5 * A_DAY)
    assert states(book, NOON + 12 * A_DAY) == ["in force", "withdrawn", "approved"]
    assert states(book, NOON + 21 * A_DAY) == ["replaced", "withdrawn", "in force"]


def test_of_two_that_approve_at_once_one_is_told_of_the_other(tmp_path: Path) -> None:
    made = request(
        Book(tmp_path), asked(until=datetime.now().astimezone().date() + 7 * A_DAY), RULES
    ).id
    code = (
        "import sys; from pathlib import Path; from data.decisions.book import Book;"
        "from data.decisions.waiving import approve; from data.errors import CairnError\n"
        "book = Book(Path(sys.argv[1])); print('ready', flush=True); sys.stdin.readline()\n"
        "try: approve(book, sys.argv[2], (sys.argv[3], 'why'))\n"
        "except CairnError as error: print(error); sys.exit(2)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), made, who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for who in ("board", "council")
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    told = [one.communicate(timeout=60)[0] for one in running]
    assert sorted(one.returncode for one in running) == [0, 2]
    assert any("is approved already, by" in text for text in told)
    assert len(Book(tmp_path).decisions()) == 2


def test_an_approval_that_a_full_disk_refuses_is_none(tmp_path: Path) -> None:
    book = Book(tmp_path)
    made = ask(book)
    long = ("the board", "why " * 10_000)
    with of_at_most(pages(tmp_path)), pytest.raises(DecisionsRefused, match="the disk is full"):
        approve(book, made, long, NOON)
    assert states(book) == ["requested"]
    approve(book, made, BOARD, NOON)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_in_a_folder_that_may_only_be_read_waivers_are_read_and_not_answered(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path)
    made = ask(book)
    (tmp_path / FILE).chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DecisionsRefused, match=r"may not be written|cannot be opened"):
            approve(book, made, BOARD, NOON)
        assert states(book) == ["requested"]
    finally:
        tmp_path.chmod(0o700)


def test_what_matches_is_asked_with_the_control_and_the_scope(tmp_path: Path) -> None:
    given: list[tuple[str, str]] = []

    def matches(control: str, scope: Scope) -> int:
        given.append((control, str(scope)))
        return known(control, scope)

    request(Book(tmp_path), asked(), Rules(WaiverSettings(), RULES.is_control, matches), NOON)
    assert given == [("CM-02", "team:web")]

"""What one of each thing that is delivered costs, from charges and what was delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.configuration import Configuration, Team
from data.costs.building import cost_sql
from data.decisions.baseline import Baseline, Baselines
from data.facts.build import build
from data.facts.costs import READ
from data.metrics.definition import definition
from data.metrics.engine import evaluate
from data.metrics.evidence import add_up
from data.metrics.figure import Figure
from data.metrics.reason import NoValue
from data.metrics.scope import By, Scope
from data.model import ImportedValue, Record
from data.period import Window
from data.store.publish import publish
from data.store.snapshot import Snapshot, SnapshotReader
from data.store.workspace import Workspace
from tests.data.facts.story import MAINLINE, ran
from tests.data.facts.test_costs import bill as imported
from tests.data.published import at, incident, merged

MAY = Window(date(2026, 5, 1), date(2026, 6, 1))
JUNE = Window(date(2026, 6, 1), date(2026, 7, 1))
TEAMS = Configuration(team=(Team(name="pay", owns=("service:web",)), Team(name="web")))
Charge = dict[str, Any]
Part = tuple[str, str, str, str, str]
"""Source, account, first day, day after the last, and when it was written."""
FINAL_MAY: Part = ("cloud", "a", "2026-05-01", "2026-06-01", "2026-06-03")
FINAL_JUNE: Part = ("cloud", "a", "2026-06-01", "2026-07-01", "2026-07-02")


def charge(day: str, cost: float | None = 1, **values: Any) -> Charge:
    """A charge of team `pay` for building, in euro."""
    return {
        "day": day, "provider": "Cloud", "currency": "EUR", "bucket": "direct", "team": "pay",
        "activity": "build", "subject": None, "initiative": None, "rows": 1,
        "effective_cost": cost, "reporting_currency": "EUR", "reporting_effective": cost, **values,
    }  # fmt: skip


@contextmanager
def told(
    folder: Path, charges: Sequence[Charge], parts: Sequence[Part], records: Sequence[Record] = (),
    teams: Configuration = TEAMS,
) -> Iterator[Snapshot]:  # fmt: skip
    """A snapshot with charges of bills, and of what was delivered."""

    def costs(connection: duckdb.DuckDBPyConnection, into: str) -> None:
        for name, columns in READ.items():
            more = ", rate decimal(24, 12)" if name == "charge_day" else ""
            connection.execute(f"create table {into}.{name} ({columns}{more})")
        for source, account, first, until, written in parts:
            row = [source, account, at(first), at(until), at(written)]
            connection.execute(
                f"insert into {into}.bill_in_effect values (?, ?, ?, ?, ?, true)", row
            )
        for one in charges:
            names, marks = ", ".join(one), ", ".join("?" * len(one))
            connection.execute(
                f"insert into {into}.charge_day ({names}) values ({marks})", list(one.values())
            )

    workspace = Workspace(folder)
    with merged(workspace, [*MAINLINE, *records], "2026-07-20", {}, {}) as working:
        fill = partial(build, configuration=teams, further=costs)
        publish(workspace, working.connection, fill, keep=5)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        yield snapshot


def deployed(*days: str) -> list[Record]:
    return [ran(number, day) for number, day in enumerate(days, 1)]


FIVE = deployed("2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08")


def figure(
    snapshot: Snapshot, scope: Scope | None = None, days: Window = MAY,
    metric: str = "cost_per_deployment",
) -> Figure:  # fmt: skip
    return evaluate(snapshot, definition(metric), scope or Scope(), days).figures[0]


def test_a_deployment_costs_what_building_cost_by_their_number(tmp_path: Path) -> None:
    charges = [charge("2026-05-02", 30), charge("2026-05-20", 20),
               charge("2026-05-20", 50, activity="serving"),
               charge("2026-05-20", 100, activity=None)]  # fmt: skip
    with told(tmp_path, charges, [FINAL_MAY], FIVE) as snapshot:
        found = figure(snapshot)
        assert (found.value, found.n, found.coverage) == (10, 5, 1)
        assert found.parts["told_cost"] == pytest.approx(0.5)
        assert figure(snapshot, Scope(team="pay")).value == 10
        proof = add_up(snapshot, definition("cost_per_deployment"), Scope(), MAY)
        assert (proof.counted, proof.known, proof.measure) == (5, 5, 10)


def test_each_that_held_bears_those_that_had_to_be_mended(tmp_path: Path) -> None:
    failed = incident(1, "2026-05-06 12:00", deployment=FIVE[2].id)
    charges = [charge("2026-05-02", 30)]
    with told(tmp_path, charges, [FINAL_MAY], [*FIVE, failed]) as snapshot:
        found = figure(snapshot, metric="deployment_failure_tax")
        assert (found.value, found.n) == (pytest.approx(30 / 4 - 30 / 5), 5)


def test_where_nobody_watches_it_is_not_known_which_held(tmp_path: Path) -> None:
    with told(tmp_path, [charge("2026-05-02", 30)], [FINAL_MAY], FIVE) as snapshot:
        found = figure(snapshot, metric="deployment_failure_tax")
        assert (found.value, found.reason) == (None, NoValue.NOT_MEASURED)
        assert figure(snapshot).value == 6, "what one cost is known all the same"


def test_what_is_excluded_costs_nothing_here(tmp_path: Path) -> None:
    charges = [charge("2026-05-02", 30), charge("2026-05-02", 70, bucket="excluded")]
    with told(tmp_path, charges, [FINAL_MAY], FIVE) as snapshot:
        assert figure(snapshot).value == 6


def test_a_day_without_a_bill_is_unfinished_and_not_free(tmp_path: Path) -> None:
    charges = [charge("2026-05-02", 30)]
    with told(tmp_path, charges, [FINAL_MAY], FIVE) as snapshot:
        both = figure(snapshot, days=Window(date(2026, 5, 1), date(2026, 6, 5)))
        assert (both.value, both.reason) == (None, NoValue.NOT_BILLED)
        before = figure(snapshot, days=Window(date(2026, 4, 30), date(2026, 6, 1)))
        assert (before.value, before.reason) == (None, NoValue.NOT_BILLED)


def test_a_bill_that_was_written_before_its_month_was_over_is_provisional(tmp_path: Path) -> None:
    early = (*FINAL_MAY[:4], "2026-05-31 12:00")
    with told(tmp_path, [charge("2026-05-02", 30)], [early], FIVE) as snapshot:
        some = figure(snapshot, days=Window(date(2026, 5, 1), date(2026, 5, 31)))
        assert (some.value, some.reason) == (None, NoValue.PROVISIONAL)
        assert figure(snapshot).reason is NoValue.NOT_BILLED
        states = snapshot.rows(
            "select state, count(*) as n from billed_day group by all order by 1"
        )
        assert [(row["state"], row["n"]) for row in states] == [("none", 50), ("provisional", 30)]


def test_a_missing_rate_leaves_no_value_and_no_part_of_a_sum(tmp_path: Path) -> None:
    charges = [charge("2026-05-02", 30), charge("2026-05-02", 1, reporting_effective=None)]
    with told(tmp_path, charges, [FINAL_MAY], FIVE) as snapshot:
        assert figure(snapshot).reason is NoValue.NO_RATE
        assert snapshot.rows("select cost from unit_cost where side = 'cost'") == [{"cost": None}]


def test_who_has_no_such_charge_does_not_make_others_cheap(tmp_path: Path) -> None:
    with told(tmp_path, [charge("2026-05-02", 30, team="web")], [FINAL_MAY], FIVE) as snapshot:
        found = figure(snapshot)
        assert (found.value, found.n, found.population, found.reason) == (
            None, 0, 5, NoValue.NOT_KNOWN,
        )  # fmt: skip


def test_what_nobody_has_is_for_all(tmp_path: Path) -> None:
    with told(tmp_path, [charge("2026-05-02", 30, team=None)], [FINAL_MAY], FIVE) as snapshot:
        assert figure(snapshot).value == 6
        assert figure(snapshot, Scope(team="pay")).value is None


def test_a_subject_has_its_own_figure(tmp_path: Path) -> None:
    charges = [charge("2026-05-02", 30, subject="WEB"), charge("2026-05-02", 9)]
    with told(tmp_path, charges, [FINAL_MAY], FIVE) as snapshot:
        metric = definition("cost_per_deployment")
        found = evaluate(snapshot, metric, Scope(), MAY, by=[By.MEASURE]).figures
        assert {one.item: one.value for one in found if one.n} == {"cost_per_deployment: web": 6}
        assert figure(snapshot).value == pytest.approx(7.8)


def test_too_few_are_no_figure(tmp_path: Path) -> None:
    with told(tmp_path, [charge("2026-05-02", 30)], [FINAL_MAY], FIVE[:4]) as snapshot:
        assert figure(snapshot).reason is NoValue.TOO_FEW


def test_without_bills_nothing_is_told(tmp_path: Path) -> None:
    with told(tmp_path, [], [], FIVE) as snapshot:
        assert figure(snapshot).reason is NoValue.NOTHING_DEPLOYED
        assert snapshot.rows("select * from unit_cost") == []


def test_a_bill_of_one_account_that_is_due_holds_back_all(tmp_path: Path) -> None:
    other = ("cloud", "b", "2026-04-01", "2026-05-01", "2026-05-03")
    with told(tmp_path, [charge("2026-05-02", 30)], [FINAL_MAY, other], FIVE) as snapshot:
        assert figure(snapshot).reason is NoValue.NOT_BILLED
        row = snapshot.rows("select lacks from billed_day where day = date '2026-05-09'")
        assert row == [{"lacks": "cloud, b"}]


def test_an_account_that_two_months_came_without_has_ended(tmp_path: Path) -> None:
    other = ("cloud", "b", "2026-04-01", "2026-05-01", "2026-05-03")
    parts = [FINAL_MAY, FINAL_JUNE, other]
    with told(tmp_path, [charge("2026-05-02", 30)], parts, FIVE) as snapshot:
        assert figure(snapshot).value == 6


def test_bills_tell_the_cost_of_infrastructure_and_imports_what_they_do_not(
    tmp_path: Path,
) -> None:
    records = [imported(300, "2026-04-01", "2026-05-01", "all"),
               imported(310, "2026-05-01", "2026-06-01", "all")]  # fmt: skip
    charges = [charge("2026-05-01", 31), charge("2026-05-31", 31)]
    april = Window(date(2026, 4, 1), date(2026, 5, 1))
    with told(tmp_path, charges, [FINAL_MAY], records) as snapshot:
        found = figure(snapshot, metric="infrastructure_cost")
        assert (found.value, found.n) == (pytest.approx(2), 31)
        then = figure(snapshot, days=april, metric="infrastructure_cost")
        assert (then.value, then.parts["from_bills"]) == (pytest.approx(10), 0)


def reduction(snapshot: Snapshot, then: Window, now: Window) -> Figure:
    days = Baseline("1", "infrastructure_cost", None, then.start, then.end, "why", "who", at(
        "2026-01-01"))  # fmt: skip
    less = definition("infrastructure_cost_reduction")
    return evaluate(snapshot, less, Scope(), now, decided=Baselines((days,))).figures[0]


def test_what_is_switched_off_at_times_is_cheaper_by_all_days(tmp_path: Path) -> None:
    charges = [*(charge(f"2026-05-{day:02}", 10) for day in range(1, 32)),
               *(charge(f"2026-06-{day:02}", 10) for day in range(1, 16))]  # fmt: skip
    with told(tmp_path, charges, [FINAL_MAY, FINAL_JUNE]) as snapshot:
        assert reduction(snapshot, MAY, JUNE).value == pytest.approx(0.5)


def test_bills_are_not_held_against_what_files_say(tmp_path: Path) -> None:
    april: list[ImportedValue] = [imported(300, "2026-04-01", "2026-05-01", "all")]
    charges = [charge(f"2026-05-{day:02}", 5) for day in range(1, 32)]
    with told(tmp_path, charges, [FINAL_MAY], april) as snapshot:
        found = reduction(snapshot, Window(date(2026, 4, 1), date(2026, 5, 1)), MAY)
        assert (found.value, found.reason) == (None, NoValue.UNLIKE)


def test_a_few_days_are_not_held_against_a_month(tmp_path: Path) -> None:
    charges = [charge(f"2026-05-{day:02}", 10) for day in range(1, 32)]
    with told(tmp_path, charges, [FINAL_MAY, FINAL_JUNE]) as snapshot:
        week = Window(date(2026, 6, 1), date(2026, 6, 8))
        assert reduction(snapshot, MAY, week).reason is NoValue.UNLIKE


def on_clock(zone: str) -> Configuration:
    """The same teams, of which `pay` lives by this clock."""
    pay, web = TEAMS.team
    return Configuration(team=(pay.model_copy(update={"timezone": zone}), web))


def test_a_unit_is_of_the_month_of_its_teams_clock(tmp_path: Path) -> None:
    late = deployed(*(f"2026-05-31 22:{minute}" for minute in range(10, 60, 10)))
    charges = [charge("2026-06-02", 30)]
    parts = [FINAL_MAY, FINAL_JUNE]
    with told(tmp_path, charges, parts, late, on_clock("Europe/Berlin")) as snapshot:
        found = figure(snapshot, days=JUNE)
        assert (found.value, found.n, found.coverage) == (6, 5, 1)
        days = snapshot.rows("select distinct day from unit_cost where side = 'unit'")
        assert days == [{"day": date(2026, 6, 1)}]


def test_a_day_of_a_bill_is_that_day_on_every_clock(tmp_path: Path) -> None:
    charges = [charge("2026-05-31", 30, initiative="new")]
    parts = [FINAL_MAY, FINAL_JUNE]
    with told(tmp_path, charges, parts, FIVE, on_clock("Pacific/Auckland")) as snapshot:
        assert figure(snapshot).value == 6
        for table, told_of in (("unit_cost", "side = 'cost'"), ("cost_day", "value > 0"),
                               ("initiative_part", "value > 0")):  # fmt: skip
            (row,) = snapshot.rows(f"select local_at from {table} where {told_of}")
            assert row["local_at"].date() == date(2026, 5, 31), table


def test_what_facts_read_of_costs_is_there() -> None:
    names = [line.split()[0] for line in READ["charge_day"].strip().splitlines()]
    assert all(name in cost_sql("charge_day") for name in names)

"""What every connector must do, whatever it reads: one clause a test.

A kind of source is bound to the suite by a `Binding`, which makes its connector and changes, breaks
and counts its source, and a subclass of `Conformance` that names the binding. A clause that cannot
apply to a kind is named in `not_applicable` with the reason; nothing is left out in silence.
"""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import ClassVar

import pytest

from connectors.interface import Connector, Context
from connectors.rebuild import PageRefused
from connectors.sync import SourceResult
from data.model import ENTITIES, GapReason, Record
from data.store.merge import Touched
from tests.connectors.house import House, Kill, Killed, RowKey
from tests.connectors.loopback import FakeTime

MOST_KILLS = 8
"""Pages a sync is killed at; of more, some are left out."""

HOTFIX_PATTERN = "(?i)^hotfix[/:( -]"


class Binding(ABC):
    """One source of a kind, that a test can change, break and count.

    A hook that is not overridden belongs to a clause that is not applicable to the kind.
    """

    connector_class: ClassVar[type[Connector]]
    untimed: ClassVar[Collection[str]] = ()
    """Streams whose rows tell when they were read, because their source tells no times."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        """Makes the source.

        Args:
            folder: an empty one for all that it keeps.
            running: ends, after the test, what the binding enters into it.
        """
        self.folder = folder
        self.running = running
        self.time = FakeTime()
        self._houses = 0

    @abstractmethod
    def connector(self, clock_skew: timedelta = timedelta()) -> Connector:
        """Makes the connector anew, as another process would."""

    @abstractmethod
    def change(self) -> None:
        """Makes something happen at the source: something new, and a change of something old."""

    def vanish(self) -> None:
        """Makes the source unreachable."""
        raise self._unbound("vanish")

    def come_back(self) -> None:
        """Makes it reachable again, as it was."""
        raise self._unbound("come_back")

    def context(self, clock_skew: timedelta = timedelta()) -> Context:
        """Returns what the house gives to the connector."""
        return Context(
            folder=self.folder,
            mirrors=self.folder / "mirrors",
            hotfix_pattern=HOTFIX_PATTERN,
            clock=lambda: self.time.now() + clock_skew,
            progress=lambda what, done, total: None,
            sleep=self.time.sleep,
        )

    def house(self, like: House | None = None) -> House:
        """Opens an empty house, or a copy of one."""
        self._houses += 1
        folder = self.folder / f"house-{self._houses}"
        return self.running.enter_context(closing(like.copy(folder) if like else House(folder)))

    def sync(
        self,
        house: House,
        kill: Kill | None = None,
        between: Callable[[int], None] = lambda _: None,
        clock_skew: timedelta = timedelta(),
    ) -> SourceResult:
        """Reads all streams into a house, by a new connector."""
        connector = self.connector(clock_skew)
        return house.sync(connector, self.context(clock_skew), kill, between)

    def synced(self) -> House:
        """Opens a new house after one full sync."""
        house = self.house()
        assert not self.sync(house).errors
        return house

    @property
    def shifts(self) -> Mapping[str, Callable[[], object]]:
        """Ways in which a list of the source can shift while it is paged, by name."""
        raise self._unbound("shifts")

    def remove(self) -> Collection[RowKey]:
        """Removes something at the source; returns entity and id of at least one row that goes."""
        raise self._unbound("remove")

    def storm(self) -> float:
        """Makes the next answers 429, 5xx and resets; returns the seconds they ask to wait."""
        raise self._unbound("storm")

    def refuse(self, stream: str, status: int, page: int) -> None:
        """Makes the source answer a stream with a status from a page (1, 2 …) on."""
        raise self._unbound("refuse")

    def allow(self) -> None:
        """Takes all refusals back."""
        raise self._unbound("allow")

    def ignore_filters(self) -> None:
        """Makes the source ignore the filters it is asked with."""
        raise self._unbound("ignore_filters")

    def change_untimed(self) -> None:
        """Changes something whose change the source gives no time for."""
        raise self._unbound("change_untimed")

    def bounds(self, rows: Mapping[RowKey, Record]) -> tuple[datetime | None, datetime | None]:
        """Reads from rows between which times the change of `change_untimed` happened."""
        raise self._unbound("bounds")

    @property
    def secret(self) -> str:
        """The secret that the connector uses to read the source."""
        raise self._unbound("secret")

    @property
    def ways_to_show_the_secret(self) -> Sequence[Callable[[], object]]:
        """Troubles in which a careless connector would show it, such as a refusal."""
        raise self._unbound("ways_to_show_the_secret")

    def add_unmapped(self) -> bytes:
        """Adds a field that no row has a column for; returns its value as the source sends it."""
        raise self._unbound("add_unmapped")

    def tell_times_in(self, zone: timezone) -> None:
        """Makes the source tell the same times in another zone."""
        raise self._unbound("tell_times_in")

    @property
    def damages(self) -> Mapping[str, Callable[[], int]]:
        """Ways to rename, drop or null what rows need, by name; each returns in how many things.

        Only their rows may go, and of each there must be a gap or a warning.
        """
        raise self._unbound("damages")

    @property
    def requests(self) -> int:
        """How often the source was asked so far, leaving out answers that count for nothing."""
        raise self._unbound("requests")

    @property
    def fewest_requests(self) -> int:
        """How many a full sync needs: the pages there are."""
        raise self._unbound("fewest_requests")

    @property
    def idle_requests(self) -> int:
        """How many a sync with nothing new may cost."""
        raise self._unbound("idle_requests")

    def _unbound(self, hook: str) -> NotImplementedError:
        text = f"{type(self).__name__} has no {hook}: write it, or name the clause not applicable"
        return NotImplementedError(text)


Make = Callable[[], Binding]


class Conformance:
    """The clauses."""

    binding: ClassVar[type[Binding]]
    not_applicable: ClassVar[Mapping[str, str]] = {}
    """Clause to the reason why it cannot apply to this kind of source."""

    def __init_subclass__(cls) -> None:
        for clause in cls.not_applicable:
            setattr(cls, clause, None)  # then there is no such test

    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Make]:
        """Makes one source after another, each in its own folder, all alike."""
        with ExitStack() as running:
            count = iter(range(1000))

            def new() -> Binding:
                folder = tmp_path / f"source-{next(count)}"
                folder.mkdir()
                return self.binding(folder, running)

            yield new

    def test_a_row_fits_its_entity_and_a_cursor_is_small_json(self, make: Make) -> None:
        source = make()
        house = source.synced()
        assert len(house.records()) >= 3
        streams = [stream.name for stream in source.connector().discover()]
        assert len(set(streams)) == len(streams)
        assert max(len(json.dumps(cursor)) for cursor in house.cursors.values()) < 10_000

    def test_a_kill_at_any_page_is_resumed_to_the_same_rows(self, make: Make) -> None:
        source = make()
        undisturbed = self._killed_everywhere(source, source.house())
        source.change()
        self._killed_everywhere(source, undisturbed)

    def _killed_everywhere(self, source: Binding, start: House) -> House:
        calm = source.house(like=start)
        pages = source.sync(calm).pages
        assert pages > 0
        expected = calm.records()
        between = [Kill(page, is_committed=False) for page in range(pages)]
        for kill in [*between[:: max(1, pages // MOST_KILLS)], Kill(pages - 1, is_committed=True)]:
            house = source.house(like=start)
            with pytest.raises(Killed):
                source.sync(house, kill)
            assert not source.sync(house).errors
            assert house.records() == expected, kill
            assert source.sync(house).pages == 0
        assert calm.records(source.untimed) == source.synced().records(source.untimed)
        return calm

    def test_reading_an_overlap_again_changes_nothing(self, make: Make) -> None:
        source = make()
        house = source.synced()
        old_cursors = house.cursors
        idle = source.sync(house)
        assert (idle.pages, idle.touched) == (0, Touched())
        source.change()
        assert source.sync(house).touched != Touched()
        expected = house.records(source.untimed)
        for cursors in (old_cursors, {}):
            house.set_cursors(cursors)
            source.sync(house)
            assert house.records(source.untimed) == expected

    def test_a_list_that_shifts_while_paged_loses_and_doubles_nothing(self, make: Make) -> None:
        source = make()
        before = source.house()
        pages = source.sync(before).pages
        assert pages > 1
        for name in source.shifts:
            shifted = make()
            shifted.shifts[name]()
            after = shifted.synced().records(source.untimed)
            alive = [(page, False) for page in sorted({1, pages // 2, pages - 1})]
            for page, is_killed in [*alive, (1, True), (pages // 2, True)]:
                source = make()
                house, shift = source.house(), source.shifts[name]
                if is_killed:
                    with pytest.raises(Killed):
                        source.sync(house, Kill(page - 1, is_committed=True))
                    shift()
                    source.sync(house)
                else:
                    source.sync(house, between=_at(page, shift))
                survivors = before.records(source.untimed).keys() & after.keys()
                assert survivors <= house.records().keys(), (name, page)
                source.sync(house)
                assert house.records(source.untimed) == after, (name, page)

    def test_429_retry_after_and_5xx_are_honoured_on_a_fake_clock(self, make: Make) -> None:
        source = make()
        calm, house = source.synced(), source.house()
        asked_seconds = source.storm()
        assert not source.sync(house).errors
        assert house.records(source.untimed) == calm.records(source.untimed)
        assert sum(source.time.slept) >= asked_seconds > 0

    @pytest.mark.parametrize(("status", "page"), [(401, 1), (403, 2), (404, 1)])
    def test_a_refused_stream_is_a_gap_and_the_others_go_on(
        self, make: Make, status: int, page: int
    ) -> None:
        source = make()
        calm = source.synced()
        expected = calm.records()
        streams = [stream.name for stream in source.connector().discover()]
        pages = Counter(stream for stream, _ in calm.pages())
        for refused in (name for name in streams if pages[name] >= page):
            source.refuse(refused, status, page)
            house, full = source.house(), source.house(like=calm)
            full.set_cursors({})
            for each in (house, full):
                assert not source.sync(each).errors
                reasons = {gap.reason for gap in each.standing(refused)}
                assert len(reasons) == 1
                assert reasons <= {GapReason.NO_PERMISSION, GapReason.NOT_FOUND}
                assert each.records([refused]) == calm.records([refused])
                assert each.incomplete == {refused}
            assert full.records() == expected
            source.allow()
            for each in (house, full):
                source.sync(each)
                assert each.records() == expected
                assert each.incomplete == set()

    def test_a_filter_the_source_does_not_know_is_noticed(self, make: Make) -> None:
        source = make()
        house = source.synced()
        source.ignore_filters()
        source.change()
        source.sync(house)
        assert [gap for gap in house.gaps() if gap.reason == GapReason.FILTER_IGNORED]
        assert house.records(source.untimed) == source.synced().records(source.untimed)

    def test_only_a_complete_reading_deletes(self, make: Make) -> None:
        source = make()
        full = source.synced()
        rows = full.records().keys()
        removed = set(source.remove())
        assert removed
        assert removed <= rows
        calm = source.house(like=full)
        pages = source.sync(calm).pages
        gone = rows - calm.records().keys()
        assert removed <= gone
        assert calm.records(source.untimed) == source.synced().records(source.untimed)
        for page in range(pages):
            house = source.house(like=full)
            with pytest.raises(Killed):
                source.sync(house, Kill(page, is_committed=False))
            assert rows - house.records().keys() <= (gone if page else set()), page

    def test_what_has_no_time_is_bounded_by_two_readings(self, make: Make) -> None:
        source = make()
        start, house = source.time.at, source.synced()
        before = house.records()
        source.time.at = start + timedelta(minutes=30)
        source.change_untimed()
        source.time.at = start + timedelta(minutes=60)
        source.sync(house)
        news = {key: row for key, row in house.records().items() if before.get(key) != row}
        assert source.bounds(news) == (start, start + timedelta(minutes=60))

    def test_no_secret_is_in_archive_cursor_log_error_or_gap(
        self, make: Make, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        source = make()
        house = source.synced()
        shown: list[object] = []
        for trouble in (lambda: None, *source.ways_to_show_the_secret):
            trouble()
            house.set_cursors({})
            shown += [error for e in source.sync(house).errors for error in (str(e), repr(e))]
            shown += [source.connector(), source.connector().check(), house.everything()]
        assert [text for text in map(str, [*shown, caplog.text]) if source.secret in text] == []

    def test_a_field_without_a_column_survives_in_the_archive(self, make: Make) -> None:
        source = make()
        value = source.add_unmapped()
        assert any(value in payload for _, payload in source.synced().pages())

    @pytest.mark.parametrize("hours", [9, -7.5])
    def test_the_same_times_told_in_another_zone_are_the_same(
        self, make: Make, hours: float
    ) -> None:
        here, there = make(), make()
        there.tell_times_in(timezone(timedelta(hours=hours)))
        assert _times(here) == _times(there)

    @pytest.mark.parametrize("hours", [1, -1])
    def test_a_clock_an_hour_off_loses_nothing(self, make: Make, hours: int) -> None:
        source = make()
        house, skew = source.house(), timedelta(hours=hours)
        source.sync(house, clock_skew=skew)
        source.change()
        source.sync(house, clock_skew=skew)
        assert house.records(source.untimed) == source.synced().records(source.untimed)

    def test_a_renamed_missing_or_null_field_warns_and_does_not_crash(
        self, make: Make, caplog: pytest.LogCaptureFixture
    ) -> None:
        calm = make().synced()
        for name in make().damages:
            source = make()
            damaged = source.damages[name]()
            assert damaged > 0
            caplog.clear()
            house = source.house()
            errors = source.sync(house).errors
            assert not [error for error in errors if isinstance(error, PageRefused)], name
            assert len(calm.records().keys() - house.records().keys()) <= damaged, name
            warnings = sum(record.levelno >= logging.WARNING for record in caplog.records)
            assert warnings + len(house.gaps()) - len(calm.gaps()) >= damaged, name

    def test_a_full_sync_asks_for_each_page_once_and_no_change_costs_nearly_nothing(
        self, make: Make
    ) -> None:
        source = make()
        house = source.synced()
        assert source.requests == source.fewest_requests
        before = source.requests
        assert source.sync(house).pages == 0
        assert source.requests - before <= source.idle_requests

    def test_rows_depend_on_the_page_alone(self, make: Make) -> None:
        source = make()
        house, first = source.synced(), source.connector()
        pages = house.pages()
        rows = [list(first.rows(*page)) for page in pages]
        assert [list(first.rows(*page)) for page in pages] == rows
        if "test_a_source_that_is_gone_is_told_and_loses_nothing" not in self.not_applicable:
            source.vanish()
        later = source.connector(timedelta(days=400))
        assert [list(later.rows(*page)) for page in reversed(pages)] == rows[::-1]
        assert house.is_rebuilt_alike(later, source.folder)

    def test_a_source_that_is_gone_is_told_and_loses_nothing(self, make: Make) -> None:
        source = make()
        house = source.synced()
        before, known = house.records(), house.gaps()
        source.vanish()
        result = source.sync(house)
        told = [*map(str, result.errors), *(gap.what for gap in house.gaps() if gap not in known)]
        assert told
        assert not [text for text in told if "\n" in text]
        assert result.pages == 0
        assert house.records() == before
        source.come_back()
        source.change()
        assert not source.sync(house).errors
        assert house.records(source.untimed) == source.synced().records(source.untimed)


CLAUSES = tuple(name for name in vars(Conformance) if name.startswith("test_"))
"""The names of all clauses."""


def _at(page: int, do: Callable[[], object]) -> Callable[[int], None]:
    def between(number: int) -> None:
        if number == page:
            do()

    return between


def _times(source: Binding) -> Counter[tuple[str, str, datetime]]:
    """All times of all rows: ids may hash the text a time was told in."""
    return Counter(
        (entity, column.name, value)
        for (entity, _), record in source.synced().records(source.untimed).items()
        for column in ENTITIES[entity].columns
        if isinstance(value := getattr(record, column.name), datetime)
    )

"""What charges were for: the first activity that matches, and the subject that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.configuration import ConfigurationError
from data.costs.allocation.book import Book
from data.costs.allocation.book_file import read_book
from tests.data.costs.allocation.test_allocating import charge, done

RUNNERS = {"id": "runners", "match": {"ServiceName": "Runner*"}, "activity": "build"}
MODELS = {
    "id": "models",
    "match": {"tag.model": "*"},
    "activity": "training",
    "subject_from": "tag.model",
    "subjects": {"Churn-2": "churn"},
}


def purposes(book: dict[str, Any], *charges: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Activity, subject and initiative of each charge."""
    return (
        done(book, charges)
        .execute("select activity, subject, initiative from allocated order by bill_row")
        .fetchall()
    )


def test_the_first_activity_that_matches_holds() -> None:
    book = {"activity": [RUNNERS, {**MODELS, "match": {}}]}
    found = purposes(book, charge(ServiceName="Runner small"), charge())
    assert [activity for activity, _, _ in found] == ["build", "training"]


def test_what_nothing_matches_has_no_activity() -> None:
    assert purposes({"activity": [RUNNERS]}, charge()) == [(None, None, None)]


def test_without_activities_nothing_is_said() -> None:
    assert purposes({}, charge()) == [(None, None, None)]


def test_a_subject_is_named_by_a_tag_in_lower_case_or_by_what_its_value_means() -> None:
    tags = ['{"model": " Fraud "}', '{"Model": "CHURN-2"}', '{"model": ""}']
    found = purposes({"activity": [MODELS]}, *(charge(Tags=one) for one in tags))
    assert [subject for _, subject, _ in found] == ["fraud", "churn", None]


def test_an_activity_holds_from_its_day_until_before_another() -> None:
    dated = {**RUNNERS, "match": {}, "from": "2026-01-05", "until": "2026-01-06"}
    days = ("2026-01-04", "2026-01-05", "2026-01-06")
    found = purposes({"activity": [dated]}, *(charge(ChargePeriodStart=day) for day in days))
    assert [activity for activity, _, _ in found] == [None, "build", None]


def test_an_initiative_is_that_of_the_activity_or_the_one_that_a_tag_names() -> None:
    book = {
        "initiative_from": "tag.program",
        "activity": [{**RUNNERS, "initiative": "Faster"}],
    }
    tag = '{"program": "Green"}'
    found = purposes(book, charge(ServiceName="Runner", Tags=tag), charge(Tags=tag), charge())
    assert [initiative for _, _, initiative in found] == ["faster", "green", None]


def test_a_part_of_a_shared_charge_has_its_activity() -> None:
    book = {
        "rule": [{"id": "all", "match": {}, "pool": "shared"}],
        "pool": [{"id": "shared", "split": "even"}],
        "activity": [{**RUNNERS, "match": {}}],
    }
    assert purposes(book, charge()) == [("build", None, None)] * 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[activity]]\nid = "a"\nmatch = { Servicename = "x" }\nactivity = "build"\n',
         "line 4: `Servicename` is no column"),
        ('[[activity]]\nid = "a"\nmatch = {}\n', "activity"),
        ('[[activity]]\nid = "a"\nmatch = {}\nactivity = "build"\nsubjects = { a = "b" }\n',
         "line 6: `a`: `subjects` without `subject_from`"),
        ('[[activity]]\nid = "a"\nmatch = {}\nactivity = "x"\n' * 2, "a second activity `a`"),
        ('initiative_from = "BilledCost"\n', "line 2: `BilledCost` is no column of texts"),
    ],
)  # fmt: skip
def test_activities_that_cannot_be_meant_are_told_with_their_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f'version = "1"\n{text}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_book(path)


def test_what_activities_look_at_is_known_to_the_book() -> None:
    book = Book.model_validate({"version": "1", "activity": [RUNNERS, MODELS]})
    assert [one.name for one in book.dimensions] == ["ServiceName", "tag.model"]
    assert book.tags == ("model",)

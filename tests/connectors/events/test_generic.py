"""JSON of any shape, mapped to rows by the settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.events.formats.mapping import CHOICES, DEFAULTS, columns_of
from connectors.events.settings import EventsSettings
from connectors.interface import Stream
from data.model import Deployment, Evaluation, ImportedValue, Incident
from tests.connectors.events.sent import NOON, Source, gaps, only

DEPLOYMENTS: dict[str, Any] = {
    "entity": "deployment",
    "when": {"kind": "release"},
    "fields": {
        "service": "app.name",
        "version": "app.version",
        "status": "state",
        "deployed_at": "at",
        "attempt": "try",
    },
    "constants": {"environment": "production"},
    "values": {"status": {"ok": "success"}},
}
RELEASE: dict[str, Any] = {
    "kind": "release",
    "key": "r-1",
    "app": {"name": "shop", "version": 7},
    "state": "ok",
    "at": "2026-11-01T11:00:00+02:00",
}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path, "json", id="key", at="at", map=[DEPLOYMENTS])


def test_fields_constants_and_words_make_a_row(source: Source) -> None:
    source.send(RELEASE, {**RELEASE, "kind": "other", "key": "r-2"})
    row = only(source.read(), Deployment)
    assert row.id == "events:inbox#deployment/r-1"
    assert (row.service, row.version, row.environment) == ("shop", "7", "production")
    assert (row.status, row.attempt, row.title) == ("success", 1, "shop 7")
    assert row.deployed_at == NOON - timedelta(hours=3)


def test_of_two_events_of_one_id_the_later_counts_whichever_comes_first(source: Source) -> None:
    later = {**RELEASE, "state": "failed", "at": "2026-11-01T10:00:00Z"}
    for body in (RELEASE, later, RELEASE):
        source.send(body)
        row = only(source.read(), Deployment)
    assert row.status == "failed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"app": {"name": ["shop"]}}, "`app.name` is no text"),
        ({"state": "so-so"}, "`state` is 'so-so', but `status` is one of success"),
        ({"try": "2nd"}, "`try` is no whole number"),
        ({"try": True}, "`try` is one"),
        ({"try": 1.5}, "`try` is no whole number"),
        ({"app": {"version": 3}}, "nothing tells its `service`"),
    ],
)
def test_what_does_not_fit_is_a_gap_that_names_the_event(
    source: Source, change: dict[str, object], said: str
) -> None:
    source.send({**RELEASE, **change})
    (gap,) = source.read()
    assert said in gap.what  # type: ignore[attr-defined]
    assert "r-1" in gap.what  # type: ignore[attr-defined]


def test_a_gap_closes_when_the_rest_is_told(source: Source) -> None:
    source.send({**RELEASE, "app": {}})
    (gap,) = gaps(source.read())
    assert gap.about == "events:inbox#deployment/r-1"
    source.send(RELEASE)
    assert only(source.read(), Deployment).service == "shop"


@pytest.mark.parametrize("at", ["at", None])
def test_a_row_that_would_lie_in_the_future_is_a_gap(tmp_path: Path, at: str | None) -> None:
    rule = {**DEPLOYMENTS, "fields": {**DEPLOYMENTS["fields"], "deployed_at": "done"}}
    source = Source(tmp_path, "json", id="key", map=[rule], **({"at": at} if at else {}))
    source.send({**RELEASE, "done": "2027-01-01T00:00:00Z"}, {**RELEASE, "key": "r-2", "done": 0})
    rows = source.read()
    assert [gap.reason for gap in gaps(rows)] == ["clock"]
    assert only(rows, Deployment).id.endswith("r-2")


def test_the_end_of_a_period_that_is_not_over_is_no_clock_that_is_ahead(tmp_path: Path) -> None:
    fields = {"measure": "m", "value": "v", "from_at": "from", "until_at": "until"}
    rule = {"entity": "imported_value", "fields": fields, "constants": {"unit": "hours"}}
    source = Source(tmp_path, "json", map=[rule])
    source.send({"m": "a", "v": 1, "from": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"})
    assert only(source.read(), ImportedValue).value == 1


def test_without_an_id_an_event_is_known_by_its_content(tmp_path: Path) -> None:
    rule = {
        "entity": "evaluation",
        "fields": {"metric": "m", "value": "v", "evaluated_at": "t"},
    }
    source = Source(tmp_path, "json", map=[rule])
    source.send({"m": "auc", "v": 1, "t": 1793530800}, {"v": 1, "t": 1793530800, "m": "auc"})
    row = only(source.read(), Evaluation)
    assert (row.value, row.evaluated_at) == (1.0, NOON - timedelta(hours=1))


def test_one_event_may_tell_of_several_things(tmp_path: Path) -> None:
    incident = {
        "entity": "incident",
        "id": "incident.id",
        "fields": {"title": "incident.title", "started_at": "at"},
    }
    source = Source(tmp_path, "json", id="key", map=[DEPLOYMENTS, incident])
    source.send({**RELEASE, "incident": {"id": 4, "title": "down"}})
    rows = source.read()
    assert only(rows, Incident).id == "events:inbox#incident/4"
    assert only(rows, Deployment).service == "shop"


def test_what_is_mapped_may_not_be_about_people_or_secrets() -> None:
    assert not {"member_access", "audit_event", "protection", "gap"} & set(DEFAULTS)
    for entity, column in CHOICES:
        assert column in columns_of(entity)
    for entity, defaults in DEFAULTS.items():
        assert set(defaults) <= set(columns_of(entity))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"format": "github", "token": "env:T"}, "`github` needs a `secret`"),
        ({"format": "openlineage"}, "`openlineage` needs a `token`"),
        ({"format": "openlineage", "token": "env:T", "secret": "env:S"}, "no other"),
        ({"format": "json", "token": "env:T"}, "`json` means nothing by itself"),
        ({"format": "gitlab", "token": "env:T", "at": "x"}, "`gitlab` knows what its events mean"),
        ({"format": "xml", "token": "env:T"}, "openlineage"),
        ({"format": "gitlab", "token": "hunter2"}, "never the secret itself"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        EventsSettings.model_validate(settings)
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"entity": "member_access"}, "cannot be mapped"),
        ({"entity": "deploymnt"}, "did you mean `deployment`?"),
        ({"fields": {"servise": "a"}}, "did you mean `service`?"),
        ({"constants": {}}, "`deployment` needs `environment`"),
    ],
)
def test_a_rule_that_cannot_make_a_row_is_refused(change: dict[str, Any], said: str) -> None:
    settings = {"format": "json", "token": "env:T", "map": [{**DEPLOYMENTS, **change}]}
    with pytest.raises(ValidationError) as refused:
        EventsSettings.model_validate(settings)
    assert said in str(refused.value)


def test_a_page_is_mapped_as_it_was_when_it_was_read(source: Source, tmp_path: Path) -> None:
    source.send(RELEASE)
    (page,) = source.pull()
    other = {**DEPLOYMENTS, "constants": {"environment": "staging"}}
    later = Source(tmp_path, "json", id="key", at="at", map=[other]).connector()
    assert only(list(later.rows("events", page.payload)), Deployment).environment == "production"


def test_the_stream_announces_what_the_format_may_tell(source: Source) -> None:
    (stream,) = source.connector().discover()
    assert isinstance(stream, Stream)
    assert {"deployment", "imported_value", "gap"} <= set(stream.entities)

"""Ways in: an account whose token is renewed, a bearer token, and what is said of wrong ones."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.airflow.settings import Settings
from connectors.interface import Severity
from data.model import GapReason, PipelineRun
from tests.connectors.airflow.one_server import PASSWORD, OneServer
from tests.connectors.loopback import Answer, Broken

LOGIN_PAGE = Answer(200, b"<!DOCTYPE html><html>Sign in</html>", {"Content-Type": "text/html"})


def test_an_account_signs_in_once_a_sync(airflow: OneServer) -> None:
    airflow.double.add_run("daily")
    airflow.sync()
    assert airflow.questions("/auth/token") == 1
    assert len(airflow.rows(PipelineRun)) == 1


@pytest.mark.parametrize("refusal", [(401, "Token Expired"), (403, "Invalid JWT token")])
def test_a_token_that_ended_is_renewed_once(airflow: OneServer, refusal: tuple[int, str]) -> None:
    airflow.double.token_refusal = refusal
    connector = airflow.connector()
    streams = connector.discover()
    for stream in streams:
        airflow.double.tokens.clear()
        assert all(hasattr(item, "payload") for item in connector.pull(stream, None))
    assert airflow.questions("/auth/token") == len(streams)


def test_a_right_that_is_missing_asks_for_no_other_token(airflow: OneServer) -> None:
    airflow.double.refused = {"/api/v2/assets": (403, 1)}
    airflow.sync()
    assert airflow.questions("/auth/token") == 1
    assert [gap.reason for gap in airflow.gaps()] == [GapReason.NO_PERMISSION]


def test_a_bearer_token_needs_no_account(
    airflow: OneServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_TOKEN", "tok-0123456789abcdef")
    airflow.double.tokens.add("tok-0123456789abcdef")
    airflow.double.add_run("daily")
    assert not airflow.sync(token="env:AIRFLOW_TOKEN").errors
    assert airflow.questions("/auth/token") == 0
    assert len(airflow.rows(PipelineRun)) == 1


def test_a_wrong_password_is_a_gap_of_each_stream_in_plain_words(airflow: OneServer) -> None:
    airflow.double.password = "another"
    airflow.sync()
    gaps = airflow.gaps()
    assert {gap.reason for gap in gaps} == {GapReason.NO_PERMISSION}
    assert len(gaps) == 3
    assert all("Invalid credentials" in gap.what and "password" in gap.fix for gap in gaps)


def test_a_server_that_repeats_the_password_does_not_make_us_repeat_it(
    airflow: OneServer,
) -> None:
    secret = PASSWORD + "é"
    (airflow.context.folder / "password").write_text(secret, encoding="utf-8")
    told = [*map(str, airflow.sync().errors), *map(str, airflow.connector().check())]
    assert any("input_value" in line for line in told)
    assert not [line for line in told if PASSWORD in line]


def test_a_server_without_accounts_says_that_a_token_is_needed(airflow: OneServer) -> None:
    version = Answer.json({"version": "3.3.2"})
    airflow.double.trouble = [version, Answer.json({"detail": "Not Found"}, 404)]
    finding = airflow.connector().check()[1]
    assert finding.severity is Severity.WARNING
    assert "token" in finding.fix


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"username": "viewer"},
        {"password": "env:A"},
        {"token": "env:A", "username": "viewer", "password": "env:B"},
        {"token": "env:A", "username": "viewer"},
        {"token": "the-token-itself"},
    ],
)
def test_there_is_one_way_in(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"url": "https://airflow.example", **settings})


@pytest.mark.parametrize(
    "url", ["https://a.example", "https://a.example/", "https://a.example/api/v2/"]
)
def test_the_address_may_be_that_of_the_pages_or_of_the_api(url: str) -> None:
    assert Settings(url=url, token="env:A").url == "https://a.example"


# --- other servers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([Answer.json({}, 404), Answer.json({"version": "2.10.5"})], "is Airflow 2.10.5"),
        ([Answer.json({"version": "4.0.0"})], "is Airflow 4.0.0"),
        ([Answer.json({}, 404), Answer.json({}, 404)], "there is no Airflow 3"),
        ([Answer.json({"hello": 1})], "it is no Airflow"),
        ([LOGIN_PAGE], "a login page"),
        ([Answer(200, b'{"version": "3.')], "is not JSON or breaks off"),
        ([Broken()] * 6, "broke off"),
    ],
)
def test_another_server_is_told_plainly_by_sync_and_doctor(
    airflow: OneServer, answers: list[Any], said: str
) -> None:
    airflow.double.trouble = [*answers]
    (error,) = airflow.sync().errors
    assert said in str(error)
    assert "\n" not in str(error)
    assert airflow.house.records() == {}
    airflow.double.trouble = [*answers]
    (finding,) = airflow.connector().check()
    assert finding.severity is Severity.ERROR
    assert said in finding.what


def test_a_login_page_in_place_of_a_list_ends_that_stream_alone(airflow: OneServer) -> None:
    airflow.double.add_run("daily")
    airflow.double.pages["/api/v2/assets"] = LOGIN_PAGE
    (error,) = airflow.sync().errors
    assert "a login page" in str(error)
    assert len(airflow.rows(PipelineRun)) == 1


def test_a_missing_password_is_one_line(airflow: OneServer) -> None:
    (airflow.context.folder / "password").unlink()
    errors = airflow.sync().errors
    assert len(errors) == 3
    assert all("file:password" in str(error) for error in errors)
    findings = airflow.connector().check()
    assert {finding.severity for finding in findings[1:]} == {Severity.ERROR}


def test_doctor_tells_what_may_not_be_read(airflow: OneServer) -> None:
    airflow.double.refused = {"/api/v2/importErrors": (403, 1)}
    findings = {finding.where: finding for finding in airflow.connector().check()}
    refused = findings.pop("airflow import errors")
    assert refused.severity is Severity.WARNING
    assert "may read import errors" in refused.fix
    assert {finding.severity for finding in findings.values()} == {Severity.OK}

"""What the running server takes, and what it refuses."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.intake.sending import (
    SECRET,
    Answer,
    Sender,
    Signed,
    bearer,
    gitlab,
    hub,
    kept,
    mlflow,
    post,
)
from tests.app.serving import Server, serving
from tests.connectors.events.sent import Body, cdevent, lineage
from tests.connectors.events.test_formats import alert, hook, status

SENDERS: list[tuple[str, Body, Signed]] = [
    ("openlineage", lineage("START", "each"), bearer),
    ("cdevents", cdevent("service.deployed", {"id": "shop", "content": {}}), bearer),
    ("github", status("success", 1), hub),
    ("gitlab", {"object_kind": "deployment", "deployment_id": 1}, gitlab),
    ("alertmanager", {"alerts": [alert()]}, bearer),
    ("mlflow", hook("registered_model", "created"), mlflow),
    ("json", {"key": "r-1", "service": "shop", "at": "2026-11-01T11:00:00Z"}, bearer),
    ("json", {"key": "r-2", "service": "shop", "at": "2026-11-01T11:00:00Z"}, bearer),
]


@pytest.fixture
def sender(server: Server) -> Iterator[Sender]:
    with closing(Sender(server.host)) as sender:
        yield sender


@pytest.mark.parametrize(("name", "body", "signed"), SENDERS)
def test_an_event_is_on_the_disk_before_it_is_answered(
    sender: Sender, folder: Path, name: str, body: Body, signed: Signed
) -> None:
    assert sender.post(name, body, signed).status == 202
    assert json.loads(kept(folder, name)[-1])["body"] == body


@pytest.mark.parametrize(("name", "body", "signed"), SENDERS)
def test_who_cannot_show_the_secret_is_told_nothing(
    sender: Sender, folder: Path, name: str, body: Body, signed: Signed
) -> None:
    before = len(kept(folder, name))

    def almost(content: bytes) -> dict[str, str]:
        return {k: v[:-1] + ("A" if v[-1] != "A" else "B") for k, v in signed(content).items()}

    def otherwise(content: bytes) -> dict[str, str]:
        return signed(content + b" ") if signed in (hub, mlflow) else {}

    answers = [sender.post(name, body, each) for each in (almost, otherwise, lambda _: {})]
    assert [(a.status, a.said) for a in answers] == [(401, "not taken\n")] * 3
    assert len(kept(folder, name)) == before


def test_a_secret_that_is_not_ascii_or_another_scheme_is_only_wrong(sender: Sender) -> None:
    for shown in (f"Basic {SECRET}", "Bearer \xe9", "Bearer", f"Bearer {SECRET}x"):
        assert sender.post("openlineage", lineage("START"), Authorization=shown).status == 401


def test_the_same_event_again_is_known_and_kept_once(sender: Sender, folder: Path) -> None:
    body = lineage("START", "again")
    assert [sender.post("openlineage", body).status for _ in range(11)] == [202] + [200] * 10
    assert sum(b"again" in event for event in kept(folder, "openlineage")) == 1


def test_another_event_of_the_same_id_is_not_lost(sender: Sender, folder: Path) -> None:
    body = lineage("START", "twice")
    more = {**body, "outputs": []}
    assert [sender.post("openlineage", each).status for each in (body, more)] == [202, 202]
    assert sum(b"twice" in event for event in kept(folder, "openlineage")) == 2


def refused(answer: Answer, status: int, said: str) -> None:
    assert answer.status == status
    assert said in answer.said
    assert answer.said.count("\n") == 1
    assert SECRET not in answer.said


def test_two_megabytes_of_facets_are_refused_clearly(server: Server, folder: Path) -> None:
    body = lineage("START", job={"facets": {"huge": "x" * 2_000_000}})
    refused(post(server.host, "openlineage", body), 413, "more than 1,000,000 bytes")
    assert not any(b"xxxx" in event for event in kept(folder, "openlineage"))


def test_an_event_that_grows_when_it_is_unpacked_is_refused(sender: Sender, folder: Path) -> None:
    packed = {"Content_Encoding": "gzip"}
    body = json.dumps(lineage("START", "packed")).encode()
    assert sender.post("openlineage", gzip.compress(body), **packed).status == 202
    assert b"packed" in kept(folder, "openlineage")[-1]
    bomb = gzip.compress(b" " * 50_000_000)
    refused(sender.post("openlineage", bomb, **packed), 413, "bytes")
    refused(sender.post("openlineage", gzip.compress(body)[:-9], **packed), 400, "breaks off")
    refused(sender.post("openlineage", body, **packed), 400, "no gzip")
    refused(sender.post("openlineage", body, Content_Encoding="br"), 415, "gzip")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b'{"a": NaN}', b"\xff\xfe{}", b"[" * 100_000, b"[" * 65 + b"]" * 65,
     b'{"a": ' * 500 + b"1" + b"}" * 500, b"1" * 5000],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_json_or_too_deep_is_refused(sender: Sender, body: bytes) -> None:
    assert sender.post("openlineage", body).status == 400


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "`eventTime` is missing"),
        ({"eventTime": "2026-11-01T00:00:00Z", "eventType": "START"}, "`run.runId` is missing"),
        ([], "is missing"),
        ("text", "is missing"),
        (None, "is missing"),
        (7, "is missing"),
    ],
)
def test_an_event_without_an_id_is_refused(sender: Sender, body: Body, said: str) -> None:
    refused(sender.post("openlineage", body), 422, said)


@pytest.mark.parametrize(
    ("name", "body", "signed", "missing"),
    [
        ("cdevents", {"context": {"id": "x"}}, bearer, "`context.source`"),
        ("alertmanager", {"alerts": []}, bearer, "`alerts`"),
        ("json", {"service": "x"}, bearer, "`key`"),
        ("gitlab", {"object_kind": "x"}, lambda _: {"X-Gitlab-Token": SECRET}, "uuid"),
    ],
)
def test_each_format_says_what_it_cannot_do_without(
    sender: Sender, name: str, body: Body, signed: Signed, missing: str
) -> None:
    answer = sender.post(name, body, signed)
    assert answer.status == 422
    assert missing in answer.said


def test_a_form_is_refused(sender: Sender) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        refused(sender.post("openlineage", lineage("START"), Content_Type=kind), 415, "JSON")
    kind = "application/cloudevents+json; charset=utf-8"
    body = cdevent("service.removed", {"id": "shop"}, 3)
    assert sender.post("cdevents", body, Content_Type=kind).status == 202


def test_only_configured_sources_are_there_and_only_to_post_to(sender: Sender) -> None:
    for name in ("nobody", "", "openlineage/x"):
        assert sender.post(name, lineage("START")).status == 404
    answer = sender.ask("GET", "/events/openlineage")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_flood_is_told_when_to_come_back(sender: Sender, folder: Path) -> None:
    answers = [sender.post("slow", lineage("START", f"r-{n}")) for n in range(12)]
    taken = [answer for answer in answers if answer.status == 202]
    assert {answer.status for answer in answers} == {202, 429}
    assert 5 <= len(taken) < 12
    assert len(kept(folder, "slow")) == len(taken)
    assert int(answers[-1].headers["retry-after"]) in (1, 2)


def test_one_who_may_not_send_uses_nothing_up(sender: Sender) -> None:
    for _ in range(300):
        assert sender.post("small", lineage("START"), Authorization="Bearer x").status == 401
    assert sender.post("small", lineage("START")).status == 202


def test_each_source_has_a_limit_of_its_own(sender: Sender) -> None:
    refused(sender.post("small", lineage("START", "r" * 2000)), 413, "2,000 bytes")


def test_when_nobody_syncs_no_more_is_taken(sender: Sender, folder: Path) -> None:
    large = {"facets": {"large": "x" * 900_000}}
    answers = [sender.post("waiting", lineage("START", f"r-{n}", job=large)) for n in range(3)]
    assert [answer.status for answer in answers] == [202, 202, 503]
    assert "cairn sync" in answers[-1].said
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(kept(folder, "waiting")) == 2


def test_a_server_without_the_secret_says_so_and_not_which(sender: Sender) -> None:
    answer = sender.post("unset", lineage("START"))
    refused(answer, 503, "cairn doctor")
    assert "UNSET" not in answer.said


def test_what_cannot_be_kept_is_not_answered_as_taken(sender: Sender, folder: Path) -> None:
    inbox = folder / "store" / "archive" / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "blocked").write_text("a file where the folder should be")
    body = lineage("START", "patient")
    answer = sender.post("blocked", body)
    refused(answer, 503, "send it again")
    assert int(answer.headers["retry-after"]) > 0
    (inbox / "blocked").unlink()
    assert sender.post("blocked", body).status == 202
    assert len(kept(folder, "blocked")) == 1


def test_no_token_and_no_mail_address_is_kept(sender: Sender, folder: Path) -> None:
    body = lineage("START", "private", job={"facets": {"by": "dev-1@corp.example"}})
    assert sender.post("openlineage", body).status == 202
    event = kept(folder, "openlineage")[-1]
    assert b"corp.example" not in event
    assert SECRET.encode() not in b"".join(kept(folder, "openlineage"))


def test_a_sender_that_breaks_off_leaves_nothing(server: Server, folder: Path) -> None:
    before = kept(folder, "openlineage")
    connection = http.client.HTTPConnection(server.host, timeout=20)
    connection.putrequest("POST", "/events/openlineage")
    for name, told in {"Content-Type": "application/json", "Content-Length": "500"}.items():
        connection.putheader(name, told)
    connection.putheader("Authorization", f"Bearer {SECRET}")
    connection.endheaders(b'{"half": ')
    connection.close()
    assert post(server.host, "openlineage", lineage("START", "after")).status == 202
    assert kept(folder, "openlineage")[: len(before)] == before
    assert len(kept(folder, "openlineage")) == len(before) + 1


def test_a_server_where_no_source_takes_events_has_no_such_route(tmp_path: Path) -> None:
    with serving(tmp_path) as server, closing(Sender(server.host)) as sender:
        anything = sender.ask("POST", "/anything/else")
        answer = sender.post("openlineage", lineage("START"))
        assert (answer.status, answer.said) == (anything.status, anything.said)
        assert answer.status in (404, 405)

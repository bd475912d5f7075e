"""Which kinds of evidence a source tells of, and which it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.model import Gap, Record
from tests.data.asked import asked
from tests.data.published import at, repository

GITHUB: Mapping[str, Sequence[str]] = {
    "changes": ("change", "gap"),
    "dependency_findings": ("security_finding", "gap"),
    "secret_findings": ("security_finding", "gap"),
    "access": ("organisation", "member_access", "gap"),
    "repository_access": ("member_access", "gap"),
}
WEB = repository("acme/web", id="test:acme/web", host_id="7")


def gap(key: str = "", **fields: Any) -> Gap:
    """Something that a source refuses."""
    defaults: dict[str, Any] = {
        "id": f"test:gap/{key}",
        "source": "test",
        "reason": "no_permission",
        "what": "it is refused",
        "fix": "give the right",
        "count": None,
    }
    return Gap(**{**defaults, **fields})


def blind(
    folder: Path, told: Mapping[str, list[Record]], offers: Mapping[str, Sequence[str]] = GITHUB
) -> dict[tuple[str, str | None], str]:
    """Reasons of blind spots, by entity and repository."""
    with asked(folder, [WEB], others=told, offers=offers) as snapshot:
        rows = snapshot.rows("select entity, repository, reason from blind_spot")
    return {(row["entity"], row["repository"]): row["reason"] for row in rows}


def test_a_refused_kind_of_finding_hides_no_other(tmp_path: Path) -> None:
    assert blind(tmp_path, {"secret_findings:7": [gap()]}) == {
        ("security_finding", "acme/web"): "no_permission",
        ("secret_finding", "acme/web"): "no_permission",
    }


def test_a_stream_that_tells_all_findings_hides_them_all(tmp_path: Path) -> None:
    offers = {"findings": ("security_finding", "gap")}
    found = blind(tmp_path, {"findings:7": [gap()]}, offers)
    assert {entity for entity, _ in found} == {
        "security_finding", "secret_finding", "dependency_finding", "code_finding",
    }  # fmt: skip


def test_rights_of_the_organisation_and_of_a_repository_are_two(tmp_path: Path) -> None:
    organisation = blind(tmp_path / "a", {"access": [gap()]})
    assert ("organisation_access", None) in organisation
    assert ("organisation", None) in organisation
    assert not {one for one, _ in organisation} & {"repository_access", "team_access"}
    of_web = blind(tmp_path / "b", {"repository_access:7": [gap()]})
    assert set(of_web) == {("member_access", "acme/web"), ("repository_access", "acme/web")}


def test_what_is_lost_is_none_that_is_refused(tmp_path: Path) -> None:
    told = {
        "changes:7": [
            gap("truncated", reason="truncated"),
            gap("unreadable", reason="unreadable"),
            gap("one row", about="test:acme/web#pull/12"),
        ]
    }
    assert blind(tmp_path, told) == {}


def test_a_source_that_did_not_answer_has_no_data(tmp_path: Path) -> None:
    found = blind(tmp_path, {"changes:7": [gap(reason="unavailable")]})
    assert found == {("change", "acme/web"): "no_data"}


def test_what_is_about_all_of_a_kind_in_a_repository_hides_it_there(tmp_path: Path) -> None:
    offers = {"settings": ("environment", "member_access", "gap")}
    told = {"settings": [gap(about="test:acme/web#environment")]}
    assert blind(tmp_path, told, offers) == {("environment", "acme/web"): "no_permission"}


def test_a_repository_whose_name_another_begins_with_is_not_hidden_with_it(tmp_path: Path) -> None:
    offers = {"settings": ("environment", "gap")}
    told = {
        "settings": [
            repository("acme/web-shop", id="test:acme/web-shop"),
            gap(about="test:acme/web-shop#environment"),
        ]
    }
    assert set(blind(tmp_path, told, offers)) == {("environment", "acme/web-shop")}


def test_what_is_switched_off_is_said_to_be(tmp_path: Path) -> None:
    told = {
        "secret_findings:7": [gap("secret_findings/switched_off/not_found", reason="not_found")],
        "dependency_findings:7": [gap("dependency_findings/not_found", reason="not_found")],
    }
    with asked(tmp_path, [WEB], others=told, offers=GITHUB) as snapshot:
        rows = snapshot.rows("select entity, is_switched_off from blind_spot")
    off = {row["entity"] for row in rows if row["is_switched_off"]}
    assert off == {"security_finding", "secret_finding"}
    assert {row["entity"] for row in rows} == {*off, "dependency_finding"}


def test_a_source_tells_of_what_its_streams_offer_also_if_nothing_came(tmp_path: Path) -> None:
    with asked(tmp_path, [], offers=GITHUB) as snapshot:
        rows = snapshot.rows("select entity, read_at from told_entity order by entity")
    told = {row["entity"] for row in rows}
    assert {"change", "secret_finding", "dependency_finding", "organisation_access"} <= told
    assert "code_finding" not in told


def test_when_a_kind_was_last_read_is_that_of_its_own_streams(tmp_path: Path) -> None:
    told = {"secret_findings:7": [WEB]}
    with asked(tmp_path, [], others=told, offers=GITHUB) as snapshot:
        rows = snapshot.rows("select entity, read_at from told_entity")
    read_at = {row["entity"]: row["read_at"] for row in rows}
    assert read_at["secret_finding"] == at("2026-11-01")
    assert read_at["dependency_finding"] is None


def test_a_repository_that_two_sources_tell_is_that_of_its_host(tmp_path: Path) -> None:
    clone = repository("acme/web", id="local:acme/web", source="a clone", is_archived=None)
    host = repository("acme/web", id="test:acme/web", host_id="7", is_archived=True)
    alone = repository("acme/notes", id="local:acme/notes", source="a clone")
    with asked(tmp_path, [clone, host, alone]) as snapshot:
        rows = snapshot.rows("select repository, source, is_archived from host_repository")
    assert [tuple(row.values()) for row in rows] == [
        ("acme/notes", "a clone", None),
        ("acme/web", "test", True),
    ]

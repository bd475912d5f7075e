"""What scans found, read over the double of GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from connectors.gitlab.governance.findings import Findings
from data.model import GapReason, SecurityFinding
from tests.connectors.gitlab.one_reader import OneReader
from tests.connectors.house import Kill, Killed
from tests.doubles.gitlab import story
from tests.doubles.gitlab.answers import graphql_errors
from tests.doubles.gitlab.world import Vulnerability

LIBRARY = {"package": "left-pad", "version": "1.0.0"}


@pytest.fixture
def source(tmp_path: Path) -> Iterator[OneReader]:
    made = OneReader(tmp_path, Findings)
    with closing(made), patch.object(Findings, "page_size", 2):
        story.push(made.world, made.project, made.dev, made.at(), "Begin")
        yield made


def find(source: OneReader, **told: Any) -> Vulnerability:
    made = Vulnerability(source.world.new_id(), "Unescaped output", source.at(), **told)
    source.project.vulnerabilities.append(made)
    return made


def row(source: OneReader, made: Vulnerability) -> SecurityFinding:
    (found,) = (each for each in source.all_of(SecurityFinding) if each.number == str(made.id))
    return found


def test_what_a_scan_found_has_a_kind_a_rule_and_a_subject(source: OneReader) -> None:
    code = find(source)
    package = find(
        source,
        report_type="dependency_scanning",
        identifier="CVE-2026-1",
        location={"file": "package.json", "dependency": LIBRARY},
    )
    image = find(
        source,
        report_type="container_scanning",
        location={"image": "registry.example/web:1", "dependency": LIBRARY},
    )
    secret = find(source, report_type="secret_detection", severity="critical")
    source.sync()
    told = [
        (each.kind, each.rule, each.subject, each.severity)
        for each in (row(source, made) for made in (code, package, image, secret))
    ]
    assert told == [
        ("code", "CWE-79", "src/app.py", "high"),
        ("dependency", "CVE-2026-1", "left-pad", "high"),
        ("dependency", "CWE-79", "left-pad", "high"),
        ("secret", "CWE-79", None, "critical"),
    ]
    assert row(source, code).id == f"gitlab:acme/shop/web#finding/code/{code.id}"
    assert (row(source, code).state, row(source, code).tool) == ("open", "scanner-1")
    assert row(source, code).opened_at == code.detected_at


def test_a_finding_is_fixed_dismissed_or_no_longer_seen(source: OneReader) -> None:
    at = source.at()
    fixed = find(source, state="resolved", resolved_at=at)
    dismissed = find(source, state="dismissed", dismissed_at=at, dismissal_reason="acceptable_risk")
    gone = find(source, is_gone=True)
    source.sync()
    told = {made: row(source, made) for made in (fixed, dismissed, gone)}
    assert (told[fixed].state, told[fixed].fixed_at) == ("fixed", at)
    assert (told[dismissed].state, told[dismissed].dismissed_at) == ("dismissed", at)
    assert told[dismissed].dismissed_reason == "acceptable_risk"
    assert (told[gone].state, told[gone].fixed_at) == ("fixed", None)


@pytest.mark.parametrize("severity", ["info", "unknown"])
def test_a_finding_that_is_none_or_unweighed_has_no_severity(
    source: OneReader, severity: str
) -> None:
    made = find(source, severity=severity)
    source.sync()
    assert row(source, made).severity is None


def test_all_are_looked_at_once_a_day_and_told_if_one_changed(source: OneReader) -> None:
    every = [find(source) for _ in range(5)]
    assert source.sync().pages == 3
    source.time.at += timedelta(hours=22)
    assert source.sync().pages == 0
    assert source.questions == 0
    source.pass_day()
    assert source.sync().pages == 1
    assert source.questions == 3
    every[0].state, every[0].resolved_at = "resolved", source.at()
    source.pass_day()
    source.sync()
    assert row(source, every[0]).state == "fixed"
    assert source.reads_anew_alike()


def test_what_is_no_longer_told_is_gone(source: OneReader) -> None:
    kept, gone = find(source), find(source)
    source.sync()
    source.project.vulnerabilities.remove(gone)
    source.pass_day()
    source.sync()
    assert [each.number for each in source.all_of(SecurityFinding)] == [str(kept.id)]


@pytest.mark.parametrize("page", range(3))
@pytest.mark.parametrize("is_committed", [False, True])
def test_a_reading_that_was_killed_goes_on(
    source: OneReader, page: int, is_committed: bool
) -> None:
    for _ in range(5):
        find(source)
    with pytest.raises(Killed):
        source.sync(Kill(page, is_committed))
    source.sync()
    assert len(source.all_of(SecurityFinding)) == 5
    assert source.reads_anew_alike()


def test_without_the_plan_nothing_is_known_and_once_a_day_it_is_asked(source: OneReader) -> None:
    find(source)
    source.project.group.lineage[-1].plan = "premium"
    source.sync()
    (gap,) = source.gaps.values()
    assert gap.reason == GapReason.NOT_FOUND
    source.sync()
    assert source.questions == 0
    assert list(source.gaps.values()) == [gap]
    source.project.group.lineage[-1].plan = "ultimate"
    source.pass_day()
    source.sync()
    assert (len(source.all_of(SecurityFinding)), source.gaps) == (1, {})


def test_what_is_hidden_from_now_on_stays_as_it_was(source: OneReader) -> None:
    find(source)
    source.sync()
    rows = source.all_of(SecurityFinding)
    source.project.group.lineage[-1].plan = "premium"
    source.pass_day()
    source.sync()
    assert source.all_of(SecurityFinding) == rows
    source.project.group.lineage[-1].plan = "ultimate"
    source.pass_day()
    source.sync()
    assert (source.all_of(SecurityFinding), source.gaps) == (rows, {})


def test_a_list_that_is_refused_in_the_middle_goes_on_there_at_the_next_sync(
    source: OneReader,
) -> None:
    for _ in range(5):
        find(source)
    source.double.refuse('"after": "', 403)
    source.sync()
    gaps = source.gaps
    assert [gap.reason for gap in gaps.values()] == [GapReason.NO_PERMISSION]
    assert source.sync().pages == 0
    assert (source.questions, source.gaps) == (1, gaps)
    source.double.allow()
    source.sync()
    assert (len(source.all_of(SecurityFinding)), source.gaps) == (5, {})
    assert source.questions == 2


def test_a_look_is_as_old_as_its_beginning(source: OneReader) -> None:
    for _ in range(3):
        find(source)
    with pytest.raises(Killed):
        source.sync(Kill(0, is_committed=True))
    source.time.at += timedelta(hours=20)
    find(source)
    source.sync()
    assert len(source.all_of(SecurityFinding)) == 3
    source.time.at += timedelta(hours=4)
    source.sync()
    assert len(source.all_of(SecurityFinding)) == 4


def test_a_timeout_is_no_absence(source: OneReader) -> None:
    find(source)
    source.sync()
    rows = source.all_of(SecurityFinding)
    source.pass_day()
    none = {"project": {"id": "gid://gitlab/Project/1", "vulnerabilities": None}}
    source.double.fail(" Vulnerabilities ", [graphql_errors("Timeout on list", none)] * 9)
    result = source.house.sync(source.connector(), source.context)
    assert result.errors
    assert source.all_of(SecurityFinding) == rows


def test_a_finding_that_cannot_be_read_is_a_gap_and_the_others_stand(source: OneReader) -> None:
    made, other = find(source), find(source)

    def without_time(said: Any) -> Any:
        for node in said["data"]["project"]["vulnerabilities"]["nodes"]:
            if node["id"].endswith(f"/{made.id}"):
                node["detectedAt"] = None
        return said

    source.double.damage(" Vulnerabilities ", without_time)
    source.sync()
    assert [each.number for each in source.all_of(SecurityFinding)] == [str(other.id)]
    assert [gap.reason for gap in source.house.gaps()] == [GapReason.UNREADABLE]

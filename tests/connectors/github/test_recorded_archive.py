"""What is kept of a real answer, and what is not. Skipped where the recordings are not at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connectors.answers.page import read_page, write_page
from connectors.credential import HIDDEN
from connectors.github.api.withheld import to_archive
from tests.connectors.github.recordings import ADDRESS, Recording, are_here, recordings

pytestmark = pytest.mark.skipif(
    not are_here(), reason="CAIRN_CONTRACTS names no folder with GitHub's recorded answers"
)

_TOKEN = re.compile(r"\b(gh[opsur]_\w{20,}|github_pat_\w{20,})")
_WITHHELD = {
    "billing_email",
    "email",
    "gravatar_id",
    "invitee",
    "notification_email",
    "secret",
    "visual_studio_subscription_email",
}
_LEAST = 900


@pytest.fixture(scope="module")
def answers() -> list[Recording]:
    """Answers in JSON to whatever was asked for, each once."""
    told = {each.body: each for each in recordings() if each.method == "GET" and each.status == 200}
    return [each for each in told.values() if _is_json(each)]


def as_sent(seen: Recording) -> bytes:
    """How most readers keep an answer."""
    return write_page({}, seen.body)


def as_picked(seen: Recording) -> bytes:
    """How those keep one that ask about accounts, rights and alerts."""
    return write_page({}, to_archive(seen.told))


@pytest.mark.parametrize(("keep", "withheld"), [(as_sent, set()), (as_picked, _WITHHELD)])
def test_all_that_no_reader_maps_is_kept(
    answers: list[Recording], keep: Callable[[Recording], bytes], withheld: set[str]
) -> None:
    assert len(answers) >= _LEAST
    for seen in answers:
        _, (kept,) = read_page(keep(seen))
        lost = set(_lost(seen.told, kept))
        assert lost <= withheld, (seen.name, lost)


@pytest.mark.parametrize("keep", [as_sent, as_picked])
def test_nobodys_address_and_no_token_is_kept(
    answers: list[Recording], keep: Callable[[Recording], bytes]
) -> None:
    assert sum("@" in _text(seen.told) for seen in answers) > 100
    for seen in answers:
        _, (kept,) = read_page(keep(seen))
        assert ADDRESS.findall(_text(kept)) == [], seen.name
        assert _TOKEN.findall(_text(kept)) == [], seen.name


def test_no_secret_that_a_scan_found_is_kept(answers: list[Recording]) -> None:
    found = [
        alert
        for seen in answers
        if "/secret-scanning/alerts" in seen.path
        for alert in (seen.told if isinstance(seen.told, list) else [seen.told])
    ]
    assert len(found) >= 7
    secrets = [alert["secret"] for alert in found if "secret" in alert]
    assert len(secrets) >= 5
    for alert in found:
        assert not any(secret.encode() in to_archive(alert) for secret in secrets)


def _is_json(seen: Recording) -> bool:
    try:
        return isinstance(seen.told, dict | list)
    except ValueError:
        return False


def _text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


def _lost(told: Any, kept: Any) -> Iterator[str]:
    """Names of fields that are not there any more, or say something else."""
    if told == kept:
        return
    if isinstance(told, dict) and isinstance(kept, dict):
        yield from told.keys() ^ kept.keys()
        for name in told.keys() & kept.keys():
            yield from (lost or name for lost in _lost(told[name], kept[name]))
    elif isinstance(told, list) and isinstance(kept, list) and len(told) == len(kept):
        for before, after in zip(told, kept, strict=True):
            yield from _lost(before, after)
    elif not (isinstance(told, str) and isinstance(kept, str) and _is_hidden(told, kept)):
        yield ""


def _is_hidden(told: str, kept: str) -> bool:
    """Whether a text is what it was but for addresses."""
    around = map(re.escape, kept.split(HIDDEN))
    found = re.fullmatch(r"([^\s@]+@[^\s@]+)".join(around), told)
    return bool(found and found.groups())

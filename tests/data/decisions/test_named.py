"""Whoever a decision names is known, whatever its kind."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import data.decisions
from data.decisions.book import Book
from data.decisions.decision import Act, Entry
from data.decisions.named import people

KINDS = sorted(
    {
        kind
        for found in pkgutil.iter_modules(data.decisions.__path__)
        if (kind := getattr(import_module(f"data.decisions.{found.name}"), "KIND", None))
    }
)


def kept(kind: str) -> dict[str, object]:
    """What is decided, as far as it names somebody."""
    right = {"source": "forge", "scope": "web", "role": None, "has_two_factor": None,
             "last_used_at": None}  # fmt: skip
    return {
        "attestation": {"attested_by": "k.linden"},
        "access_review": {
            "members": [
                {**right, "account": "t.rowan", "kind": "member"},
                {**right, "account": "deploy", "kind": "deploy_key"},
            ]
        },
    }.get(kind, {})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", Act)
def test_who_decides_is_known_of_each_kind(tmp_path: Path, kind: str, act: Act) -> None:
    book = Book(tmp_path)
    book.add(Entry(kind, act, "some", kept(kind), " hidden-hilda ", "so"))
    more = {"attestation": {"k.linden"}, "access_review": {"t.rowan"}}.get(kind, set())
    assert people(book.decisions()) == {"hidden-hilda", *more}


def test_all_kinds_are_looked_at() -> None:
    assert {"waiver", "attestation", "access_review", "cost_anomaly", "budget"} <= set(KINDS)

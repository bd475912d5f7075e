"""A repository that is not what it should be stops no other."""

from __future__ import annotations

import logging

import pytest

from connectors.hosting.place import Place
from connectors.hosting.placing import key_of, placed
from connectors.interface import Json


def place_of(item: Json) -> Place:
    if "branch" not in item:
        raise KeyError("branch")
    return Place(str(item["id"]), item["name"], item["branch"], None, is_archived=False)


def test_the_others_are_told_with_what_is_known_of_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    good = {"id": 2, "name": "acme/web", "branch": "main"}
    odd = [None, 3, [], {"id": 1}, {"id": 1, "name": "acme/odd\nname"}, {"name": {}}]
    found = list(placed([*odd, good], place_of, "name", "repositories of acme"))
    assert found == [(Place("2", "acme/web", "main", None, is_archived=False), good)]
    lines = [record.message for record in caplog.records]
    assert len(lines) == len(odd)
    assert all(line.startswith("repositories of acme: ") for line in lines)
    assert not any("\n" in line for line in lines)
    assert "'acme/odd\\nname' is left out" in lines[4]


def test_strange_items_are_kept_apart() -> None:
    items = [{"id": 1}, {"id": 2}, {"id": None}, None, 3, [3], {}]
    assert len({key_of(item) for item in items}) == len(items)

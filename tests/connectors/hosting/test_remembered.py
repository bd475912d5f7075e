"""Which cursor is that of the server that is read."""

from __future__ import annotations

from connectors.hosting.remembered import of_here


def test_what_was_read_of_another_server_is_nothing_known_of_this_one() -> None:
    cursor = {"address": "https://github.example.com/api/v3", "state": {}}
    assert of_here(cursor, "https://github.example.com/api/v3") == cursor
    assert of_here(cursor, "https://api.github.com") == {}
    assert of_here({"state": {}}, "https://api.github.com") == {"state": {}}

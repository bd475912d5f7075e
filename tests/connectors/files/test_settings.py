"""What a source of files may be told in the configuration."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.files.patterns import Patterns
from connectors.files.settings import FileSettings


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "set either `path` or `url`"),
        ({"path": "a", "url": "https://git.example/a"}, "set either `path` or `url`"),
        ({"path": "a/*"}, "name its files in `patterns`"),
        ({"path": "https://git.example/a"}, "set `url` instead of `path`"),
        ({"url": "https://user:pass@git.example/a"}, "must not hold a user name"),
        ({"path": "a", "token": "env:TOKEN"}, "`token` needs a `url`"),
        ({"url": "http://git.example/a", "token": "env:TOKEN"}, "is sent over https only"),
        ({"url": "https://git.example/a", "from_git": False}, "is read from Git"),
        ({"path": "a", "patterns": []}, "at least 1 item"),
        ({"path": "a", "patterns": ["../b"]}, "is a path below the folder"),
        ({"path": "a", "patterns": ["/b"]}, "is a path below the folder"),
        ({"path": "a", "patterns": ["**.json"]}, "does not stand alone"),
        ({"path": "a", "branch": "--exec"}, "branch"),
        ({"path": "a", "pattern": ["b"]}, "Extra inputs are not permitted"),
    ],
)
def test_what_makes_no_sense_is_refused(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        FileSettings.model_validate(settings)


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("*.json", ["a.json", ".json"], ["a/b.json", "a.jsonx"]),
        ("**/*.json", ["a.json", "a/b.json", "a/b/c.json"], ["a/b.yaml"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "xa/b"]),
        ("archive/?/*.json", ["archive/1/a.json"], ["archive/12/a.json"]),
        ("a[b](c).json", ["a[b](c).json"], ["ab.json"]),
    ],
)
def test_a_pattern_means_what_it_says(pattern: str, fits: list[str], does_not: list[str]) -> None:
    patterns = Patterns([pattern])
    assert [path for path in fits if not patterns.fit(path)] == []
    assert [path for path in does_not if patterns.fit(path)] == []

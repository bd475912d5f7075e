from __future__ import annotations

import pytest

from connectors.gitlab.code.closing import closed_issues

SITE = "https://git.example.com"


@pytest.mark.parametrize(
    ("description", "closed"),
    [
        ("Closes #4", ["acme/web/-/issues/4"]),
        ("This fixes: #4, #6 and #9.", [f"acme/web/-/issues/{n}" for n in (4, 6, 9)]),
        ("Resolved issue acme/shop#12", ["acme/shop/-/issues/12"]),
        ("implements https://git.example.com/a/b/-/issues/3", ["a/b/-/issues/3"]),
        ("Closes #4\n\ncloses #4", ["acme/web/-/issues/4"]),
        ("Related to #4", []),
        ("It closes the door on #4", []),
        ("Discloses #4", []),
        ("", []),
    ],
)
def test_issues_are_closed_by_the_words_gitlab_knows(description: str, closed: list[str]) -> None:
    found = closed_issues(SITE, "acme/web", description)
    assert list(found) == [f"{SITE}/{path}" for path in closed]

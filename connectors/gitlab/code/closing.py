"""Which issues a merge request closes, by the words of its description.

GitLab's own pattern may be changed on a server of one's own; this is the one it comes with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = (
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)"
    r"|implement(?:s|ed|ing)?)\b:?[ \t]+(?:issues?[ \t]+)?"
)
_ISSUE = r"(?:https?://\S+?/-/issues/\d+|(?:[\w.-]+(?:/[\w.-]+)+|)\#\d+)"
_AND = r"(?:[ \t]*,[ \t]*(?:and[ \t]+)?|[ \t]+and[ \t]+)"
_CLOSING = re.compile(rf"(?i){_WORD}({_ISSUE}(?:{_AND}{_ISSUE})*)")
_EACH = re.compile(r"(?i)(?P<url>https?://\S+?/-/issues/\d+)|(?P<project>[\w./-]*)#(?P<iid>\d+)")


def closed_issues(site: str, project: str, description: str) -> tuple[str, ...]:
    """Addresses of the issues, each once, in their order.

    Args:
        site: address of the host's pages.
        project: full path of the project of the merge request.
        description: what it says of itself.
    """
    return tuple(dict.fromkeys(_named(site, project, description)))


def _named(site: str, project: str, description: str) -> Iterator[str]:
    for found in _CLOSING.finditer(description):
        for each in _EACH.finditer(found[1]):
            path = each["project"] or project
            yield each["url"] or f"{site}/{path}/-/issues/{each['iid']}"

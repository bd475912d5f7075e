"""What a commit's message says of the change it landed, undid or copied."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from connectors.git.commit import first_line
from data.model import ChangeKind


@dataclass(frozen=True, slots=True)
class Landing:
    """A change as the message of the commit that landed it describes it."""

    kind: ChangeKind
    number: str | None
    title: str
    branch: str | None = None


# Subjects that name a request, by host. `title` None: it is the first line of the body.
_REQUESTS = tuple(
    re.compile(pattern)
    for pattern in (
        # GitHub
        r"Merge pull request #(?P<number>\d+) from [^\s/:]+[/:](?P<branch>\S+)",
        # Bitbucket Cloud, Data Center, and Data Center before 2016
        r"Merged in (?P<branch>\S+) \(pull request #(?P<number>\d+)\)",
        r"Pull request #(?P<number>\d+): (?P<title>.+)",
        r"Merge pull request #(?P<number>\d+) in \S+ from (?P<branch>\S+) to \S+",
        # Azure DevOps
        r"Merged PR (?P<number>\d+): (?P<title>.+)",
        # Gitea and Forgejo
        r"Merge pull request '(?P<title>.+)' \([#!](?P<number>\d+)\) from (?P<branch>\S+) into \S+",
    )
)
_SQUASHED = re.compile(r"(?P<title>.*\S)\s*\([#!](?P<number>\d+)\)")
_MERGED_BRANCH = re.compile(
    r"Merge (?:remote-tracking )?(?:branch|tag|commit) '(?P<branch>[^']+)'(?: of \S+)?"
    r"(?: into '?[^\s']+'?)?"
)
_GITLAB_REQUEST = re.compile(r"(?m)^See merge request \S*!(?P<number>\d+)[ \t]*$")

_BULLET = r"(?im)^[ \t*-]*+"
_REVERTED_SHA = re.compile(rf"{_BULLET}This reverts commits? ([0-9a-f]{{7,64}})\b")
_REVERTED_REQUEST = re.compile(
    rf"{_BULLET}(?:Reverts (?:[\w./-]++)?[#!]|This reverts merge request \S*!)(\d+)\b"
)
# Ticket numbers and conventional types that may stand before the word: `[T-1] fix(ui): revert …`.
# Atomic groups, for whoever writes a thousand dashes must not keep us busy for ever.
_LABELS = r"[-\s]*+(?>(?:\[[^\]]*+\]|[\w./-]++(?:\([^)]*+\))?!?:)[-\s]*+)*"
_REVERT_TITLE = re.compile(rf"(?i){_LABELS}(?:revert|roll(?:ing)? ?back|back(?:ing)? ?out)")
_REVERTED_TITLES = (
    re.compile(rf'(?i){_LABELS}revert "(?P<title>.+?)"?'),
    re.compile(r"(?i)revert(?:\([^)]*\))?!?: (?P<title>.+)"),
)
_REVERT_BRANCH = re.compile(r"(?:.*/)?revert-(\d+)-.*")
_PICKED_SHA = re.compile(r"(?im)^[ \t]*+\(cherry[- ]picked from commit ([0-9a-f]{7,64})\)")


def read_landing(message: str, parent_count: int) -> Landing:
    """Tells how a mainline commit's change landed: merge, squash or direct push.

    A rebased pull request leaves nothing in the messages: its commits read as direct pushes.
    """
    subject = _whole_subject(message)
    landing = _request(subject, message) or _gitlab(subject, message) or _numbered(subject)
    if landing is None:
        branch = _MERGED_BRANCH.fullmatch(subject)
        landing = Landing(ChangeKind.DIRECT, None, subject, branch["branch"] if branch else None)
    if parent_count > 1:
        return replace(landing, kind=ChangeKind.MERGE)
    return landing


def reverted_sha(message: str) -> str | None:
    """Hash in the first line of the form `This reverts commit …`."""
    found = _REVERTED_SHA.search(message)
    return found[1].lower() if found else None


def picked_sha(message: str) -> str | None:
    """Hash of the commit that was picked first, where picks were picked again."""
    found = _PICKED_SHA.search(message)
    return found[1].lower() if found else None


def says_revert(title: str) -> bool:
    """Whether a title is that of a change that undoes another."""
    return _REVERT_TITLE.match(title) is not None


def reverted_change(landing: Landing, message: str) -> str | None:
    """Hash or number of the change that a landed change says it undoes.

    The message of a squash lists commits of its branch, which may undo each other: there a hash
    counts only if the title speaks of a revert, or the body begins with it.
    """
    body = message.strip().partition("\n")[2].lstrip()
    is_listed = landing.kind is ChangeKind.SQUASH and not says_revert(landing.title)
    found = _REVERTED_SHA.match(body) if is_listed else _REVERTED_SHA.search(message)
    if found:
        return found[1].lower()
    request = _REVERTED_REQUEST.match(body) if is_listed else _REVERTED_REQUEST.search(message)
    if request:
        return request[1]
    numbered = _numbered(reverted_title(landing.title) or "")
    if numbered:
        return numbered.number
    branch = _REVERT_BRANCH.fullmatch(landing.branch or "")
    return branch[1] if branch else None


def reverted_title(title: str) -> str | None:
    """The title inside `Revert "…"` or after `revert: …`; GitHub may have cut it with `…`."""
    for pattern in _REVERTED_TITLES:
        found = pattern.fullmatch(title)
        if found:
            return found["title"].strip()
    return None


def _whole_subject(message: str) -> str:
    """The subject, put together again where GitHub broke a long title with `…`."""
    subject = first_line(message)
    body = message.strip().partition("\n")[2].strip()
    cut = re.fullmatch(r"(.*)…( \(#\d+\))?", subject)
    if cut and body.startswith("…"):
        return cut[1] + first_line(body)[1:] + (cut[2] or "")
    return subject


def _request(subject: str, message: str) -> Landing | None:
    for pattern in _REQUESTS:
        found = pattern.fullmatch(subject)
        if found:
            named = found.groupdict()
            body = first_line(message.strip().partition("\n")[2])
            return Landing(
                kind=ChangeKind.SQUASH,
                number=named["number"],
                title=named.get("title") or body or subject,
                branch=named.get("branch"),
            )
    return None


def _gitlab(subject: str, message: str) -> Landing | None:
    request = _GITLAB_REQUEST.search(message)
    if request is None:
        return None
    branch = _MERGED_BRANCH.fullmatch(subject)
    body = first_line(message.strip().partition("\n")[2])
    has_title = branch is not None and not _GITLAB_REQUEST.match(body)
    return Landing(
        kind=ChangeKind.SQUASH,
        number=request["number"],
        title=body if has_title else subject,
        branch=branch["branch"] if branch else None,
    )


def _numbered(subject: str) -> Landing | None:
    found = _SQUASHED.fullmatch(subject)
    return Landing(ChangeKind.SQUASH, found["number"], found["title"]) if found else None

"""What GitLab noted beneath a merge request: pushes, approvals, drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.answers.moment import moment
from connectors.gitlab.asking import account, is_bot, number_of
from connectors.interface import Json
from data.model import ReviewState

_OLD_HEAD = re.compile(r"[?&]start_sha=([0-9a-f]{40,64})")
_MENTION = re.compile(r"@([\w.-]*\w)")
_DRAFT = re.compile(r"marked (?:this merge request )?as (?:a )?\*\*(?:draft|Work In Progress)\*\*")
_READY = re.compile(r"marked this merge request as \*\*ready\*\*|unmarked .*\*\*Work In Progress")
_APPROVED = "approved this merge request"
_UNAPPROVED = "unapproved this merge request"
_REQUESTED = "requested changes"
_RESET = "reset approvals from "


@dataclass(slots=True)
class Given:
    """Something a reviewer gave."""

    key: str
    """What tells it from others of the merge request."""
    author: str | None
    is_bot: bool | None
    state: ReviewState
    sha: str | None
    given_at: datetime | None
    dismissed_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it is an approval that nobody took back."""
        return self.state is ReviewState.APPROVED and self.dismissed_at is None


class Activity:
    """The story of one merge request, as its system notes tell it."""

    def __init__(self, notes: Sequence[Json], head: str | None) -> None:
        """Orders the notes.

        Args:
            notes: system notes, in any order.
            head: the last commit of the branch.
        """
        self._notes = sorted(notes, key=lambda note: (note["createdAt"], _number(note)))
        self._head = head

    def reviews(self, standing: Sequence[str], known_at: datetime) -> list[Given]:
        """Approvals and requests for changes, in their order.

        A project may drop approvals with each push, and older versions say nothing of it: what
        was given and does not stand any more ended with the next push, or at the latest when the
        merge request was last changed.

        Args:
            standing: accounts whose approval stands now.
            known_at: when the merge request was last changed.
        """
        given: list[Given] = []
        for note in self._notes:
            body, by = note["body"], account(note.get("author"))
            if _is(note, "approved", _APPROVED):
                given.append(self._given(note, ReviewState.APPROVED))
            elif _is(note, "requested_changes", _REQUESTED):
                given.append(self._given(note, ReviewState.CHANGES_REQUESTED))
            elif _is(note, "unapproved", _UNAPPROVED):
                _dismiss(given, [by], note)
            elif body.startswith(_RESET):
                _dismiss(given, _MENTION.findall(body), note)
        self._drop(given, standing, known_at)
        missing = set(standing) - {review.author for review in given if review.stands}
        return [
            *given,
            *(_untold(name) for name in sorted(missing)),
        ]

    def head_at(self, at: datetime) -> str | None:
        """The last commit of the branch at a time."""
        later = (old for pushed_at, old in self._pushes() if pushed_at > at)
        return next(later, self._head)

    def rewritten_at(self, commits: Sequence[str]) -> datetime | None:
        """When the branch was last replaced: what was pushed before is not part of it any more.

        A forced push that brings no new commit leaves no note.
        """
        now = {*commits, self._head}
        replaced = (at for at, old in self._pushes() if old is not None and old not in now)
        return max(replaced, default=None)

    def ready_at(self, opened_at: datetime, *, is_draft: bool) -> datetime | None:
        """When it last stopped being a draft, or was opened; null while it is one."""
        ready = [moment(n["createdAt"]) for n in self._notes if _READY.match(n["body"])]
        if ready and not is_draft:
            return ready[-1]
        was_draft = any(_DRAFT.match(note["body"]) for note in self._notes)
        return None if is_draft or was_draft else opened_at

    def _given(self, note: Json, state: ReviewState) -> Given:
        at, by = moment(note["createdAt"]), note.get("author")
        place = self._notes.index(note)
        later = (_OLD_HEAD.search(each["body"]) for each in self._notes[place + 1 :])
        head = next((found[1] for found in later if found), self._head)
        return Given(str(_number(note)), account(by), is_bot(by), state, head, at)

    def _pushes(self) -> Iterator[tuple[datetime, str | None]]:
        """When something was pushed, and the head it replaced."""
        for note in self._notes:
            found = _OLD_HEAD.search(note["body"])
            if found:
                yield moment(note["createdAt"]), found[1]

    def _drop(self, given: Sequence[Given], standing: Sequence[str], known_at: datetime) -> None:
        for review in given:
            # What a deleted account approved cannot be told from what it took back.
            if review.stands and review.author and review.author not in standing:
                later = (at for at, _ in self._pushes() if review.given_at and at > review.given_at)
                review.dismissed_at = next(later, known_at)


def first_comments(
    notes: Sequence[Json], author: str | None, activity: Activity
) -> Iterator[Given]:
    """The first comment of everyone but the author."""
    heard: set[str | None] = {author}
    for note in sorted(notes, key=lambda note: (note["createdAt"], _number(note))):
        by = note.get("author")
        if account(by) not in heard:
            heard.add(account(by))
            at = moment(note["createdAt"])
            sha, key = activity.head_at(at), str(_number(note))
            yield Given(key, account(by), is_bot(by), ReviewState.COMMENTED, sha, at)


def _is(note: Json, action: str, words: str) -> bool:
    named = (note.get("systemNoteMetadata") or {}).get("action")
    return bool(named == action or note["body"].strip() == words)


def _dismiss(given: Sequence[Given], names: Sequence[str | None], note: Json) -> None:
    for review in given:
        if review.stands and review.author in names:
            review.dismissed_at = moment(note["createdAt"])


def _untold(name: str) -> Given:
    """An approval that stands, of which no note tells."""
    return Given(f"by/{name}", name, None, ReviewState.APPROVED, None, None)


def _number(note: Json) -> int:
    return int(number_of(str(note["id"])))

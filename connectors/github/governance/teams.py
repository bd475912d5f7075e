"""The stream of who is in which team of the organisation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import ClassVar

from connectors.answers.page import Header, write_page
from connectors.answers.understanding import UNREADABLE
from connectors.api.reader import Items, OrganisationReader
from connectors.github.api.lacking import lacking
from connectors.github.api.question import PagedQuestion, ask, connection
from connectors.github.asking import Asking, row_id
from connectors.github.governance.team_rows import OF_OWNER, team_rows
from connectors.interface import Batch, Cursor, Json, Reading
from data.model import Gap, GapReason, Record

_UNSEEN = "teams/secret"
_HIDDEN = (
    "secret teams are shown to owners and their own members alone: which there are is not known"
)


class Teams(OrganisationReader):
    """Reads all teams with their members at once; unchanged ones give no page.

    GitHub tells no time of such a change, and has no conditions for questions: each sync asks, for
    a point a hundred teams.
    """

    kind: ClassVar[str] = "teams"
    entities: ClassVar[tuple[str, ...]] = ("member_access", "gap")
    needs: ClassVar[str] = "organisation Members: read; of an owner, for secret teams"
    blind: ClassVar[tuple[str, ...]] = ("AC-02", "AC-03")

    page_size: ClassVar[int] = 100

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._question = PagedQuestion(asking.api, "teams", self.page_size, self.needs)

    @property
    def is_wanted(self) -> bool:
        """Whether an organisation is read, and not single repositories."""
        return not self._asking.settings.repositories

    def pull(self, cursor: Cursor | None) -> Items:
        """Yields all teams, if what they say is not what it was."""
        organisation = self._asking.organisation
        answers = list(self._answers(organisation))
        header = {"organisation": organisation}
        rows = list(self.rows(header, [answer for _, answer in answers]))
        seen = {"name": organisation, "digest": _digest(rows)}
        if seen == cursor:
            return
        # What is hidden now may have been shown before: then it is not gone, but unknown. That
        # there may be secret teams must not keep those who left the others.
        secret = row_id(organisation, "gap", _UNSEEN, GapReason.NO_PERMISSION.value)
        is_whole = not any(isinstance(row, Gap) and row.id != secret for row in rows)
        yield Batch(
            payload=write_page(header, *(body for body, _ in answers)),
            cursor=seen,
            reading=Reading.COMPLETE if is_whole else Reading.INCREMENT,
            is_first=is_whole,
            is_last=is_whole,
        )

    def rows(self, header: Header, answers: Sequence[Json]) -> Iterator[Record]:
        """Maps one page."""
        asking, name = self._asking, header["organisation"]
        yield from lacking(asking, name, self.kind, self.needs, answers)
        if asking.settings.app is None and not _is_of_owner(answers[0]):
            yield asking.gap(name, _UNSEEN, GapReason.NO_PERMISSION, _HIDDEN, OF_OWNER)
        rest: dict[str, list[Json]] = {}
        teams: list[Json] = []
        for answer in answers:
            told = answer["data"]["organization"]
            if "teams" in told:
                teams += filter(None, told["teams"]["nodes"])
            elif told["team"]:
                rest.setdefault(told["team"]["slug"], []).extend(_edges(told["team"]))
        for team in teams:
            try:
                members = [*_edges(team), *rest.get(team["slug"], ())]
                yield from list(team_rows(asking, name, team, members))
            except UNREADABLE as error:
                yield asking.unreadable(name, f"team/{team.get('slug')}", error)

    def _answers(self, organisation: str) -> Iterator[tuple[bytes, Json]]:
        """Pages of teams, each followed by the members who did not fit on it."""
        after, is_first = None, True
        while is_first or after:
            reply = self._question.ask({"login": organisation}, after)
            answer = reply.json()
            yield reply.body, answer
            listed = connection(answer, "teams")
            for team in filter(None, listed["nodes"]):
                yield from self._rest(organisation, team)
            after, is_first = _after(listed), False

    def _rest(self, organisation: str, team: Json) -> Iterator[tuple[bytes, Json]]:
        after = _after(team.get("members"))
        while after:
            about = {"login": organisation, "slug": team["slug"], "after": after}
            reply = ask(self._asking.api, "team_rest", about, self.needs)
            answer = reply.json()
            yield reply.body, answer
            found = answer["data"]["organization"]["team"]
            after = _after(found["members"]) if found else None  # null: dissolved meanwhile


def _is_of_owner(answer: Json) -> bool:
    return bool(answer["data"]["organization"].get("viewerCanAdminister"))


def _edges(team: Json) -> list[Json]:
    return [edge for edge in team["members"]["edges"] if edge]


def _after(listed: Json) -> str | None:
    page = (listed or {}).get("pageInfo") or {}
    return page.get("endCursor") if page.get("hasNextPage") else None


def _digest(rows: Sequence[Record]) -> str:
    """Tells one state of all teams from another, in whatever order they are told."""
    text = "\n".join(sorted(map(repr, rows)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

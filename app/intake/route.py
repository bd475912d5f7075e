"""`POST /events/SOURCE`, next to the pages; there is no such route where no source takes events."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import URLPath
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from app.intake.doors import Doors
from app.intake.refusal import Refused
from data.store.workspace import Workspace

_PATH = "/events/"


class Intake(BaseRoute):
    """Answers 202 for an event that is on the disk, 200 for one that was there already."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        """Takes what tells the workspace, once the first request comes."""
        self._workspace = workspace
        self._doors: Doors | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a path is below `/events/`, and any source takes events."""
        if scope["type"] != "http" or not scope["path"].startswith(_PATH):
            return Match.NONE, {}
        if self._doors is None:
            self._doors = Doors(self._workspace())
        return (Match.FULL if self._doors.now() else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """Nothing links to it.

        Raises:
            NoMatchFound: always.
        """
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes an event, and answers."""
        try:
            answer = await self._answer(scope, receive)
        except Refused as refused:
            answer = refused.answer
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        doors = self._doors.now() if self._doors else {}
        _, door = doors.get(scope["path"].removeprefix(_PATH), (None, None))
        if door is None:
            raise Refused(404, "no source of that name takes events")
        if scope["method"] != "POST":
            raise Refused(405, "post an event", Allow="POST")
        is_new = await door.take(_headers(scope), receive)
        return PlainTextResponse("taken\n", 202) if is_new else PlainTextResponse("known\n", 200)


def _headers(scope: Scope) -> dict[str, str]:
    """What a request says of itself; of what it says twice the first, as everywhere here."""
    told = reversed(scope["headers"])
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in told}

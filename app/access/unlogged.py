"""Sign-ins that the log of events refused: who signed in so is told on the pages."""

from __future__ import annotations

from collections import OrderedDict

_MOST = 1_000


class Unlogged:
    """The newest of them, and why."""

    def __init__(self) -> None:
        self._why: OrderedDict[str, str] = OrderedDict()

    def tell(self, session: str, why: str | None) -> None:
        """Takes down why a sign-in is not in the log; None: it is."""
        if why is None:
            self._why.pop(session, None)
            return
        self._why[session] = why
        while len(self._why) > _MOST:
            self._why.popitem(last=False)

    def why(self, session: str) -> str | None:
        """Why a sign-in is not in the log; None if it is."""
        return self._why.get(session)


UNLOGGED = Unlogged()
"""Those of this server."""

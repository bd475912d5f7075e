"""Taking a decision from a page: into the book and the log at once, and what came of it told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app.components.decisions.actor import actor, may_decide
from app.components.published import workspace
from app.deciding.logged import into_log
from app.viewer import sees_names
from app.wording import message
from data.configuration import load
from data.decisions.book import Book
from data.decisions.named import people
from data.decisions.person import is_same
from data.errors import CairnError, WrongQuestion
from data.ledger.ledger import Appended


class NotHere(WrongQuestion):
    """A decision is to be taken from a page that others can reach."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of a decision, as Markdown."""

    words: str
    is_refused: bool
    trouble: str | None = None
    """What the log of events or a copy of it refused."""


def decide(slot: str, act: Callable[[], str]) -> bool:
    """Takes a decision: for the callback of a button, so that all the page shows it.

    Args:
        slot: the place on the page where it is told what came of it.
        act: takes the decision and says what was decided.

    Returns:
        Whether it was taken; what was put into fields stays if not.
    """
    try:
        if not may_decide():
            raise NotHere("nothing is decided on this page", "", "use the command line")
        words = act()
    except CairnError as error:
        where = f"{error.where}: " if error.where else ""
        words = _shown(f"{where}{error.what}; {error.fix}.")
        st.session_state[slot] = _Told(message(words), True)
        return False
    st.session_state[slot] = _Told(words, False, _trouble(into_log(workspace())))
    return True


def _trouble(logged: Appended | CairnError | None) -> str | None:
    """What to tell of how it came into the log of events, as Markdown; None: all is well."""
    if isinstance(logged, CairnError):
        refused = message(str(logged))
        return f"The decision stands, and is not in the log yet: {refused}. The next sync logs it."
    if logged is None or not logged.refused:
        return None
    return " ".join(message(str(each)) for each in logged.refused)


def _shown(words: str) -> str:
    """The same without names where the reader may see none; that of the reader stays.

    They are read now: somebody else may have decided since the page was drawn.
    """
    if _sees_names():
        return words
    for name in sorted(_people(), key=len, reverse=True):
        if not is_same(name, actor()):
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "somebody", words)
    return words


def _sees_names() -> bool:
    try:
        return sees_names(load(workspace().configuration))
    except CairnError:
        return False


def _people() -> frozenset[str]:
    """Whom decisions of any kind name; nobody where the book cannot be read."""
    try:
        return people(Book(workspace().folder).decisions())
    except CairnError:
        return frozenset()


def outcome(slot: str) -> None:
    """Tells once what came of the last decision that was taken there."""
    told: _Told | None = st.session_state.pop(slot, None)
    if told is None:
        return
    if told.is_refused:
        st.error(told.words[:1].upper() + told.words[1:], icon=":material/block:")
    else:
        st.success(told.words, icon=":material/check_circle:")
    if told.trouble:
        st.warning(told.trouble, icon=":material/history:")

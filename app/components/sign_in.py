"""Signing in and out on the pages: the one page that everybody gets, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from app.access.person import Person, person
from app.access.required import required
from app.access.standing import Standing, standing
from app.access.unlogged import UNLOGGED
from app.components.published import workspace
from app.wording import message, plain
from data.errors import WrongQuestion


class NotSignedIn(WrongQuestion):
    """Somebody asks for something after their sign-in has ended."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page."""

    standing: Standing
    person: Person | None = None
    """Who signed in; None: nobody did, or nobody has to."""

    @property
    def account(self) -> str | None:
        """Whose account it is, of somebody who is let in; None if that is not known."""
        if self.person is None or not self.standing.is_let_in:
            return None
        return self.person.account

    def check(self) -> None:
        """Lets pass who is let in still: for what is asked for after the page was drawn.

        Raises:
            NotSignedIn: if the sign-in has ended meanwhile.
        """
        now = _reader(self.person)
        if not now.standing.is_let_in:
            raise NotSignedIn("you are signed out", "", "sign in again")


def reader() -> Reader:
    """Who looks now.

    Raises:
        ConfigurationError: if it is not clear whether people must sign in.
    """
    if required(workspace().configuration) is None:
        return Reader(Standing.NOT_ASKED)
    return _reader(person(st.user.to_dict()))


def _reader(who: Person | None) -> Reader:
    settings = required(workspace().configuration)
    if settings is None:
        return Reader(Standing.NOT_ASKED)
    return Reader(standing(settings, who, datetime.now(UTC)), who)


_ASKED = {
    Standing.NOBODY: "These pages are shown to people who have signed in.",
    Standing.OVER: "Your sign-in is over: it holds for some hours only. Sign in again.",
    Standing.SIGNED_OUT: "You are signed out.",
}


def ask(who: Reader) -> None:
    """Shows the button to sign in instead of a page, and why."""
    st.title("Cairn", anchor=False)
    with st.container(border=True, width=480):
        st.header("Sign in", icon=":material/login:", anchor=False)
        if who.standing is Standing.REFUSED and who.person is not None:
            st.markdown(
                f"You are signed in as **{plain(who.person.account)}**, and these pages are not "
                "open to this account. Ask whoever runs them (`only` under `[sign_in]`), or sign "
                "in with another one."
            )
            st.button("Sign out", icon=":material/logout:", on_click=st.logout)
        else:
            st.markdown(_ASKED[who.standing])
            st.button("Sign in", icon=":material/login:", on_click=st.login)


def signed_in(who: Reader) -> None:
    """Shows in the sidebar who is signed in, and the way out; nothing where nobody has to."""
    if who.person is None or who.account is None:
        return
    with st.sidebar.container(gap=None):
        st.caption("Signed in as")
        st.text(who.account)  # as Markdown an address would be a link
        st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=st.logout)
    refused = UNLOGGED.why(who.person.session)
    if refused is not None:
        st.sidebar.caption(f"This sign-in is not in the log of events: {message(refused)}.")

"""Attesting: held against the controls there are, and against what is in the scope."""

from __future__ import annotations

from app.governed import matches, rules
from data.decisions.attestation import Attested
from data.decisions.attesting import AttestationRefused, attest
from data.decisions.book import Book
from data.decisions.decision import Decision
from data.store.workspace import Workspace


def record(workspace: Workspace, told: Attested) -> Decision:
    """Records what somebody attests of a control that there is, for a scope with something in it.

    Raises:
        AttestationRefused: if nobody can attest it so.
        NothingPublished: if there is no snapshot yet.
        DecisionsRefused: if the book cannot be written.
    """
    if not rules(workspace).is_control(told.control):
        what = f"there is no control `{told.control[:80]}`"
        raise AttestationRefused(what, "", "name one as `CM-03`")
    if not matches(workspace, told.control, told.scope):
        what = f"nothing of `{told.control}` is in `{told.scope}`"
        raise AttestationRefused(what, "", "name what there is")
    return attest(Book(workspace.folder), told)

"""The roots of every error Cairn raises on purpose."""

from __future__ import annotations


class CairnError(Exception):
    """Something a user can act on, told in one line: what, where, what to do.

    Attributes:
        what: what went wrong, without a secret in it.
        where: the file, source, table or row it happened at.
        fix: the next step for the reader.
    """

    def __init__(self, what: str, where: str, fix: str) -> None:
        super().__init__(f"{where}: {what}; {fix}" if where else f"{what}; {fix}")
        self.what = what
        self.where = where
        self.fix = fix


class WrongQuestion(CairnError):
    """What was asked or configured cannot be meant: whoever asks has to ask otherwise."""

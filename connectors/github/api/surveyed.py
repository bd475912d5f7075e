"""What the page of a survey says: answers by the names of their questions, and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from connectors.answers.page import Header
from connectors.http.errors import HttpError
from connectors.interface import Json
from data.model import GapReason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that was refused, while others were answered."""

    status: int
    what: str
    fix: str

    @classmethod
    def of(cls, error: HttpError) -> Self:
        """The refusal an error stands for."""
        return cls(error.status or 0, error.what, error.fix)

    @property
    def reason(self) -> GapReason:
        """Why, in the words of a gap."""
        is_absent = self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        return GapReason.NOT_FOUND if is_absent else GapReason.NO_PERMISSION


def answers_of(header: Header, answers: Sequence[Json]) -> Mapping[str, Sequence[Json]]:
    """The answers of a page by the names of their questions; several pages of a list follow."""
    found: dict[str, list[Json]] = {}
    for name, answer in zip(header["asked"], answers, strict=True):
        found.setdefault(name, []).append(answer)
    return found


def only(answer: Json, *names: str) -> Json:
    """The answer or its items with nothing but some fields, as what counts of it."""
    if isinstance(answer, list):
        return [only(item, *names) for item in answer]
    return {name: answer.get(name) for name in names} if isinstance(answer, dict) else answer

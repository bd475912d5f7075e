"""What a metric is about: the kind of thing that each of its rows belongs to."""

from __future__ import annotations

from enum import StrEnum


class Subject(StrEnum):
    """A kind of thing that has an owner.

    Rows name it in a column called like it; `owned_…` lists all there are, and `…_watch` says
    between when each is known.
    """

    SERVICE = "service"
    MODEL = "model"
    PIPELINE = "pipeline"
    DATASET = "dataset"
    MEASURE = "measure"
    """What a file tells of: it may have no owner, and is then the organisation's."""

    @property
    def has_environments(self) -> bool:
        """Whether it is in one environment or another: the others are in none."""
        return self in (Subject.SERVICE, Subject.MODEL)

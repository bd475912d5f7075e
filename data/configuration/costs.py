"""The part of `cairn.toml` about costs."""

from __future__ import annotations

from pydantic import Field

from data.configuration.section import Section


class CostSettings(Section):
    """How bills are allocated."""

    rules: str | None = Field(
        None,
        min_length=1,
        description="file with the rules of allocation, relative to the data folder; without one, "
        "nothing is allocated",
    )

"""What all parts of `cairn.toml` have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]


class Section(BaseModel):
    """A table of `cairn.toml`: a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

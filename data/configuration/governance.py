"""What `cairn.toml` says of the pages of controls: who may see names of people."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from data.configuration.section import Section


class Names(StrEnum):
    """Whether names of people are shown where a control looks at what people did."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class GovernanceSettings(Section):
    """What holds for controls and their evidence as a whole."""

    names: Names = Field(
        Names.HIDDEN,
        description="whether accounts of people are shown in the rows of controls; `hidden` leaves "
        "them out of the answers themselves, not only of pages",
    )

    @property
    def sees_names(self) -> bool:
        """Whether names of people may be shown."""
        return self.names is Names.SHOWN

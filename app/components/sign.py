"""How a state is shown: a mark and a word, and colour only beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands for one state."""

    word: str
    icon: str
    colour: str
    mark: str = ""
    """One character, for places that take no icon."""

    @property
    def signed(self) -> str:
        """Mark and word: `✓ in force`."""
        return f"{self.mark} {self.word}"

    @property
    def badge(self) -> str:
        """Icon and word as a badge, in Markdown."""
        return f":{self.colour}-badge[:material/{self.icon}: {self.word}]"

"""Links to a resource in the console of its provider, built from what a bill calls it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_FILE = Path(__file__).with_name("consoles.yaml")
_MOST = 1_024
"""Signs of an id; a longer one is none."""
_SLASHED = "path"


class Console(BaseModel):
    """One kind of id, and the address that shows what it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: str
    pattern: str
    ignores_case: bool = False
    address: str = Field(pattern=r"^https://[a-z0-9.]+/")
    """With the groups of the pattern in braces."""
    checked: str
    """When and where it was seen that the address has this form."""

    def address_of(self, resource: str) -> str | None:
        """The address of a resource; None: the pattern does not fit all of its id."""
        flags = re.ASCII | (re.IGNORECASE if self.ignores_case else 0)
        found = re.fullmatch(self.pattern, resource, flags)
        if found is None:
            return None
        return self.address.format_map(
            {
                name: quote(value, safe="/" if name == _SLASHED else "")
                for name, value in found.groupdict().items()
            }
        )


@cache
def consoles() -> tuple[Console, ...]:
    """All of `consoles.yaml`, in its order."""
    told = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Console, ...]).validate_python(told)


def console_address(resource: str | None) -> str | None:
    """Where the console of its provider shows a resource.

    Args:
        resource: its id, as the bill tells it: somebody else's text.

    Returns:
        An https address of a host that `consoles.yaml` names; None where no pattern fits.
    """
    if resource is None or len(resource) > _MOST:
        return None
    found = (one.address_of(resource) for one in consoles())
    return next((address for address in found if address is not None), None)

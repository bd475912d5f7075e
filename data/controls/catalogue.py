"""All controls and frameworks: those that ship, and those of the organisation."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.choice import require
from data.controls.definition import Control
from data.controls.file import DefinitionFile, files
from data.controls.framework import Framework, frameworks, refuse_unknown_clauses
from data.controls.meant import refuse_what_cannot_be_meant
from data.errors import WrongQuestion
from data.facts.build import FACTS, fact_sql

SHIPPED = Path(__file__).parent / "library"


class UnknownControl(WrongQuestion):
    """A control or a framework was asked for that is not defined."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Controls and frameworks by id, in the order of their files."""

    controls: Mapping[str, Control]
    frameworks: Mapping[str, Framework]
    files: Mapping[str, DefinitionFile] = field(repr=False)
    """The files of the controls."""

    def control(self, name: str) -> Control:
        """Looks a control up.

        Raises:
            UnknownControl: naming those there are.
        """
        require(UnknownControl, "control", name, list(self.controls))
        return self.controls[name]

    def framework(self, name: str) -> Framework:
        """Looks a framework up.

        Raises:
            UnknownControl: naming those there are.
        """
        require(UnknownControl, "framework", name, list(self.frameworks))
        return self.frameworks[name]

    def of(self, framework: str) -> dict[str, Control]:
        """The controls that serve a clause of a framework."""
        self.framework(framework)
        return {name: one for name, one in self.controls.items() if one.clauses.get(framework)}


def catalogue(own: Path | None = None) -> Catalogue:
    """Reads all definitions.

    Args:
        own: the data folder, with `controls/` and `frameworks/` of the organisation; both may be
            missing.

    Raises:
        FileRefused: naming file and line of the first mistake.
    """
    known = frameworks(own / "frameworks" if own else None)
    shipped = _shipped()
    found = files(SHIPPED, own / "controls" if own else None)
    controls = {name: shipped.get(name) or _control(file) for name, file in found.items()}
    for name, control in controls.items():
        refuse_unknown_clauses(found[name], control.clauses, known)
    return Catalogue(controls, known, found)


@cache
def _shipped() -> dict[str, Control]:
    return {name: _control(file) for name, file in files(SHIPPED, None).items()}


def _control(file: DefinitionFile) -> Control:
    """The control, with the hash of all it says but its cases, and of the facts that it reads."""
    control = file.fitted(Control)
    refuse_what_cannot_be_meant(file, control)
    said: dict[str, Any] = {k: v for k, v in file.document.content.items() if k != "cases"}
    text = json.dumps(said, sort_keys=True, default=str)
    words = set(re.findall(r"\w+", f"{control.population} {control.test or ''}"))
    text += "".join(fact_sql(name) for name in FACTS if name in words)
    return control.model_copy(update={"sha256": hashlib.sha256(text.encode()).hexdigest()})

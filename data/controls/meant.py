"""What a control's file may say, and nothing can be meant by."""

from __future__ import annotations

from collections.abc import Iterator

from data.configuration.mistake import nearest
from data.configuration.place import Step
from data.controls.definition import Control, Kind
from data.controls.file import DefinitionFile
from data.model import ENTITIES

NARROWER = frozenset(
    {
        "secret_finding",
        "dependency_finding",
        "code_finding",
        "organisation_access",
        "repository_access",
        "team_access",
    }
)
"""Parts of an entity that a source may refuse by themselves, as the fact `offered_entity` does."""

OUR_PARAMETERS = frozenset(
    {
        "start",
        "last",
        "from_at",
        "until_at",
        "as_of",
        "stale_at",
        "team",
        "rows_from",
        "needs",
        "needs_any",
        "sees_names",
    }
)
"""Parameters that every statement is given, and no control may give otherwise."""


def refuse_what_cannot_be_meant(file: DefinitionFile, control: Control) -> None:
    """Refuses entities that there are not, parameters that are ours, and a test that is too much.

    An entity that is misspelt would hide what a source refuses.

    Raises:
        FileRefused: naming the line.
    """
    for entity, *steps in _entities(control):
        if entity not in ENTITIES and entity not in NARROWER:
            what = f"there is no entity `{entity}`"
            raise file.refused(what, nearest(str(entity), {*ENTITIES, *NARROWER}), *steps)
    for name in control.parameters:
        if name in OUR_PARAMETERS:
            what = f"`{name}` is given to every control"
            raise file.refused(what, "name the parameter otherwise", "parameters", name)
    if control.test is None and control.kind is Kind.AUTOMATIC:
        raise file.refused("there is no `test`", "write one, or `kind: manual`", "kind")
    if control.test is not None and control.kind is Kind.MANUAL:
        what = "a person answers it, and there is a `test` as well"
        raise file.refused(what, "take out `test`, or write `kind: automatic`", "test")


def _entities(control: Control) -> Iterator[tuple[Step, ...]]:
    for key in ("rows_from", "needs", "needs_any"):
        for index, entity in enumerate(getattr(control, key)):
            yield entity, key, index

"""Operations: incidents, objectives, use of resources, and what alerts led to."""

from __future__ import annotations

from app.components.contents import contents
from app.components.discipline import OPERATIONS
from app.components.figures import figures
from app.components.incidents import incidents
from app.components.lineage import lineage
from app.components.noise import noise
from app.components.objectives import objectives
from app.components.question import Question
from app.components.utilisation import utilisation
from data.inventory.operations import has_incidents
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot

_PARTS = {
    "Incidents": "incidents",
    "Objectives": "objectives",
    "Use of resources": "utilisation",
    "Alerts by noise": "noise",
}


def operations(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """What befell the services of the scope; of one that is named also what it depends on."""
    lineage_of_it = {"Lineage": "lineage"} if asked.item is not None else {}
    contents({**_PARTS, **lineage_of_it})
    incidents(snapshot, known, asked)
    objectives(snapshot, known, asked)
    utilisation(snapshot, known, asked)
    noise(snapshot, known, asked)
    if asked.item is not None:
        lineage(snapshot, known, asked)


figures(OPERATIONS, operations, lambda snapshot, asked: has_incidents(snapshot, asked.scope))

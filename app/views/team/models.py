"""Models: which version serves, how it came there, and how sure that is."""

from __future__ import annotations

from app.components.contents import contents
from app.components.discipline import MODELS
from app.components.figures import figures
from app.components.inventory import inventory
from app.components.lineage import lineage
from app.components.question import Question
from app.components.timeline import timeline
from app.components.versions import versions
from data.metrics.catalogue import Catalogue
from data.store.snapshot import Snapshot


def models(snapshot: Snapshot, known: Catalogue, asked: Question) -> None:
    """The models of the scope; of one that is named its timeline and versions."""
    of_one = {"Timeline": "timeline", "Versions": "versions", "Lineage": "lineage"}
    contents({"Inventory": "inventory", **(of_one if asked.item else {})})
    inventory(snapshot, known, asked)
    if asked.scope.model is not None:
        timeline(snapshot, asked.scope.model)
        versions(snapshot, asked.scope.model)
        lineage(snapshot, known, asked)


figures(MODELS, models)

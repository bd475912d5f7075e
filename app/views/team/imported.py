"""Imported: what files tell that no other source does."""

from __future__ import annotations

from app.components.discipline import IMPORTED
from app.components.figures import figures

figures(IMPORTED)

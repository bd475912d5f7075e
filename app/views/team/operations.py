"""Operations: objectives, use of resources, and what alerts led to."""

from __future__ import annotations

from app.components.discipline import OPERATIONS
from app.components.figures import figures

figures(OPERATIONS)

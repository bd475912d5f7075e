"""Unit costs: what one of each thing that is delivered costs."""

from __future__ import annotations

from app.components.discipline import UNIT_COSTS
from app.components.figures import figures

figures(UNIT_COSTS)

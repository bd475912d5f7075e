"""Models: which version serves, how it came there, and how sure that is."""

from __future__ import annotations

from app.components.discipline import MODELS
from app.components.figures import figures

figures(MODELS)

"""Delivery: the five DORA metrics, their trend, their parts, and the rows behind each figure."""

from __future__ import annotations

from app.components.discipline import DELIVERY
from app.components.figures import figures

figures(DELIVERY)

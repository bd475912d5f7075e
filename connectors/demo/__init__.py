"""The demo organisation: plainly invented, deterministic, and read like any other source."""

from __future__ import annotations

from connectors.demo.connector import Demo, DemoSettings

__all__ = ["Demo", "DemoSettings"]

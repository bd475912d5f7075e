"""`cairn.toml`: who owns what, what is production, and which sources are read."""

from __future__ import annotations

from data.configuration.expectations import ModelSettings, PipelineSettings, Registry
from data.configuration.expression import compiled
from data.configuration.ledger import LedgerSettings
from data.configuration.load import ConfigurationError, load, place_of, validate_settings
from data.configuration.mistake import nearest
from data.configuration.settings import (
    Annotation,
    Configuration,
    Organisation,
    ServiceSettings,
    SourceSettings,
    Team,
    Tier,
)
from data.configuration.sign_in import SignInSettings
from data.configuration.toml import quoted

__all__ = [
    "Annotation",
    "Configuration",
    "ConfigurationError",
    "LedgerSettings",
    "ModelSettings",
    "Organisation",
    "PipelineSettings",
    "Registry",
    "ServiceSettings",
    "SignInSettings",
    "SourceSettings",
    "Team",
    "Tier",
    "compiled",
    "load",
    "nearest",
    "place_of",
    "quoted",
    "validate_settings",
]

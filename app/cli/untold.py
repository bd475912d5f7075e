"""What no configured source tells: said once, with what would tell it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from connectors.git.check_tags import untold_deployments
from connectors.git.settings import Settings
from connectors.interface import Connector, Context, Finding, Severity, SourceUnavailable
from connectors.kinds import connect
from connectors.reaching import reaching
from data.configuration import Configuration, ConfigurationError, SourceSettings
from data.store.workspace import Workspace


def untold(
    workspace: Workspace, configuration: Configuration, context: Context
) -> Iterator[Finding]:
    """Yields what is missing altogether; nothing while a source that may tell it is unreadable."""
    told: set[str] = set()
    try:
        for source in configuration.source:
            with reaching(source.name):
                told |= _told(source, connect(workspace, configuration, source, context))
    except (ConfigurationError, SourceUnavailable):
        return
    if "deployment" not in told:
        yield from _deployments(configuration, context)
    if configuration.source and "incident" not in told:
        what = "no source tells of incidents: only rollbacks, hotfixes and reverts show failures"
        yield Finding(Severity.OK, what, "cairn.toml")


def _told(source: SourceSettings, connector: Connector) -> set[str]:
    """The entities that a source tells of."""
    told = {entity for stream in connector.discover() for entity in stream.entities}
    is_silent = source.kind == "git" and _settings(source).deploy_pattern is None
    return told - {"deployment"} if is_silent else told


def _deployments(configuration: Configuration, context: Context) -> Iterator[Finding]:
    for source in configuration.source:
        if source.kind == "git":
            with suppress(SourceUnavailable), reaching(source.name):
                yield untold_deployments(source.name, _settings(source), context)


def _settings(source: SourceSettings) -> Settings:
    return Settings.model_validate(source.options)

"""The source `evidently`."""

from __future__ import annotations

from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, Field

from connectors.files.connector import FileConnector
from connectors.files.evidently.reduced import kept
from connectors.files.evidently.reports import report_rows
from connectors.files.settings import FileSettings
from connectors.files.stream import FileStream


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone, such as Europe/Berlin") from None
    return name


class EvidentlySettings(FileSettings):
    """A `[[source]]` of kind `evidently`."""

    model_key: Annotated[
        str, Field(min_length=1, description="metadata or tag that names the model")
    ] = "model"
    version_key: Annotated[
        str, Field(min_length=1, description="the same of the model's version")
    ] = "version"
    dataset_key: Annotated[
        str, Field(min_length=1, description="the same of the data set that was compared")
    ] = "dataset"
    timezone: Annotated[
        str,
        AfterValidator(_zone),
        Field(description="that of the machine that makes snapshots: they do not name it"),
    ] = "UTC"


class Evidently(FileConnector):
    """Reads what Evidently found when it compared data."""

    Settings: ClassVar[type[BaseModel]] = EvidentlySettings
    kind = "evidently"
    patterns = ("**/snapshots/*.json", "**/*snapshot*.json", "**/*report*.json")
    meant = frozenset(("model_key", "version_key", "dataset_key", "timezone"))
    is_kept_in_git = False
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream(
            "reports",
            ("data_check",),
            report_rows,
            kept=kept,
            is_inventory=False,
            is_dated=True,
        ),
    )

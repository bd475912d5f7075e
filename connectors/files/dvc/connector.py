"""The source `dvc`."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from connectors.files.connector import FileConnector
from connectors.files.dvc.metrics import metric_rows
from connectors.files.dvc.project import project_rows
from connectors.files.dvc.reduced import kept_beside, kept_metrics, kept_project
from connectors.files.settings import DeclaredSettings
from connectors.files.stream import FileStream, together

_OWN = ("**/dvc.yaml", "**/dvc.lock", "**/*.dvc")


class Dvc(FileConnector):
    """Reads what DVC keeps in Git: data by its content, stages, metrics. Not its commands."""

    Settings: ClassVar[type[BaseModel]] = DeclaredSettings
    kind = "dvc"
    patterns = (*_OWN, "**/*metrics*.json", "**/*metrics*.yaml", "**/metrics/**/*.json")
    meant = frozenset(("repository",))
    is_kept_in_git = True
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream(
            "project",
            ("dataset", "lineage_edge", "pipeline"),
            project_rows,
            files=_OWN,
            kept=kept_project,
            page=together,
        ),
        FileStream(
            "metrics",
            ("evaluation",),
            metric_rows,
            but=_OWN,
            kept=kept_metrics,
            is_inventory=False,
            is_dated=True,
            beside="dvc.yaml",
            kept_beside=kept_beside,
        ),
    )

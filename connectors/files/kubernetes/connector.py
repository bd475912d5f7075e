"""The source `kubernetes`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from connectors.files.connector import FileConnector
from connectors.files.kubernetes.reduced import kept
from connectors.files.kubernetes.rows import object_rows
from connectors.files.settings import DeclaredSettings
from connectors.files.stream import FileStream


class KubernetesSettings(DeclaredSettings):
    """A `[[source]]` of kind `kubernetes`."""

    label_keys: Annotated[
        tuple[str, ...],
        Field(description="labels that may be known beside those of app.kubernetes.io/"),
    ] = ()


class Kubernetes(FileConnector):
    """Reads what manifests declare to run in a cluster."""

    Settings: ClassVar[type[BaseModel]] = KubernetesSettings
    kind = "kubernetes"
    patterns = ("**/*.yaml", "**/*.yml")
    meant = frozenset(("repository", "label_keys"))
    is_kept_in_git = True
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream("resources", ("resource",), object_rows, kept=kept),
    )

"""The source `terraform`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from connectors.files.connector import FileConnector
from connectors.files.settings import DeclaredSettings
from connectors.files.stream import FileStream
from connectors.files.terraform.reduced import edition_of, kept
from connectors.files.terraform.rows import ENVIRONMENT_KEYS, SERVICE_KEYS, resource_rows

_LABEL_KEYS = (*SERVICE_KEYS, *ENVIRONMENT_KEYS, "team", "owner", "cost-center", "cost_center")


class TerraformSettings(DeclaredSettings):
    """A `[[source]]` of kind `terraform`."""

    label_keys: Annotated[
        tuple[str, ...],
        Field(description="tags and labels that may be known; letter case does not count"),
    ] = _LABEL_KEYS


class Terraform(FileConnector):
    """Reads what infrastructure states know and plans would change. Secrets are left behind."""

    Settings: ClassVar[type[BaseModel]] = TerraformSettings
    kind = "terraform"
    patterns = ("**/*.tfstate", "**/*plan*.json", "**/*state*.json")
    meant = frozenset(("repository", "label_keys"))
    is_kept_in_git = True
    streams: ClassVar[tuple[FileStream, ...]] = (
        FileStream("resources", ("resource",), resource_rows, kept=kept, edition=edition_of),
    )

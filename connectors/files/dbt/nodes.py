"""What all files of dbt have in common: versions, and the names of nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from connectors.files.naming import Naming
from connectors.files.said import mapping, text, text_or_none
from connectors.interface import Json
from data.model import Gap, GapReason

DATASETS = ("model", "seed", "snapshot", "source")
"""Resource types that are data."""

# https://docs.getdbt.com/reference/artifacts/dbt-artifacts
_KNOWN_VERSIONS = {
    "manifest": ("v9", "v10", "v11", "v12"),
    "run-results": ("v4", "v5", "v6"),
    "sources": ("v3",),
}


def resource_type(unique_id: str) -> str:
    """What a node is, such as `model` or `test`."""
    return unique_id.partition(".")[0]


def package_of(unique_id: str) -> str:
    """The project or package that a node is of."""
    return unique_id.split(".")[1]


def node_name(unique_id: str) -> str:
    """Name of a node, such as `shop.orders` of `model.shop.orders`."""
    return text(unique_id.partition(".")[2])


def project_of(told: str | None, unique_ids: Iterable[str]) -> str:
    """Name of the project: as told, or else the package that most nodes are of."""
    packages = Counter(package_of(each) for each in unique_ids if each.count(".") > 1)
    return told or next((name for name, _ in packages.most_common(1)), "dbt")


def version_gap(naming: Naming, metadata: Json, artifact: str) -> Iterator[Gap]:
    """A gap if the file is of a version whose meaning is not known."""
    said = text_or_none(mapping(metadata).get("dbt_schema_version"))
    version = (said or "no version").rpartition("/")[2].removesuffix(".json")
    is_known = artifact in (said or "") and version in _KNOWN_VERSIONS[artifact]
    if not is_known:
        known = ", ".join(_KNOWN_VERSIONS[artifact])
        yield naming.gap(
            f"{artifact}/{version}",
            GapReason.UNREADABLE,
            f"{artifact} of version {version}: only what is as in {known} is read",
            "write it with a version of dbt that is supported",
        )

"""The experiments of a server, and which of them are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.hosting.selection import is_selected
from connectors.mlflow.api import Server
from connectors.mlflow.naming import text

_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Experiments:
    """All that may be seen."""

    names: Mapping[str, str]
    """Name by id."""
    read: Sequence[str]
    """Ids of those whose runs are read, in their order."""


def read_experiments(server: Server, include: Sequence[str], exclude: Sequence[str]) -> Experiments:
    """Lists the experiments; a server leaves out those that may not be read.

    Raises:
        HttpError: if they cannot be listed.
    """
    asked = {"max_results": _A_PAGE, "view_type": "ALL"}
    if not server.is_gitlab:
        asked["order_by"] = ["creation_time ASC"]
    pages = server.searched(
        "experiments/search", asked, "experiments", lambda item: str(item["experiment_id"])
    )
    told = [item for page in pages for item in page.items]
    names = {text(item, "experiment_id"): str(item.get("name")) for item in told}
    active = {
        text(item, "experiment_id") for item in told if item.get("lifecycle_stage") != "deleted"
    }
    return Experiments(
        names, [id for id in names if id in active and is_selected(names[id], include, exclude)]
    )

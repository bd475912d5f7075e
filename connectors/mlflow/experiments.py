"""The experiments of a server, and which of them are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.hosting.selection import is_selected
from connectors.http.errors import Forbidden, NotFound
from connectors.mlflow.api import Server
from connectors.mlflow.naming import text

_A_PAGE = 1000
_MOST_ASKED_FOR = 30


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


def withheld(
    server: Server, known: Mapping[str, str], listed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Id and reason of the experiments that were listed once and may not be read any more.

    A server leaves them out of its list without a word, as it does with those that are no more:
    only asked for by their ids it tells one from the other. Of more than thirty the others are
    taken to be withheld.

    Args:
        server: is asked.
        known: name by id of those that were listed.
        listed: the same of those that are now.

    Raises:
        HttpError: if the server fails.
    """
    for number, id in enumerate(sorted(known.keys() - listed.keys())):
        if number >= _MOST_ASKED_FOR:
            yield id, "nobody asked for it, as more are missing"
            continue
        try:
            server.get("experiments/get", {"experiment_id": id})
        except NotFound:
            continue
        except Forbidden as refused:
            yield id, refused.what

"""What is made from what: from the datasets of outside to the services that models serve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from connectors.demo.feeds import Feeds
from connectors.demo.model_history import Candidate, Life, Training
from connectors.demo.registry import digest_of
from connectors.demo.told import Told
from data.model import NodeKind


def tell_lineage(
    seed: int,
    known: Feeds,
    lives: Iterable[Life],
    is_withheld: Callable[[str, int], bool],
    until_at: int,
) -> Iterator[Told]:
    """Every edge that has come about before an instant; none of a run that may not be read."""
    for feed in known.feeds:
        url = f"{known.url}/{feed.name}/lineage"
        for name in feed.reads:
            yield _edge(url, (NodeKind.DATASET, name), (NodeKind.PIPELINE, feed.name), until_at)
        yield _edge(url, (NodeKind.PIPELINE, feed.name), (NodeKind.DATASET, feed.makes), until_at)
    for life in lives:
        name = life.model.name
        read = [c for c in life.candidates if not is_withheld(name, c.training.started_at)]
        yield from _trained(seed, known.url, life, [c for c in read if c.registered_at < until_at])
        yield from _served(known.url, life, until_at)


def _trained(seed: int, url: str, life: Life, candidates: Iterable[Candidate]) -> Iterator[Told]:
    name = life.model.name
    for candidate in candidates:
        training = candidate.training
        if "digest" in training.lacks:
            continue
        version = (NodeKind.MODEL_VERSION, f"{name}@{candidate.number}")
        for dataset in life.model.datasets:
            digest = digest_of(seed, dataset, training.started_at)
            yield _edge(
                f"{url}/models/{name}/{candidate.number}", (NodeKind.DATASET, dataset), version,
                candidate.registered_at, digest, _run_of(life, training),
            )  # fmt: skip


def _served(url: str, life: Life, until_at: int) -> Iterator[Told]:
    name, service = life.model.name, life.model.service
    served = {s.candidate.number: s.from_at for s in life.servings if s.from_at < until_at}
    for number, from_at in served.items():
        if service is not None:
            version = (NodeKind.MODEL_VERSION, f"{name}@{number}")
            yield _edge(
                f"{url}/models/{name}/{number}", version, (NodeKind.SERVICE, service), from_at
            )


def _run_of(life: Life, training: Training) -> str:
    return f"run/{life.model.name}/{training.number}"


def _edge(
    url: str,
    source: tuple[NodeKind, str],
    made: tuple[NodeKind, str],
    seen_at: int,
    digest: str | None = None,
    run: str | None = None,
) -> Told:
    fields = {
        "id": f"lineage/{source[0]}/{source[1]}/{made[0]}/{made[1]}",
        "url": url,
        "from_kind": source[0].value,
        "from_name": source[1],
        "to_kind": made[0].value,
        "to_name": made[1],
        "from_digest": digest,
        "run": run,
        "seen_at": seen_at,
    }
    return Told(seen_at, "lineage_edge", fields)

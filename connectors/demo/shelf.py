"""What stands in the catalogues of the tools: models, cards, datasets, pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from connectors.demo.feeds import Feed, Feeds
from connectors.demo.learning import Learning
from connectors.demo.model_history import Life
from connectors.demo.other_runs import BUILD, training_pipeline
from connectors.demo.registry import digest_of
from connectors.demo.simulation import instant
from connectors.demo.told import Told
from data.model import PipelineKind

_SECTIONS = ("Intended use", "Data", "Performance", "Limits", "Risks")
_SCHEDULES = {24: "daily", 6: "each six hours", 1: "hourly"}


def tell_models(learning: Learning, lives: Iterable[Life]) -> Iterator[Told]:
    """The models, and the cards that were written of them."""
    for life in lives:
        model = life.model
        at = instant(model.registered)
        fields = {
            "id": f"model/{model.name}",
            "url": f"{learning.url}/{model.name}",
            "name": model.name,
            "description": model.purpose,
            "created_at": at,
            "owner": model.owner,
            "risk_class": model.risk_class,
            "is_archived": False,
        }
        yield Told(at, "model", fields)
        if model.card is not None:
            card_at = instant(model.card) + 9 * 3600
            card = {
                "id": f"model/{model.name}/card",
                "url": f"{learning.url}/{model.name}/card",
                "model": model.name,
                "path": f"models/{model.name}/README.md",
                "title": model.purpose,
                "owner": model.owner,
                "risk_class": model.risk_class,
                "licence": "internal",
                "datasets": model.datasets,
                "sections": _SECTIONS if model.owner else _SECTIONS[:3],
                "written_at": card_at,
            }
            yield Told(card_at, "model_card", card)


def tell_datasets(seed: int, known: Feeds, until_at: int) -> Iterator[Told]:
    """The datasets of outside, and those that pipelines make."""
    for source in known.sources:
        fields = {
            "id": f"dataset/{source.name}",
            "url": f"{known.url}/datasets/{source.name}",
            "name": source.name,
            "kind": source.kind,
            "owner": source.owner,
            "description": source.description,
            "is_source": source.is_from_outside,
        }
        yield Told(0, "dataset", fields)
    for feed in known.feeds:
        at = instant(feed.first)
        made: dict[str, Any] = {
            "id": f"dataset/{feed.makes}",
            "url": f"{known.url}/datasets/{feed.makes}",
            "name": feed.makes,
            "kind": "table",
            "owner": feed.owner,
            "description": feed.purpose,
            "is_source": False,
            "digest": digest_of(seed, feed.makes, until_at),
            "created_at": at,
        }
        yield Told(at, "dataset", made)


def tell_pipelines(known: Feeds, lives: Iterable[Life], git_url: str) -> Iterator[Told]:
    """The pipelines of data, of training, and of builds."""
    for feed in known.feeds:
        yield _feed(known.url, feed)
    for life in lives:
        name = training_pipeline(life)
        fields = {
            "id": f"pipeline/{name}",
            "url": f"{known.url}/{name}",
            "name": name,
            "is_active": life.model.last_trained is None,
            "kind": PipelineKind.TRAINING.value,
            "owner": life.model.owner,
        }
        yield Told(instant(life.model.registered), "pipeline", fields)
    for delivery in known.deliveries:
        fields = {
            "id": f"{delivery.repository}#pipeline/{BUILD}",
            "url": f"{git_url}/{delivery.repository}/builds",
            "repository": delivery.repository,
            "name": BUILD,
            "path": f".ci/{BUILD}.yaml",
            "is_active": True,
            "kind": PipelineKind.DELIVERY.value,
        }
        yield Told(instant(delivery.first), "pipeline", fields)


def _feed(url: str, feed: Feed) -> Told:
    fields = {
        "id": f"pipeline/{feed.name}",
        "url": f"{url}/{feed.name}",
        "name": feed.name,
        "path": f"pipelines/{feed.name}.py",
        "is_active": True,
        "kind": PipelineKind.DATA.value,
        "owner": feed.owner,
        "schedule": _SCHEDULES[feed.every_hours],
    }
    return Told(instant(feed.first), "pipeline", fields)

"""Resources as Terraform knows them, or plans to change them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.files.file import File
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import entries, first, json_of, mapping, text, text_or_none
from connectors.interface import Json
from data.model import Record, Resource

SERVICE_KEYS = ("service", "app", "application", "component")
ENVIRONMENT_KEYS = ("environment", "env", "stage")

_PROVIDER = re.compile(r'(?:.*provider\["?)?(?:registry\.\w+\.\w+/)?([^"\]]+)"?\]?(?:\..*)?')


def resource_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:
    """A row for each resource of each state, and for each that a plan would change."""
    for file in files:
        resources = [mapping(each) for each in entries(mapping(json_of(file.data))["resources"])]
        for number, each in enumerate(resources):
            if "is_unread" in each:
                yield naming.unread_part("resource", file.path, number)
            else:
                yield _resource(naming, meaning, file.path, each)


def _resource(naming: Naming, meaning: Meaning, path: str, told: Mapping[str, Json]) -> Resource:
    address = text(told["address"])
    attributes = {name: text(value) for name, value in mapping(told["attributes"]).items()}
    labels = {key.lower(): text(value) for key, value in mapping(told["labels"]).items()}
    return Resource(
        id=naming.id("resource", path, address),
        source=naming.source,
        name=address,
        kind=text(told["type"]),
        tool="terraform",
        provider=_provider(text_or_none(told["provider"])),
        repository=meaning["repository"],
        path=path,
        region=_first(attributes, "region", "location", "zone", "availability_zone"),
        resource=_first(attributes, "arn", "self_link", "id"),
        service=_first(labels, *SERVICE_KEYS),
        environment=_first(labels, *ENVIRONMENT_KEYS),
        labels=tuple(f"{key}={value}" for key, value in sorted(labels.items())),
        change=text_or_none(told["change"]),
    )


def _provider(said: str | None) -> str | None:
    """`hashicorp/aws` of `provider["registry.terraform.io/hashicorp/aws"]`."""
    found = _PROVIDER.fullmatch(said or "")
    return found[1] if found else said


def _first(told: Mapping[str, str], *names: str) -> str | None:
    return first(told.get(name) for name in names)

"""State files and plans of Terraform, reduced to what may be known: both hold secrets.

States are read in format 4 (https://developer.hashicorp.com/terraform/internals/json-format for
what `terraform show -json` prints). Of the attributes of a resource only its identity, place and
the labels that are asked for are looked at; all else is never archived.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from connectors.files.file import NotUnderstood
from connectors.files.page import Meaning
from connectors.files.said import UNREADABLE, entries, json_of, mapping, text
from connectors.interface import Json

_IDENTITY = ("arn", "self_link", "id")
_PLACE = ("region", "location", "zone", "availability_zone")
_LABELS = ("tags", "tags_all", "labels", "effective_labels")
# Resources whose id is, or may be, the secret itself.
_SECRETIVE = re.compile(
    r"(random|tls|vault|null|terraform|local|external|time)_\w+|\w*(access_key|password|secret|"
    r"token|credential|service_account_key)\w*"
)
_PLAIN = re.compile(r"[\w.:/+=,~*$|()\[\] -]{1,512}")
_LABEL = re.compile(r"[\w.:/@+=, -]{1,128}")
_UNCHANGED: Sequence[Sequence[str]] = (["no-op"], ["read"], [])
_KNOWN_STATE = 4
_KNOWN_FORMATS = ("0", "1")
"""Major versions of what `terraform show -json` prints; one that is not known must be refused."""


def kept(data: bytes, meaning: Meaning) -> bytes:
    """The resources of a state or plan, without anything that could be a secret.

    Raises:
        NotUnderstood: if it is neither, or of another version.
    """
    wanted = frozenset(str(each).lower() for each in meaning["label_keys"])
    told = json_of(data)
    try:
        items, instances = _parts(mapping(told))
        resources = [each for item in items for each in _resources(item, instances, wanted)]
    except UNREADABLE as error:
        if isinstance(error, NotUnderstood):
            raise
        # Not why: that might cite the file.
        raise NotUnderstood("it is no state or plan of Terraform that can be read") from None
    return json.dumps({"resources": resources}, sort_keys=True).encode()


def edition_of(data: bytes) -> tuple[str, str] | None:
    """The lineage of a state, and its serial number; null of a plan."""
    try:
        told = mapping(json_of(data))
        lineage, serial = told["lineage"], told["serial"]
        return (text(lineage), f"{int(serial):020}") if "resources" in told else None
    except (NotUnderstood, *UNREADABLE):
        return None


_Instances = Callable[[Mapping[str, Json]], Iterable[Mapping[str, Json]]]


def _parts(told: Mapping[str, Json]) -> tuple[Sequence[Json], _Instances]:
    """The resources of a file, and how one of them is read."""
    form = str(told.get("format_version", "1")).partition(".")[0]
    if form not in _KNOWN_FORMATS:
        raise NotUnderstood("it is of a format whose meaning is not known", "update Cairn")
    if "resource_changes" in told:
        return entries(told["resource_changes"]), _planned
    if "values" in told and "format_version" in told:
        return list(_shown_in(mapping(told["values"] or {}).get("root_module") or {})), _shown
    if told.get("version") == _KNOWN_STATE:
        return entries(told.get("resources") or []), _stored
    if "format_version" in told and "terraform_version" in told:
        return [], _shown  # without any resource
    version = told.get("version")
    said = f"of version {version}" if isinstance(version, int) else "of no known version"
    raise NotUnderstood(f"it is a state {said}; only 4 is read", "update Terraform")


def _resources(
    item: Json, instances: _Instances, wanted: frozenset[str]
) -> Iterator[Mapping[str, Json]]:
    """What may be known of a resource; of one that cannot be understood, that it is there."""
    try:
        known = mapping(item)
        if known["mode"] == "managed":
            yield from [_reduced(each, wanted) for each in instances(known)]
    except UNREADABLE:
        yield {"is_unread": True}


def _stored(told: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    parts = [told.get("module"), text(told["type"]), text(told["name"])]
    address = ".".join(part for part in parts if part)
    for instance in map(mapping, entries(told["instances"])):
        yield {
            "address": address + _index(instance.get("index_key")),
            "type": told["type"],
            "provider": told.get("provider"),
            "attributes": instance.get("attributes"),
            "sensitive": _first_steps(instance.get("sensitive_attributes")),
        }


def _index(key: Json) -> str:
    return "" if key is None else f"[{json.dumps(key)}]"


def _first_steps(told: Json) -> Sequence[Json]:
    """Names of the attributes that are secret, or that something secret is in."""
    paths = [each for each in entries(told or []) if isinstance(each, list) and each]
    return [mapping(path[0]).get("value") for path in paths]


def _shown_in(module: Json) -> Iterator[Json]:
    """The resources of a module and of those inside it."""
    yield from entries(mapping(module).get("resources") or [])
    for child in entries(mapping(module).get("child_modules") or []):
        yield from _shown_in(child)


def _shown(told: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    yield {
        "address": told["address"],
        "type": told["type"],
        "provider": told.get("provider_name"),
        "attributes": told.get("values"),
        "sensitive": list(mapping(told.get("sensitive_values") or {})),
    }


def _planned(told: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    change = mapping(told["change"])
    actions = list(map(text, entries(change["actions"])))
    if actions in _UNCHANGED:
        return
    before, after = change.get("before"), change.get("after")
    secret = [change.get(name) for name in ("before_sensitive", "after_sensitive")]
    yield {
        "address": told["address"],
        "type": told["type"],
        "provider": told.get("provider_name"),
        "attributes": {**mapping(before or {}), **mapping(after or {})},
        "sensitive": [name for said in secret if isinstance(said, dict) for name in said],
        "change": "replace" if set(actions) == {"create", "delete"} else "+".join(actions),
    }


def _reduced(told: Mapping[str, Json], wanted: frozenset[str]) -> Mapping[str, Json]:
    kind = text(told["type"])
    attributes = mapping(told["attributes"] or {})
    secret = set(map(str, told["sensitive"]))
    is_secretive = _SECRETIVE.fullmatch(kind) is not None
    names = [] if is_secretive else [*_IDENTITY, *_PLACE]
    return {
        "address": text(told["address"]),
        "type": kind,
        "provider": told["provider"] if isinstance(told["provider"], str) else None,
        "change": told.get("change"),
        "attributes": {
            name: attributes[name]
            for name in names
            if name not in secret and _is_plain(attributes.get(name))
        },
        "labels": _labels(attributes, wanted, secret),
    }


def _is_plain(value: Json) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


def _labels(
    attributes: Mapping[str, Json], wanted: frozenset[str], secret: Iterable[str]
) -> Mapping[str, str]:
    found = [attributes.get(name) for name in _LABELS if name not in secret]
    return {
        key: value
        for labels in found
        if isinstance(labels, dict)
        for key, value in labels.items()
        if key.lower() in wanted and isinstance(value, str) and _LABEL.fullmatch(value)
    }

"""Model cards: Markdown with YAML in front, as Hugging Face has made them common.

See https://huggingface.co/docs/hub/model-cards for the keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from connectors.files.allowed import each, only, value
from connectors.files.file import File, NotUnderstood
from connectors.files.naming import Naming
from connectors.files.page import Meaning
from connectors.files.said import UNREADABLE, entries, first, json_of, mapping, text_or_none
from connectors.files.yaml import yaml_of
from connectors.interface import Json
from data.model import ModelCard, Record

_FRONT = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_KEYS = frozenset({
    "model", "model_name", "model-index", "license", "licence", "datasets", "library_name",
    "base_model", "pipeline_tag", "metrics", "owner", "risk_class",
})  # fmt: skip
_ANY_README = "readme.md"


_TEXTS = (
    *("model", "model_name", "version", "model_version", "license", "licence", "license_name"),
    *("owner", "owners", "maintainer", "maintainers"),
    *("risk_class", "risk-class", "risk_level", "risk"),
    *("library_name", "base_model", "pipeline_tag", "metrics"),
)
_DATASETS = each(only({"name": value}))
_KEPT = only(
    {
        **dict.fromkeys(_TEXTS, each(value)),
        "datasets": _DATASETS,
        "model-index": each(
            only({"name": value, "results": each(only({"dataset": _DATASETS}))}),
        ),
    }
)


def kept(data: bytes, meaning: Meaning) -> bytes:  # noqa: ARG001
    """What stands in front of a card under the keys that are read, and its headings.

    Raises:
        NotUnderstood: if it is no text, or what is in front of it is no YAML.
    """
    front, body = _read(data)
    return json.dumps({"front": _KEPT(front), "headings": [*_headings(body)]}).encode()


def card_rows(naming: Naming, meaning: Meaning, files: Sequence[File]) -> Iterator[Record]:  # noqa: ARG001
    """One card a file. A README is one if it says in front that it is about a model."""
    for file in files:
        told = mapping(json_of(file.data))
        front, headings = mapping(told["front"]), entries(told["headings"])
        is_readme = PurePosixPath(file.path).name.lower() == _ANY_README
        if is_readme and not _KEYS & front.keys():
            continue
        try:
            yield _card(naming, file, front, headings)
        except UNREADABLE as error:
            yield naming.misread(file.path, error, naming.id("card", file.path))


def _read(data: bytes) -> tuple[Mapping[str, Json], str]:
    try:
        said = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotUnderstood("it is no text in UTF-8", "save it as UTF-8") from None
    found = _FRONT.match(said)
    if found is None:
        return {}, said
    front = [each for each in yaml_of((found[1] or "").encode()) if each is not None]
    if front and not isinstance(front[0], dict):
        raise NotUnderstood("what stands between the lines `---` is no mapping")
    return (front[0] if front else {}), said[found.end() :]


def _card(
    naming: Naming, file: File, front: Mapping[str, Json], headings: Sequence[Json]
) -> ModelCard:
    title = next((text for level, text in headings if level == 1), None)
    index = [*map(mapping, entries(front.get("model-index") or []))]
    return ModelCard(
        id=naming.id("card", file.path),
        source=naming.source,
        model=first(
            (
                _said(front, "model", "model_name"),
                first(text_or_none(model.get("name")) for model in index),
                title,
            )
        )
        or _file_name(file.path),
        version=_said(front, "version", "model_version"),
        path=file.path,
        title=title,
        owner=_said(front, "owner", "owners", "maintainer", "maintainers"),
        risk_class=_said(front, "risk_class", "risk-class", "risk_level", "risk"),
        licence=_said(front, "license", "licence", "license_name"),
        datasets=tuple(dict.fromkeys((*_datasets(front.get("datasets")), *_measured_on(index)))),
        sections=tuple(text for _, text in headings),
        sha=file.sha,
        written_at=file.changed_at,
    )


def _said(front: Mapping[str, Json], *keys: str) -> str | None:
    """What the first of the keys says; of a list all, with commas between."""
    told = next((front[key] for key in keys if front.get(key)), None)
    if isinstance(told, list):
        return ", ".join(filter(None, map(text_or_none, told))) or None
    return text_or_none(told)


def _datasets(told: Json) -> Iterator[str]:
    for one in told if isinstance(told, list) else [told]:
        name = one.get("name") if isinstance(one, dict) else one
        said = text_or_none(name)
        if said:
            yield said


def _measured_on(index: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    for model in index:
        for result in map(mapping, entries(model.get("results") or [])):
            yield from _datasets(result.get("dataset"))


def _headings(body: str) -> Iterator[tuple[int, str]]:
    """Level and text of the headings that stand outside code."""
    fence = ""
    for line in body.splitlines():
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        found = None if fence else _HEADING.fullmatch(line)
        if found and found[2]:
            yield len(found[1]), found[2]


def _file_name(path: str) -> str:
    place = PurePosixPath(path)
    is_readme = place.name.lower() == _ANY_README
    return place.parent.name if is_readme and place.parent.name else place.stem

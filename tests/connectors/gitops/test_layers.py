"""Layers of files against the plainest way to say what runs: looking at all files each time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connectors.gitops.layers import File, Layers, Slot
from connectors.gitops.rules import InheritWhen, Rule, Setting, match_path
from connectors.gitops.value_at import ValueAt
from connectors.gitops.values import Value

ENVIRONMENTS = ("prod", "stg")
SERVICES = ("shop", "cart")
VALUE = ValueAt(yaml="image")
RULES = (
    Rule(pattern="{service}/{environment:prod|stg}.yaml", value=VALUE),
    Rule(
        pattern="{service}/base.yaml",
        value=VALUE,
        inherit=ENVIRONMENTS,
        inherit_when=InheritWhen.OVERLAY,
    ),
    Rule(pattern="{service}/all.yaml", value=VALUE, default_environment="prod"),
)
PATHS = tuple(
    f"{service}/{name}.yaml" for service in SERVICES for name in ("prod", "stg", "base", "all")
)
CONTENTS = st.one_of(st.none(), st.just(""), st.sampled_from(["v1", "v2"]))
COMMITS = st.lists(st.dictionaries(st.sampled_from(PATHS), CONTENTS, min_size=1), max_size=12)


def file(path: str, content: str | None) -> File | None:
    """None: there is no file; empty: a file without a version."""
    match = match_path(RULES, path)
    assert match is not None
    if content is None:
        return None
    setting = Setting(match.captures["service"], match.environment, Value(content), None)
    return File(match, f"blob of {content}", [setting] if content else [])


def running(tree: dict[str, str]) -> dict[Slot, str]:
    """What runs where, from all files at once."""
    slots: dict[Slot, str] = {}
    for service in SERVICES:
        for environment in ENVIRONMENTS:
            own = tree.get(f"{service}/{environment}.yaml")
            base = tree.get(f"{service}/base.yaml") if own is not None else None
            default = tree.get(f"{service}/all.yaml") if environment == "prod" else None
            version = own or base or default
            if version:
                slots[Slot(service, environment)] = version
    return slots


@given(COMMITS)
def test_the_changes_of_every_commit_are_the_difference_of_what_runs(
    commits: list[dict[str, str | None]],
) -> None:
    layers = Layers(RULES)
    tree: dict[str, str] = {}
    for commit in commits:
        before = running(tree)
        changes = layers.apply([(path, file(path, content)) for path, content in commit.items()])
        tree = {path: text for path, text in (tree | commit).items() if text is not None}
        after = running(tree)
        told = {
            change.slot: (
                change.before and change.before.version,
                change.after and change.after.version,
            )
            for change in changes
        }
        assert len(told) == len(changes)
        assert told == {
            slot: (before.get(slot), after.get(slot))
            for slot in before.keys() | after.keys()
            if before.get(slot) != after.get(slot)
        }


@given(COMMITS)
def test_layers_made_of_the_newest_files_alone_go_on_alike(
    commits: list[dict[str, str | None]],
) -> None:
    grown = Layers(RULES)
    for commit in commits:
        grown.apply([(path, file(path, content)) for path, content in commit.items()])
    made = Layers(RULES)
    made.apply(sorted(grown.files.items()))
    change = [(path, file(path, "v3")) for path in PATHS]
    assert made.unused_bases() == grown.unused_bases()
    assert made.apply(change) == grown.apply(change)

"""What several sets of rules come to together, for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.github.governance.protection_layers import classic_layer, ruleset_layer, tag_layers
from connectors.github.governance.rules_in_force import UNKNOWN, Layer, Rules, passing_by, together

SWITCH = st.sampled_from([True, False, None])
NAMES = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3)
RULES = st.builds(
    Rules,
    is_request_required=SWITCH,
    required_approvals=st.sampled_from([0, 1, 2, None]),
    required_checks=st.none() | NAMES,
    is_force_push_allowed=SWITCH,
    push_actors=st.none() | NAMES,
)
LAYERS = st.lists(st.builds(Layer, RULES, st.none() | NAMES), max_size=4)


@given(LAYERS, st.randoms())
def test_the_order_of_rules_does_not_matter_nor_does_telling_one_twice(
    layers: list[Layer], chance: Any
) -> None:
    shuffled = [*layers, *layers]
    chance.shuffle(shuffled)
    assert together(shuffled) == together(layers)
    assert passing_by(shuffled) == passing_by(layers)


@given(LAYERS, st.builds(Layer, RULES, st.none() | NAMES))
def test_more_rules_never_ask_for_less(layers: list[Layer], more: Layer) -> None:
    before, after = together(layers), together([*layers, more])
    assert not before.is_request_required or after.is_request_required
    assert before.is_force_push_allowed is not False or after.is_force_push_allowed is False
    if before.required_approvals is None:
        assert after.required_approvals is None
    elif after.required_approvals is not None:
        assert after.required_approvals >= before.required_approvals


@given(LAYERS)
def test_hidden_rules_are_never_taken_for_none(layers: list[Layer]) -> None:
    whole = together([*layers, UNKNOWN])
    assert whole.required_approvals is None
    assert whole.required_checks is None
    assert whole.is_request_required in (True, None)
    assert whole.is_force_push_allowed in (False, None)
    assert passing_by([*layers, UNKNOWN]) is None


@given(LAYERS)
def test_who_passes_by_is_named_by_a_layer_and_escapes_something(layers: list[Layer]) -> None:
    passing = passing_by(layers)
    named = frozenset[str]().union(*(layer.actors or () for layer in layers))
    assert passing is None or passing <= named
    for actor in passing or ():
        held = [one for one in layers if one.actors is not None and actor not in one.actors]
        assert together(held) != together(layers)


@given(LAYERS)
def test_a_rule_that_nobody_may_pass_by_and_asks_for_all_holds_everyone(
    layers: list[Layer],
) -> None:
    strictest = Layer(together(layers), frozenset())
    assert passing_by([*layers, strictest]) == frozenset()


def test_no_rules_ask_for_nothing() -> None:
    assert together([]) == Rules()
    assert passing_by([]) == frozenset()


def test_a_key_that_is_not_there_is_unknown_never_empty() -> None:
    assert ruleset_layer([{"type": "deletion"}], {"enforcement": "active"}).actors is None
    told = {"enforcement": "active", "bypass_actors": []}
    assert ruleset_layer([{"type": "deletion"}], told).actors == frozenset()
    classic = classic_layer({"required_pull_request_reviews": {}})
    assert classic.actors is None
    assert classic.rules.required_approvals is None
    assert classic.rules.is_force_push_allowed is None
    assert classic_layer({"required_status_checks": {}}).rules.required_checks is None
    unsaid = ruleset_layer([{"type": "pull_request"}, {"type": "required_status_checks"}], None)
    assert (unsaid.rules.required_approvals, unsaid.rules.required_checks) == (None, None)


def test_required_workflows_are_checks_too() -> None:
    checks = {"required_status_checks": [{"context": "test"}]}
    layer = ruleset_layer(
        [
            {"type": "required_status_checks", "parameters": checks},
            {"type": "workflows", "parameters": {"workflows": [{"path": "scan.yml"}]}},
        ],
        None,
    )
    assert layer.rules.required_checks == {"test", "scan.yml"}
    assert layer.rules.is_up_to_date_required is None


def test_those_who_alone_may_push_are_those_who_pass_the_rule_by() -> None:
    actors = [
        {"actor_type": "Team", "actor_id": 7},
        {"actor_type": "OrganizationAdmin", "actor_id": 1},
        {"actor_type": "DeployKey", "actor_id": None},
        {"actor_type": "RepositoryRole", "actor_id": 4},
    ]
    layer = ruleset_layer([{"type": "update"}], {"bypass_actors": actors})
    assert layer.actors == layer.rules.push_actors
    assert layer.actors == {"Team:7", "OrganizationAdmin", "DeployKey", "RepositoryRole:write"}


def test_rules_for_every_tag_hold_for_each_pattern() -> None:
    def told(kind: str, *include: str, **names: Any) -> dict[str, Any]:
        conditions = {"ref_name": {"include": list(include), **names}}
        return {"rules": [{"type": kind}], "bypass_actors": [], "conditions": conditions}

    layers = tag_layers(
        [
            told("deletion", "~ALL"),
            told("update", "refs/tags/v*", exclude=["refs/tags/v0*"]),
        ]
    )
    assert set(layers) == {"*", "v* except v0*"}
    both = together(layers["v* except v0*"])
    assert (both.is_deletion_allowed, both.push_actors) == (False, frozenset())
    assert together(layers["*"]).push_actors is None

"""What aliases, stages and tags mean, and what is expected of models and pipelines."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from data.configuration.section import Section, Slug


def _valid_rule(rule: str) -> str:
    kind, colon, rest = rule.partition(":")
    if not colon or not rest or kind not in ("alias", "stage", "tag", "serving"):
        raise ValueError(
            f"{rule!r} must be `alias:NAME`, `stage:NAME`, `tag:KEY=VALUE` or `serving:NAME`"
        )
    if kind == "tag" and "=" not in rest:
        raise ValueError(f"{rule!r} must say the value of the tag: `tag:KEY=VALUE`")
    return rule


Rule = Annotated[str, AfterValidator(_valid_rule)]


def _only_tag(rule: str) -> str:
    if not rule.startswith("tag:"):
        raise ValueError(f"{rule!r} must be `tag:KEY=VALUE`: gates and approvals are told by tags")
    return rule


TagRule = Annotated[Rule, AfterValidator(_only_tag)]
Rules = Annotated[
    tuple[Rule, ...],
    BeforeValidator(lambda told: (told,) if isinstance(told, str) else told),
    Field(min_length=1),
]
DEFAULT_ENVIRONMENT_RULES: dict[str, tuple[str, ...]] = {
    "production": ("serving:production", "alias:champion", "alias:production", "stage:Production"),
    "staging": ("serving:staging", "alias:challenger", "alias:staging", "stage:Staging"),
}


class Registry(Section):
    """What the aliases, stages and tags of a model registry mean."""

    source: Slug | None = Field(None, description="name of the source; without one, every registry")
    environments: dict[Annotated[str, Field(min_length=1)], Rules] = Field(
        DEFAULT_ENVIRONMENT_RULES,
        description="which version serves an environment: `alias:NAME`, `stage:NAME`, "
        "`tag:KEY=VALUE` or `serving:NAME`; of several, the first that the registry uses",
    )
    gate: TagRule | None = Field(
        None, description="tag that says that a version has passed its gate: `tag:KEY=VALUE`"
    )
    approval: TagRule | None = Field(
        None, description="tag that says that a version is approved: `tag:KEY=VALUE`"
    )


class ModelSettings(Section):
    """What is expected of models whose name matches; the first match counts."""

    name: str = Field(min_length=1, description="model, or a pattern with `*` and `?`")
    service: str | None = Field(None, description="service that serves it: its incidents count")
    risk_class: str | None = Field(None, description="class of risk, over what the registry says")
    retrain_days: int | None = Field(None, ge=1, description="oldest training that is acceptable")
    metric: str | None = Field(None, description="metric that must hold its level in production")
    is_higher_better: bool = Field(True, description="whether a higher value of it is better")
    tolerance: float = Field(0.02, ge=0, description="how much worse than at promotion it may get")


class PipelineSettings(Section):
    """What is expected of pipelines whose name matches; the first match counts."""

    name: str = Field(min_length=1, description="pipeline, or a pattern with `*` and `?`")
    freshness_minutes: int = Field(
        ge=1, description="time after the end of a stretch of data by which it must be processed"
    )

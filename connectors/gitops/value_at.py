"""The ways to say where in a file the version is."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.gitops.values import Expression, Finder, FluxMarkers
from connectors.gitops.yaml import HelmImage, KustomizeImages, YamlValues


class ValueAt(BaseModel):
    """Where in a file the version is: exactly one of the ways."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    yaml: Annotated[
        str | list[str] | None,
        Field(description="key path, such as `spec.values.*.image`, or several"),
    ] = None
    kustomize: Annotated[
        str | None, Field(description="name of an image under `images:`; `*`: any")
    ] = None
    helm: Annotated[str | None, Field(description="key path of an image with a `tag`")] = None
    flux: Annotated[
        str | None, Field(description="name of the image policy in Flux's marker; `*`: any")
    ] = None
    regex: Annotated[
        str | None, Field(description="regular expression with a group `version` or `image`")
    ] = None

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        ways = [name for name in type(self).model_fields if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError("value needs exactly one of yaml, kustomize, helm, flux, regex")
        _ = self.finder
        return self

    @cached_property
    def finder(self) -> Finder:
        """What finds the values.

        Raises:
            ValueError: if the path or expression is wrong.
        """
        if self.kustomize:
            return KustomizeImages(self.kustomize)
        if self.helm:
            return HelmImage(self.helm)
        if self.flux:
            return FluxMarkers(self.flux)
        if self.regex:
            return Expression(self.regex)
        return YamlValues([self.yaml] if isinstance(self.yaml, str) else self.yaml or [])

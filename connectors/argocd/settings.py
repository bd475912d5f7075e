"""The keys of a `[[source]]` of kind `argocd`, and what they make of an application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.api.fields import name_of
from connectors.credential import SecretReference
from connectors.hosting.deployment_rule import Template, template_pattern
from connectors.http.address import host_address
from connectors.interface import Json

PLACES = ("name", "project", "namespace", "cluster")


def _place(pattern: str) -> str:
    if pattern.partition(":")[0] not in PLACES or not pattern.partition(":")[2]:
        raise ValueError(f"must begin with one of {', '.join(f'{place}:' for place in PLACES)}")
    return pattern


class Named(NamedTuple):
    """What an application deploys, and to where."""

    service: str
    environment: str


class Settings(BaseModel):
    """Settings of an `argocd` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)], Field(description="address of the server")
    ]
    token: Annotated[SecretReference, Field(description="where the token of an account is kept")]
    projects: Annotated[
        tuple[str, ...], Field(description="only the applications of these projects; all if empty")
    ] = ()
    service_label: Annotated[
        str | None, Field(description="label of the application that names the service")
    ] = None
    environment_label: Annotated[
        str | None, Field(description="label of the application that names the environment")
    ] = None
    application: Annotated[
        Template,
        Field(
            description="what applications are called: text with `{service}`, `{environment}` "
            "and `*`; where it does not fit, the service is called as the application"
        ),
    ] = "{service}"
    environments: Annotated[
        Mapping[Annotated[str, AfterValidator(_place)], str],
        Field(
            description="`name:`, `project:`, `namespace:` or `cluster:` with a pattern = "
            "environment, where neither label nor name says it"
        ),
    ] = {}
    environment: Annotated[
        str, Field(min_length=1, description="environment where nothing says it")
    ] = "production"
    has_code: Annotated[
        bool,
        Field(
            description="whether the repositories that applications are deployed from hold the "
            "code of the services: then the revision is the commit that was deployed"
        ),
    ] = False

    def named(self, application: Json) -> Named:
        """What an application deploys, and to where.

        Raises:
            KeyError: if it has no name.
        """
        name = application["metadata"]["name"]
        labels = application["metadata"].get("labels") or {}
        found = re.fullmatch(template_pattern(self.application), name)
        said = found.groupdict() if found else {}
        return Named(
            name_of(labels, self.service_label or "") or said.get("service") or name,
            name_of(labels, self.environment_label or "")
            or said.get("environment")
            or self._by_place(application)
            or self.environment,
        )

    def _by_place(self, application: Json) -> str | None:
        spec = application.get("spec") or {}
        target = spec.get("destination") or {}
        places = {
            "name": [application["metadata"]["name"]],
            "project": [spec.get("project")],
            "namespace": [target.get("namespace")],
            "cluster": [target.get("name"), target.get("server")],
        }
        for pattern, environment in self.environments.items():
            place, _, glob = pattern.partition(":")
            if any(fnmatchcase(told, glob) for told in places[place] if told):
                return environment
        return None

"""The keys of a `[[source]]` of kind `pagerduty`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.credential import SecretReference
from connectors.http.address import host_address


class Settings(BaseModel):
    """Settings of a `pagerduty` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: Annotated[SecretReference, Field(description="where the REST API key is kept")]
    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the API; of the EU region `https://api.eu.pagerduty.com`"),
    ] = "https://api.pagerduty.com"
    since: Annotated[
        date | None, Field(description="incidents triggered before are not read; default: all are")
    ] = None
    services: Annotated[
        Mapping[str, str],
        Field(description="service at PagerDuty (`*` is anything) = service here"),
    ] = {}
    environments: Annotated[
        Mapping[str, str],
        Field(description="service at PagerDuty (`*` is anything) = environment; else production"),
    ] = {}

    def service(self, name: str | None) -> str | None:
        """The service that is meant by one of PagerDuty: the same name if none is told."""
        return _named(self.services, name) or name

    def environment(self, name: str | None) -> str | None:
        """The environment of a service of PagerDuty; null: production."""
        return _named(self.environments, name)


def _named(names: Mapping[str, str], name: str | None) -> str | None:
    found = (to for pattern, to in names.items() if name and fnmatchcase(name, pattern))
    return next(found, None)

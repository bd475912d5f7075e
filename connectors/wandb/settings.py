"""The keys of a `[[source]]` of kind `wandb`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.credential import SecretReference
from connectors.http.address import host_address


class Settings(BaseModel):
    """Settings of a `wandb` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token: Annotated[SecretReference, Field(description="where the API key is kept")]
    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the API, of the cloud or of a server of your own"),
    ] = "https://api.wandb.ai"
    entity: Annotated[
        str | None, Field(description="team or account whose runs are read; default: no runs")
    ] = None
    projects: Annotated[
        tuple[str, ...], Field(description="only these projects of it; all if empty")
    ] = ()
    organisation: Annotated[
        str | None, Field(description="organisation whose registry is read; default: none is")
    ] = None

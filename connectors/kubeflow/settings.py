"""The keys of a `[[source]]` of kind `kubeflow`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.credential import SecretReference
from connectors.http.address import host_address


class Settings(BaseModel):
    """Settings of a `kubeflow` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the model registry, without `/api/…`"),
    ]
    token: Annotated[
        SecretReference | None, Field(description="where a token of the cluster is kept")
    ] = None
    has_experiments: Annotated[
        bool, Field(description="whether experiments and their runs are read")
    ] = True

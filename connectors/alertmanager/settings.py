"""The keys of a `[[source]]` of kind `alertmanager`.

None says what the labels mean: what was read outlives a change of settings, so nothing of it may
depend on one.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.http.address import host_address


class AlertmanagerSettings(BaseModel):
    """Settings of an `alertmanager` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the server, such as `https://alerts.example.com`"),
    ]
    token: Annotated[
        SecretReference | None, Field(description="where the token or the password is kept")
    ] = None
    user: Annotated[
        str | None, Field(description="user of basic authentication; `token` is the password")
    ] = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.user is not None and self.token is None:
            raise ValueError("`user` needs a `token`, which names the password")
        return self

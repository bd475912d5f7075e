"""The keys of a `[[source]]` of kind `airflow`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.http.address import host_address

_API_PATH = "/api/v2"


def _root_address(url: str) -> str:
    return host_address(url).removesuffix(_API_PATH)


class Settings(BaseModel):
    """Settings of an `airflow` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(_root_address)],
        Field(description="address of Airflow's pages, such as `https://airflow.example.com`"),
    ]
    web_url: Annotated[
        Annotated[str, AfterValidator(host_address)] | None,
        Field(description="address of its pages for people, where that is another than `url`"),
    ] = None
    username: Annotated[
        str | None, Field(description="account that signs in; needs `password`")
    ] = None
    password: Annotated[
        SecretReference | None, Field(description="where the account's password is kept")
    ] = None
    token: Annotated[
        SecretReference | None,
        Field(description="where a bearer token is kept, instead of an account"),
    ] = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        is_account = self.username is not None and self.password is not None
        is_half = (self.username is None) != (self.password is None)
        if is_half or is_account == (self.token is not None):
            raise ValueError("name either `username` and `password`, or `token`")
        return self

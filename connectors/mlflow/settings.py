"""The keys of a `[[source]]` of kind `mlflow`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.http.address import host_address


class MLflowSettings(BaseModel):
    """Settings of an `mlflow` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(
            description="tracking address, such as `https://mlflow.example.com`, or of GitLab "
            "`https://git.example.com/api/v4/projects/12/ml/mlflow`"
        ),
    ]
    web_url: Annotated[
        Annotated[str, AfterValidator(host_address)] | None,
        Field(description="address of its pages, for links; default: that of `url`"),
    ] = None
    token: Annotated[
        SecretReference | None, Field(description="where the token is kept, sent as Bearer")
    ] = None
    username: Annotated[
        str | None, Field(description="account, for a server with names and passwords")
    ] = None
    password: Annotated[SecretReference | None, Field(description="where its password is kept")] = (
        None
    )
    include: Annotated[
        tuple[str, ...],
        Field(description="patterns of experiments whose runs are read; all if empty"),
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Field(description="patterns of experiments to leave out")
    ] = ()
    environments: Annotated[
        bool,
        Field(
            description="whether each run that made a version is asked, once, for a file of its "
            "packages"
        ),
    ] = True

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("`username` and `password` belong together")
        if self.token is not None and self.password is not None:
            raise ValueError("name a token or a password, not both")
        return self

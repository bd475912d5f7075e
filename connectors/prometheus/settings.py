"""The keys of a `[[source]]` of kind `prometheus`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.http.address import host_address
from connectors.prometheus.labels import LabelNames

_DAY_SECONDS = 86_400

PromQL = Annotated[str, Field(min_length=1, description="PromQL")]
Name = Annotated[str, Field(pattern=r"^[^\s/#](?:[^\n/#]{0,98}[^\s/#])?$", description="its name")]
Share = Annotated[float, Field(gt=0, le=1, description="share that is aimed at, such as 0.999")]
Service = Annotated[str | None, Field(description="service it is about; default: its labels say")]
Environment = Annotated[
    str | None, Field(description="environment it is about; default: its labels say")
]


class _Measured(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    service: Service = None
    environment: Environment = None


class Objective(_Measured):
    """A share of good events, or of good time, that is held against a target."""

    target: Share
    ratio: Annotated[
        str | None, Field(min_length=1, description="PromQL or recording rule of a share, 0 to 1")
    ] = None
    good: Annotated[
        str | None, Field(min_length=1, description="selector of the counter of good events")
    ] = None
    total: Annotated[
        str | None, Field(min_length=1, description="selector of the counter of all events")
    ] = None

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        told = (self.ratio is not None, self.good is not None, self.total is not None)
        if told not in {(True, False, False), (False, True, True)}:
            raise ValueError("set either `ratio`, or `good` and `total`")
        return self


class Utilisation(_Measured):
    """A share of a resource that is used."""

    query: Annotated[str, Field(min_length=1, description="PromQL of a share, 0 to 1")]


class RequestCount(_Measured):
    """A number of requests served."""

    query: Annotated[str, Field(min_length=1, description="selector of the counter of requests")]


class TokenCount(_Measured):
    """A number of tokens that a language model read and wrote."""

    query: Annotated[str, Field(min_length=1, description="selector of the counter of tokens")]


class PrometheusSettings(BaseModel):
    """Settings of a `prometheus` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[
        Annotated[str, AfterValidator(host_address)],
        Field(description="address of the server, such as `https://prometheus.example.com`"),
    ]
    token: Annotated[
        SecretReference | None, Field(description="where the token or the password is kept")
    ] = None
    user: Annotated[
        str | None, Field(description="user of basic authentication; `token` is the password")
    ] = None
    web_url: Annotated[
        Annotated[str, AfterValidator(host_address)] | None,
        Field(description="address of its pages for people; default: `url`"),
    ] = None
    environment: Annotated[
        str | None, Field(description="environment of all whose labels say none")
    ] = None
    labels: Annotated[LabelNames, Field(description="which labels say what")] = LabelNames()
    heartbeat: Annotated[
        str, Field(min_length=1, description="selector of series that are there while it works")
    ] = "up"
    step_seconds: Annotated[
        int | None,
        Field(
            ge=1,
            le=3600,
            description="how exactly the ends of alerts are told; "
            "default: twice the longest interval of alerting rules, 60 at least",
        ),
    ] = None
    resolution_seconds: Annotated[
        int, Field(ge=60, le=3600, description="distance of the points that a day is made of")
    ] = 300
    history_days: Annotated[
        int | None, Field(ge=1, description="how far back to read; default: all that it keeps")
    ] = None
    objective: Annotated[tuple[Objective, ...], Field(description="objectives of services")] = ()
    utilisation: Annotated[tuple[Utilisation, ...], Field(description="use of resources")] = ()
    requests: Annotated[tuple[RequestCount, ...], Field(description="requests served")] = ()
    tokens: Annotated[tuple[TokenCount, ...], Field(description="tokens of language models")] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.user is not None and self.token is None:
            raise ValueError("`user` needs a `token`, which names the password")
        if _DAY_SECONDS % self.resolution_seconds:
            raise ValueError("`resolution_seconds` must divide a day, such as 60, 300 or 3600")
        lists: Sequence[Sequence[_Measured]] = (
            self.objective,
            self.utilisation,
            self.requests,
            self.tokens,
        )
        for listed in lists:
            names = [each.name for each in listed]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"the name `{twice[0]}` is used twice")
        return self

"""Settings of an `events` source."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.credential import SecretReference
from connectors.events.formats.interface import Format, Scheme
from connectors.events.formats.known import FormatName, Mapped, format_class, format_of
from connectors.events.formats.mapping import Rule
from data.configuration.mistake import mistake

_SIGNED = (Scheme.HUB, Scheme.MLFLOW)


class EventsSettings(BaseModel):
    """Settings of an `events` source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    format: Annotated[FormatName, Field(description="what is sent")]
    token: Annotated[
        SecretReference | None,
        Field(description="where the token is kept that senders show"),
    ] = None
    secret: Annotated[
        SecretReference | None,
        Field(description="where the secret is kept that senders sign with"),
    ] = None
    most_kilobytes: Annotated[
        int, Field(ge=1, le=20_000, description="largest event that is taken")
    ] = 1_000
    most_a_second: Annotated[
        float,
        Field(gt=0, le=100_000, description="events a second that are taken in the long run"),
    ] = 200
    most_waiting_megabytes: Annotated[
        int,
        Field(ge=1, le=1_000_000, description="events that may wait to be read by `cairn sync`"),
    ] = 1_000
    id: Annotated[
        str | None,
        Field(description="`json`: path to the id of an event; default: the hash of its body"),
    ] = None
    at: Annotated[
        str | None,
        Field(description="`json`: path to the time of an event; default: when it was received"),
    ] = None
    map: Annotated[tuple[Rule, ...], Field(description="`json`: what an event means")] = ()

    @model_validator(mode="after")
    def _way_to_show_who_it_is(self) -> Self:
        schemes = format_class(self.format).schemes
        named = [name for name in ("token", "secret") if getattr(self, name) is not None]
        wanted = ["secret" if scheme in _SIGNED else "token" for scheme in schemes]
        if len(named) != 1 or named[0] not in wanted:
            what = f"`{self.format.value}` needs a `{'` or a `'.join(wanted)}`, and no other"
            raise mistake(what, f'write `{wanted[0]} = "env:NAME"`', "format")
        return self

    @model_validator(mode="after")
    def _mapping_where_one_is_needed(self) -> Self:
        is_mapped = bool(self.map)
        if self.format is FormatName.JSON and not is_mapped:
            fix = "add a `[[source.map]]` that says what an event means"
            raise mistake("`json` means nothing by itself", fix, "format")
        if self.format is not FormatName.JSON and (is_mapped or self.id or self.at):
            what = f"`{self.format.value}` knows what its events mean"
            raise mistake(what, "take `map`, `id` and `at` out", "format")
        return self

    @property
    def scheme(self) -> Scheme:
        """How senders show that they may send."""
        schemes = format_class(self.format).schemes
        return next(s for s in schemes if (s in _SIGNED) == (self.secret is not None))

    @property
    def reference(self) -> str:
        """Where the token or the secret is kept."""
        return str(self.secret if self.secret is not None else self.token)

    @property
    def mapped(self) -> Mapped:
        """What is said of JSON of any shape."""
        if self.format is not FormatName.JSON:
            return {}
        return self.model_dump(mode="json", include={"id", "at", "map"})

    @property
    def chosen(self) -> Format:
        """The format."""
        return format_of(self.format, self.mapped)

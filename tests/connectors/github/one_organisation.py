"""One stream of the organisation, over the double, in the real house."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connectors.api.reader import OrganisationReader
from connectors.github.asking import Asking
from connectors.github.connector import GitHub
from connectors.github.settings import Settings
from connectors.hosting.reader import Reader
from tests.connectors.github.one_stream import OneStream


class OneOrganisation(OneStream):
    """The organisation `acme`, of which one kind of stream is read."""

    @property
    def stream(self) -> str:
        return str(self._reader.kind)

    def connector(self) -> GitHub:
        """Makes the connector anew, as another process would."""
        told = {"organisation": "acme", "url": f"{self.server.url}/api/v3", **self.settings}
        made = _Reduced("code", Settings(token="file:token.txt", **told), self.context)
        made.make_reader = self._reader
        return made


class _Reduced(GitHub):
    """Reads but one kind of stream, and that of the organisation."""

    make_reader: Callable[[Asking], OrganisationReader]

    def make_readers(self) -> Sequence[Reader]:
        return ()

    def make_organisation_readers(self) -> Sequence[OrganisationReader]:
        return [self.make_reader(self._asking)]

"""One source's way in: who may send, how much, and what was sent before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from datetime import UTC, datetime

from starlette.types import Receive

from app.intake.body import parsed, plain, read_body
from app.intake.bucket import Bucket
from app.intake.committer import Committer
from app.intake.genuine import is_genuine, needs_body
from app.intake.refusal import Refused
from connectors.answers.private import without_private
from connectors.credential import Credential, CredentialError
from connectors.events.envelope import write_event
from connectors.events.fields import Misfit
from connectors.events.formats.interface import Headers
from connectors.events.settings import EventsSettings
from data.store.inbox import Inbox

_LOG = logging.getLogger(__name__)
_MOST_KNOWN = 50_000
"""Events whose repetition is noticed at once; beyond, it only takes room on the disk."""
_NOT_YOU = "not taken"
"""All that is told to who cannot show the token or signature."""


class Door:
    """Takes the events of one source."""

    def __init__(
        self, settings: EventsSettings, credential: Credential, inbox: Inbox, committer: Committer
    ) -> None:
        self._settings = settings
        self._format = settings.chosen
        self._scheme = settings.scheme
        self._credential = credential
        self._inbox = inbox
        self._committer = committer
        self._bucket = Bucket(settings.most_a_second)
        self._most_bytes = settings.most_kilobytes * 1_000
        self._known: OrderedDict[bytes, asyncio.Future[None] | None] = OrderedDict()
        """Null: it is on the disk."""
        self._warned = ""
        """What was last warned of: once, however many events it refuses."""

    async def take(self, headers: Headers, receive: Receive) -> bool:
        """Keeps what a request brings; returns whether it is new.

        Raises:
            Refused: if it does not.
        """
        secret, scheme = self._secret(), self._scheme
        if not needs_body(scheme):
            self._check(is_genuine(scheme, secret, headers))
            self._make_room()
        body = await read_body(headers, receive, self._most_bytes)
        if needs_body(scheme):
            self._check(is_genuine(scheme, secret, headers, body))
            self._make_room()
        return await self._keep(headers, plain(headers, body, self._most_bytes))

    def _secret(self) -> str:
        try:
            return self._credential.reveal_text()
        except CredentialError as error:
            self._warn(str(error))
            raise Refused(503, "not set up: see `cairn doctor`", Retry_After="300") from None

    def _warn(self, said: str) -> None:
        if said != self._warned:
            self._warned = said
            _LOG.warning("%s", said)

    def _check(self, is_allowed: bool) -> None:
        if not is_allowed:
            raise Refused(401, _NOT_YOU)

    def _make_room(self) -> None:
        """Whether more may come now.

        Raises:
            Refused: if too much came lately, or waits to be read.
        """
        seconds = self._bucket.take()
        if seconds:
            raise Refused(429, "too many events: send it later", Retry_After=str(seconds))
        most = self._settings.most_waiting_megabytes * 1_000_000
        if self._inbox.waiting_bytes(most) >= most:
            said = "too many events wait to be read: run `cairn sync`, then send it again"
            raise Refused(503, said, Retry_After="300")

    async def _keep(self, sent: Headers, body: bytes) -> bool:
        headers = {name: sent[name] for name in self._format.kept_headers if name in sent}
        try:
            value = parsed(body)
            id = self._format.event_id(headers, value)
        except Misfit as error:
            raise Refused(422, f"the event is not what its format says: {error}") from None
        key = hashlib.blake2b(f"{id}\n".encode(errors="replace") + body, digest_size=16).digest()
        is_new = key not in self._known
        if is_new:
            event = write_event(id, datetime.now(UTC), headers, without_private(body))
            self._known[key] = self._committer.keep(self._inbox, event)
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        await self._kept(key)
        return is_new

    async def _kept(self, key: bytes) -> None:
        """Waits until an event is on the disk.

        Raises:
            Refused: if the disk says no.
        """
        kept = self._known[key]
        if kept is None:
            return
        try:
            await kept
        except OSError as error:
            self._known.pop(key, None)
            self._warn(f"{self._inbox.folder}: events cannot be kept: {error}")
            raise Refused(503, "cannot be kept now: send it again", Retry_After="60") from None
        if key in self._known:
            self._known[key] = None
        self._warned = ""

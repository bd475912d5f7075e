"""A deployment service with an HTTP API on loopback, and a connector that shows how to read it.

The server keeps state, pages, honours conditions and filters, and can be told to misbehave. The
connector is what `docs/sources/writing-a-connector.md` explains.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from connectors.credential import Credential, SecretReference
from connectors.http.errors import HttpError, Refused, UnexpectedReply
from connectors.http.paging import Ask, Page, PagedList, by_number
from connectors.http.retry import Timing
from connectors.http.session import Http, Reply
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Json,
    Reading,
    Severity,
    Stream,
)
from data.model import Deployment, Gap, GapReason, Record, Service
from tests.connectors.loopback import Answer, Asked, Said

PAGE_SIZE = 3
SERVICES = Stream("services", ("service", "gap"), "the right to list services")
DEPLOYMENTS = Stream("deployments", ("deployment", "gap"), "the right to list deployments")
PROMOTIONS = Stream("promotions", ("deployment", "gap"), "the right to read environments")

Item = dict[str, Any]


class DeploymentApi:
    """The state of the invented service, and its answers."""

    def __init__(self, token: str, start: datetime) -> None:
        self.token = token
        self.now = start
        self.zone: timezone = UTC
        """In which it tells its times."""
        self.services: list[Item] = []
        self.deployments: list[Item] = []
        self.environments: dict[str, str] = {"production": "v1", "staging": "v2"}
        self.has_filters = True
        self.refused: dict[str, tuple[int, int]] = {}
        """Path to status and first page that is refused."""
        self.damage: Callable[[Item], Json] = dict
        """What becomes of each item on its way out."""
        self.trouble: list[Said] = []
        """What the next questions get instead of an answer."""
        for number in range(1, 9):
            self.add_service(f"service-{number}")
        for number in range(1, 11):
            self.add_deployment(f"service-{number % 3 + 1}")

    def add_service(self, name: str, place: int | None = None) -> Item:
        service = {"id": name, "name": name, "repository": f"{name}-repo", "shape": "round"}
        self.services.insert(len(self.services) if place is None else place, service)
        return service

    def add_deployment(self, service: str) -> Item:
        self.now += timedelta(minutes=10)
        number = len(self.deployments) + 1
        deployment = {
            "id": number,
            "service": service,
            "environment": "production",
            "sha": f"{number:040x}",
            "version": f"v{number}",
            "status": "success",
            "finished_at": self.now,
            "updated_at": self.now,
            "link": f"https://deploy.example/{number}",
            "weather": "fair",
        }
        self.deployments.append(deployment)
        return deployment

    def touch(self, deployment: Item, **fields: Json) -> None:
        """Changes a deployment later than anything before."""
        self.now += timedelta(minutes=10)
        deployment.update(fields, updated_at=self.now)

    def __call__(self, asked: Asked) -> Said:
        if self.trouble:
            return self.trouble.pop(0)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Answer.json({"message": "Bad credentials"}, 401)
        page = int(asked.params.get("page", 1))
        status, first_refused = self.refused.get(asked.path, (0, 0))
        if status and page >= first_refused:
            return Answer.json({"message": f"no, {asked.headers['authorization']}"}, status)
        body = json.dumps(self._body(asked, page), default=self._time).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(304, headers={"ETag": etag})
        return Answer(200, body, {"ETag": etag, "Content-Type": "application/json"})

    def _body(self, asked: Asked, page: int) -> Json:
        if asked.path == "/environments":
            return self.environments
        listed = self.services if asked.path == "/services" else self._updated(asked.params)
        start = (page - 1) * PAGE_SIZE
        shown = [self.damage(item) for item in listed[start : start + PAGE_SIZE]]
        return {"items": shown, "total": len(listed)}

    def _updated(self, params: Mapping[str, str]) -> list[Item]:
        after = params.get("updated_after")
        found = sorted(self.deployments, key=lambda item: item["updated_at"])
        if after is None or not self.has_filters:
            return found
        return [item for item in found if item["updated_at"] >= datetime.fromisoformat(after)]

    def _time(self, value: object) -> str:
        assert isinstance(value, datetime)
        return value.astimezone(self.zone).isoformat()


class ApiSettings(BaseModel):
    """Settings of the example."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: str = Field(description="address of the API")
    token: SecretReference = Field(description="where the token is: env:NAME or file:PATH")


class ExampleApi(Connector):
    """Reads the deployment service."""

    Settings: ClassVar[type[ApiSettings]] = ApiSettings

    def __init__(
        self, source: str, settings: ApiSettings, context: Context, timing: Timing | None = None
    ) -> None:
        self.source = source
        self._context = context
        credential = Credential(settings.token, context.folder)
        self._http = Http(settings.url, timing or Timing(context.clock), credential)

    def discover(self) -> Sequence[Stream]:
        """Lists the three streams."""
        return (SERVICES, DEPLOYMENTS, PROMOTIONS)

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields what is new; a refusal is a gap of the stream."""
        read = {
            SERVICES.name: self._services,
            DEPLOYMENTS.name: self._deployments,
            PROMOTIONS.name: self._promotions,
        }[stream.name]
        try:
            yield from read(cursor or {})
        except Refused as refused:
            yield refused.gap(f"example:{self.source}", self.source, stream.name)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps a page; what cannot be mapped becomes a gap."""
        page = json.loads(payload)
        if stream == PROMOTIONS.name:
            return list(self._promoted(page))
        rows = [self._row(stream, number, item) for number, item in enumerate(page["items"])]
        return [*rows, *self._unknown_fields(stream, page["items"])]

    def check(self) -> Sequence[Finding]:
        """Asks for one small page."""
        try:
            self._http.get("environments")
        except HttpError as error:
            return [Finding(Severity.ERROR, error.what, error.where, error.fix)]
        return [Finding(Severity.OK, "readable", self.source)]

    # --- a complete list: any page may have changed, so each is asked for its condition ---------

    def _services(self, cursor: Cursor) -> Iterator[Batch]:
        before = cursor.get("pages")
        if before and self._is_unchanged(before):
            return
        validators: list[Json] = cursor.get("read", []) if "bookmark" in cursor else []
        for page in _listed("services", {}).pages(self._http, cursor.get("bookmark")):
            number = int(page.bookmark["params"].get("page", 1))
            validators = [*validators[: number - 1], page.reply.validators]
            # The conditions of a list that shifted belong to no one state of it.
            done = {} if page.has_shifted else {"pages": validators}
            going = {"bookmark": page.bookmark, "read": validators}
            after = done if page.is_last else going
            is_first = "bookmark" not in cursor and number == 1
            yield Batch(page.reply.body, after, Reading.COMPLETE, page.is_last, is_first)

    def _is_unchanged(self, pages: Sequence[Mapping[str, str]]) -> bool:
        return all(
            self._http.get("services", {"page": number}, validators).is_unchanged
            for number, validators in enumerate(pages, start=1)
        )

    # --- an increment: what was touched since the newest that is known --------------------------

    def _deployments(self, cursor: Cursor) -> Iterator[Batch | Gap]:
        since = cursor.get("since")
        newest, known = cursor.get("newest"), list(cursor.get("known", []))
        is_filtered, has_news = True, False
        filters = {"updated_after": since} if since else {}
        for page in _listed("deployments", filters).pages(self._http, cursor.get("bookmark")):
            times = [item["updated_at"] for item in page.items if item.get("updated_at")]
            is_filtered &= since is None or all(_utc(t) >= _utc(since) for t in times)
            has_news |= any(_stamp(item) not in known for item in page.items)
            newest, known = _newest(newest, known, page)
            after: Cursor = {"since": newest, "newest": newest, "known": known}
            if not page.is_last:
                after = {**after, "since": since, "bookmark": page.bookmark}
            if has_news:
                yield Batch(page.reply.body, after, is_last=page.is_last)
        if not is_filtered:
            yield self._gap(
                DEPLOYMENTS.name,
                "filter",
                GapReason.FILTER_IGNORED,
                "the source ignores updated_after and sends all deployments each time",
                "nothing is lost; ask for a version of the source that knows the filter",
            )

    # --- what has no times: the difference between two readings, with the times of both ---------

    def _promotions(self, cursor: Cursor) -> Iterator[Batch]:
        reply = self._http.get("environments", validators=cursor.get("validators"))
        if reply.is_unchanged or reply.json() == cursor.get("state"):
            return
        if not isinstance(reply.json(), dict):
            raise UnexpectedReply("no environments in the answer", reply.where, _CHECK_VERSION)
        seen_at = self._context.clock().isoformat()
        page = {
            "before": cursor.get("state"),
            "before_at": cursor.get("seen_at"),
            "after": reply.json(),
            "after_at": seen_at,
        }
        after = {"state": reply.json(), "seen_at": seen_at, "validators": reply.validators}
        yield Batch(json.dumps(page, sort_keys=True).encode(), after, is_last=True)

    # --- rows -----------------------------------------------------------------------------------

    def _row(self, stream: str, number: int, item: Json) -> Record:
        try:
            return self._service(item) if stream == SERVICES.name else self._deployment(item)
        except (KeyError, TypeError, ValueError) as error:
            told = item.get("id") if isinstance(item, dict) else None
            name = f"item {told if told is not None else f'{number} of a page'}"
            return self._gap(
                stream,
                hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:12],
                GapReason.UNREADABLE,
                f"{name} could not be understood: {type(error).__name__} {error}",
                _CHECK_VERSION,
            )

    def _unknown_fields(self, stream: str, items: Sequence[Json]) -> Iterator[Gap]:
        """A field that may be null is still sent: where it is not, it has another name now."""
        for name in _OPTIONAL[stream]:
            count = sum(isinstance(item, dict) and name not in item for item in items)
            if count:
                what = f"{count} items of a page have no field {name!r}"
                yield self._gap(stream, f"field/{name}", GapReason.UNREADABLE, what, _CHECK_VERSION)

    def _service(self, item: Item) -> Service:
        name = _text(item, "name")
        return Service(
            id=f"example:{self.source}#service/{_text(item, 'id')}",
            source=self.source,
            name=name,
            repository=item.get("repository"),
        )

    def _deployment(self, item: Item) -> Deployment:
        return Deployment(
            id=f"example:{self.source}#deployment/{int(item['id'])}",
            source=self.source,
            url=item.get("link"),
            service=_text(item, "service"),
            environment=_text(item, "environment"),
            repository=None,
            sha=item.get("sha"),
            version=item.get("version"),
            status=_text(item, "status"),
            started_at=None,
            deployed_at=_utc(_text(item, "finished_at")),
            run=None,
            attempt=1,
            title=f"{item['service']} {item.get('version') or ''}".strip(),
        )

    def _promoted(self, page: Json) -> Iterator[Record]:
        before, after = page["before"] or {}, page["after"]
        until = _utc(page["after_at"])
        for environment, version in after.items():
            if before.get(environment) == version:
                continue
            key = f"{environment}/{version}/{page['after_at']}"
            yield Gap(
                id=f"example:{self.source}#gap/promotions/{key}",
                source=self.source,
                reason=GapReason.TRUNCATED,
                what=f"when {environment} moved to {version}: the source keeps no history",
                fix="sync more often to know it more exactly",
                count=1,
                since_at=_utc(page["before_at"]) if page["before_at"] else None,
                until_at=until,
            )
            if before:
                yield self._promotion(key, environment, version, until)

    def _promotion(self, key: str, environment: str, version: str, until: datetime) -> Deployment:
        return Deployment(
            id=f"example:{self.source}#promotion/{key}",
            source=self.source,
            service="everything",
            environment=environment,
            repository=None,
            sha=None,
            version=version,
            status="success",
            started_at=None,
            deployed_at=until,
            run=None,
            attempt=1,
            title=f"{environment} {version}",
        )

    def _gap(self, stream: str, key: str, reason: GapReason, what: str, fix: str) -> Gap:
        return Gap(
            id=f"example:{self.source}#gap/{stream}/{key}",
            source=self.source,
            reason=reason,
            what=what,
            fix=fix,
            count=None,
        )


_CHECK_VERSION = "check that the source's version is one that is supported"

_OPTIONAL = {SERVICES.name: ("repository",), DEPLOYMENTS.name: ("sha", "version", "link")}


def _listed(path: str, params: Mapping[str, Json]) -> PagedList:
    return PagedList(
        Ask(path, {**params, "per_page": PAGE_SIZE}),
        by_number(size=PAGE_SIZE),
        items=lambda page: page["items"],
        key=lambda item: str(item.get("id")),
        total=_total,
    )


def _total(reply: Reply) -> int | None:
    found = reply.json().get("total")
    return int(found) if found is not None else None


def _stamp(item: Json) -> list[Json]:
    return [item.get("id"), item.get("updated_at")]


def _newest(newest: str | None, known: list[Json], page: Page) -> tuple[str | None, list[Json]]:
    """The newest time of change seen so far, and the items that bear it."""
    for item in page.items:
        told = item.get("updated_at")
        if told and (newest is None or _utc(told) > _utc(newest)):
            newest, known = told, []
        if told and newest and _utc(told) == _utc(newest) and _stamp(item) not in known:
            known = [*known, _stamp(item)]
    return newest, known


def _text(item: Item, name: str) -> str:
    if not isinstance(item[name], str | int) or item[name] == "":
        raise ValueError(f"{name} is {item[name]!r}")
    return str(item[name])


def _utc(text: str) -> datetime:
    told = datetime.fromisoformat(text)
    return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)

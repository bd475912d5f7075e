"""Asking a registry: its lists, its manifests, and the small files that describe an image."""

from __future__ import annotations

import hashlib
import re
from typing import TypeGuard
from urllib.parse import quote, urlsplit

from requests import Request, Response
from requests.auth import AuthBase

from connectors.credential import Anonymous, Credential
from connectors.http.address import joined
from connectors.http.body import place
from connectors.http.errors import NotFound, Unauthorized, UnexpectedReply
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from connectors.http.retry import Timing
from connectors.http.session import Http
from connectors.interface import Context, Json, Requests
from connectors.oci.login import Login
from connectors.oci.settings import OciSettings

MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.artifact.manifest.v1+json",
    "*/*;q=0.1",
)
"""Media types that are asked for; a registry says that what it may not send is not there."""

_PAGE = 100
_DIGEST = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]{32,}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_SCOPED = re.compile(r"/v2/(.+)/(?:tags/list|manifests/[^/]+|blobs/[^/]+)$")


def is_digest(told: Json) -> TypeGuard[str]:
    """Whether something is a digest, with the name of its algorithm."""
    return isinstance(told, str) and _DIGEST.fullmatch(told) is not None


class Registry(Http):
    """One registry, asked with what it demands."""

    def __init__(self, settings: OciSettings, context: Context, timing: Timing) -> None:
        credential = None
        if settings.password is not None:
            credential = Credential(settings.password, context.folder, user=settings.username)
        super().__init__(f"{settings.url}/v2", timing, credential)
        self.address = settings.url
        self._login = Login(settings.url, timing, credential, settings.auth_host)

    @property
    def requests(self) -> Requests:
        """What was asked so far, of the registry and of the server that issues its tokens."""
        usage = self.usage
        if self._login.issuer is not None:
            usage += self._login.issuer.usage
        return Requests(usage.requests, usage.counted, None)

    def send(self, request: Request, credential: AuthBase | None = None) -> Reply:  # noqa: ARG002 - told by the registry
        """Sends a question with what the registry demands, which its refusal tells.

        Raises:
            HttpError: if there is no usable answer.
        """
        scope = _scope(request.url)
        if self._login.is_unknown:
            self._ask_what_it_demands()
        try:
            return super().send(_copy(request), self._login.auth(scope))
        except Unauthorized as refused:
            if not self._login.learn(refused.headers, scope):
                raise
        return super().send(_copy(request), self._login.auth(scope))

    def repositories(self) -> list[str]:
        """The names of all repositories that it lists.

        Raises:
            HttpError: if it lists none.
        """
        return self._listed("_catalog", "repositories")

    def tags(self, repository: str) -> list[str]:
        """The names of all tags of a repository; of one that lost its last tag, none.

        Raises:
            HttpError: if it does not tell.
        """
        return self._listed(f"{quote(repository)}/tags/list", "tags")

    def digest_of(self, repository: str, tag: str) -> str | None:
        """What a tag points to; null if there is nothing, though the tag is listed.

        Raises:
            HttpError: if it does not tell.
        """
        if not _TAG.fullmatch(tag):
            return None
        try:
            reply = self._manifest("HEAD", repository, tag)
            told = reply.headers.get("Docker-Content-Digest", "")
            if is_digest(told):
                return told
            # Old registries and some proxies leave it out; then the content tells.
            body = self._manifest("GET", repository, tag).body
        except NotFound:
            return None
        return f"sha256:{hashlib.sha256(body).hexdigest()}"

    def manifest(self, repository: str, digest: str) -> Reply:
        """The manifest of a digest.

        Raises:
            HttpError: if it is not had.
        """
        return self._manifest("GET", repository, digest)

    def blob(self, repository: str, digest: str) -> Reply:
        """The content of a digest; many registries leave that to another host.

        Raises:
            HttpError: if it is not had.
        """
        return self.get(f"{quote(repository)}/blobs/{quote(digest, safe=':')}")

    def _manifest(self, method: str, repository: str, reference: str) -> Reply:
        url = f"{self.base_url}{quote(repository)}/manifests/{quote(reference, safe=':')}"
        return self.send(Request(method, url, {"Accept": ", ".join(MANIFESTS)}))

    def _listed(self, path: str, field: str) -> list[str]:
        def items(page: Json) -> list[Json]:
            return page[field] or []

        pages = PagedList(Ask(path, {"n": _PAGE}), by_link, items, key=_text)
        found: set[str] = set()
        for page in pages.pages(self):
            found.update(page.items)
        # Registries need not list in order: the reference implementation does not.
        return sorted(found)

    def _ask_what_it_demands(self) -> None:
        try:
            super().send(Request("GET", self.base_url))
        except Unauthorized as refused:
            if self._login.learn(refused.headers, ""):
                return
            raise
        self._login.use_password()

    def _redirect(self, request: Request, response: Response) -> None:
        """Follows to the storage behind a registry, which is told no password."""
        target = joined(response.url, response.headers.get("Location", ""))
        here, there = urlsplit(self.base_url), urlsplit(target)
        if "/blobs/" not in str(request.url) or there.netloc == here.netloc:
            super()._redirect(request, response)
            return
        is_safe = there.scheme == "https" or here.scheme == "http"
        if request.method != "GET" or not is_safe or "@" in there.netloc or not there.hostname:
            what = "the registry sends us to an address that is not safe to ask"
            raise UnexpectedReply(what, place(response.request), "mend the registry's storage")
        request.url, request.params, request.auth = target, {}, Anonymous()


def _scope(url: str | None) -> str:
    """The right that a question needs, as those who issue tokens name it."""
    path = urlsplit(url or "").path
    found = _SCOPED.search(path)
    if found:
        return f"repository:{found[1]}:pull"
    return "registry:catalog:*" if path.endswith("/_catalog") else ""


def _copy(request: Request) -> Request:
    """The question anew: one that was sent carries where it was sent to."""
    return Request(request.method, request.url, dict(request.headers), params=request.params)


def _text(item: Json) -> str:
    if not isinstance(item, str) or not item:
        raise TypeError(f"{item!r} where a name should be")
    return item

"""The ways in which an API can fail to answer, and the gap that each leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from connectors.interface import SourceUnavailable
from data.model import Gap, GapReason


class HttpError(SourceUnavailable):
    """A question to an API that brought no usable answer.

    Attributes:
        reason: why, in the words of a gap.
        status: HTTP status of the last answer; null if there was none.
        headers: headers of the last answer, which may name the right that is missing.
    """

    reason = GapReason.UNAVAILABLE

    def __init__(
        self,
        what: str,
        where: str,
        fix: str,
        status: int | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(what, where, fix)
        self.status = status
        self.headers = headers

    def gap(self, prefix: str, source: str, stream: str) -> Gap:
        """Returns the gap this error leaves in a stream.

        Args:
            prefix: start of the source's row ids, such as `github:acme`.
            source: the configured name of the source.
            stream: the stream that could not be read.
        """
        return Gap(
            id=f"{prefix}#gap/{stream}/{self.reason}",
            source=source,
            reason=self.reason,
            what=f"{self.where}: {self.what}",
            fix=self.fix,
            count=None,
        )


class Refused(HttpError):
    """The source understood and said no: a gap of this stream, while the others go on."""

    reason = GapReason.NO_PERMISSION


class Unauthorized(Refused):
    """401: no token, a wrong one or an expired one."""


class Forbidden(Refused):
    """403 or 451: the token may not read this."""


class NotFound(Refused):
    """404 or 410: not there, or hidden from this token."""

    reason = GapReason.NOT_FOUND


class RateLimited(HttpError):
    """The budget of requests is used up for longer than we are willing to wait.

    Attributes:
        reset_at: when the source will answer again.
    """

    def __init__(self, what: str, where: str, reset_at: datetime, status: int | None) -> None:
        fix = f"sync again after {reset_at:%Y-%m-%d %H:%M} UTC"
        super().__init__(what, where, fix, status)
        self.reset_at = reset_at


class Unavailable(HttpError):
    """No answer, or a server error, after all retries."""


class UnexpectedReply(HttpError):
    """An answer that is not what was asked for: not JSON, too large, of another host."""

    reason = GapReason.UNREADABLE

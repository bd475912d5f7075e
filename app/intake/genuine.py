"""Whether an event comes from who may send it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from connectors.events.formats.interface import Headers, Scheme

_SHOWN = {Scheme.BEARER: "authorization", Scheme.GITLAB: "x-gitlab-token"}


def needs_body(scheme: Scheme) -> bool:
    """Whether it is known only when the whole event has come."""
    return scheme not in _SHOWN


def is_genuine(scheme: Scheme, secret: str, headers: Headers, body: bytes = b"") -> bool:
    """Whether the headers show the token, or a signature that only the secret makes.

    The time this takes says nothing about how much of it was right.
    """
    if scheme is Scheme.BEARER:
        kind, _, shown = headers.get("authorization", "").partition(" ")
        return _is_same(shown.strip(), secret) and kind.lower() == "bearer"
    if scheme is Scheme.GITLAB:
        return _is_same(headers.get("x-gitlab-token", ""), secret)
    if scheme is Scheme.HUB:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return _is_same(headers.get("x-hub-signature-256", ""), f"sha256={digest}")
    delivery, at = headers.get("x-mlflow-delivery-id", ""), headers.get("x-mlflow-timestamp", "")
    signed = f"{delivery}.{at}.".encode() + body
    digest = base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()
    return _is_same(headers.get("x-mlflow-signature", ""), f"v1,{digest}")


def _is_same(shown: str, expected: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), expected.encode())

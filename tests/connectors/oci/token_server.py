"""A server that issues tokens a real registry takes, and remembers who asked for what."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.connectors.loopback import Answer, Asked, Said

SERVICE, ISSUER = "registry.example", "tokens.example"


class TokenServer:
    """Gives what is asked for to everybody, or to who knows the password, if there is one."""

    def __init__(self, folder: Path, password: str | None = None) -> None:
        self.password = password
        self.scopes: list[str] = []
        self.lifetime_seconds = 300
        self._key = ec.generate_private_key(ec.SECP256R1())
        signed = self._signed()
        self._certificate = signed.public_bytes(Encoding.DER)
        self.bundle = folder / "tokens.pem"
        self.bundle.write_bytes(signed.public_bytes(Encoding.PEM))

    def configuration(self, realm: str) -> str:
        """The part `auth` of the registry's configuration."""
        return (
            f"{{token: {{realm: '{realm}', service: {SERVICE}, issuer: {ISSUER},"
            f" rootcertbundle: '{self.bundle}'}}}}"
        )

    def __call__(self, asked: Asked) -> Said:
        wanted = base64.b64encode(f"reader:{self.password}".encode()).decode()
        if self.password and asked.headers.get("authorization") != f"Basic {wanted}":
            return Answer.json({"details": "incorrect username or password"}, 401)
        scope = asked.params.get("scope", "")
        self.scopes.append(scope)
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        access = [{"type": kind, "name": name, "actions": actions.split(",")}] if scope else []
        return Answer.json({"token": self.token(access), "expires_in": self.lifetime_seconds})

    def token(self, access: Sequence[Mapping[str, object]]) -> str:
        """A token that gives access."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": "reader",
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 60,
            "exp": now + self.lifetime_seconds,
            "jti": str(len(self.scopes)),
            "access": access,
        }
        chain = [base64.b64encode(self._certificate).decode()]
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"x5c": chain})

    def _signed(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, SHA256())
        )

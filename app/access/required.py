"""Whether sign-in is asked for, as the configuration said when the server began."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

from authlib.deprecate import AuthlibDeprecationWarning

from connectors.credential import Credential
from data.configuration import ConfigurationError, SignInSettings, load
from data.errors import CairnError

_LEAST_CHARACTERS = 32
_SCOPE = "openid email"
"""What is asked of the provider: who somebody is, and the address."""


class CookieSecretRefused(CairnError):
    """Sign-ins would be signed with something that can be guessed."""


@cache
def required(configuration: Path) -> SignInSettings | None:
    """How people sign in; None if they need not. What changes later needs another start.

    Raises:
        ConfigurationError: if the file is wrong and speaks of sign-in: nobody is let in by mistake.
    """
    try:
        return load(configuration).sign_in
    except ConfigurationError:
        if _speaks_of_it(configuration):
            raise
        return None


def _speaks_of_it(configuration: Path) -> bool:
    try:
        return b"sign_in" in configuration.read_bytes()
    except FileNotFoundError:
        return False
    except OSError:
        return True


def hush() -> None:
    """Keeps a hint for those who develop Authlib's client out of what the server says.

    It asks for another HTTP library than Streamlit names, once somebody signs in.
    """
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)


def secrets(settings: SignInSettings, folder: Path) -> dict[str, Any]:
    """What Streamlit is told, in memory alone.

    Args:
        settings: how people sign in.
        folder: where relative paths begin.

    Raises:
        CredentialError: if a secret is not where it is said to be.
        CookieSecretRefused: if one is too short.
    """
    cookie_secret = Credential(settings.cookie_secret, folder).reveal_text()
    if len(cookie_secret) < _LEAST_CHARACTERS:
        what = f"the cookie secret has fewer than {_LEAST_CHARACTERS} characters"
        fix = "store a longer one there, such as `openssl rand -hex 32` makes"
        raise CookieSecretRefused(what, settings.cookie_secret, fix)
    return {
        "auth": {
            "server_metadata_url": settings.provider,
            "client_id": settings.client_id,
            "client_secret": Credential(settings.client_secret, folder).reveal(),
            "cookie_secret": cookie_secret,
            "redirect_uri": settings.redirect,
            "client_kwargs": {"scope": _SCOPE},
        }
    }

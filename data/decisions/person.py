"""Whether two names mean the same person, as far as letters can tell."""

from __future__ import annotations

import unicodedata

_CAPITALS = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"  # Greek
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e"  # Cyrillic
    "\u0420\u0421\u0422\u0423\u0425\u04ae",
    "ABEZHIKMNOPTYX" + "ABESIJKMHO" + "PCTYXY",
)
"""Capitals that look like a Latin one."""
_SMALL = str.maketrans(
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03b3"  # Greek
    "\u0430\u0435\u0455\u0456\u0458\u043a\u043c\u043d\u043e\u0440\u0441\u0442"  # Cyrillic
    "\u0443\u0445\u0432\u04af\u04bb\u0501\u051b\u051d\u04cf"
    "\u0585\u057d\u0578\u0570\u0581"  # Armenian
    "\u0131\u0261\u0251",  # Latin
    "aeikvoptuxy" + "aesijkmhopct" + "yxbyhdqwl" + "ounhg" + "iga",
)
"""Small letters that look like a Latin one."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u3164\uffa0")
"""Signs that take no place, and count as letters."""
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_BETWEEN = "PSZC"
"""Categories of signs that stand between letters, or are not seen."""


def is_same(one: str, other: str) -> bool:
    """Whether two names differ only in what makes no other person of it.

    That is case, spaces, points and other signs between letters, accents, forms of a letter, signs
    that nobody sees, letters of other scripts that look alike, and what stands around an account:
    `github:` before it, `@example.com` behind it. Two people whose names are as alike as that are
    taken for one: it is better to ask a third than to let one decide twice.
    """
    return _folded(one) == _folded(other) or _seen(one) == _seen(other)


def is_named(name: str) -> bool:
    """Whether there is a name at all."""
    return bool(_folded(name))


def _folded(name: str) -> str:
    """By letter first: a capital and its small letter stay one, whatever they look like."""
    return _plain(name).casefold().translate(_SMALL)


def _seen(name: str) -> str:
    """By look first: a Greek capital that looks like an H is one."""
    return _plain(name).translate(_CAPITALS).casefold().translate(_SMALL)


def _plain(name: str) -> str:
    """The letters and figures of an account, in their usual forms and without accents."""
    usual = unicodedata.normalize("NFKC", name)
    account = usual.rpartition(":")[2].strip(" @").partition("@")[0]
    return _letters(account) or _letters(usual)


def _letters(name: str) -> str:
    left_out = _UNSEEN | _ACCENTS
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", name)
        if sign not in left_out
        and unicodedata.category(sign)[0] not in _BETWEEN
        and not "\ufe00" <= sign <= "\ufe0f"
    )

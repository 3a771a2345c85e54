"""Passwords and tokens: how they are made, recognised and reduced to a digest."""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

ALPHABET: Final = string.digits + string.ascii_letters
TOKEN_PREFIX: Final = "patuh_api_"  # noqa: S105 - the public part of every token
RANDOM_LENGTH: Final = 32
CHECK_LENGTH: Final = 6
SHORTEST_PASSWORD: Final = 15
# Without letters and digits that look alike: these passwords are read aloud and copied by hand.
LEGIBLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_SEED: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65536, parallelism=1),))
# Verified when the account is unknown, so that the answer takes as long as for a known one.
_NOBODY: Final = _hasher.hash("nobody-has-this-password")


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Return whether the password is the stored one; takes the same time for an unknown account."""
    fits = _hasher.verify(password, stored or _NOBODY)
    return fits and stored is not None


def digest(secret: str) -> str:
    """Return SHA-256 in hex: enough for 190 random bits, useless to whoever steals the table."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_session_secret() -> str:
    return secrets.token_urlsafe(32)


def new_seed() -> str:
    """Return what a form carries so that sending it twice makes one secret, not two.

    A seed is as secret as what grows from it; both are seen by the same person only.
    """
    return secrets.token_urlsafe(32)


def is_seed(text: str) -> bool:
    return _SEED.fullmatch(text) is not None


def password_from(seed: str) -> str:
    """Return a temporary password of five legible groups: 99 bits, always the same for a seed."""
    letters = _letters(f"password:{seed}", LEGIBLE, 20)
    return "-".join(letters[at : at + 4] for at in range(0, 20, 4))


def token_from(seed: str) -> str:
    """Return `patuh_api_` + 32 characters + 6 that check them (CRC-32 in base 62)."""
    body = _letters(f"token:{seed}", ALPHABET, RANDOM_LENGTH)
    return f"{TOKEN_PREFIX}{body}{_check(body)}"


def new_token() -> str:
    return token_from(new_seed())


def token_is_well_formed(token: str) -> bool:
    """Tell a mistyped token from a possible one without asking the database."""
    body = token.removeprefix(TOKEN_PREFIX)
    if body == token or len(body) != RANDOM_LENGTH + CHECK_LENGTH:
        return False
    return secrets.compare_digest(_check(body[:RANDOM_LENGTH]), body[RANDOM_LENGTH:])


def _check(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), []
    for _ in range(CHECK_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[place])
    return "".join(digits)


def _letters(text: str, alphabet: str, count: int) -> str:
    """Return `count` characters drawn evenly from `alphabet` by the digest of `text`."""
    number, letters = int.from_bytes(hashlib.sha512(text.encode()).digest()), []
    for _ in range(count):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)

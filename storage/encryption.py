"""Encrypts personal data before it reaches the database, and makes the keyed hashes by which it can be found again.

AES-256-GCM with a random nonce; the key's id travels in the sealed bytes, table and row are the associated data, so a
value
cannot be moved to another row. Purposes get their own subkeys by HKDF-SHA256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from conversation.errors import LoketError, SettingsError

KEY_BYTES = 32
_ID_BYTES = 4
_NONCE_BYTES = 12


class SealBroken(LoketError):
    """A stored value cannot be decrypted: wrong key, or it was changed or moved behind Loket's back."""


def new_key() -> str:
    """A fresh value for LOKET_SECRET_KEY."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _subkey(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"loket/{purpose}".encode()).derive(master)


class KeyRing:
    """The office's secret keys: the first seals, all open.

    Blind indexes and the ledger's key come from the *last* key, the oldest, so that rotating the sealing key in front
    keeps them.
    """

    def __init__(self, masters: list[bytes]) -> None:
        self._ciphers = {
            hashlib.sha256(b"loket/id" + key).digest()[:_ID_BYTES]: AESGCM(_subkey(key, "rest")) for key in masters
        }
        self._current = next(iter(self._ciphers))
        self._index_key = _subkey(masters[-1], "index")
        self.ledger_key = _subkey(masters[-1], "ledger")

    @classmethod
    def from_setting(cls, setting: str) -> KeyRing:
        """Reads LOKET_SECRET_KEY: one or more base64 keys of 32 bytes, newest first, separated by commas."""
        masters = []
        for part in setting.split(","):
            try:
                key = base64.b64decode(part.strip(), validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if len(key) != KEY_BYTES:
                raise SettingsError(
                    "LOKET_SECRET_KEY must be base64 of exactly 32 bytes (make one: openssl rand -base64 32)"
                )
            masters.append(key)
        return cls(masters)

    def seal(self, table: str, row: int | str, value: bytes) -> bytes:
        """Encrypted `value`, bound to its table and row."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, value, f"{table}:{row}".encode())

    def open(self, table: str, row: int | str, sealed: bytes) -> bytes:
        """The value that was sealed for this table and row.

        Raises SealBroken, naming the row but never the value.
        """
        cipher = self._ciphers.get(sealed[:_ID_BYTES])
        if cipher is None:
            raise SealBroken(f"{table} {row}: sealed with a key that LOKET_SECRET_KEY does not hold")
        body = sealed[_ID_BYTES:]
        try:
            return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], f"{table}:{row}".encode())
        except InvalidTag:
            raise SealBroken(f"{table} {row}: the stored value was changed or moved") from None

    def index(self, purpose: str, text: str) -> str:
        """A keyed hash of `text` for look-ups that must not reveal it (24 hex digits)."""
        return hmac.new(self._index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()[:24]

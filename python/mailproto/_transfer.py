"""Content transfer encodings (RFC 2045 §6), taken off while a body streams."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Octets = bytes | memoryview

__all__ = ["Decoder", "decoder"]

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# RFC 2045 §6.8: what is not of the alphabet is ignored.
NOT_BASE64 = bytes(set(range(256)) - set(BASE64))
# How long a line without an end may get before it is cut.
LINE = 1 << 16


class Decoder:
    """Takes octets as they come, gives what they stand for. This one changes nothing."""

    def feed(self, data: Octets) -> bytes:
        """What the octets stand for, as far as it can be told by now."""
        return bytes(data)

    def finish(self) -> bytes:
        """The rest, when there are no more."""
        return b""


class Base64(Decoder):
    """Lenient: the last group may lack its padding."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: Octets) -> bytes:
        digits = self._rest + bytes(data).translate(None, NOT_BASE64)
        whole = len(digits) & ~3
        self._rest = digits[whole:]
        return binascii.a2b_base64(digits[:whole])

    def finish(self) -> bytes:
        rest, self._rest = self._rest, b""
        # One digit alone is less than an octet.
        return binascii.a2b_base64(rest + b"=" * (4 - len(rest))) if len(rest) > 1 else b""


class QuotedPrintable(Decoder):
    """Lenient: what is no valid escape stands for itself."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: Octets) -> bytes:
        text = self._rest + bytes(data)
        end = text.rfind(b"\n") + 1
        if not end and len(text) > LINE:
            # Not within an escape.
            end = text.find(b"=", len(text) - 3)
            end = len(text) if end < 0 else end
        self._rest = text[end:]
        return binascii.a2b_qp(text[:end])

    def finish(self) -> bytes:
        rest, self._rest = self._rest, b""
        return binascii.a2b_qp(rest)


DECODERS: dict[str, Callable[[], Decoder]] = {
    "base64": Base64,
    "quoted-printable": QuotedPrintable,
}


def decoder(encoding: str | None) -> Decoder:
    """What takes `encoding` off; nothing is taken off by one that is not known."""
    return DECODERS.get((encoding or "").lower(), Decoder)()

"""COMPRESS=DEFLATE (RFC 4978): both directions of a connection, with bounded memory."""

from __future__ import annotations

import zlib

from mailproto._errors import RemoteProtocolError

__all__ = ["Deflate"]

# How much is inflated at a time: a few octets can stand for many.
INFLATED_OCTETS = 1 << 18
# RFC 4978 §3: deflate without a header; the largest window.
WINDOW_BITS = -15


class Deflate:
    """The two streams."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(wbits=WINDOW_BITS)
        self._decompressor = zlib.decompressobj(wbits=WINDOW_BITS)
        self._pending = b""
        self._received = 0

    def compress(self, data: bytes) -> bytes:
        """What is to be sent for `data`, to its end."""
        return self._compressor.compress(data) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def feed(self, data: bytes) -> None:
        """Takes what was received."""
        self._pending += data
        self._received += len(data)

    def inflate(self) -> bytes:
        """The next octets that it stands for, not all of them at once; empty when more must be
        received."""
        if not self._pending and not self._decompressor.unconsumed_tail:
            return b""
        pending, self._pending = self._pending, b""
        try:
            plain = self._decompressor.decompress(pending, INFLATED_OCTETS)
        except zlib.error as error:
            raise RemoteProtocolError("deflate", self._received, str(error)) from error
        self._pending = self._decompressor.unconsumed_tail
        return plain

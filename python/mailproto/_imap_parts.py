"""Parts of messages: which one to read, and how to make text of its octets."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from mailproto._transfer import decoder
from mailproto.sansio.imap import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailproto._imap_session import Octets

__all__ = ["decode_text", "decoded", "part_name", "text_part"]


def part_name(part: str | Part) -> str:
    """The section of a part that was given in either way."""
    return part.section if isinstance(part, Part) else part


def decoded(chunks: Iterable[Octets], encoding: str) -> Iterator[bytes]:
    """Octets without their transfer encoding."""
    taken_off = decoder(encoding)
    for chunk in chunks:
        if octets := taken_off.feed(chunk):
            yield octets
    if octets := taken_off.finish():
        yield octets


def text_part(structure: Part) -> Part | None:
    """The part to read: plain text before HTML, and neither out of an attachment."""
    shown = [part for part in structure.walk() if not part.is_attachment]
    for media_type in ("text/plain", "text/html"):
        for part in shown:
            if part.media_type.lower() == media_type:
                return part
    return None


def decode_text(part: Part, octets: bytes) -> str:
    """Text in the charset that the part names; what is not valid in it becomes U+FFFD."""
    charset = part.parameters.get("charset") or "utf-8"
    try:
        codec = codecs.lookup(charset).name
    except LookupError:
        codec = "utf-8"
    text = octets.decode(codec, "replace")
    return text.replace("\r\n", "\n")

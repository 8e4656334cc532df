"""What the messages of the blocking and of the asyncio client have in common: what was fetched."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mailproto._imap_session import Letter, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from typing import TypeAlias

    from mailproto._imap_query import Query
    from mailproto.sansio.imap import Address, Envelope, Fetch, Part, UidSet

    Messages: TypeAlias = (
        UidSet | int | str | Query | "MessageFields" | Iterable["int | MessageFields"] | None
    )

__all__ = ["Headers", "MessageFields", "Messages"]


class MessageFields:
    """The attributes of a message that were fetched; `None` where they were not asked for."""

    __slots__ = ("_pieces", "fetched")

    fetched: Fetch
    """All that the server sent, as `mailproto.sansio.imap.Fetch`."""

    def __init__(self, fetched: Fetch | Letter) -> None:
        if type(fetched) is Letter:
            self.fetched = fetched.fetch
            self._pieces: list[Piece] | None = fetched.pieces
        else:
            self.fetched = fetched  # type: ignore[assignment]
            self._pieces = None

    @property
    def uid(self) -> int:
        """Its UID: stays the same as long as the folder's `uid_validity` does."""
        return self.fetched.uid or 0

    @property
    def number(self) -> int | None:
        """Its sequence number when it was fetched."""
        return self.fetched.number

    @property
    def flags(self) -> frozenset[str] | None:
        r"""Its flags when it was fetched, such as ``\Seen``."""
        return self.fetched.flags

    @property
    def size(self) -> int | None:
        """Its length in octets."""
        return self.fetched.size

    @property
    def internal_date(self) -> datetime | None:
        """When the server received it."""
        return self.fetched.internal_date

    @property
    def envelope(self) -> Envelope | None:
        """Its main header fields, as the server took them apart."""
        return self.fetched.envelope

    @property
    def body_structure(self) -> Part | None:
        """Its MIME parts, as a tree."""
        return self.fetched.body_structure

    @property
    def mod_seq(self) -> int | None:
        """Counts changes (RFC 7162): higher than that of any earlier change in the folder."""
        return self.fetched.mod_seq

    @property
    def gmail_message_id(self) -> int | None:
        """Gmail's X-GM-MSGID."""
        return self.fetched.gmail_message_id

    @property
    def gmail_thread_id(self) -> int | None:
        """Gmail's X-GM-THRID."""
        return self.fetched.gmail_thread_id

    @property
    def gmail_labels(self) -> frozenset[str] | None:
        """Gmail's X-GM-LABELS."""
        return self.fetched.gmail_labels

    @property
    def seen(self) -> bool:
        r"""Whether its flags have ``\Seen``."""
        flags = self.fetched.flags
        return flags is not None and "\\Seen" in flags

    @property
    def subject(self) -> str | None:
        """Its subject, decoded; needs `envelope=True`."""
        envelope = self.fetched.envelope
        return envelope.subject if envelope is not None else None

    @property
    def date(self) -> datetime | None:
        """When it says that it was written; needs `envelope=True`."""
        envelope = self.fetched.envelope
        return envelope.date if envelope is not None else None

    @property
    def from_(self) -> tuple[Address, ...]:
        """Who says to have written it; needs `envelope=True`."""
        envelope = self.fetched.envelope
        return envelope.from_ if envelope is not None else ()

    @property
    def to(self) -> tuple[Address, ...]:
        """To whom it is; needs `envelope=True`."""
        envelope = self.fetched.envelope
        return envelope.to if envelope is not None else ()

    @property
    def headers(self) -> Headers:
        """The header fields that were fetched: with `headers=(…)`, or with the whole body."""
        for section in self.fetched.bodies:
            if section.startswith("HEADER"):
                return Headers(self._section(section) or b"")
        whole = self._section("")
        return Headers(whole.partition(b"\r\n\r\n")[0] + b"\r\n" if whole else b"")

    @property
    def body(self) -> bytes | None:
        """The whole message, if it was fetched with `body=True`."""
        return self._section("")

    def _section(self, part: str) -> bytes | None:
        """A section that has come with the message, in memory."""
        chunks = self._chunks(part)
        return None if chunks is None else b"".join(chunks)

    def _chunks(self, part: str) -> Iterable[bytes] | None:
        """A section that has come with the message; `None` when it was not asked for."""
        for piece in self._pieces or ():
            if piece.section == part.upper():
                return piece.read_again()
        bodies = self.fetched.bodies
        key = part.upper()
        if key not in bodies:
            return None
        return (bodies[key] or b"",)

    def __repr__(self) -> str:
        facts = [f"uid={self.uid}"]
        facts += [
            f"{name}={value!r}"
            for name in ("flags", "size", "subject")
            if (value := getattr(self, name)) is not None
        ]
        return f"<Message {', '.join(facts)}>"


class Headers:
    """Header fields: `headers["subject"]` is the first of that name, decoded, or `None`.

    `raw` is what the server sent. Iterating gives pairs of name and text, in their order.
    """

    __slots__ = ("_fields", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._fields: list[tuple[str, str]] | None = None

    def __getitem__(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[str]:
        """Every field of that name."""
        name = name.lower()
        return [text for given, text in self if given.lower() == name]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        if self._fields is None:
            self._fields = list(fields(self.raw))
        return iter(self._fields)

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"


def fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """The fields of a header (RFC 5322 §2.2), unfolded and decoded (RFC 2047)."""
    # Imported late: it takes longer than all of this package.
    from email.header import decode_header, make_header  # noqa: PLC0415

    unfolded = raw.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for line in unfolded.split(b"\r\n"):
        name, colon, text = line.partition(b":")
        if colon:
            words = text.strip().decode("utf-8", "replace")
            with suppress(LookupError, ValueError):
                words = str(make_header(decode_header(words)))
            yield name.strip().decode("ascii", "replace"), words

"""APPEND (RFC 9051 §6.3.12): a message of any size goes up as it is read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from mailproto._imap_session import SEND, Reply
from mailproto._imap_values import AppendUid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from typing import IO, TypeAlias

    from mailproto._imap_session import Operation, Session
    from mailproto.sansio.imap import Completed, UidSet

    Content: TypeAlias = (
        bytes | bytearray | memoryview | str | os.PathLike[str] | IO[bytes] | Iterable[bytes]
    )

__all__ = ["Content", "Source", "append"]

CHUNK = 1 << 16


class Source:
    """A message and its length: octets, a file by its path, an open binary file, or chunks of a
    known length altogether."""

    def __init__(self, content: Content, size: int | None) -> None:
        self._file: IO[bytes] | None = None
        if isinstance(content, bytes | bytearray | memoryview):
            view = memoryview(content).cast("B")
            self.size = len(view)
            self.chunks: Iterator[bytes | memoryview] = iter((view,))
            return
        if isinstance(content, str | os.PathLike):
            self._file = content = open(content, "rb")  # noqa: PTH123, SIM115
        if hasattr(content, "read"):
            file = cast("IO[bytes]", content)
            self.size = rest_of(file) if size is None else size
            self.chunks = iter(lambda: file.read(CHUNK), b"")
        elif size is None:
            raise TypeError("say how many octets there are: size=")
        else:
            self.size = size
            self.chunks = iter(content)

    def close(self) -> None:
        """Closes the file that was opened here."""
        if self._file is not None:
            self._file.close()


def rest_of(file: IO[bytes]) -> int:
    """How many octets are to be read in a file."""
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


def append(
    session: Session,
    folder: str,
    source: Source,
    flags: Iterable[str],
    date: datetime | None,
) -> Operation[AppendUid | None]:
    """APPEND."""
    try:
        reply = yield from session.expect(
            Reply(), session.client.append, folder, source.size, flags=tuple(flags), date=date
        )
        # Where the server takes literals unasked, it is told so at once.
        session.absorb()
        while reply.upload is None and reply.completed is None:
            yield from session.pause(reply)
        yield from upload(session, reply, source)
        return append_uid((yield from session.wait(reply)))
    finally:
        source.close()


def upload(session: Session, reply: Reply, source: Source) -> Operation[None]:
    """Hands over the octets. The server has been told how many, so there is no way back: when
    they end early, nothing but the end of the connection keeps half a message out."""
    whole = False
    left = source.size
    try:
        for chunk in source.chunks:
            left -= len(chunk)
            if left < 0:
                raise ValueError("the message is longer than its size")
            yield from upload_chunk(session, reply, memoryview(chunk))
        if left and reply.completed is None:
            raise ValueError(f"the message is {left} octets shorter than its size")
        if reply.completed is None:
            session.client.append_end()
        whole = True
    finally:
        if not whole and reply.completed is None:
            session.broken = "a message was not sent whole"


def upload_chunk(session: Session, reply: Reply, chunk: memoryview) -> Operation[None]:
    """Hands over some octets, as room comes free."""
    while chunk and reply.completed is None:
        taken = session.client.upload(chunk)
        chunk = chunk[taken:]
        if chunk:
            yield SEND


def append_uid(completed: Completed) -> AppendUid | None:
    """What the server told of the message (RFC 4315 §3)."""
    code = completed.code
    if code is None or code.name != "APPENDUID":
        return None
    value: Any = code.value
    validity: int = value[0]
    uids: UidSet = value[1]
    return AppendUid(validity, uids.max)

"""Maildir: a message is a file, written in tmp/ and moved to new/
(https://cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import itertools
import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto.stores._durable import Draft, FileDelivery, FileSink, NewlineFilter, sync_directory

if TYPE_CHECKING:
    from mailproto._pop3_common import MessageInfo

__all__ = ["MaildirSink"]

_counter = itertools.count(1)


class MaildirSink(FileSink):
    """Delivers into a Maildir, which is made when it is not there.

    Lines end as the system's do, as other programs expect; `crlf=True` keeps what the server
    sent, to the octet. File names tell the size (`S=`) and the size with CRLF (`W=`), so that
    servers need not count. With `durable=False` a power failure may cost the last messages.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, crlf: bool = False, durable: bool = True
    ) -> None:
        self._path = Path(path)
        super().__init__(durable=durable)
        self._crlf = crlf
        # A Maildir is private (mode 0700), as in the standard library's `mailbox`.
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("tmp", "new", "cur"):
            (self._path / name).mkdir(mode=0o700, exist_ok=True)
        if durable:
            sync_directory(self._path)

    def begin(self, message: MessageInfo) -> MaildirDelivery:
        """A message follows. There may be several deliveries at a time."""
        return MaildirDelivery(self, self._path, crlf=self._crlf)


class MaildirDelivery(FileDelivery):
    """One message on its way."""

    def __init__(self, sink: MaildirSink, maildir: Path, *, crlf: bool) -> None:
        self._maildir = maildir
        self._name = unique_name()
        self._received = 0
        newlines = None if crlf else NewlineFilter()
        super().__init__(sink, Draft(maildir / "tmp" / self._name, newlines))

    def write(self, data: bytes | memoryview) -> None:
        """Takes the next octets."""
        self._received += len(data)
        super().write(data)

    def publish(self) -> Path:
        """Moves the message to new/."""
        # POP3 delivers CRLF, so what was received is the size with CRLF.
        name = f"{self._name},S={self.draft.octets},W={self._received}"
        # Not link and unlink: the name is unique, and some file systems have no links.
        return self.draft.path.rename(self._maildir / "new" / name)


def unique_name() -> str:
    """A name that no other delivery has, on this machine or another."""
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    # What would read as a directory or as the end of the name (maildir.html).
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072").replace(",", r"\054")
    unique = f"M{nanoseconds // 1000:06}P{os.getpid()}Q{next(_counter)}R{os.urandom(4).hex()}"
    return f"{seconds}.{unique}.{host}"

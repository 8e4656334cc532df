"""Maildir: a message is a file, written in tmp/ and moved to new/ or cur/
(https://cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto._core import MaildirWriter, maildir_name
from mailproto.stores._durable import Draft, FileDelivery, FileSink, NewlineFilter, sync_directory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    Octets: TypeAlias = bytes | memoryview
    # A message, or the pieces that it came in; its flags; when it was received.
    Letter: TypeAlias = (
        tuple[Octets | list[Octets]]
        | tuple[Octets | list[Octets], Iterable[str]]
        | tuple[Octets | list[Octets], Iterable[str], float | None]
    )

__all__ = ["WHOLE_OCTETS", "MaildirSink", "maildir_flags"]

# Longer messages should not be gathered in memory: `begin` takes them as they come.
WHOLE_OCTETS = 1 << 18
# The letters of flags (maildir.html), by the names that IMAP has for them (RFC 9051 §2.3.2).
LETTERS = {
    "\\draft": "D",
    "\\flagged": "F",
    "$forwarded": "P",
    "\\answered": "R",
    "\\seen": "S",
    "\\deleted": "T",
}
# What stands before them. Windows allows no colon in a name.
INFO = ";2," if os.name == "nt" else ":2,"


def maildir_flags(flags: Iterable[str]) -> str:
    """The letters that stand for IMAP flags in the name of a file, in their order; flags that
    Maildir does not know are left out."""
    letters = (LETTERS.get(flag.lower(), "") for flag in flags)
    return "".join(sorted({letter for letter in letters if letter}))


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
        self._host = host_name()
        # A Maildir is private (mode 0700), as in the standard library's `mailbox`.
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("tmp", "new", "cur"):
            (self._path / name).mkdir(mode=0o700, exist_ok=True)
        if self._path.name.startswith(".") and (self._path.parent / "cur").is_dir():
            # A folder of the Maildir above it, by Maildir++.
            (self._path / "maildirfolder").touch(mode=0o600)
        if durable:
            sync_directory(self._path)

    def begin(
        self, message: object = None, *, flags: Iterable[str] = (), received: float | None = None
    ) -> MaildirDelivery:
        """A message follows, of any size. There may be several deliveries at a time.

        With flags that Maildir knows, named as in IMAP, it goes to cur/, else to new/. `received`,
        in seconds since 1970, becomes the time of its file.
        """
        letters = maildir_flags(flags)
        path = self._path / "tmp" / maildir_name(self._host)
        draft = Draft(path, None if self._crlf else NewlineFilter())
        draft.time = received
        return MaildirDelivery(self, draft, self._path, letters)

    def writer(self) -> MaildirWriter:
        """Delivers many messages fast: it takes whole ones, of up to `WHOLE_OCTETS` each, and
        stores them in batches while the next are received."""
        return MaildirWriter(self._path, self._host, crlf=self._crlf, durable=self._durable)

    def deliver_many(self, letters: Iterable[Letter]) -> list[str]:
        """Delivers whole messages and returns their paths, in this order, when all are stored.

        Each is a tuple of its octets (or the pieces of them), its flags and the time that it was
        received; the latter two may be left out. When `OSError` is raised, those that come first
        may have been stored.
        """
        writer = self.writer()
        try:
            for letter in letters:
                match letter:
                    case (octets,):
                        writer.add(octets)
                    case (octets, flags):
                        writer.add(octets, maildir_flags(flags))
                    case (octets, flags, received):
                        writer.add(octets, maildir_flags(flags), received)
            writer.flush()
        except BaseException:
            writer.abort()
            raise
        return writer.settled()


class MaildirDelivery(FileDelivery):
    """One message on its way."""

    def __init__(self, sink: MaildirSink, draft: Draft, maildir: Path, letters: str) -> None:
        self._maildir = maildir
        self._letters = letters
        self._received = 0
        super().__init__(sink, draft)

    def write(self, data: bytes | memoryview) -> None:
        """Takes the next octets."""
        self._received += len(data)
        super().write(data)

    def publish(self) -> Path:
        """Moves the message to new/, or to cur/ with its flags."""
        draft = self.draft.path
        # POP3 and IMAP deliver CRLF, so what was received is the size with CRLF.
        name = f"{draft.name},S={self.draft.octets},W={self._received}"
        # Not link and unlink: the name is unique, and some file systems have no links.
        if self._letters:
            return draft.rename(self._maildir / "cur" / f"{name}{INFO}{self._letters}")
        return draft.rename(self._maildir / "new" / name)


def host_name() -> str:
    """The name of this machine as a part of a file's."""
    # What would read as a directory or as the end of the name (maildir.html).
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
    return host.replace(",", r"\054")

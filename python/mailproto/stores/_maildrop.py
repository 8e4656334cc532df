"""A Maildir as a POP3 maildrop: numbered, locked, with sizes and unique-ids (RFC 1939)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from mailproto.stores._durable import lock, sync_directory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import IO

__all__ = ["MaildirMaildrop", "StoredMail"]

LOCK = "mailproto-pop3.lock"
# The size with CRLF, as Dovecot, Courier and `MaildirSink` put it into file names.
VIRTUAL_SIZE = re.compile(r",W=(\d+)(?=[,:]|$)")
# Seconds since 1970, then among others M and microseconds (https://cr.yp.to/proto/maildir.html).
DELIVERED = re.compile(r"(\d+)\.(?:[^.,:]*?M(\d+))?")
# RFC 1939 §7: a unique-id has 1 to 70 characters of visible ASCII.
UNIQUE_ID = re.compile(r"[!-~]{1,70}")


class MaildirMaildrop:
    """The messages of a Maildir, oldest first, as they are when it is opened.

    It is locked against other POP3 sessions of this program until `close`: `Locked`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = (path / LOCK).open("ab")
        try:
            lock(self._lock, path)
            files = [file for name in ("new", "cur") for file in (path / name).iterdir()]
            # Names begin with the time of delivery.
            files.sort(key=by_time)
            self.messages = [StoredMail(path, file) for file in files if visible(file)]
        except BaseException:
            self._lock.close()
            raise

    def remove(self, numbers: Iterable[int]) -> bool:
        """Removes messages; returns whether all of them are gone."""
        gone = True
        for number in numbers:
            gone = self.messages[number - 1].remove() and gone
        for name in ("new", "cur"):
            sync_directory(self._path / name)
        return gone

    def close(self) -> None:
        """Unlocks."""
        self._lock.close()


class StoredMail:
    """One message."""

    def __init__(self, maildir: Path, file: Path) -> None:
        self._maildir = maildir
        self._file = file
        # Flags behind the colon change, and a message moves from new/ to cur/: the rest stays.
        self._base = file.name.partition(":")[0]
        unique = self._base.partition(",")[0]
        if UNIQUE_ID.fullmatch(unique) is None:
            unique = hashlib.sha256(unique.encode("utf-8", "surrogateescape")).hexdigest()
        self.uid = unique
        told = VIRTUAL_SIZE.search(self._base)
        self.size = int(told[1]) if told else size_with_crlf(file)

    def open(self) -> IO[bytes]:
        """The file, wherever it is now."""
        try:
            return self._file.open("rb")
        except FileNotFoundError:
            self._file = self._found()
            return self._file.open("rb")

    def remove(self) -> bool:
        """Removes the file; returns whether it is gone."""
        try:
            self._found().unlink()
        except FileNotFoundError:
            pass  # Another program was faster.
        except OSError:
            return False
        return True

    def _found(self) -> Path:
        """Where the file is, which another program may have moved or given flags."""
        if self._file.exists():
            return self._file
        for name in ("cur", "new"):
            for file in (self._maildir / name).iterdir():
                if file.name.partition(":")[0] == self._base:
                    return file
        raise FileNotFoundError(self._file)


def visible(file: Path) -> bool:
    return not file.name.startswith(".") and file.is_file()


def by_time(file: Path) -> tuple[int, int, str]:
    """The time of delivery: seconds, then microseconds where they are told."""
    delivered = DELIVERED.match(file.name)
    if delivered is None:
        return (0, 0, file.name)
    return (int(delivered[1]), int(delivered[2] or 0), file.name)


def size_with_crlf(file: Path) -> int:
    """The length of a message on the wire, where every line ends with CRLF."""
    size, last, ends_line = 0, b"", True
    with file.open("rb") as content:
        while chunk := content.read(1 << 16):
            # A CR at the end of a chunk belongs to the LF that follows.
            size += len(chunk) + chunk.count(b"\n") - (last + chunk).count(b"\r\n")
            last = b"\r" if chunk.endswith(b"\r") else b""
            ends_line = chunk.endswith(b"\n")
    # The server ends the last line where the file does not.
    return size if ends_line else size + 2

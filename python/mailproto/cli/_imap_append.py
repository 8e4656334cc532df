"""`mailproto imap append`: puts messages into a folder."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mailproto import imap
from mailproto._errors import CommandError, MailboxNotFound
from mailproto.cli._connect import Connector
from mailproto.cli._exit import Exit, UsageError, printable
from mailproto.cli._imap import print_json, session_log
from mailproto.cli._progress import Progress, meter

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from mailproto.cli._account import Account
    from mailproto.cli._progress import Meter
    from mailproto.imap import Client

__all__ = ["append"]

READ_OCTETS = 1 << 16
# What is read of stdin into memory before a temporary file takes it.
SPOOL_OCTETS = 1 << 20
SYSTEM_FLAGS = frozenset({"seen", "answered", "flagged", "deleted", "draft"})
BARE_LF = re.compile(rb"(?<!\r)\n")


def append(options: Namespace, who: Account, words: list[str]) -> Exit:
    """Puts each file into the folder."""
    if not words:
        raise UsageError("which files? give their names, or - for stdin")
    folder = options.folder or who.folder or "INBOX"
    with ExitStack() as files, session_log(options.log_protocol) as log:
        letters = [Letter(word, files) for word in words]
        if options.dry_run:
            for letter in letters:
                tell(options, letter, folder, "would-append", None)
            return Exit.OK
        connector: Connector[Client] = Connector(imap.connect, options, who, log)
        return Append(options, letters, folder).run(connector)


class Letter:
    """A message in a file. Lines end in CRLF where it goes (RFC 5322 §2.3), in whatever here."""

    def __init__(self, name: str, files: ExitStack) -> None:
        self.name = name
        self._file = files.enter_context(opened(name))
        self.size = sum(map(len, self))
        if not self.size:
            raise UsageError(f"{name} is empty")

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        return with_crlf(self._file)


def opened(name: str) -> IO[bytes]:
    """The file, which can be read twice."""
    if name != "-":
        return Path(name).open("rb")
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    spool = tempfile.SpooledTemporaryFile(SPOOL_OCTETS)  # noqa: SIM115
    shutil.copyfileobj(sys.stdin.buffer, spool)
    return spool


def with_crlf(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, ended by CRLF."""
    held = b""
    while chunk := file.read(READ_OCTETS):
        octets = held + chunk
        held = b"\r" if octets.endswith(b"\r") else b""
        yield BARE_LF.sub(b"\r\n", octets[: len(octets) - len(held)])
    if held:
        yield held


class Append:
    """One run, over as many connections as it takes."""

    def __init__(self, options: Namespace, letters: list[Letter], folder: str) -> None:
        self._options = options
        self._left = letters
        self._folder = folder
        self._failed = 0
        self._meter: Meter = meter(options)
        self._progress = Progress(len(letters), sum(letter.size for letter in letters))

    def run(self, connector: Connector[Client]) -> Exit:
        """Appends all, each once."""
        try:
            connector.attempt(self._append_all)
        finally:
            self._meter.close()
        return Exit.SOME_FAILED if self._failed else Exit.OK

    def _append_all(self, client: Client) -> None:
        while self._left:
            letter = self._left[0]
            try:
                uid = self._append_one(client, letter)
            except CommandError as error:
                if len(self._left) + self._progress.messages == 1:
                    raise
                self._failed += 1
                print(f"mailproto: {letter.name}: {printable(str(error))}", file=sys.stderr)
            else:
                tell(self._options, letter, self._folder, "appended", uid)
            self._left = self._left[1:]
            self._progress.messages += 1

    def _append_one(self, client: Client, letter: Letter) -> imap.AppendUid | None:
        try:
            return self._send(client, letter)
        except MailboxNotFound:
            if not self._options.create:
                raise
            client.create(self._folder)
            return self._send(client, letter)

    def _send(self, client: Client, letter: Letter) -> imap.AppendUid | None:
        return client.append(
            self._folder,
            self._counted(letter),
            size=letter.size,
            flags=tuple(map(flag, self._options.flag)),
            date=self._options.date,
        )

    def _counted(self, letter: Letter) -> Iterator[bytes]:
        """The octets of a message, for the meter to see."""
        before = self._progress.octets
        sent = 0
        for chunk in letter:
            yield chunk
            sent += len(chunk)
            self._progress.octets = before + sent
            self._meter.update(self._progress)


def flag(word: str) -> str:
    """A flag as IMAP names it (RFC 9051 §2.3.2)."""
    return f"\\{word.capitalize()}" if word.lower() in SYSTEM_FLAGS else word


def tell(
    options: Namespace, letter: Letter, folder: str, event: str, uid: imap.AppendUid | None
) -> None:
    """Says where a message went."""
    if options.json:
        print_json(
            event,
            file=letter.name,
            folder=folder,
            size=letter.size,
            uid=uid and uid.uid,
            uid_validity=uid and uid.uid_validity,
        )
    elif not options.quiet:
        print(uid.uid if uid else "-", printable(letter.name), sep="\t", flush=True)

"""Parsing alone, of what a server said: no socket, no server, no login.

    python parse_only.py imaplib|imapclient|aioimaplib|mailproto|mailproto-lazy RECORDING

RECORDING holds the untagged responses to a UID FETCH, octet for octet, as `clients.py` records them;
the tagged one is added here. It is read 64 KiB at a time, as from a socket. Prints one line of JSON:
processor time and wall time from the first octet to the last object, and how many letters were told.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mail_programs import Task, touch

READ = 1 << 16
GREETING = b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n"


class Recording(io.RawIOBase):
    """Octets that come in reads of 64 KiB, whatever is asked for."""

    def __init__(self, octets: bytes) -> None:
        self._octets = memoryview(octets)
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._octets[self._at : self._at + min(len(buffer), READ)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def imaplib_over(octets: bytes) -> Any:
    """An IMAP4 that reads a recording, whose next command will be answered by it."""
    import imaplib

    class Replay(imaplib.IMAP4):
        def open(self, *_: object) -> None:
            self.file = io.BufferedReader(Recording(GREETING), READ)

        def send(self, _: object) -> None:
            """Nobody listens."""

        def _get_capabilities(self) -> None:
            self.capabilities = ("IMAP4REV1",)

        def shutdown(self) -> None:
            """Nothing is open."""

    imap = Replay()
    imap.state = "SELECTED"
    tagged = b"%b%d OK done\r\n" % (imap.tagpre, imap.tagnum)
    imap.file = io.BufferedReader(Recording(octets + tagged), READ)
    return imap


def with_imaplib(task: Task, octets: bytes) -> None:
    """Its reader: nothing is parsed."""
    imap = imaplib_over(octets)
    with task:
        _, told = imap.uid("FETCH", "1:*", "(FLAGS)")
        task.count = sum(not isinstance(element, tuple) for element in told)


def with_imapclient(task: Task, octets: bytes) -> None:
    """Its parser, upon imaplib's reader as always."""
    from imapclient import IMAPClient

    class Client(IMAPClient):
        def _create_IMAP4(self) -> Any:
            return imaplib_over(octets)

        def _set_read_timeout(self) -> None:
            """No socket."""

    client = Client("localhost", ssl=False)
    everyone = range(1, octets.count(b" FETCH (UID ") + 1)
    with task:
        task.count = len(client.fetch(everyone, ["FLAGS"]))


def with_aioimaplib(task: Task, octets: bytes) -> None:
    """Its reader: nothing is parsed."""
    import asyncio

    from aioimaplib import aioimaplib

    async def run() -> None:
        protocol = aioimaplib.IMAP4ClientProtocol(asyncio.get_running_loop())
        command = aioimaplib.FetchCommand("recorded", "1:*", "(FLAGS)")
        protocol.pending_sync_command = command
        protocol.state = aioimaplib.SELECTED
        said = octets + b"recorded OK done\r\n"
        with task:
            for piece in pieces(said):
                protocol.data_received(piece)
            task.count = sum(b" FETCH (" in line for line in command.response.lines)

    asyncio.run(run())


def with_mailproto(task: Task, octets: bytes) -> None:
    """Typed events, and every field of each is looked at."""
    replay(task, octets, touch)


def with_mailproto_lazily(task: Task, octets: bytes) -> None:
    """Typed events whose fields nobody asks for."""
    replay(task, octets, lambda _: None)


def replay(task: Task, octets: bytes, look: Callable[[Any], None]) -> None:
    from mailproto.sansio import imap

    client = selected()
    tag = client.fetch("1:*", ["FLAGS"])
    client.data_to_send()
    fetched, said = imap.Fetch, octets + f"{tag} OK done\r\n".encode()
    with task:
        for piece in pieces(said):
            client.receive_data(piece)
            for event in client.events():
                if type(event) is fetched:
                    look(event)
                    task.count += 1


def selected() -> Any:
    """A client of ours that has logged in and selected INBOX."""
    from mailproto.sansio import imap

    client = imap.Client(security="danger-cleartext")
    client.receive_data(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
    list(client.events())
    for give in (lambda: client.login("me", "secret"), lambda: client.select("INBOX")):
        tag = give()
        client.data_to_send()
        client.receive_data(f"* 10000 EXISTS\r\n{tag} OK done\r\n".encode())
        list(client.events())
    return client


def pieces(octets: bytes) -> Iterator[bytes]:
    return (octets[at : at + READ] for at in range(0, len(octets), READ))


CONTESTANTS = {
    "imaplib": with_imaplib,
    "imapclient": with_imapclient,
    "aioimaplib": with_aioimaplib,
    "mailproto": with_mailproto,
    "mailproto-lazy": with_mailproto_lazily,
}


def main() -> None:
    contestant, recording = sys.argv[1:]
    CONTESTANTS[contestant](Task(), Path(recording).read_bytes())


if __name__ == "__main__":
    main()

"""What each library is asked to do, as its users would write it: one program a run.

    python mail_programs.py LIBRARY TASK PORT USER [DIRECTORY]

Tasks: `flags` (UID, FLAGS and size of all), `structure` (ENVELOPE and BODYSTRUCTURE of all), `bodies`
(all letters, each a file of a Maildir), `one` (the first letter, written to a file), `pop3` (all
letters by POP3, each a file of a Maildir). The password is in MAILPROTO_PASSWORD. What is printed is
one line of JSON: processor time and wall time of the task itself, after login and SELECT, and what was
seen. Imports stand in the functions, so that a process pays for what it uses.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

HOST = "127.0.0.1"
FLAGS = "FLAGS RFC822.SIZE"
STRUCTURE = "ENVELOPE BODYSTRUCTURE"
# Letters to hold in memory at once, for libraries that return a list.
CHUNK = 500


class Task:
    """Measures what happens within it, and counts."""

    def __init__(self) -> None:
        self.count = self.octets = 0

    def __enter__(self) -> Self:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        if failure is None:
            told = {"cpu": cpu, "wall": wall, "count": self.count, "octets": self.octets}
            print(json.dumps(told))


class Maildir:
    """A Maildir as the peers' users write one: tmp/ then new/, no fsync."""

    def __init__(self, directory: Path) -> None:
        self._tmp, self._new = str(directory / "maildir/tmp/"), str(directory / "maildir/new/")
        for name in (self._tmp, self._new, str(directory / "maildir/cur")):
            os.makedirs(name, exist_ok=True)
        self._numbers = itertools.count(1)

    def deliver(self, letter: bytes) -> None:
        name = f"/{int(time.time())}.P{os.getpid()}Q{next(self._numbers)}.localhost"
        with open(self._tmp + name, "wb", buffering=0) as file:
            file.write(letter)
        os.rename(self._tmp + name, self._new + name)


# The least that Python can do: what sending, waiting and receiving cost by themselves.


class Bare:
    def __init__(self, port: int, user: str) -> None:
        import socket

        self._socket = socket.create_connection((HOST, port))
        self._socket.recv(1 << 16)
        for command in (f"a LOGIN {user} {password()}", "a EXAMINE INBOX"):
            self._socket.sendall(command.encode() + b"\r\n")
            self._until_tagged(Task())

    def flags(self, task: Task) -> None:
        self._ask(task, f"UID FETCH 1:* ({FLAGS})")

    def structure(self, task: Task) -> None:
        self._ask(task, f"UID FETCH 1:* ({STRUCTURE})")

    def one(self, task: Task, _: Path) -> None:
        self._ask(task, "UID FETCH 1 (BODY.PEEK[])")

    def _ask(self, task: Task, command: str) -> None:
        self._socket.sendall(b"a " + command.encode() + b"\r\n")
        self._until_tagged(task)

    def _until_tagged(self, task: Task) -> None:
        tail = b""
        while b"\r\na OK " not in b"\r\n" + tail:
            received = self._socket.recv(1 << 16)
            task.octets += len(received)
            tail = (tail + received)[-500:]


# Python's own.


class Imaplib:
    """Nothing is parsed: a list of what stood in the responses."""

    def __init__(self, port: int, user: str) -> None:
        import imaplib

        self._imap = imaplib.IMAP4(HOST, port)
        self._imap.login(user, password())
        self._imap.select("INBOX", readonly=True)

    def flags(self, task: Task) -> None:
        task.count = len(self._fetch("1:*", FLAGS))

    def structure(self, task: Task) -> None:
        # A response with literals is several elements, the last of them not a tuple.
        told = self._fetch("1:*", STRUCTURE)
        task.count = sum(not isinstance(element, tuple) for element in told)

    def bodies(self, task: Task, directory: Path) -> None:
        maildir = Maildir(directory)
        for uids in chunks(int(self._imap.untagged_responses["EXISTS"][-1])):
            for element in self._fetch(uids, "BODY.PEEK[]"):
                if isinstance(element, tuple):
                    maildir.deliver(element[1])
                    task.count += 1

    def one(self, task: Task, directory: Path) -> None:
        octets = self._fetch("1", "BODY.PEEK[]")[0][1]
        write(task, directory, octets)

    def _fetch(self, uids: str, items: str) -> list[Any]:
        status, told = self._imap.uid("FETCH", uids, f"({items})")
        if status != "OK":
            raise SystemExit(f"{status} {told}")
        return told


class Poplib:
    def __init__(self, port: int, user: str) -> None:
        import poplib

        self._box = poplib.POP3(HOST, port)
        self._box.user(user)
        self._box.pass_(password())

    def pop3(self, task: Task, directory: Path) -> None:
        maildir = Maildir(directory)
        task.count = self._box.stat()[0]
        for number in range(1, task.count + 1):
            maildir.deliver(b"\n".join(self._box.retr(number)[1]) + b"\n")


# From PyPI.


class ImapClient:
    """Envelopes and body structures are parsed, into tuples of bytes; names are not decoded."""

    def __init__(self, port: int, user: str) -> None:
        from imapclient import IMAPClient

        self._client = IMAPClient(HOST, port, ssl=False)
        self._client.login(user, password())
        exists = self._client.select_folder("INBOX", readonly=True)[b"EXISTS"]
        # It takes lists only. UIDs begin with 1 here.
        self._all = range(1, exists + 1)

    def flags(self, task: Task) -> None:
        task.count = len(self._client.fetch(self._all, FLAGS.split()))

    def structure(self, task: Task) -> None:
        task.count = len(self._client.fetch(self._all, STRUCTURE.split()))

    def bodies(self, task: Task, directory: Path) -> None:
        maildir = Maildir(directory)
        for at in range(0, len(self._all), CHUNK):
            uids = self._all[at : at + CHUNK]
            for told in self._client.fetch(uids, ["BODY.PEEK[]"]).values():
                maildir.deliver(told[b"BODY[]"])
                task.count += 1

    def one(self, task: Task, directory: Path) -> None:
        write(task, directory, self._client.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"])


class ImapTools:
    """Has neither FLAGS alone nor ENVELOPE: it always asks for the header at least, and parses that."""

    def __init__(self, port: int, user: str) -> None:
        from imap_tools import MailBoxUnencrypted

        self._box = MailBoxUnencrypted(HOST, port)
        self._box.login(user, password(), initial_folder=None)
        self._box.folder.set("INBOX", readonly=True)

    def flags(self, task: Task) -> None:
        for message in self._messages(headers_only=True):
            _ = (message.uid, message.flags, message.size_rfc822)
            task.count += 1

    def structure(self, task: Task) -> None:
        for message in self._messages(headers_only=True):
            _ = (message.uid, message.subject, message.date, message.from_values)
            _ = (message.to_values, message.cc_values, message.reply_to_values)
            task.count += 1

    def bodies(self, task: Task, directory: Path) -> None:
        maildir = Maildir(directory)
        for message in self._messages():
            # What it received is kept nowhere: its message is written anew.
            maildir.deliver(message.obj.as_bytes())
            task.count += 1

    def one(self, task: Task, directory: Path) -> None:
        for message in self._box.fetch("UID 1", mark_seen=False, bulk=True):
            write(task, directory, message.obj.as_bytes())

    def _messages(self, *, headers_only: bool = False) -> Iterator[Any]:
        return self._box.fetch(mark_seen=False, bulk=CHUNK, headers_only=headers_only)


class Aioimaplib:
    """Nothing is parsed: a list of lines and literals. It recurses for each line of a read, and
    hangs when that is too deep, so it is asked for some letters at a time whatever the task."""

    def __init__(self, port: int, user: str) -> None:
        import asyncio

        from aioimaplib import aioimaplib

        self._loop = asyncio.new_event_loop()
        self._client = None

        async def log_in() -> None:
            self._client = aioimaplib.IMAP4(HOST, port, timeout=120)
            await self._client.wait_hello_from_server()
            await self._client.login(user, password())
            selected = await self._client.select("INBOX")
            exists = (line for line in selected.lines if line.endswith(b" EXISTS"))
            self._exists = int(next(exists).split()[0])

        self._loop.run_until_complete(log_in())

    def flags(self, task: Task) -> None:
        self._count(task, FLAGS)

    def structure(self, task: Task) -> None:
        self._count(task, STRUCTURE)

    def bodies(self, task: Task, directory: Path) -> None:
        maildir = Maildir(directory)
        for uids in chunks(self._exists):
            for line in self._fetch(uids, "BODY.PEEK[]"):
                if isinstance(line, bytearray):
                    maildir.deliver(line)
                    task.count += 1

    def one(self, task: Task, directory: Path) -> None:
        for line in self._fetch("1", "BODY.PEEK[]"):
            if isinstance(line, bytearray):
                write(task, directory, line)

    def _count(self, task: Task, items: str) -> None:
        for uids in chunks(self._exists):
            task.count += sum(b" FETCH (" in line for line in self._fetch(uids, items))

    def _fetch(self, uids: str, items: str) -> list[Any]:
        response = self._loop.run_until_complete(self._client.uid("fetch", uids, f"({items})"))
        if response.result != "OK":
            raise SystemExit(str(response.result))
        return response.lines


# Ours.


class Mailproto:
    """The high level. Everything is typed, and every field looked at."""

    def __init__(self, port: int, user: str) -> None:
        from mailproto import imap

        self._client = imap.connect(HOST, user, password(), port=port, tls="insecure")
        self._folder = self._client.select("INBOX", readonly=True)

    def flags(self, task: Task) -> None:
        for message in self._folder.fetch(size=True):
            _ = (message.uid, message.flags, message.size)
            task.count += 1

    def structure(self, task: Task) -> None:
        for message in self._folder.fetch(flags=False, envelope=True, body_structure=True):
            touch_envelope(message.envelope)
            for part in message.body_structure.walk():
                touch_part(part)
            task.count += 1

    def bodies(self, task: Task, directory: Path) -> None:
        from mailproto.stores import MaildirSink

        sink = MaildirSink(directory / "maildir")
        messages = self._folder.fetch(flags=False, body=True)
        task.count = len(sink.deliver_many((message.body,) for message in messages))

    def one(self, task: Task, directory: Path) -> None:
        message = self._folder.message(1)
        with (directory / "letter").open("wb") as file:
            task.octets += message.save(file)
        task.count += 1


class Sansio:
    """The layer below, and a socket: what whoever has I/O of his own pays."""

    def __init__(self, port: int, user: str) -> None:
        import socket

        from mailproto.sansio import imap

        self._fetched = imap.Fetch
        self._completed = imap.Completed
        self._socket = socket.create_connection((HOST, port))
        self._client = imap.Client(security="danger-cleartext")
        self._until(imap.Greeting)
        self._client.login(user, password())
        self._until(imap.Completed)
        self._client.select("INBOX", readonly=True)
        self._until(imap.Completed)

    def flags(self, task: Task) -> None:
        self._client.fetch("1:*", FLAGS.split())
        for fetch in self._fetches():
            _ = (fetch.uid, fetch.flags, fetch.size)
            task.count += 1

    def structure(self, task: Task) -> None:
        self._client.fetch("1:*", STRUCTURE.split())
        for fetch in self._fetches():
            touch_envelope(fetch.envelope)
            for part in fetch.body_structure.walk():
                touch_part(part)
            task.count += 1

    def _fetches(self) -> Iterator[Any]:
        client, connection, fetched = self._client, self._socket, self._fetched
        connection.sendall(client.data_to_send())
        while True:
            client.receive_data(connection.recv(1 << 18))
            for event in client.events():
                if type(event) is fetched:
                    yield event
                elif type(event) is self._completed:
                    return

    def _until(self, kind: type) -> None:
        self._socket.sendall(self._client.data_to_send())
        while True:
            self._client.receive_data(self._socket.recv(1 << 16))
            for event in self._client.events():
                if type(event) is kind:
                    return


# Looking at a field is what it costs to have it in a variable, and no more.


def touch(fetch: Any) -> None:
    """Looks at every field of what was told of a letter."""
    _ = fetch.number
    _ = fetch.uid
    _ = fetch.flags
    _ = fetch.size
    _ = fetch.bodies
    envelope, structure = fetch.envelope, fetch.body_structure
    if envelope is not None:
        touch_envelope(envelope)
    if structure is not None:
        for part in structure.walk():
            touch_part(part)


def touch_envelope(envelope: Any) -> None:
    _ = envelope.date
    _ = envelope.subject
    _ = envelope.in_reply_to
    _ = envelope.message_id
    touch_addresses(envelope.from_)
    touch_addresses(envelope.sender)
    touch_addresses(envelope.reply_to)
    touch_addresses(envelope.to)
    touch_addresses(envelope.cc)
    touch_addresses(envelope.bcc)


def touch_addresses(addresses: Any) -> None:
    for address in addresses:
        _ = address.name
        _ = address.route
        _ = address.mailbox
        _ = address.host
        _ = address.group


def touch_part(part: Any) -> None:
    _ = part.section
    _ = part.media_type
    _ = part.parameters
    _ = part.content_id
    _ = part.description
    _ = part.encoding
    _ = part.size
    _ = part.lines
    _ = part.md5
    _ = part.disposition
    _ = part.disposition_parameters
    _ = part.languages
    _ = part.location
    _ = part.parts
    if part.envelope is not None:
        touch_envelope(part.envelope)


# Helpers.


def chunks(exists: int) -> Iterable[str]:
    """UIDs 1 to `exists`, some at a time: whoever returns lists would hold all letters at once."""
    return (f"{n}:{min(n + CHUNK - 1, exists)}" for n in range(1, exists + 1, CHUNK))


def write(task: Task, directory: Path, octets: bytes) -> None:
    (directory / "letter").write_bytes(octets)
    task.count += 1
    task.octets += len(octets)


def password() -> str:
    return os.environ["MAILPROTO_PASSWORD"]


LIBRARIES = {
    "bare": Bare,
    "imaplib": Imaplib,
    "poplib": Poplib,
    "imapclient": ImapClient,
    "imap-tools": ImapTools,
    "aioimaplib": Aioimaplib,
    "mailproto": Mailproto,
    "sansio": Sansio,
}


def main() -> None:
    library, name, port, user, *directory = sys.argv[1:]
    client = LIBRARIES[library](int(port), user)
    with Task() as task:
        getattr(client, name)(task, *map(Path, directory))


if __name__ == "__main__":
    main()

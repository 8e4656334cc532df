"""A small POP3 server, independent of the engine, that can be told to misbehave.

It offers what Dovecot and Cyrus do not, UTF8 and LANG (RFC 6856), and at message `at` does what
its `fault` says. It keeps what it was told: `commands` of the last session, `deleted` by sessions
that ended with QUIT (RFC 1939 §6).
"""

from __future__ import annotations

import enum
import re
import socket
import struct
import threading
from collections.abc import Sequence
from typing import Self

from servers import HOST

SECONDS = 30


class Fault(enum.Enum):
    """What goes wrong while a message is sent."""

    NONE = "none"
    CLOSES = "closes"  # the connection ends in order, in mid-message
    RESETS = "resets"  # the connection is reset, in mid-message
    STALLS = "stalls"  # nothing more comes, in mid-message
    GARBAGE = "garbage"  # octets that are no reply come where one is due, then the end
    WAITS = "waits"  # half a message, and no more until the client is gone


GARBAGE = bytes(range(256)) * 8 + b"\r\n" + b"\xff" * 70_000 + b"\r\n"


class SmallServer:
    """`with SmallServer(messages) as server:`; set `server.fault` and run a client."""

    def __init__(self, messages: Sequence[bytes], at: int = 2, pipelining: bool = True) -> None:
        self.messages = list(messages)
        self.at = at
        self.pipelining = pipelining
        self.fault = Fault.NONE
        self.commands: list[str] = []
        self.deleted: set[int] = set()
        self.most_waiting = 0
        self.halfway = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes the thread, which may be in accept().
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.settimeout(SECONDS)
            with connection:
                try:
                    self._session(connection)
                except OSError:
                    pass  # the client has gone, as it may

    def _session(self, connection: socket.socket) -> None:
        self.commands = []
        self.halfway.clear()
        self._marked: set[int] = set()
        connection.sendall(b"+OK ready\r\n")
        for line in self._lines(connection):
            self.commands.append(line)
            verb, *arguments = line.split(" ")
            if verb == "RETR" and int(arguments[0]) in self._left():
                if not self._retrieve(connection, int(arguments[0])):
                    return
                continue
            if verb == "QUIT":
                # Before the answer: who has it may look.
                self.deleted |= self._marked
            connection.sendall(self._answer(verb, arguments))
            if verb == "QUIT":
                return

    def _lines(self, connection: socket.socket):
        """The client's lines; notes how many came before the first of them was answered."""
        unread = b""
        while octets := connection.recv(65_536):
            unread += octets
            *lines, unread = unread.split(b"\r\n")
            self.most_waiting = max(self.most_waiting, len(lines))
            for line in lines:
                yield line.decode("latin-1")

    def _left(self) -> dict[int, bytes]:
        """The messages that are not deleted, by number."""
        gone = self.deleted | self._marked
        return {
            number: message
            for number, message in enumerate(self.messages, start=1)
            if number not in gone
        }

    def _answer(self, verb: str, arguments: list[str]) -> bytes:
        left = self._left()
        number = int(arguments[0]) if verb in NUMBERED and arguments else None
        if number is not None and number not in left:
            return b"-ERR no such message\r\n"
        match verb:
            case "CAPA":
                return block(CAPABILITIES + ([b"PIPELINING"] if self.pipelining else []))
            case "PASS" if arguments == ["wrong"]:
                return b"-ERR [AUTH] wrong password\r\n"
            case "STAT":
                return b"+OK %d %d\r\n" % (len(left), sum(map(len, left.values())))
            case "LIST":
                return listing({n: b"%d" % len(message) for n, message in left.items()}, number)
            case "UIDL":
                return listing({n: b"uid-%d" % n for n in left}, number)
            case "TOP" if number is not None:
                return block(top(left[number], int(arguments[1])))
            case "DELE" if number is not None:
                self._marked.add(number)
            case "RSET":
                self._marked.clear()
            case "LANG" if not arguments:
                return block([b"en English", b"es Espa\xc3\xb1ol"])
            case "LANG":
                return b"+OK en Language changed\r\n"
            case "USER" | "PASS" | "NOOP" | "QUIT" | "UTF8":
                pass
            case _:
                return b"-ERR unknown\r\n"
        return b"+OK\r\n"

    def _retrieve(self, connection: socket.socket, number: int) -> bool:
        """Sends a message, or does what the fault says; whether the session goes on."""
        stuffed = re.sub(rb"(?m)^\.", b"..", self.messages[number - 1])
        if number != self.at or self.fault is Fault.NONE:
            connection.sendall(b"+OK\r\n" + stuffed + b".\r\n")
            return True
        if self.fault is Fault.GARBAGE:
            connection.sendall(GARBAGE)
            return False
        connection.sendall(b"+OK\r\n" + stuffed[: len(stuffed) // 2])
        self.halfway.set()
        if self.fault is Fault.RESETS:
            # Closing with unsent linger makes the kernel send a reset.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        if self.fault in (Fault.STALLS, Fault.WAITS):
            while connection.recv(65_536):
                pass
        return False


NUMBERED = ("LIST", "UIDL", "RETR", "TOP", "DELE")
CAPABILITIES = [b"USER", b"UIDL", b"TOP", b"RESP-CODES", b"AUTH-RESP-CODE", b"UTF8 USER", b"LANG"]


def block(lines: list[bytes]) -> bytes:
    """A reply of several lines."""
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"".join(line + b"\r\n" for line in [b"+OK", *stuffed, b"."])


def listing(values: dict[int, bytes], number: int | None) -> bytes:
    """The reply to LIST or UIDL, for one message or for all."""
    if number is not None:
        return b"+OK %d %b\r\n" % (number, values[number])
    return block([b"%d %b" % pair for pair in values.items()])


def top(message: bytes, lines: int) -> list[bytes]:
    """The lines of the header, the empty one, and so many of the body (RFC 1939 §7)."""
    header, _, body = message.partition(b"\r\n\r\n")
    return [*header.split(b"\r\n"), b"", *body.split(b"\r\n")[:-1][:lines]]

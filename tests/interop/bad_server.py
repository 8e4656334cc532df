"""A small POP3 server that misbehaves on purpose, independent of the engine.

It serves its messages once a connection, and at message `at` does what its `fault` says. It
keeps what it was told: `commands` of the last session, `deleted` by sessions that ended with
QUIT (RFC 1939 §6).
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


class BadServer:
    """`with BadServer(messages) as server:`; set `server.fault` and run a client."""

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
        marked: set[int] = set()
        connection.sendall(b"+OK ready\r\n")
        for line in self._lines(connection):
            self.commands.append(line)
            verb, _, argument = line.partition(" ")
            if verb == "RETR":
                if not self._retrieve(connection, int(argument)):
                    return
            elif verb == "DELE":
                marked.add(int(argument))
                connection.sendall(b"+OK\r\n")
            elif verb == "QUIT":
                self.deleted |= marked
                connection.sendall(b"+OK\r\n")
                return
            else:
                connection.sendall(self._answer(verb, argument))

    def _lines(self, connection: socket.socket):
        """The client's lines; notes how many came before the first of them was answered."""
        unread = b""
        while octets := connection.recv(65_536):
            unread += octets
            *lines, unread = unread.split(b"\r\n")
            self.most_waiting = max(self.most_waiting, len(lines))
            for line in lines:
                yield line.decode("latin-1")

    def _answer(self, verb: str, argument: str) -> bytes:
        sizes = dict(enumerate(map(len, self.messages), start=1))
        left = {number: size for number, size in sizes.items() if number not in self.deleted}
        if verb == "CAPA":
            offered = [b"USER", b"UIDL", b"TOP", *([b"PIPELINING"] if self.pipelining else [])]
            return b"+OK\r\n" + b"".join(name + b"\r\n" for name in offered) + b".\r\n"
        if verb in ("USER", "PASS", "NOOP", "RSET"):
            return b"+OK\r\n"
        if verb == "STAT":
            return b"+OK %d %d\r\n" % (len(left), sum(left.values()))
        if verb == "LIST":
            return b"+OK\r\n" + b"".join(b"%d %d\r\n" % pair for pair in left.items()) + b".\r\n"
        if verb == "UIDL":
            return b"+OK\r\n" + b"".join(b"%d uid-%d\r\n" % (n, n) for n in left) + b".\r\n"
        return b"-ERR unknown\r\n"

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

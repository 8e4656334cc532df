"""Recorded sessions: lines of a server (`S: `) and of a client (`C: `), each without its CRLF.

`Replay` is a server that knows one of them by heart, `Relay` leads to a real one, and `Recorder` writes
down what passes.
"""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path
from typing import Self

RECORDED = Path(__file__).parent / "recorded"
# Under load a large mail takes minutes, during which the image says nothing.
SECONDS = 600.0


class OneConnection:
    """A listener on a free port of the loopback that serves one connection, in a thread."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SECONDS)
        self.port = self._listener.getsockname()[1]
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._listener.close()
        # Where the test has failed already, nobody may have called.
        self._thread.join(SECONDS if kind is None else 1)
        if self._failure is not None and kind is None:
            raise self._failure

    def _run(self) -> None:
        try:
            connection, _ = self._listener.accept()
            connection.settimeout(SECONDS)
            with connection:
                self.serve(connection)
        except (OSError, AssertionError) as failure:
            self._failure = failure

    def serve(self, connection: socket.socket) -> None:
        """Holds the session."""
        raise NotImplementedError


class Replay(OneConnection):
    """Says what the server said, and hears what the client said to the octet."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lines = (RECORDED / f"{name}.session").read_bytes().split(b"\n")

    def serve(self, connection: socket.socket) -> None:
        heard = connection.makefile("rb")
        for line in filter(None, self._lines):
            side, text = line[:3], line[3:] + b"\r\n"
            if side == b"S: ":
                connection.sendall(text)
            else:
                assert heard.readline() == text
        # The image is given time to leave first.
        assert heard.read() == b""


class Relay(OneConnection):
    """Leads to another port, and keeps the lines of the session.

    A server that closes behind its last line takes from the emulator what the image has not read yet;
    here the line stays open until the image is done.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self._to = port
        self.lines: list[bytes] = []

    def serve(self, connection: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._to), SECONDS) as server:
            back = threading.Thread(target=self._pass, args=(server, connection, b"S: "))
            back.start()
            self._pass(connection, server, b"C: ")
            server.shutdown(socket.SHUT_WR)
            back.join(SECONDS)

    def _pass(self, source: socket.socket, to: socket.socket, side: bytes) -> None:
        for line in source.makefile("rb"):
            self.lines.append(side + line.removesuffix(b"\r\n") + b"\n")
            try:
                to.sendall(line)
            except OSError:
                return


class Recorder(Relay):
    """Writes the session down, too."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(port)
        self._path = RECORDED / f"{name}.session"

    def serve(self, connection: socket.socket) -> None:
        super().serve(connection)
        self._path.write_bytes(b"".join(map(sanitised, self.lines)))


def sanitised(line: bytes) -> bytes:
    """Without the name of this machine: it is in the timestamp of a greeting (RFC 1939 §7)."""
    return re.sub(rb"^(S: \+OK .*<[^@>]*@)[^>]*>", rb"\1mail.example.com>", line)

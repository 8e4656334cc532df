"""An IMAP server that says what a test wrote for it: for what no honest server does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Self

from servers import HOST

SECONDS = 20.0

Answer = Callable[[bytes, list[str]], bytes]


class Hang(Exception):
    """What follows is never said; the connection stays open until the client has gone."""


class Close(Exception):
    """The connection is closed here."""


class ScriptedImap:
    """Takes one connection after the other. `answers[command]` makes of a tag and the words behind the
    command what is said, or raises `Close` or `Hang`, with octets to be said before."""

    def __init__(
        self,
        answers: dict[str, Answer],
        greeting: bytes = b"* OK [CAPABILITY IMAP4rev1 IDLE] hi\r\n",
    ) -> None:
        self.answers = answers
        self.greeting = greeting
        self.heard: list[str] = []
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
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
        connection.sendall(self.greeting)
        for line in connection.makefile("rb"):
            text = line.decode("latin-1").rstrip("\r\n")
            self.heard.append(text)
            tag, _, rest = text.partition(" ")
            command, *words = rest.split(" ") if rest else [tag]
            try:
                connection.sendall(self._answer(tag.encode(), command.upper(), words))
            except (Close, Hang) as end:
                connection.sendall(b"".join(end.args))
                if isinstance(end, Hang):
                    wait_until_gone(connection)
                return

    def _answer(self, tag: bytes, command: str, words: list[str]) -> bytes:
        if command in self.answers:
            return self.answers[command](tag, words)
        if command == "UID":
            return self._answer(tag, " ".join(["UID", *words[:1]]), words[1:])
        if command == "LOGOUT":
            return b"* BYE\r\n" + tag + b" OK bye\r\n"
        return tag + b" OK done\r\n"


def wait_until_gone(connection: socket.socket) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and connection.recv(4096):
        pass

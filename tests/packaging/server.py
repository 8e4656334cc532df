"""Servers of one message and one session, with the manners of real ones: they answer in pieces."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

MESSAGE = b"From: Bob\r\nSubject: Hello, board\r\n\r\nIt works.\r\n"
HEADER = b"From: Bob\r\nSubject: Hello, board\r\n\r\n"

POP3 = {
    b"STAT": b"+OK 1 %d\r\n" % len(MESSAGE),
    b"RETR": b"+OK\r\n" + MESSAGE + b".\r\n",
}
IMAP = {
    b"EXAMINE": b"* 3 EXISTS\r\n",
    b"SEARCH": b"* SEARCH 5 17\r\n",
    b"FETCH": b"* 3 FETCH (UID 17 BODY[HEADER.FIELDS (FROM SUBJECT)] {%d}\r\n%b)\r\n"
    % (len(HEADER), HEADER),
    b"LOGOUT": b"* BYE\r\n",
}


def answer_pop3(line: bytes) -> tuple[bytes, bool]:
    verb = line.split()[0].upper()
    return POP3.get(verb, b"+OK\r\n"), verb == b"QUIT"


def answer_imap(line: bytes) -> tuple[bytes, bool]:
    tag, *words = line.upper().split()
    verb = words[1] if words[0] == b"UID" else words[0]
    return IMAP.get(verb, b"") + tag + b" OK done\r\n", verb == b"LOGOUT"


class Server(threading.Thread):
    """Listens on a free port of this host, until it was asked for one session."""

    def __init__(self, protocol: str) -> None:
        super().__init__(daemon=True)
        self.answer = answer_pop3 if protocol == "pop3" else answer_imap
        self.greeting = b"+OK ready\r\n" if protocol == "pop3" else b"* OK ready\r\n"
        self.heard: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(20)

    @property
    def port(self) -> int:
        return self.listener.getsockname()[1]

    def run(self) -> None:
        connection, _ = self.listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = connection.makefile("rb")
        answer, ended = self.greeting, False
        while True:
            for start in range(0, len(answer), 7):
                connection.sendall(answer[start : start + 7])
            if ended or not (line := lines.readline()):
                break
            self.heard.append(line.decode().strip())
            answer, ended = self.answer(line)
        connection.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.listener.close()
        self.join(20)

"""A small POP3 server for tests, written apart from the engine, that can be told to misbehave."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Sequence

CAPABILITIES = ("TOP", "UIDL", "USER", "PIPELINING", "RESP-CODES")


class Hangup(Exception):
    """Ends a connection as a crashing server would."""


class Pop3Server:
    """Serves `messages` to user "mrose", password "secret", in a thread.

    `replies` maps a command line, or its first word, to what is answered instead: octets, or a
    function of the connection. `commands` is what all clients said.
    Without a greeting it hangs up at once.
    """

    def __init__(
        self,
        messages: Sequence[bytes] = (),
        *,
        capabilities: Sequence[str] | None = CAPABILITIES,
        uids: Sequence[str] | None = None,
        greeting: bytes = b"+OK ready <1896.697170952@dbc.mtview.ca.us>\r\n",
        replies: dict[str, bytes | Callable[[Connection], None]] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
    ) -> None:
        self.messages = list(messages)
        self.uids = list(uids or [f"uid-{n}" for n in range(1, len(messages) + 1)])
        self.capabilities = capabilities
        self.greeting = greeting
        self.replies = replies or {}
        self.tls = tls
        self.implicit = implicit
        self.commands: list[str] = []
        self.sessions = 0
        self.removed: list[str] = []
        self.errors: list[BaseException] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            Connection(self, peer).run()
        except (Hangup, OSError):
            pass
        finally:
            peer.close()


class Connection:
    """One client."""

    def __init__(self, server: Pop3Server, peer: socket.socket) -> None:
        self.server = server
        self.peer = peer
        self.deleted: set[int] = set()
        self.line = ""
        self.lines = b""

    def run(self) -> None:
        if self.server.implicit:
            self.start_tls()
        if not self.server.greeting:
            self.hang_up()
        self.send(self.server.greeting)
        while (line := self.read_line()) is not None:
            self.line = line
            self.server.commands.append(line)
            word = line.split(" ")[0]
            reply = self.server.replies.get(line, self.server.replies.get(word))
            if callable(reply):
                reply(self)
            elif reply is not None:
                self.send(reply)
            else:
                self.answer(*line.split(" "))
            if word == "QUIT":
                return

    def start_tls(self) -> None:
        assert self.server.tls is not None
        self.peer = self.server.tls.wrap_socket(self.peer, server_side=True)

    def read_line(self) -> str | None:
        while b"\r\n" not in self.lines:
            octets = self.peer.recv(65536)
            if not octets:
                return None
            self.lines += octets
        line, self.lines = self.lines.split(b"\r\n", 1)
        return line.decode()

    def send(self, octets: bytes) -> None:
        self.peer.sendall(octets)

    def hang_up(self) -> None:
        raise Hangup

    def stall(self) -> None:
        time.sleep(30)

    def live(self) -> list[int]:
        numbers = range(1, len(self.server.messages) + 1)
        return [number for number in numbers if number not in self.deleted]

    def answer(self, word: str, *arguments: str) -> None:
        numbers = self.live()
        named = int(arguments[0]) if arguments and arguments[0].isdigit() else 0
        if named and named not in numbers:
            self.send(b"-ERR no such message\r\n")
            return
        getattr(self, f"do_{word.lower()}", self.unknown)(named, *arguments)

    def unknown(self, *_: object) -> None:
        self.send(b"-ERR what?\r\n")

    def do_capa(self, *_: object) -> None:
        if self.server.capabilities is None:
            self.send(b"-ERR what?\r\n")
        else:
            self.multiline("capabilities", self.server.capabilities)

    def do_stls(self, *_: object) -> None:
        self.send(b"+OK begin\r\n")
        self.start_tls()

    def do_user(self, *_: object) -> None:
        self.send(b"+OK\r\n")

    def do_pass(self, named: int, *words: str) -> None:
        right = " ".join(words) == "secret"
        self.send(b"+OK\r\n" if right else b"-ERR [AUTH] wrong\r\n")

    def do_stat(self, *_: object) -> None:
        octets = sum(len(self.server.messages[n - 1]) for n in self.live())
        self.send(b"+OK %d %d\r\n" % (len(self.live()), octets))

    def do_list(self, named: int, *_: object) -> None:
        self.listing(named, [str(len(message)) for message in self.server.messages])

    def do_uidl(self, named: int, *_: object) -> None:
        self.listing(named, self.server.uids)

    def do_retr(self, named: int, *_: object) -> None:
        message = self.server.messages[named - 1]
        self.send(b"+OK %d octets\r\n" % len(message) + stuffed(message) + b".\r\n")

    def do_top(self, named: int, number: str, lines: str) -> None:
        header, _, body = self.server.messages[named - 1].partition(b"\r\n\r\n")
        shown = body.splitlines(keepends=True)[: int(lines)]
        self.send(b"+OK\r\n" + stuffed(header + b"\r\n\r\n" + b"".join(shown)) + b".\r\n")

    def do_dele(self, named: int, *_: object) -> None:
        self.deleted.add(named)
        self.send(b"+OK\r\n")

    def do_rset(self, *_: object) -> None:
        self.deleted.clear()
        self.send(b"+OK\r\n")

    def do_noop(self, *_: object) -> None:
        self.send(b"+OK\r\n")

    def do_quit(self, *_: object) -> None:
        self.server.removed += [self.server.uids[n - 1] for n in sorted(self.deleted)]
        self.send(b"+OK\r\n")

    def listing(self, named: int, values: Sequence[str]) -> None:
        if named:
            self.send(f"+OK {named} {values[named - 1]}\r\n".encode())
        else:
            self.multiline("listing", [f"{number} {values[number - 1]}" for number in self.live()])

    def multiline(self, text: str, lines: Sequence[str]) -> None:
        self.send("".join(f"{line}\r\n" for line in [f"+OK {text}", *lines, "."]).encode())


def stuffed(message: bytes) -> bytes:
    lines = message.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


def mail(number: int, size: int = 200) -> bytes:
    """A message of about `size` octets, with dots at line ends and beginnings."""
    body = b".\r\n..dots\r\nFrom here\r\n>From there\r\n" + b"x" * 70 + b"\r\n"
    head = b"Subject: message %d\r\n\r\n" % number
    return head + body * max(1, (size - len(head)) // len(body))

"""The sans-IO server on a socket, used by the standard library's client."""

from __future__ import annotations

import contextlib
import poplib
import queue
import socket
import threading
from typing import TYPE_CHECKING

import pytest

import mailproto
from mailproto.sansio import pop3

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMESTAMP = "<1896.697170952@dbc.mtview.ca.us>"
MAILS = (
    b"Subject: dots\r\n\r\n.\r\n..\r\n.end\r\n",
    b"Subject: long\r\n\r\n" + b"\r\n".join([b"x" * 900] * 300) + b"\r\n",
    b"Subject: 8-bit\r\n\r\ncaf\xc3\xa9\r\n",
)


class Maildrop:
    """Serves one connection, as a program would."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.removed: tuple[int, ...] = ()
        self.server = pop3.Server(security="private", timestamp=TIMESTAMP)

    def run(self) -> None:
        with self.connection:
            self.server.greet("ready")
            while True:
                while requests := self.server.events():
                    for request in requests:
                        self.answer(request)
                self.connection.sendall(self.server.data_to_send())
                if self.server.state == "closed":
                    return
                self.server.receive_data(self.connection.recv(4096))

    def answer(self, request: pop3.Request) -> None:
        server, lengths = self.server, [len(mail) for mail in MAILS]
        match request:
            case pop3.Login("mrose", "tanstaaf"):
                server.accept(len(MAILS))
            case pop3.Login():
                server.reject("wrong password", code="AUTH")
            case pop3.Apop("mrose", digest) if server.apop_matches(digest, "tanstaaf"):
                server.accept(len(MAILS))
            case pop3.Stat():
                server.drop_listing(len(MAILS), sum(lengths))
            case pop3.List(None):
                server.scan_listings(enumerate(lengths, 1))
            case pop3.List(number):
                server.scan_listing(number, lengths[number - 1])
            case pop3.Uidl(None):
                server.unique_ids((number, f"uid{number}") for number, _ in enumerate(MAILS, 1))
            case pop3.Message(number):
                self.send(MAILS[number - 1])
            case pop3.Update(deleted):
                self.removed = deleted
                server.updated(all_removed=True)

    def send(self, mail: bytes) -> None:
        self.server.message(len(mail))
        for start in range(0, len(mail), 1000):
            if self.server.wants_more:
                self.server.message_data(mail[start : start + 1000])
            self.connection.sendall(self.server.data_to_send())
        self.server.end_message()


@pytest.fixture
def session() -> Iterator[tuple[poplib.POP3, Maildrop]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        maildrops: queue.Queue[Maildrop] = queue.Queue()

        def serve() -> None:
            connection, _ = listener.accept()
            connection.settimeout(10)
            maildrop = Maildrop(connection)
            maildrops.put(maildrop)
            with contextlib.suppress(mailproto.ConnectionLost):
                maildrop.run()

        thread = threading.Thread(target=serve)
        thread.start()
        client = poplib.POP3(*listener.getsockname(), timeout=10)
        try:
            yield client, maildrops.get(timeout=10)
        finally:
            client.close()
            thread.join(10)


def test_fetch_keep_and_delete(session: tuple[poplib.POP3, Maildrop]) -> None:
    client, maildrop = session
    assert set(client.capa()) >= {"UIDL", "TOP", "PIPELINING", "USER", "RESP-CODES"}
    client.user("mrose")
    with pytest.raises(poplib.error_proto, match=r"\[AUTH\] wrong password"):
        client.pass_("wrong")
    client.user("mrose")
    client.pass_("tanstaaf")
    assert client.stat() == (3, sum(map(len, MAILS)))
    assert client.list()[1] == [f"{n} {len(m)}".encode() for n, m in enumerate(MAILS, 1)]
    assert client.list(2) == f"+OK 2 {len(MAILS[1])}".encode()
    assert client.uidl()[1] == [b"1 uid1", b"2 uid2", b"3 uid3"]
    for number, mail in enumerate(MAILS, 1):
        _, lines, _ = client.retr(number)
        assert b"".join(line + b"\r\n" for line in lines) == mail
    assert client.top(1, 2)[1] == [b"Subject: dots", b"", b".", b".."]
    client.dele(1)
    client.dele(2)
    with pytest.raises(poplib.error_proto):
        client.retr(2)
    client.rset()
    client.dele(3)
    client.noop()
    assert maildrop.removed == ()
    client.quit()
    assert maildrop.removed == (3,)


def test_apop(session: tuple[poplib.POP3, Maildrop]) -> None:
    client, _ = session
    client.apop("mrose", "tanstaaf")
    assert client.stat()[0] == 3
    client.quit()

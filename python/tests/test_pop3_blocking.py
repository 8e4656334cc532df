"""The blocking client, against a small server that can misbehave."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import pytest
from pop3_server import Connection, Pop3Server, mail

from mailproto import pop3
from mailproto._errors import (
    AuthenticationError,
    ConnectionLost,
    InUse,
    InvalidArgument,
    LocalProtocolError,
    MessageNotFound,
    NotOffered,
    RemoteProtocolError,
    SecurityError,
    ServerUnavailable,
    Throttled,
    Timeout,
)

MAILS = [mail(number, size=100 * number) for number in range(1, 31)]


def connect(server: Pop3Server, **options: Any) -> pop3.Maildrop:
    options = {"tls": "insecure", "timeout": 5.0, **options}
    return pop3.connect(server.host, "mrose", "secret", port=server.port, **options)


def test_looking() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        assert box.stat() == (30, sum(map(len, MAILS)))
        assert box.list() == {n: len(octets) for n, octets in enumerate(MAILS, 1)}
        assert box.list(3) == len(MAILS[2])
        assert box.uidl()[30] == "uid-30"
        assert box.uidl(2) == "uid-2"
        assert "PIPELINING" in box.capabilities
        assert box.top(1, 1) == b"Subject: message 1\r\n\r\n.\r\n"
        box.noop()
    assert server.commands[-1] == "QUIT"


def test_retrieve_into_a_file_as_a_stream_and_whole() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        file = io.BytesIO()
        assert box.retrieve(7, file) == len(MAILS[6])
        assert file.getvalue() == MAILS[6]
        assert b"".join(box.retrieve(8)) == MAILS[7]
        chunks = iter(box.retrieve(8))
        assert b"".join(chunks) == MAILS[7]
        with box.retrieve(9) as body:
            assert body.read() == MAILS[8]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("window", [0, 700, 1 << 20])
def test_every_way_to_get_all_messages(window: int, *, pipelining: bool) -> None:
    with Pop3Server(MAILS) as server, connect(server, window=window, pipelining=pipelining) as box:
        assert [octets for _, octets in box.messages()] == MAILS
        assert [message.read() for message in box] == MAILS
        assert [b"".join(message) for message in box] == MAILS
        files = [io.BytesIO() for _ in MAILS]
        for message, file in zip(box, files, strict=True):
            message.save(file)
        assert [file.getvalue() for file in files] == MAILS


def test_chosen_messages() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        chosen = [(message.number, octets) for message, octets in box.messages([5, 2, 5])]
    assert chosen == [(5, MAILS[4]), (2, MAILS[1]), (5, MAILS[4])]


def test_messages_that_are_not_read_are_not_fetched() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        assert [message.uid for message in box if message.size > 2500] != []
    assert not [command for command in server.commands if command.startswith("RETR")]


def test_reading_some_messages() -> None:
    with Pop3Server(MAILS) as server, connect(server, window=2000) as box:
        read = {message.number: message.read() for message in box if message.number % 3 != 2}
    assert read == {n: octets for n, octets in enumerate(MAILS, 1) if n % 3 != 2}


def test_leaving_loops_early_and_commands_in_between() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        for message in box:
            octets = message.read()
            if message.number == 3:
                box.delete(message.number)
                break
        assert octets == MAILS[2]
        for message, octets in box.messages():
            assert box.top(message.number).startswith(octets[:10])
            if message.number == 10:
                break
        body = box.retrieve(30)
        chunks = iter(body)
        first = next(chunks)
        assert box.stat()[0] == 29
        assert first + b"".join(chunks) == MAILS[29]
        box.retrieve(29)
        assert box.uidl(1) == "uid-1"
    assert server.removed == ["uid-3"]


def test_what_nobody_reads_goes_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailproto._pop3_common.SPOOL_OCTETS", 10_000)
    big = mail(1, size=1_000_000)
    with Pop3Server([big, big]) as server, connect(server) as box:
        body = box.retrieve(1)
        box.noop()
        assert body._reply.spool is not None
        assert body.read() == big
        box.noop()


def delete_and_fail(server: Pop3Server) -> None:
    with connect(server) as box:
        box.delete(5)
        raise ZeroDivisionError


def test_deletion_happens_at_quit_only() -> None:
    with Pop3Server(MAILS) as server:
        with connect(server) as box:
            box.delete(1, 2, 3)
            box.reset()
            box.delete(4)
        assert server.removed == ["uid-4"]
        with pytest.raises(ZeroDivisionError):
            delete_and_fail(server)
        assert server.removed == ["uid-4"]
        assert server.commands[-1] == "DELE 5"


def test_a_refusal_leaves_the_session_usable() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        with pytest.raises(MessageNotFound):
            box.retrieve(99)
        with pytest.raises(MessageNotFound):
            box.list(99)
        with pytest.raises(MessageNotFound):
            box.delete(1, 99, 2)
        with pytest.raises(MessageNotFound):
            list(box.messages([1, 99, 2]))
        assert box.stat()[0] == 28


def test_bad_arguments_send_nothing() -> None:
    with Pop3Server(MAILS) as server, connect(server) as box:
        before = list(server.commands)
        with pytest.raises(InvalidArgument):
            box.delete(0)
        with pytest.raises((InvalidArgument, OverflowError)):
            box.retrieve(-1)
        assert server.commands == before
        box.noop()
    with Pop3Server() as server, pytest.raises(LocalProtocolError):
        pop3.connect(server.host, "mrose\r\nDELE 1", "x", port=server.port, tls="insecure")
    assert server.commands == ["CAPA"]


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"-ERR [IN-USE] locked\r\n", InUse),
        (b"-ERR [SYS/TEMP] later\r\n", ServerUnavailable),
        (b"-ERR go away\r\n", ServerUnavailable),
        (b"", ConnectionLost),
    ],
)
def test_refused_greeting(greeting: bytes, error: type[Exception]) -> None:
    with Pop3Server(greeting=greeting) as server, pytest.raises(error):
        connect(server)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"-ERR [AUTH] wrong\r\n", AuthenticationError),
        (b"-ERR wrong\r\n", AuthenticationError),
        (b"-ERR [LOGIN-DELAY] wait\r\n", Throttled),
        (b"-ERR [IN-USE] locked\r\n", InUse),
        (b"-ERR [SYS/PERM] broken\r\n", ServerUnavailable),
    ],
)
def test_refused_login(reply: bytes, error: type[Exception]) -> None:
    with Pop3Server(replies={"PASS": reply}) as server, pytest.raises(error):
        connect(server)


def test_refused_user_does_not_tell_the_password() -> None:
    refusal: dict[str, Any] = {"USER": b"-ERR no\r\n"}
    with Pop3Server(replies=refusal) as server, pytest.raises(AuthenticationError):
        connect(server)
    assert not [command for command in server.commands if command.startswith("PASS")]


def test_old_server_without_capa() -> None:
    with Pop3Server(MAILS, capabilities=None) as server, connect(server) as box:
        assert box.capabilities == {}
        assert len(list(box.messages())) == 30


def test_server_without_uidl() -> None:
    replies: dict[str, Any] = {"UIDL": b"-ERR what?\r\n"}
    with Pop3Server(MAILS, replies=replies) as server, connect(server) as box:
        assert {message.uid for message in box} == {None}
        with pytest.raises(MessageNotFound):
            box.uidl()


def test_apop_only_when_asked_for() -> None:
    # The example of RFC 1939 §7.
    with Pop3Server(MAILS, replies={"APOP": b"+OK\r\n"}) as server:
        box = pop3.connect(
            server.host, "mrose", "tanstaaf", port=server.port, tls="insecure", mechanism="APOP"
        )
        box.close()
    assert "APOP mrose c4c9334bac560ecc979e58001b3e22fb" in server.commands


def test_a_mechanism_that_is_not_offered_sends_nothing() -> None:
    capabilities = ("SASL PLAIN", "UIDL", "PIPELINING")
    with Pop3Server(capabilities=capabilities) as server, pytest.raises(NotOffered):
        connect(server, mechanism="SCRAM-SHA-256")
    assert server.commands == ["CAPA"]


def test_stls_refused_sends_no_password() -> None:
    refusal: dict[str, Any] = {"STLS": b"-ERR no TLS\r\n"}
    with Pop3Server(replies=refusal) as server, pytest.raises(SecurityError):
        connect(server, tls="starttls")
    assert server.commands == ["STLS"]


def test_octets_behind_the_ok_of_stls_are_an_attack() -> None:
    replies: dict[str, Any] = {"STLS": b"+OK begin\r\n+OK injected\r\n"}
    with Pop3Server(replies=replies) as server, pytest.raises(SecurityError):
        connect(server, tls="starttls")
    assert server.commands == ["STLS"]


def half_a_message(connection: Connection) -> None:
    connection.send(b"+OK 1000 octets\r\nSubject: half\r\n\r\nhal")
    connection.hang_up()


def test_server_vanishes_in_mid_message() -> None:
    with Pop3Server(MAILS, replies={"RETR 3": half_a_message}) as server, connect(server) as box:
        file = io.BytesIO()
        with pytest.raises(ConnectionLost):
            box.retrieve(3, file)
        assert box.closed
        with pytest.raises(ConnectionLost):
            box.noop()


def test_a_cut_message_is_never_whole() -> None:
    with Pop3Server(MAILS, replies={"RETR 3": half_a_message}) as server, connect(server) as box:
        messages = box.messages()
        assert [next(messages)[1], next(messages)[1]] == MAILS[:2]
        with pytest.raises(ConnectionLost):
            next(messages)


def test_timeout() -> None:
    with Pop3Server(MAILS, replies={"NOOP": Connection.stall}) as server:
        box = connect(server, timeout=0.2)
        with pytest.raises(TimeoutError) as caught:
            box.noop()
        assert isinstance(caught.value, Timeout)
        assert box.closed


def test_nonsense_from_the_server() -> None:
    with Pop3Server(MAILS, replies={"NOOP": b"* OK this is IMAP\r\n"}) as server:
        box = connect(server, timeout=0.5)
        with pytest.raises((RemoteProtocolError, Timeout)):
            box.noop()
        assert box.closed


def test_a_file_that_cannot_be_written() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    with Pop3Server([mail(1, size=300_000)] * 2) as server, connect(server) as box:
        with pytest.raises(OSError, match="space"):
            box.retrieve(1, Full())
        assert len(box.retrieve(2).read()) > 100_000


def test_nothing_heavy_is_imported() -> None:
    # Without the site's own modules, which may import anything.
    program = f"import sys; sys.path[:0] = {sys.path!r}; import mailproto.pop3; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert not loaded & {"ssl", "asyncio", "argparse", "email", "dataclasses", "tempfile"}


def endless(connection: Connection) -> None:
    connection.send(b"+OK\r\n")
    block = (b"x" * 76 + b"\r\n") * 1000
    for _ in range(1300):
        connection.send(block)
    connection.send(b".\r\n")


MEMORY = """
import resource, sys
from mailproto import pop3
class Count:
    octets = 0
    def write(self, data):
        self.octets += len(data)
count = Count()
with pop3.connect("127.0.0.1", "mrose", "secret", port=int(sys.argv[1]), tls="insecure") as box:
    box.retrieve(1, count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    box.retrieve(2, count)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert count.octets > 100_000_000
print(after - before)
"""


def test_memory_does_not_grow_with_the_message() -> None:
    with Pop3Server([mail(1, size=5000)] * 2, replies={"RETR 2": endless}) as server:
        program = [sys.executable, "-c", MEMORY, str(server.port)]
        done = subprocess.run(program, capture_output=True, check=True)
    assert int(done.stdout) < 2048

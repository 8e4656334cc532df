"""Octets that nobody should send: nothing but a `MailError` ever comes of them, and the engines
always come to an end."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

import mailproto
from mailproto.sansio import pop3

REPLIES = st.sampled_from(
    [
        b"+OK\r\n",
        b"-ERR\r\n",
        b"+OK 1 2\r\n",
        b"+ \r\n",
        b"+ cj14LHM9LGk9MQ==\r\n",
        b".\r\n",
        b"..\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b"SASL PLAIN SCRAM-SHA-256\r\n",
        b"STLS\r\n",
        b"PIPELINING\r\n",
        b"1 99999999999999999999\r\n",
        b"[SYS/TEMP]",
        b"\0\xff",
        b"x" * 300,
    ]
)
COMMANDS = st.sampled_from(
    [
        lambda c: c.capa(),
        lambda c: c.stls(),
        lambda c: c.tls_established(),
        lambda c: c.login("a", "b"),
        lambda c: c.auth(pop3.Password("a", "b")),
        lambda c: c.auth(pop3.Password("a", "b"), "SCRAM-SHA-256"),
        lambda c: c.stat(),
        lambda c: c.list(),
        lambda c: c.uidl(1),
        lambda c: c.retr(1),
        lambda c: c.top(1, 0),
        lambda c: c.raw("XTND", multiline=True),
        lambda c: c.quit(),
        lambda c: c.data_to_send(),
    ]
)
LINES = st.sampled_from(
    [
        b"USER a\r\n",
        b"PASS b\r\n",
        b"AUTH PLAIN\r\n",
        b"AUTH PLAIN AGEAYg==\r\n",
        b"AUTH SCRAM-SHA-256 biwsbj1hLHI9cg==\r\n",
        b"AGEAYg==\r\n",
        b"*\r\n",
        b"CAPA\r\n",
        b"STLS\r\n",
        b"LIST\r\n",
        b"UIDL 2\r\n",
        b"RETR 1\r\n",
        b"TOP 1 0\r\n",
        b"DELE 1\r\n",
        b"RSET\r\n",
        b"QUIT\r\n",
        b"\r\n",
        b"\0\xff\n",
        b"x" * 600,
    ]
)


@settings(deadline=None)
@given(
    steps=st.lists(st.one_of(COMMANDS, REPLIES, st.binary(max_size=40)), max_size=40),
    strict=st.booleans(),
)
def test_client(steps: list, strict: bool) -> None:
    client = pop3.Client(security="private", strict=strict, scratch=128)
    client.receive_data(b"+OK ready\r\n")
    completed: list[int] = []
    for step in steps:
        with contextlib.suppress(mailproto.MailError):
            if callable(step):
                step(client)
            elif step:
                client.receive_data(step)
        with contextlib.suppress(mailproto.MailError):
            events = client.events()
            completed += [e.command for e in events if isinstance(e, pop3.Completed)]
    assert completed == sorted(set(completed))
    assert 0 <= client.in_flight <= 256
    assert client.idle == (client.in_flight == 0)


@settings(deadline=None)
@given(st.lists(st.one_of(LINES, st.binary(max_size=40)), max_size=40))
def test_server(lines: list[bytes]) -> None:
    server = pop3.Server(security="private", mechanisms=["PLAIN", "SCRAM-SHA-256"], scratch=512)
    server.greet()
    for line in lines:
        if line:
            server.receive_data(line)
        with contextlib.suppress(mailproto.MailError):
            while requests := server.events():
                for request in requests:
                    answer(server, request)
                server.data_to_send()
    assert not server.owes_answer


def answer(server: pop3.Server, request: pop3.Request) -> None:
    match request:
        case pop3.Login() | pop3.Authenticated():
            server.accept(2)
        case pop3.PasswordClaim():
            server.verdict(accepted=True)
        case pop3.SecretClaim():
            server.secret("b")
        case pop3.List(None):
            server.scan_listings([(1, 1), (2, 2)])
        case pop3.Message():
            server.message(1)
            server.message_data(b".")
            server.end_message()
        case pop3.Update():
            server.updated(all_removed=True)
        case _ if server.owes_answer:
            server.reject("no")

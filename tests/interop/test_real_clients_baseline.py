"""The harness itself: real clients against real servers lose and change nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import mail
from real_clients import BEARER, CLIENTS, EVERY_MECHANISM, Account, Client, Mode, Tls, poplib_login
from servers import Dovecot, MailServer, Unavailable


def messages_for(client: Client) -> list[bytes]:
    return mail.corpus(24, seed=7, average=3_000, longest_line=min(5_000, client.longest_line))


@pytest.fixture(params=CLIENTS, ids=lambda client: client.name)
def client(request: pytest.FixtureRequest) -> Client:
    try:
        request.param.require()
    except Unavailable as missing:
        pytest.skip(str(missing))
    return request.param


def assert_same(client: Client, got: list[bytes], expected: list[bytes]) -> None:
    """The same messages, in any order, each as often."""
    assert len(got) == len(expected)
    have = Counter(client.canonical(message) for message in got)
    want = Counter(client.canonical(message) for message in expected)
    for message in want - have:
        assert closest(have - want, message) == message
    assert have == want


def closest(candidates: Counter[bytes], message: bytes) -> bytes:
    """The candidate with the same Subject, to show what differs."""
    subject = next(line for line in message.splitlines() if line.startswith(b"Subject:"))
    return next((c for c in candidates if subject in c), b"(not there at all)")


def stored(server: MailServer, user: str) -> int:
    """How many messages the server still holds for the user."""
    box = poplib_login(Account.on(server, user))
    try:
        return box.stat()[0]
    finally:
        box.quit()


@pytest.mark.parametrize("tls", Tls, ids=lambda tls: tls.value)
def test_keep(dovecot: Dovecot, client: Client, tls: Tls, tmp_path: Path) -> None:
    if tls not in client.tls:
        return
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    got = client.fetch(Account.on(dovecot, user, tls), Mode.KEEP, tmp_path)
    assert_same(client, got, messages)
    assert stored(dovecot, user) == len(messages)


def test_only_new(dovecot: Dovecot, client: Client, tmp_path: Path) -> None:
    if Mode.NEW not in client.modes:
        return
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    account = Account.on(dovecot, user)
    assert_same(client, client.fetch(account, Mode.NEW, tmp_path), messages)
    assert client.fetch(account, Mode.NEW, tmp_path) == []
    later = mail.corpus(3, seed=8, longest_line=2_000)
    dovecot.deliver(user, later)
    assert_same(client, client.fetch(account, Mode.NEW, tmp_path), later)
    assert stored(dovecot, user) == len(messages) + len(later)


def test_delete(dovecot: Dovecot, client: Client, tmp_path: Path) -> None:
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    got = client.fetch(Account.on(dovecot, user), Mode.DELETE, tmp_path)
    assert_same(client, got, messages)
    assert stored(dovecot, user) == 0


# mpop takes a timestamp with "=" in it, as Dovecot's has, for none.
REFUSED = {("APOP", "dovecot", "mpop")}


@pytest.mark.parametrize("mechanism", sorted(EVERY_MECHANISM))
def test_mechanisms(server: MailServer, client: Client, mechanism: str, tmp_path: Path) -> None:
    """The fixtures accept every mechanism that they promise (Cyrus: all but bearer tokens)."""
    if mechanism not in client.mechanisms or (mechanism, server.name, client.name) in REFUSED:
        return
    if mechanism in BEARER and server.name == "cyrus":
        return
    user, message = server.fresh_user(), mail.big(2_000)
    server.deliver(user, [message])
    account = replace(Account.on(server, user, Tls.IMPLICIT), mechanism=mechanism)
    if mechanism in BEARER:
        account = replace(account, password=server.oauth_token(user))
    assert_same(client, client.fetch(account, Mode.KEEP, tmp_path), [message])


def test_servers_deliver_what_was_put_in(server: MailServer) -> None:
    user, messages = server.fresh_user(), mail.corpus(200, longest_line=2_047)
    server.deliver(user, messages)
    box = poplib_login(Account.on(server, user, Tls.STLS))
    lines = [box.retr(number)[1] for number in range(1, len(messages) + 1)]
    box.quit()
    assert [b"".join(line + b"\r\n" for line in message) for message in lines] == messages

"""The harness itself: real clients against real servers lose and change nothing."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

import mail
from checks import assert_same, for_each, messages_for
from real_clients import BEARER, CLIENTS, Account, Client, ClientFailed, Mode, Tls, poplib_login
from servers import Cyrus, Dovecot, MailServer, make_certificate


def stored(server: MailServer, user: str) -> int:
    """How many messages the server still holds for the user."""
    box = poplib_login(Account.on(server, user))
    try:
        return box.stat()[0]
    finally:
        box.quit()


@for_each("tls", [(client, tls) for client in CLIENTS for tls in Tls if tls in client.tls])
def test_keep(dovecot: Dovecot, client: Client, tls: Tls, tmp_path: Path) -> None:
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    got = client.fetch(Account.on(dovecot, user, tls), Mode.KEEP, tmp_path)
    assert_same(client, got, messages)
    assert stored(dovecot, user) == len(messages)


@for_each("mode", [(client, Mode.NEW) for client in CLIENTS if Mode.NEW in client.modes])
def test_only_new(dovecot: Dovecot, client: Client, mode: Mode, tmp_path: Path) -> None:
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    account = Account.on(dovecot, user)
    assert_same(client, client.fetch(account, mode, tmp_path), messages)
    assert client.fetch(account, mode, tmp_path) == []
    later = mail.corpus(3, seed=8, longest_line=2_000)
    dovecot.deliver(user, later)
    assert_same(client, client.fetch(account, mode, tmp_path), later)
    assert stored(dovecot, user) == len(messages) + len(later)


def test_delete(dovecot: Dovecot, client: Client, tmp_path: Path) -> None:
    user, messages = dovecot.fresh_user(), messages_for(client)
    dovecot.deliver(user, messages)
    got = client.fetch(Account.on(dovecot, user), Mode.DELETE, tmp_path)
    assert_same(client, got, messages)
    assert stored(dovecot, user) == 0


VERIFYING = [client for client in CLIENTS if client.name != "getmail6"]


@for_each("tls", [(client, Tls.IMPLICIT) for client in VERIFYING])
def test_another_certificate_is_refused(
    dovecot: Dovecot, client: Client, tls: Tls, tmp_path: Path
) -> None:
    """The clients do verify: with a different certificate as trusted one, none logs in."""
    other, _ = make_certificate(tmp_path)
    account = replace(Account.on(dovecot, dovecot.fresh_user(), tls), cafile=other)
    with pytest.raises((ClientFailed, ssl.SSLCertVerificationError)):
        client.fetch(account, Mode.KEEP, tmp_path)


def mechanisms(of_server: str) -> list[tuple[Client, str]]:
    """What each client can use on that server."""
    refused = BEARER if of_server == "cyrus" else frozenset()
    pairs = [(client, name) for client in CLIENTS for name in sorted(client.mechanisms - refused)]
    # mpop takes a timestamp with "=" in it, as Dovecot's has, for none.
    refuses_timestamp = ("mpop", "APOP") if of_server == "dovecot" else ()
    return [pair for pair in pairs if (pair[0].name, pair[1]) != refuses_timestamp]


@for_each("mechanism", mechanisms("dovecot"))
def test_mechanisms_of_dovecot(
    dovecot: Dovecot, client: Client, mechanism: str, tmp_path: Path
) -> None:
    check_mechanism(dovecot, client, mechanism, tmp_path)


@for_each("mechanism", mechanisms("cyrus"))
def test_mechanisms_of_cyrus(cyrus: Cyrus, client: Client, mechanism: str, tmp_path: Path) -> None:
    check_mechanism(cyrus, client, mechanism, tmp_path)


def check_mechanism(server: MailServer, client: Client, mechanism: str, tmp_path: Path) -> None:
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

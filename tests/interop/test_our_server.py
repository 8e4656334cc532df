"""Real clients, and our own, on our server engine: fetch, keep, fetch only new, delete."""

from __future__ import annotations

import poplib
from dataclasses import replace
from pathlib import Path

import pytest

import mail
from checks import assert_same, for_each, messages_for
from our_clients import OurClient
from our_servers import PASSWORD, USER, OurServer, started
from real_clients import BEARER, CLIENTS, Client, ClientFailed, Mode, Tls, poplib_login


@for_each("tls", [(client, tls) for client in CLIENTS for tls in Tls if tls in client.tls])
def test_keep(our_server: OurServer, client: Client, tls: Tls, tmp_path: Path) -> None:
    messages = messages_for(client)
    with started(our_server, tmp_path, messages, tls) as maildrop:
        got = client.fetch(maildrop.account, Mode.KEEP, tmp_path)
        assert_same(client, got, messages)
        assert maildrop.waiting() == len(messages)


@for_each("mode", [(client, Mode.NEW) for client in CLIENTS if Mode.NEW in client.modes])
def test_only_new(our_server: OurServer, client: Client, mode: Mode, tmp_path: Path) -> None:
    messages, later = messages_for(client), mail.corpus(3, seed=8, longest_line=2_000)
    with started(our_server, tmp_path, messages) as maildrop:
        account = maildrop.account
        assert_same(client, client.fetch(account, mode, tmp_path), messages)
        assert client.fetch(account, mode, tmp_path) == []
        maildrop.deliver(later)
        assert_same(client, client.fetch(account, mode, tmp_path), later)
        assert maildrop.waiting() == len(messages) + len(later)


def test_delete(our_server: OurServer, client: Client, tmp_path: Path) -> None:
    messages = messages_for(client)
    with started(our_server, tmp_path, messages) as maildrop:
        got = client.fetch(maildrop.account, Mode.DELETE, tmp_path)
        assert_same(client, got, messages)
        assert maildrop.waiting() == 0


LOGINS = [(client, name) for client in CLIENTS for name in sorted(client.mechanisms - BEARER)]


@for_each("mechanism", LOGINS)
def test_every_login(our_server: OurServer, client: Client, mechanism: str, tmp_path: Path) -> None:
    message = mail.big(2_000)
    with started(our_server, tmp_path, [message]) as maildrop:
        account = replace(maildrop.account, mechanism=mechanism)
        assert_same(client, client.fetch(account, Mode.KEEP, tmp_path), [message])
        wrong = replace(account, password="wrong")
        with pytest.raises((ClientFailed, poplib.error_proto)):
            client.fetch(wrong, Mode.DELETE, tmp_path)
        assert maildrop.waiting() == 1


@pytest.mark.parametrize("tls", list(Tls), ids=lambda tls: tls.value)
def test_our_clients(our_server: OurServer, ours: OurClient, tls: Tls, tmp_path: Path) -> None:
    messages = mail.corpus(100)
    with started(our_server, tmp_path, messages, tls) as maildrop:
        assert ours.fetch(maildrop.account, tmp_path / "kept") == messages
        assert maildrop.waiting() == len(messages)
        assert ours.fetch(maildrop.account, tmp_path / "taken", delete=True) == messages
        assert maildrop.waiting() == 0


def test_every_command(our_server: OurServer, tmp_path: Path) -> None:
    """Command by command, with Python's poplib as the judge."""
    messages = mail.corpus(5, longest_line=2_000)
    sizes = [len(message) for message in messages]
    with started(our_server, tmp_path, messages) as maildrop:
        box = poplib.POP3(maildrop.account.host, maildrop.account.port)
        assert {"TOP", "UIDL", "USER", "PIPELINING", "RESP-CODES", "SASL"} <= set(box.capa())
        box.user(USER)
        box.pass_(PASSWORD)
        assert box.stat() == (5, sum(sizes))
        assert box.list()[1] == [b"%d %d" % numbered for numbered in enumerate(sizes, start=1)]
        assert box.list(2) == b"+OK 2 %d" % sizes[1]
        uids = [line.split()[1] for line in box.uidl()[1]]
        assert len(set(uids)) == 5
        assert box.uidl(2) == b"+OK 2 " + uids[1]
        assert joined(box.top(1, 3)[1]) == top_of(messages[0], 3)
        assert joined(box.retr(3)[1]) == messages[2]
        box.dele(2)
        assert box.stat() == (4, sum(sizes) - sizes[1])
        with pytest.raises(poplib.error_proto):
            box.retr(2)
        box.rset()
        assert box.stat() == (5, sum(sizes))
        box.noop()
        box.dele(4)
        box.quit()
        assert maildrop.waiting() == 4


def test_nothing_is_deleted_without_quit(our_server: OurServer, tmp_path: Path) -> None:
    """RFC 1939 §6: a session that ends otherwise does not enter the UPDATE state."""
    with started(our_server, tmp_path, mail.corpus(3)) as maildrop:
        box = poplib_login(maildrop.account)
        box.dele(1)
        box.close()
        box = poplib_login(maildrop.account)
        assert box.stat()[0] == 3
        box.quit()
        assert maildrop.waiting() == 3


def test_a_second_session_is_told_to_wait(our_server: OurServer, tmp_path: Path) -> None:
    """RFC 1939 §4 demands the lock, RFC 2449 §8.1.2 names it."""
    with started(our_server, tmp_path, mail.corpus(1)) as maildrop:
        first = poplib_login(maildrop.account)
        with pytest.raises(poplib.error_proto, match=r"IN-USE"):
            poplib_login(maildrop.account)
        first.quit()
        poplib_login(maildrop.account).quit()


def test_a_wrong_password_has_its_response_code(our_server: OurServer, tmp_path: Path) -> None:
    """RFC 3206 §5."""
    with started(our_server, tmp_path, mail.corpus(1)) as maildrop:
        for user, password in ((USER, "wrong"), ("nobody", PASSWORD)):
            with pytest.raises(poplib.error_proto, match=r"\[AUTH\]"):
                poplib_login(replace(maildrop.account, user=user, password=password))


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


def top_of(message: bytes, lines: int) -> bytes:
    header, separator, body = message.partition(b"\r\n\r\n")
    return header + separator + b"".join(body.splitlines(keepends=True)[:lines])

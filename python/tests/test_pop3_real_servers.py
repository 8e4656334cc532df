"""Both clients against Dovecot and Cyrus: every way to connect and to log in, all octets."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import real_servers

from mailproto import pop3
from mailproto._errors import AuthenticationError, InsecureChannel, SecurityError
from mailproto.aio import pop3 as aio
from mailproto.stores import FilesSink, UidlStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "mrose", "tanstaaf"
MECHANISMS = ["USER", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]


@pytest.fixture(scope="module", params=["Dovecot", "Cyrus"])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    with real_servers.running(request.param, [USER], PASSWORD) as running:
        running.mails = real_servers.module("mail").corpus(1000)
        running.deliver(USER, running.mails)
        yield running


def options(server: Any, tls: str) -> dict[str, Any]:
    context = ssl.create_default_context(cafile=str(server.cafile))
    port = server.ports.pop3s if tls == "implicit" else server.ports.pop3
    return {"port": port, "tls": tls, "ssl_context": context}


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("tls", ["implicit", "starttls", "insecure"])
def test_thousand_messages_to_the_octet(server: Any, tls: Any, *, pipelining: bool) -> None:
    count = 1000 if pipelining else 50  # Cyrus takes its time for each.
    with pop3.connect(
        "localhost", USER, PASSWORD, pipelining=pipelining, **options(server, tls)
    ) as box:
        assert box.stat()[0] == 1000
        fetched = [octets for _, octets in box.messages(range(1, count + 1))]
    assert fetched == server.mails[:count]


@pytest.mark.parametrize("tls", ["implicit", "starttls", "insecure"])
def test_thousand_messages_on_asyncio(server: Any, tls: Any) -> None:
    async def main() -> None:
        async with aio.connect("localhost", USER, PASSWORD, **options(server, tls)) as box:
            assert [octets async for _, octets in box.messages()] == server.mails

    asyncio.run(main())


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_mechanisms(server: Any, mechanism: str) -> None:
    login = {"mechanism": mechanism, **options(server, "implicit")}
    pop3.connect("localhost", USER, PASSWORD, **login).quit()
    with pytest.raises(AuthenticationError):
        pop3.connect("localhost", USER, "wrong", **login)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER", None])
def test_tokens(server: Any, mechanism: str | None) -> None:
    if type(server).__name__ != "Dovecot":
        return  # Cyrus has no OAuth here.
    where = {"mechanism": mechanism, **options(server, "implicit")}
    pop3.connect("localhost", USER, oauth=lambda: server.oauth_token(USER), **where).quit()
    with pytest.raises(AuthenticationError):
        pop3.connect("localhost", USER, oauth="wrong", **where)


def test_every_command(server: Any) -> None:
    with pop3.connect("localhost", USER, PASSWORD, **options(server, "implicit")) as box:
        assert {"UIDL", "TOP", "PIPELINING"} <= set(box.capabilities)
        sizes, uids = box.list(), box.uidl()
        assert list(sizes) == list(uids) == list(range(1, 1001))
        assert sizes[7] == len(server.mails[6]) == box.list(7)
        assert uids[7] == box.uidl(7)
        assert len(set(uids.values())) == 1000
        header, _, _ = server.mails[2].partition(b"\r\n\r\n")
        assert box.top(3) == header + b"\r\n\r\n"
        box.delete(1, 2, 3)
        assert box.stat()[0] == 997
        box.reset()
        assert box.stat()[0] == 1000
        box.noop()


def test_sync_and_delete(server: Any, tmp_path: Path) -> None:
    user = server.fresh_user()
    server.deliver(user, server.mails[:30])
    with UidlStore(tmp_path / "seen") as seen:
        for keep, fetched, deleted in (("all", 30, 0), ("none", 0, 30), ("none", 0, 0)):
            with pop3.connect("localhost", user, PASSWORD, **options(server, "implicit")) as box:
                report = box.sync(FilesSink(tmp_path / "mail"), keep, seen)  # type: ignore[arg-type]
            assert (report.fetched, report.deleted) == (fetched, deleted)
    assert report.on_server == 0
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.read_bytes() for file in files] == server.mails[:30]


def test_a_certificate_that_does_not_verify(server: Any) -> None:
    for tls in ("implicit", "starttls"):
        where = options(server, tls) | {"ssl_context": None}
        with pytest.raises(SecurityError):
            pop3.connect("localhost", USER, PASSWORD, **where)


def test_no_password_in_the_clear() -> None:
    # What `connect` never does by itself: the engine refuses as well.
    from mailproto.sansio.pop3 import Client, Password

    client = Client()
    client.receive_data(b"+OK ready\r\n")
    client.events()
    with pytest.raises(InsecureChannel):
        client.auth(Password(USER, PASSWORD), "PLAIN")
    assert client.data_to_send() == b""

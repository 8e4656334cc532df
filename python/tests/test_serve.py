"""The server on asyncio, spoken to by clients that mean no good, or do not care."""

from __future__ import annotations

import asyncio
import base64
import gc
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from mailproto.aio import _pop3_server
from mailproto.cli import _serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

# ISO 8859-1: not UTF-8.
PASSWORD = b"my-secret-p\xe4ss"
PART = "my-secret"
# More than the sockets of both sides hold.
MANY_OCTETS = 32 << 20


class Served:
    """A server in this process, with what it said and what it failed to catch."""

    def __init__(self, maildir: Path, **options: Any) -> None:
        given = {"user": "me", "password": "secret", "tls": None, **options}
        self.server = _pop3_server.Pop3Server(maildir, **given)
        self.words: list[str] = []
        self.uncaught: list[dict[str, Any]] = []
        self.server.log = self.words.append

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.uncaught.append(context))
        port = await self.server.listen("127.0.0.1", 0)
        try:
            yield port
        finally:
            await self.server.close()
            await asyncio.sleep(0)
            gc.collect()

    def run(self, talk: Callable[[int], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            async with asyncio.timeout(20), self.listening() as port:
                await talk(port)

        asyncio.run(all_of_it())
        assert self.uncaught == []
        assert PART not in "".join(self.words)


class Client:
    """Says lines and hears lines."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, line: bytes) -> bytes:
        self.writer.write(line + b"\r\n")
        return await self.hear()

    async def hear(self) -> bytes:
        return await asyncio.wait_for(self.reader.readline(), 5)

    async def ended(self) -> bool:
        """Whether the server hangs up, without another word."""
        try:
            return await asyncio.wait_for(self.reader.read(), 5) == b""
        except ConnectionResetError:
            return True

    async def login(self, password: bytes = b"secret") -> bytes:
        assert (await self.ask(b"USER me")).startswith(b"+OK")
        return await self.ask(b"PASS " + password)


@asynccontextmanager
async def connected(port: int, **options: Any) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **options)
    client = Client(reader, writer)
    assert (await client.hear()).startswith(b"+OK")
    try:
        yield client
    finally:
        writer.transport.abort()


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pop3_server, "REFUSAL_SECONDS", 0.01)


async def plain(client: Client, password: bytes) -> bytes:
    claim = base64.b64encode(b"\0me\0" + password)
    return await client.ask(b"AUTH PLAIN " + claim)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("login", [Client.login, plain])
def test_wrong_password_that_is_not_utf8_is_refused(maildir: Path, login: Any) -> None:
    async def talk(port: int) -> None:
        async with connected(port) as client:
            assert (await login(client, PASSWORD)).startswith(b"-ERR [AUTH]")
            # RFC 1939 §4: he may try again.
            assert (await login(client, b"secret")).startswith(b"+OK")

    Served(maildir).run(talk)


@pytest.mark.usefixtures("_soon")
def test_user_that_is_not_utf8_is_refused(maildir: Path) -> None:
    async def talk(port: int) -> None:
        async with connected(port) as client:
            await client.ask(b"USER m\xe4")
            assert (await client.ask(b"PASS secret")).startswith(b"-ERR [AUTH]")

    Served(maildir).run(talk)


@pytest.mark.parametrize("login", [Client.login, plain])
def test_right_password_need_not_be_utf8(maildir: Path, tmp_path: Path, login: Any) -> None:
    file = tmp_path / "password"
    file.write_bytes(PASSWORD + b"\n")
    password = _serve.password(Options(file))  # type: ignore[arg-type]

    async def talk(port: int) -> None:
        async with connected(port) as client:
            assert (await login(client, PASSWORD)).startswith(b"+OK")

    Served(maildir, password=password).run(talk)


class Options:
    def __init__(self, password_file: Path) -> None:
        self.password_file = str(password_file)


def test_internal_error_hangs_up_and_tells_no_secret(
    maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object, name: str, password: str) -> NoReturn:
        raise ValueError(name, password)

    monkeypatch.setattr(_pop3_server.Pop3Server, "is_user", fail)

    async def talk(port: int) -> None:
        async with connected(port) as client:
            await client.ask(b"USER me")
            client.writer.write(b"PASS " + PASSWORD + b"\r\n")
            assert await client.ended()

    served = Served(maildir)
    served.run(talk)
    assert served.words[-1] == "127.0.0.1: internal error (ValueError)"


def test_idle_client_is_logged_out(maildir: Path) -> None:
    async def talk(port: int) -> None:
        clock = asyncio.get_running_loop().time
        async with connected(port) as idle, connected(port) as other:
            assert (await idle.login()).startswith(b"+OK")
            begin = clock()
            # RFC 1939 §3: without sending any response.
            assert await idle.ended()
            assert 0.9 < clock() - begin < 1.8
            await other.ended()
        async with connected(port) as client:
            assert (await client.login()).startswith(b"+OK")

    served = Served(maildir, autologout=1)
    served.run(talk)
    assert served.words.count("127.0.0.1: timed out") == 2


def test_client_that_talks_is_not_logged_out(maildir: Path) -> None:
    async def talk(port: int) -> None:
        async with connected(port) as client:
            await client.login()
            for _ in range(6):
                await asyncio.sleep(0.2)
                assert (await client.ask(b"NOOP")).startswith(b"+OK")

    Served(maildir, autologout=0.5).run(talk)


def test_client_that_does_not_read_loses_the_lock(maildir: Path) -> None:
    (maildir / "new" / f"1.big,W={MANY_OCTETS}").write_bytes(b"\r\n" * (MANY_OCTETS // 2))

    def deaf(port: int) -> socket.socket:
        """Asks for a message and takes its beginning only; would have it removed then."""
        peer = socket.create_connection(("127.0.0.1", port), timeout=5)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.sendall(b"USER me\r\nPASS secret\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n")
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += peer.recv(1)
        return peer

    async def talk(port: int) -> None:
        with await asyncio.to_thread(deaf, port):
            async with connected(port) as client:
                assert (await client.login()).startswith(b"-ERR [IN-USE]")
            await asyncio.sleep(2)
            async with connected(port) as client:
                assert (await client.login()).startswith(b"+OK")
                assert (await client.ask(b"STAT")).startswith(b"+OK 1 ")

    served = Served(maildir, autologout=1)
    served.run(talk)
    assert "127.0.0.1: timed out" in served.words

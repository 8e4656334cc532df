"""The asyncio client, against the same small server as the blocking one."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pytest
from pop3_server import Connection, Pop3Server, mail

from mailproto._errors import (
    AuthenticationError,
    ConnectionLost,
    InUse,
    LocalProtocolError,
    MessageNotFound,
    SecurityError,
    Timeout,
)
from mailproto.aio import pop3
from mailproto.stores import FilesSink, UidlStore

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

MAILS = [mail(number, size=100 * number) for number in range(1, 31)]


def connect(server: Pop3Server, **options: Any) -> pop3.Connecting:
    options = {"tls": "insecure", "timeout": 5.0, **options}
    return pop3.connect(server.host, "mrose", "secret", port=server.port, **options)


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 20))


def test_the_same_names_as_the_blocking_client() -> None:
    from mailproto import pop3 as blocking

    for kind in ("Maildrop", "Message", "Body"):
        ours = {name for name in vars(getattr(pop3, kind)) if not name.startswith("_")}
        theirs = {name for name in vars(getattr(blocking, kind)) if not name.startswith("_")}
        assert ours == theirs
    assert pop3.__all__ == blocking.__all__


def test_looking_and_fetching() -> None:
    async def main(server: Pop3Server) -> None:
        async with connect(server) as box:
            assert await box.stat() == (30, sum(map(len, MAILS)))
            assert await box.list(3) == len(MAILS[2])
            assert (await box.list())[1] == len(MAILS[0])
            assert await box.uidl(2) == "uid-2"
            assert len(await box.uidl()) == 30
            assert (await box.top(1, 1)).endswith(b"\r\n\r\n.\r\n")
            file = io.BytesIO()
            assert await box.retrieve(7, file) == len(MAILS[6])
            assert file.getvalue() == MAILS[6]
            assert b"".join([chunk async for chunk in await box.retrieve(8)]) == MAILS[7]
            async with await box.retrieve(9) as body:
                assert await body.read() == MAILS[8]
            await box.delete(1, 2)
            await box.reset()
            await box.delete(3)
            await box.noop()
        assert box.closed

    with Pop3Server(MAILS) as server:
        run(main(server))
        assert server.removed == ["uid-3"]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("window", [0, 700, 1 << 20])
def test_every_way_to_get_all_messages(window: int, *, pipelining: bool) -> None:
    async def main(server: Pop3Server) -> None:
        async with connect(server, window=window, pipelining=pipelining) as box:
            assert [octets async for _, octets in box.messages()] == MAILS
            assert [await message.read() async for message in box] == MAILS
            chunks = [b"".join([c async for c in message]) async for message in box]
            assert chunks == MAILS
            read = {m.number: await m.read() async for m in box if m.number % 3 != 2}
            assert read == {n: o for n, o in enumerate(MAILS, 1) if n % 3 != 2}
            async for message in box:
                file = io.BytesIO()
                await message.save(file)
                assert file.getvalue() == MAILS[message.number - 1]
                if message.number == 5:
                    break
            await box.noop()

    with Pop3Server(MAILS) as server:
        run(main(server))


def test_many_tasks_share_a_connection() -> None:
    async def main(server: Pop3Server) -> None:
        async with connect(server) as box:

            async def fetch(number: int) -> bytes:
                async with await box.retrieve(number) as body:
                    return await body.read()

            fetched = await asyncio.gather(*(fetch(number) for number in range(1, 31)), box.stat())
            assert fetched[:30] == MAILS
            assert fetched[30] == (30, sum(map(len, MAILS)))

    with Pop3Server(MAILS) as server:
        run(main(server))


def slow(connection: Connection) -> None:
    connection.send(b"+OK\r\nSubject: slow\r\n\r\n")
    import time

    time.sleep(0.3)
    connection.send(b"end\r\n.\r\n")


def test_cancellation_leaves_the_session_whole() -> None:
    async def main(server: Pop3Server) -> None:
        async with connect(server) as box:
            for _ in range(2):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await box.retrieve(3, io.BytesIO())
                assert await box.stat() == (30, sum(map(len, MAILS)))
            body = await box.retrieve(3)
            reading = asyncio.create_task(body.read())
            await asyncio.sleep(0.05)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            assert await (await box.retrieve(4)).read() == MAILS[3]

    with Pop3Server(MAILS, replies={"RETR 3": slow}) as server:
        run(main(server))
        assert server.commands[-1] == "QUIT"


def test_cancelled_login_closes() -> None:
    async def main(server: Pop3Server) -> None:
        connecting = connect(server)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await connecting
        assert connecting._box.closed

    with Pop3Server(MAILS, replies={"PASS": Connection.stall}) as server:
        run(main(server))


def test_an_exception_deletes_nothing() -> None:
    async def main(server: Pop3Server) -> None:
        async def fail() -> None:
            async with connect(server) as box:
                await box.delete(5)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()

    with Pop3Server(MAILS) as server:
        run(main(server))
        assert server.removed == []


def half_a_message(connection: Connection) -> None:
    connection.send(b"+OK 1000 octets\r\nSubject: half\r\n\r\nhal")
    connection.hang_up()


def test_errors() -> None:
    async def main() -> None:
        with Pop3Server(MAILS) as server:
            box = await connect(server)
            with pytest.raises(MessageNotFound):
                await box.retrieve(99)
            with pytest.raises(LocalProtocolError):
                await box.delete(0)
            await box.quit()
            with pytest.raises(ConnectionLost):
                await box.noop()
        for replies, error in (
            ({"PASS": b"-ERR [AUTH] wrong\r\n"}, AuthenticationError),
            ({"PASS": b"-ERR [IN-USE] locked\r\n"}, InUse),
        ):
            with Pop3Server(MAILS, replies=replies) as server, pytest.raises(error):
                await connect(server)
        with Pop3Server(MAILS, replies={"RETR 3": half_a_message}) as server:
            box = await connect(server)
            with pytest.raises(ConnectionLost):
                await box.retrieve(3, io.BytesIO())
            assert box.closed
        with Pop3Server(MAILS, replies={"NOOP": Connection.stall}) as server:
            box = await connect(server, timeout=0.2)
            with pytest.raises(Timeout):
                await box.noop()
        for reply in (b"-ERR no\r\n", b"+OK begin\r\n+OK injected\r\n"):
            with Pop3Server(MAILS, replies={"STLS": reply}) as server, pytest.raises(SecurityError):
                await connect(server, tls="starttls")
            assert server.commands == ["STLS"]
        with pytest.raises(ConnectionLost):
            await pop3.connect("127.0.0.1", "a", "b", port=server.port)

    run(main())


def test_back_pressure() -> None:
    big = mail(1, size=20_000_000)

    async def main(server: Pop3Server) -> None:
        async with connect(server) as box, await box.retrieve(1) as body:
            await asyncio.sleep(0.3)
            waiting = sum(map(len, body._reply.chunks))
            assert waiting < 1_000_000
            assert await body.read() == big

    with Pop3Server([big]) as server:
        run(main(server))


def test_sync(tmp_path: Path) -> None:
    async def main(server: Pop3Server, seen: UidlStore) -> None:
        sink = FilesSink(tmp_path / "mail")
        async with connect(server) as box:
            report = await box.sync(sink, "none", seen, limit=10)
            assert (report.fetched, report.left, report.deleted) == (10, 20, 10)
        async with connect(server) as box:
            running = asyncio.create_task(box.sync(sink, "all", seen))
            await asyncio.sleep(0)
            with pytest.raises(LocalProtocolError, match="sync"):
                await box.noop()
            assert (await running).fetched == 20

    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        run(main(server, seen))
        assert server.removed == server.uids[:10]
    assert [path.read_bytes() for path in sorted((tmp_path / "mail").iterdir())] == MAILS


def test_cancelled_sync_leaves_no_half_message(tmp_path: Path) -> None:
    async def main(server: Pop3Server, seen: UidlStore) -> None:
        with pytest.raises(TimeoutError):
            async with connect(server) as box, asyncio.timeout(0.3):
                await box.sync(FilesSink(tmp_path / "mail"), "none", seen)

    with Pop3Server(MAILS, replies={"RETR 3": slow}) as server:
        server.replies["RETR 4"] = Connection.stall
        with UidlStore(tmp_path / "seen") as seen:
            run(main(server, seen))
            names = {path.name for path in (tmp_path / "mail").iterdir()}
            assert names == {f"{number:06d}.eml" for number in range(1, len(seen) + 1)}
        assert server.removed == []

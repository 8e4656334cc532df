"""The asyncio IMAP client, against a small server that can misbehave."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pytest
from imap_server import CAPABILITIES, Connection, ImapServer, mail
from test_imap_blocking import ALL_UIDS, BIG, MAILS, failing, idle_with

from mailproto._errors import (
    AuthenticationError,
    ConnectionLost,
    MailboxNotFound,
    MessageNotFound,
    RemoteProtocolError,
    Timeout,
    WrongState,
)
from mailproto.aio import imap
from mailproto.imap import Arrived, Expunged, UidSet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def connect(server: ImapServer, **options: Any) -> imap.Connecting:
    options = {"tls": "insecure", "timeout": 5.0, **options}
    return imap.connect(server.host, "mrose", "secret", port=server.port, **options)


def with_client(
    server: ImapServer, body: Callable[[imap.Client], Awaitable[None]], **options: Any
) -> None:
    async def main() -> None:
        async with connect(server, **options) as client:
            await body(client)

    asyncio.run(main())


def test_the_beginning_and_the_end() -> None:
    async def main() -> None:
        client = await connect(server)
        await client.noop()
        await client.logout()
        assert client.closed
        with pytest.raises(ConnectionLost):
            await client.noop()
        with pytest.raises(AuthenticationError):
            await imap.connect(server.host, "mrose", "no", port=server.port, tls="insecure")

    with ImapServer() as server:
        asyncio.run(main())


def test_folders_and_searching() -> None:
    async def body(client: imap.Client) -> None:
        assert [folder.name for folder in await client.folders(status=True)] == ["INBOX", "Sent"]
        assert (await client.status("INBOX")).messages == 30
        with pytest.raises(MailboxNotFound):
            await client.select("nowhere")
        async with client.select(readonly=True) as folder:
            assert folder.readonly
            assert list(await folder.search(unseen=True)) == ALL_UIDS
        with pytest.raises(WrongState):
            await folder.search()

    with ImapServer(MAILS) as server:
        with_client(server, body)


def test_fetching() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        found = [message async for message in folder.fetch(size=True, envelope=True, body=True)]
        assert [message.body for message in found] == MAILS
        assert found[1].subject == "möin 102"
        message = await folder.message(105)
        assert await message.read() == MAILS[4]
        assert "text ü" in await message.text()
        assert await message.attachments() == []
        file = io.BytesIO()
        assert await message.save(file) == len(MAILS[4])
        with pytest.raises(MessageNotFound):
            await folder.message(5)

    for compress in (False, True):
        with ImapServer(MAILS) as server:
            with_client(server, body, compress=compress)


def test_streams_and_other_commands() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        async for message in folder.fetch():
            chunks = [chunk async for chunk in message.stream()]
            await client.noop()
            assert b"".join(chunks) == server.messages[message.uid]
        streams = [message.read() async for message in folder.fetch()]
        assert await asyncio.gather(*streams) == [BIG, MAILS[0], BIG]
        async for message in folder.fetch():
            async for _ in message.stream():
                await client.noop()
                break
        assert (await folder.message(102, body=True)).body == MAILS[0]

    with ImapServer([BIG, MAILS[0], BIG]) as server:
        with_client(server, body)


def test_tasks_that_share_a_client() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()

        async def read(uid: int) -> None:
            assert await (await folder.message(uid)).read() == server.messages[uid]
            await folder.add_flags(uid, "\\Seen")
            assert (await folder.message(uid)).seen

        await asyncio.gather(*(read(uid) for uid in ALL_UIDS * 4))

    with ImapServer(MAILS) as server:
        with_client(server, body)


def test_changing_and_appending() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        await folder.set_flags(101, "\\Seen")
        copied = await folder.copy([101], "Sent")
        assert copied is not None
        assert dict(copied.pairs()) == {101: 601}
        await folder.move([102], "Sent")
        await folder.delete(103)
        await folder.expunge([103])
        assert folder.exists == 28
        assert await client.append("INBOX", BIG) == (7, 900)
        assert await client.append("INBOX", io.BytesIO(BIG)) == (7, 900)

    for capabilities in (CAPABILITIES, "IMAP4rev1 UIDPLUS MOVE"):
        with ImapServer(MAILS, capabilities=capabilities) as server:
            with_client(server, body)
        assert server.appended == [BIG, BIG]


def test_a_message_that_ends_early() -> None:
    async def main() -> None:
        client = await connect(server)
        with pytest.raises(ZeroDivisionError):
            await client.append("INBOX", failing(), size=200_000)
        assert client.closed

    with ImapServer() as server:
        asyncio.run(main())
    assert server.appended == []


# Watching.


def test_watching() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        changes = []
        async for change in folder.watch():
            changes.append(change)
            if isinstance(change, Arrived):
                assert [m.uid async for m in folder.fetch(change.uids)] == [105]
            if len(changes) == 2:
                break
        assert changes == [Arrived(UidSet([105]), 1, 5), Expunged(2, 102, 4)]
        assert [change async for change in folder.watch(timeout=0.1)] == []
        await client.noop()

    steps = [lambda c: c.arrive(MAILS[0]), lambda c: c.remove([102])]
    with ImapServer(MAILS[:4], replies={"IDLE": idle_with(*steps)}) as server:
        with_client(server, body)


def test_others_use_the_client_while_one_watches() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        seen: list[Any] = []

        async def watch() -> None:
            async for change in folder.watch():
                seen.append(change)  # noqa: PERF401

        watching = asyncio.create_task(watch())
        for uid in ALL_UIDS[:10]:
            await asyncio.sleep(0.01)
            await folder.message(uid)
        while "IDLE" not in server.commands:
            await asyncio.sleep(0.01)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
        assert list(await folder.search()) == ALL_UIDS
        assert seen == []

    with ImapServer(MAILS) as server:
        with_client(server, body)


# Cancelling, and servers that fail.


def test_cancelled_tasks_leave_the_others_alone() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()

        async def read(uid: int) -> bytes:
            return await (await folder.message(uid)).read()

        for _ in range(5):
            tasks = [asyncio.create_task(read(uid)) for uid in server.messages]
            for index, task in enumerate(tasks):
                if index % 2:
                    await asyncio.sleep(0.001)
                    task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            for uid, result in zip(server.messages, results, strict=True):
                assert isinstance(result, asyncio.CancelledError) or (
                    result == server.messages[uid]
                )
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                [message async for message in folder.fetch(body=True)]
        assert (await folder.message(102, body=True)).body == server.messages[102]

    with ImapServer([BIG, *MAILS]) as server:
        with_client(server, body)


def test_leaving_loops_early() -> None:
    async def body(client: imap.Client) -> None:
        folder = await client.select()
        async for _ in folder.fetch(body=True):
            break
        with pytest.raises(ZeroDivisionError):  # noqa: PT012
            async for _ in folder.fetch(body=True):
                raise ZeroDivisionError
        assert len(await folder.search()) == 30

    with ImapServer(MAILS) as server:
        with_client(server, body)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Connection.hang_up, ConnectionLost),
        (Connection.stall, Timeout),
        (b"* BYE bye\r\n", ConnectionLost),
        (b"* 1 FETCH (BODY[] {99999999999999999999}\r\n", RemoteProtocolError),
        (b"* 1 FETCH (BODY[] {99}\r\nabc", Timeout),
    ],
)
def test_servers_that_fail(reply: Any, error: type[Exception]) -> None:
    async def main() -> None:
        client = await connect(server, timeout=0.3)
        folder = await client.select()
        with pytest.raises(error):
            [message async for message in folder.fetch(body=True)]
        assert client.closed
        with pytest.raises(ConnectionLost):
            await client.noop()

    with ImapServer(MAILS, replies={"UID FETCH": reply}) as server:
        asyncio.run(main())


def test_back_pressure() -> None:
    """A slow reader does not make the client hold what the server can send."""

    async def body(client: imap.Client) -> None:
        folder = await client.select()
        stream = (await folder.message(101)).stream()
        octets = len(await anext(stream))
        reply = client._session._fetches[0]
        await asyncio.sleep(0.3)
        held = sum(len(chunk) for chunk in reply.stream.chunks)  # type: ignore[union-attr]
        assert held < 2_000_000
        octets += sum([len(chunk) async for chunk in stream])
        assert octets == len(huge)

    huge = mail(1, size=30_000_000)
    with ImapServer([huge]) as server:
        with_client(server, body)

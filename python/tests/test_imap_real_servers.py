"""Both IMAP clients against Dovecot and Cyrus: every way to connect and to log in, all octets."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import real_servers

from mailproto import imap
from mailproto._errors import (
    AuthenticationError,
    MailboxNotFound,
    MessageNotFound,
    SecurityError,
    WrongState,
)
from mailproto._imap_changes import SyncState
from mailproto.aio import imap as aio
from mailproto.imap import Arrived, Expunged, FlagsChanged, Q, UidSet

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "mrose", "tanstaaf"
MECHANISMS = ["LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
COUNT = 1000


@pytest.fixture(scope="module", params=["Dovecot", "Cyrus"])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    with real_servers.running(request.param, [USER], PASSWORD) as running:
        mail = real_servers.module("mail")
        running.mails = mail.corpus(COUNT)
        running.big = mail.big(3_000_000)
        running.deliver(USER, running.mails)
        yield running


def options(server: Any, tls: str = "insecure") -> dict[str, Any]:
    context = ssl.create_default_context(cafile=str(server.cafile))
    port = server.ports.imaps if tls == "implicit" else server.ports.imap
    return {"port": port, "tls": tls, "ssl_context": context}


def connect(server: Any, user: str = USER, tls: str = "insecure", **more: Any) -> imap.Client:
    return imap.connect("localhost", user, PASSWORD, **options(server, tls), **more)


def is_dovecot(server: Any) -> bool:
    return type(server).__name__ == "Dovecot"


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("tls", ["implicit", "starttls", "insecure"])
def test_thousand_messages_to_the_octet(
    server: Any, tls: Any, *, pipelining: bool, compress: bool
) -> None:
    with connect(server, tls=tls, pipelining=pipelining, compress=compress) as client:  # noqa: SIM117
        with client.select(readonly=True) as folder:
            assert folder.exists == COUNT
            fetched = [message.body for message in folder.fetch(body=True)]
            some = [message.read() for message in folder.fetch("5:9")]
    assert fetched == server.mails
    assert some == server.mails[4:9]


@pytest.mark.parametrize("tls", ["implicit", "starttls", "insecure"])
def test_thousand_messages_on_asyncio(server: Any, tls: Any) -> None:
    async def main() -> None:
        where = options(server, tls)
        async with (
            aio.connect("localhost", USER, PASSWORD, **where) as client,
            client.select(readonly=True) as folder,
        ):
            fetched = [message.body async for message in folder.fetch(body=True)]
            assert fetched == server.mails

    asyncio.run(main())


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_mechanisms(server: Any, mechanism: str) -> None:
    connect(server, tls="implicit", mechanism=mechanism).logout()
    with pytest.raises(AuthenticationError):
        imap.connect("localhost", USER, "wrong", mechanism=mechanism, **options(server, "implicit"))


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER", None])
def test_tokens(server: Any, mechanism: str | None) -> None:
    if not is_dovecot(server):
        return  # Cyrus has no OAuth here.
    where = {"mechanism": mechanism, **options(server, "implicit")}
    imap.connect("localhost", USER, oauth=lambda: server.oauth_token(USER), **where).logout()
    with pytest.raises(AuthenticationError):
        imap.connect("localhost", USER, oauth="wrong", **where)


def test_a_certificate_that_does_not_verify(server: Any) -> None:
    for tls in ("implicit", "starttls"):
        where = options(server, tls) | {"ssl_context": None}
        with pytest.raises(SecurityError):
            imap.connect("localhost", USER, PASSWORD, **where)


def test_every_attribute(server: Any) -> None:
    with connect(server) as client, client.select(readonly=True) as folder:
        found = list(
            folder.fetch(
                size=True,
                internal_date=True,
                envelope=True,
                body_structure=True,
                headers=["Subject"],
                mod_seq=True,
            )
        )
    assert [message.number for message in found] == list(range(1, COUNT + 1))
    for message, octets in zip(found, server.mails, strict=True):
        assert message.size == len(octets)
        assert message.flags is not None
        assert message.internal_date is not None
        assert message.internal_date.tzinfo is not None
        assert message.envelope is not None
        assert message.body_structure is not None
        assert message.mod_seq
        assert message.subject is None or isinstance(message.subject, str)
        for part in message.body_structure.walk():
            part.to_dict()


def test_parts_and_attachments(server: Any) -> None:
    import email
    import email.policy

    with connect(server) as client, client.select(readonly=True) as folder:
        for message in folder.fetch("1:60", body_structure=True):
            parsed = email.message_from_bytes(
                server.mails[(message.number or 0) - 1], policy=email.policy.compat32
            )
            if not parsed.is_multipart():
                continue
            theirs = [part for part in parsed.walk() if not part.is_multipart()]
            assert message.body_structure is not None
            ours = [part for part in message.body_structure.walk() if not part.is_multipart]
            assert len(ours) == len(theirs)
            for part, other in zip(ours, theirs, strict=True):
                octets = message.read(part, decode=True)
                wanted = other.get_payload(decode=True)
                assert isinstance(wanted, bytes)
                # What ends the last line belongs to the boundary or not, as one likes.
                assert octets.rstrip(b"\r\n") == wanted.rstrip(b"\r\n")
            assert isinstance(message.text(), str)


def test_searching_sorting_threading(server: Any) -> None:
    with connect(server) as client, client.select(readonly=True) as folder:
        every = folder.search()
        assert len(every) == COUNT
        subjects = folder.search(subject="invoice")
        assert subjects
        assert folder.search(Q(subject="invoice") | ~Q(subject="invoice")) == every
        assert folder.search('SUBJECT "invoice"') == subjects
        assert folder.search(~Q(subject="invoice")) == every - subjects
        assert not folder.search(text="Grüße") - every
        assert folder.search(since="2000-01-01") | folder.search(before="2000-01-01") == every
        assert folder.search(larger=4000, smaller=10) == UidSet()
        ordered = folder.sort("REVERSE SIZE")
        sizes = {message.uid: message.size or 0 for message in folder.fetch(size=True)}
        assert [sizes[uid] for uid in ordered] == sorted(sizes.values(), reverse=True)
        threads = folder.thread("ORDEREDSUBJECT" if not is_dovecot(server) else "REFERENCES")
        assert threads


def test_folders(server: Any) -> None:
    user = server.fresh_user()
    with connect(server, user) as client:
        odd = 'q"uote' if is_dovecot(server) else "q'uote"
        for name in ("Büro", "Büro/Ablage", "a b", odd):
            client.create(name)
        client.subscribe("Büro")
        names = {folder.name for folder in client.folders()}
        assert {"INBOX", "Büro", "Büro/Ablage", "a b", odd} <= names
        # Cyrus subscribes INBOX by itself.
        subscribed = {folder.name for folder in client.folders(subscribed=True)} - {"INBOX"}
        assert subscribed == {"Büro"}
        client.rename("a b", "c d")
        client.delete(odd)
        client.unsubscribe("Büro")
        assert {folder.name for folder in client.folders(subscribed=True)} <= {"INBOX"}
        names = {folder.name for folder in client.folders(status=True)}
        assert "c d" in names
        assert "a b" not in names
        status = client.status("Büro")
        assert (status.messages, status.unseen) == (0, 0)
        with pytest.raises(MailboxNotFound):
            client.select("nowhere")
        assert client.namespace().personal
        assert client.id()
        if is_dovecot(server):
            assert client.special("sent") is None
            client.create("Sent")
            sent = client.special("sent")
            assert sent is not None
            assert sent.name == "Sent"
            assert client.quota()[0].resources
            assert client.my_rights("Büro")
            client.set_acl("Büro", USER, "l")
            assert client.acl("Büro")[USER] == "l"
            client.delete_acl("Büro", USER)
            client.set_metadata("INBOX", {"/private/comment": "mine"})
            assert client.metadata("INBOX", "/private/comment") == {"/private/comment": b"mine"}


def test_changing(server: Any) -> None:
    user = server.fresh_user()
    server.deliver(user, server.mails[:20])
    with connect(server, user) as client:
        client.create("Archive")
        with client.select() as folder:
            first, *_ = uids = list(folder.search())
            folder.add_flags(uids[:3], "\\Seen", "mine")
            assert folder.search(seen=True) == UidSet(uids[:3])
            assert folder.message(first).flags is not None
            folder.remove_flags(first, "mine")
            assert folder.search(keyword="mine") == UidSet(uids[1:3])
            mod_seq = max(message.mod_seq or 0 for message in folder.fetch(mod_seq=True))
            folder.set_flags(uids[5], "\\Flagged")
            assert folder.add_flags(uids[5], "late", unchanged_since=mod_seq) == UidSet([uids[5]])
            copied = folder.copy(uids[:2], "Archive")
            assert copied is not None
            assert list(copied.source) == uids[:2]
            assert len(dict(copied.pairs())) == 2
            moved = folder.move(uids[2:4], "Archive")
            assert moved is not None
            folder.delete(uids[4:6])
            folder.expunge([uids[4]])
            assert len(folder.search()) == 17
            folder.expunge()
            assert len(folder.search()) == 16
            assert folder.exists == 16
            with pytest.raises(MailboxNotFound):
                folder.copy(uids[7], "nowhere")
            with pytest.raises(MessageNotFound):
                folder.message(uids[4])
            message = folder.message(uids[7])
        with pytest.raises(WrongState):
            message.read()
        assert client.status("Archive").messages == 4
        with client.select("Archive", readonly=True) as archive:
            archived = [message.body for message in archive.fetch(body=True)]
        assert archived == server.mails[:4]


def test_appending(server: Any, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    path = tmp_path / "big.eml"
    path.write_bytes(server.big)
    with connect(server, server.fresh_user()) as client:
        when = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)
        appended = client.append("INBOX", server.mails[0], flags=["\\Seen"], date=when)
        client.append("INBOX", path)
        with pytest.raises(MailboxNotFound):
            client.append("nowhere", server.mails[0])
        with client.select() as folder:
            small, big = folder.fetch(internal_date=True)
            assert appended is not None
            assert (appended.uid_validity, appended.uid) == (folder.uid_validity, small.uid)
            assert small.internal_date == when
            assert small.seen
            assert small.read() == server.mails[0]
            with (tmp_path / "copy.eml").open("wb") as file:
                assert big.save(file) == len(server.big)
            assert (tmp_path / "copy.eml").read_bytes() == server.big
            (attachment,) = big.attachments()
            assert len(big.read(attachment, decode=True)) > 2_000_000
            with client.select("INBOX", readonly=True) as again:
                assert [m.body for m in again.fetch(body=True)][1] == server.big


def test_watching(server: Any) -> None:
    user = server.fresh_user()
    server.deliver(user, server.mails[:3])

    def change() -> None:
        with connect(server, user) as other:
            time.sleep(0.5)
            other.append("INBOX", server.mails[5])
            with other.select() as folder:
                first, second, *_ = folder.search()
                folder.add_flags(second, "\\Flagged")
                folder.delete(first)
                folder.expunge([first])

    with connect(server, user) as client, client.select() as folder:
        first, second, _ = folder.search()
        thread = threading.Thread(target=change)
        thread.start()
        arrived, gone, flagged = UidSet(), [], []
        for news in folder.watch(timeout=20):
            if isinstance(news, Arrived):
                arrived = arrived | news.uids
                (message,) = folder.fetch(news.uids, body=True)
                assert message.body == server.mails[5]
            elif isinstance(news, Expunged):
                gone.append(news.uid)
            elif isinstance(news, FlagsChanged) and "\\Flagged" in news.flags:
                flagged.append(news.uid)
            if arrived and gone and flagged:
                break
        thread.join()
        assert gone == [first]
        assert flagged == [second]
        assert folder.exists == 3


@pytest.mark.parametrize("way", ["QRESYNC", "CONDSTORE"])
def test_changes(server: Any, way: str) -> None:
    user = server.fresh_user()
    server.deliver(user, server.mails[:10])
    enable = [way] if way == "QRESYNC" else []

    def look(kept: str | None) -> Any:
        with connect(server, user, enable=enable) as client, client.select() as folder:
            return folder.changes(SyncState.from_json(kept))

    first = look(None)
    assert len(first.arrived) == 10
    assert not first.vanished
    again = look(first.state.to_json())
    assert (again.arrived, again.vanished, again.flags) == (UidSet(), UidSet(), {})
    uids = list(first.arrived)
    with connect(server, user) as client:
        client.append("INBOX", server.mails[20])
        with client.select() as folder:
            folder.add_flags(uids[3], "\\Flagged")
            folder.delete(uids[:2])
            folder.expunge(uids[:2])
    changes = look(again.state.to_json())
    assert len(changes.arrived) == 1
    assert list(changes.vanished) == uids[:2]
    assert list(changes.flags) == [uids[3]]
    assert "\\Flagged" in changes.flags[uids[3]]
    assert not changes.reset
    assert len(changes.state.uids) == 9
    other = changes.state._replace(uid_validity=1)
    assert look(other.to_json()).reset


PROGRAM = """
import sys
from mailproto import imap
user, password, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
with imap.connect("localhost", user, password, port=port, tls="insecure") as client:
    with client.select(readonly=True) as folder, open("/dev/null", "wb") as file:
        assert folder.message(int(sys.argv[4])).save(file) == int(sys.argv[5])
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_a_large_message_takes_no_more_memory_than_a_small_one(server: Any) -> None:
    import subprocess

    mail = real_servers.module("mail")
    user, mails = server.fresh_user(), [server.mails[0], mail.big(25_000_000)]
    server.deliver(user, mails)
    peaks = []
    for number, octets in enumerate(mails, 1):
        where = [user, PASSWORD, str(server.ports.imap), str(number), str(len(octets))]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *where],
            env=environment,
            capture_output=True,
            check=True,
        )
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 2000


def test_two_hundred_connections_at_once(server: Any) -> None:
    if not is_dovecot(server):
        return  # Cyrus forks a process for each, and limits them.

    async def one(index: int) -> None:
        where = options(server, "insecure") | {"timeout": 120.0}
        async with aio.connect("localhost", USER, PASSWORD, **where) as client:  # noqa: SIM117
            async with client.select(readonly=True) as folder:
                uids = list(await folder.search())[index : index + 20]
                fetched = [message.body async for message in folder.fetch(uids, body=True)]
                assert fetched == server.mails[index : index + 20]

    async def main() -> None:
        await asyncio.gather(*(one(index) for index in range(200)))

    asyncio.run(main())

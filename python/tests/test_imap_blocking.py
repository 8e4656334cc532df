"""The blocking IMAP client, against a small server that can misbehave."""

from __future__ import annotations

import _thread
import doctest
import io
import pickle
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from imap_server import CAPABILITIES, Connection, ImapServer, mail

from mailproto import imap
from mailproto._errors import (
    AuthenticationError,
    Bad,
    CommandError,
    ConnectionLost,
    InvalidArgument,
    MailboxExists,
    MailboxNotFound,
    MessageNotFound,
    No,
    NotOffered,
    OverQuota,
    RemoteProtocolError,
    SecurityError,
    ServerUnavailable,
    Timeout,
    WrongState,
)
from mailproto.imap import Arrived, Expunged, FlagsChanged, Q, UidSet
from mailproto.stores import MaildirSink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAILS = [mail(number, size=100 * number) for number in range(1, 31)]
BIG = mail(1, size=3_000_000)
ALL_UIDS = list(range(101, 131))


def connect(server: ImapServer, **options: Any) -> imap.Client:
    options = {"tls": "insecure", "timeout": 5.0, **options}
    return imap.connect(server.host, "mrose", "secret", port=server.port, **options)


# Beginning and end.


def test_the_first_commands() -> None:
    with ImapServer(MAILS) as server:
        with connect(server) as client:
            assert "IDLE" in client.capabilities
            assert client.user == "mrose"
            client.noop()
        assert client.closed
    first, login, identity, *rest = server.commands
    assert first == "CAPABILITY"
    assert login.startswith("LOGIN ")
    assert identity.startswith('ID ("name" "mailproto"')
    assert rest == ["NOOP", "LOGOUT"]


def test_capabilities_in_the_greeting_are_not_asked_for() -> None:
    greeting = f"* OK [CAPABILITY {CAPABILITIES}] ready\r\n".encode()
    with ImapServer(greeting=greeting) as server:
        connect(server, client_id=False).logout()
    assert [line.split(" ")[0] for line in server.commands] == ["LOGIN", "LOGOUT"]


def test_wrong_password() -> None:
    with ImapServer() as server:
        with pytest.raises(AuthenticationError, match="wrong") as caught:
            imap.connect(server.host, "mrose", "no", port=server.port, tls="insecure")
        assert caught.value.code == "AUTHENTICATIONFAILED"
        assert caught.value.status == "no"


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"* BYE [UNAVAILABLE] later\r\n", ServerUnavailable),
        (b"* BYE go away\r\n", ServerUnavailable),
        (b"", ConnectionLost),
        (b"220 smtp.example.com ESMTP\r\n", RemoteProtocolError),
    ],
)
def test_greetings_that_end_it(greeting: bytes, error: type[Exception]) -> None:
    with ImapServer(greeting=greeting) as server, pytest.raises(error):
        connect(server)


def test_preauth() -> None:
    with ImapServer(MAILS, greeting=b"* PREAUTH welcome\r\n") as server:
        with connect(server) as client:
            assert client.select().exists == 30
        assert not any(line.startswith("LOGIN") for line in server.commands)


def test_no_starttls_no_password() -> None:
    with ImapServer(replies={"STARTTLS": b"{tag} NO never\r\n"}) as server:
        with pytest.raises((SecurityError, NotOffered)):
            connect(server, tls="starttls")
        assert not any(line.startswith(("LOGIN", "AUTH")) for line in server.commands)


# Folders.


def test_folders() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        inbox, sent = client.folders()
        assert (inbox.name, inbox.delimiter, inbox.selectable) == ("INBOX", "/", True)
        assert sent.special_use == "\\Sent"
        assert client.special("sent") == sent
        assert client.special("trash") is None
        assert client.status("INBOX").messages == 30
        assert client.folders(status=True)[0].status == client.status("INBOX")
        assert client.namespace().personal[0].delimiter == "/"
        assert client.id() == {"name": "small"}
        with pytest.raises(MailboxExists):
            client.create("Sent")
        with pytest.raises(ValueError, match="use must be"):
            client.special("inbox")


def test_selecting() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        with client.select("INBOX", readonly=True) as folder:
            assert folder.readonly
            assert (folder.exists, folder.uid_validity, folder.uid_next) == (30, 7, 131)
            assert folder.highest_mod_seq == 5
            assert "\\Flagged" in folder.flags
            assert folder.permanent_flags == {"\\Seen", "\\Deleted", "\\*"}
        with pytest.raises(WrongState, match="no longer selected"):
            folder.search()
        with pytest.raises(MailboxNotFound):
            client.select("nowhere")
        assert not client.select().readonly
    assert "UNSELECT" in server.commands


# Searching.


def test_searching() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        assert list(folder.search()) == ALL_UIDS
        query = Q(unseen=True) & (Q(from_="ann") | ~Q(larger=10_000))
        folder.search(query, since="2026-02-01")
        folder.search('UNSEEN OR FROM "a b" (NOT DELETED SINCE 1-Feb-2026)')
        folder.search(subject="für")
    asked = [line.split(" ", 2)[2] for line in server.commands if "SEARCH" in line]
    assert asked[0] == "RETURN (ALL) ALL"
    assert asked[1] == 'RETURN (ALL) UNSEEN OR FROM "ann" NOT LARGER 10000 SINCE 1-Feb-2026'
    assert asked[2] == ('RETURN (ALL) UNSEEN OR FROM "a b" (NOT DELETED SINCE 1-Feb-2026)')
    assert asked[3].startswith("RETURN (ALL) CHARSET UTF-8 SUBJECT")


def test_queries_are_values() -> None:
    assert Q(unseen=True) == Q(seen=False)
    assert hash(Q(unseen=True)) == hash(Q(seen=False))
    assert Q(on=date(2026, 1, 2)) == Q(on="2026-01-02") == Q(on=datetime(2026, 1, 2, tzinfo=UTC))
    assert Q(uid=5).key == ("UID", UidSet([5]))
    assert Q().key == "ALL"
    assert (Q() & Q(seen=True)).key == "SEEN"
    assert Q(from_=["a", "b"]).key == ("AND", ("FROM", "a"), ("FROM", "b"))
    assert Q(older=timedelta(hours=1)).key == ("OLDER", 3600)
    with pytest.raises(TypeError):
        Q(colour="red")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Q().key = "SEEN"  # type: ignore[misc]


def test_the_examples_of_the_queries_run() -> None:
    from mailproto import _imap_query

    assert doctest.testmod(_imap_query).failed == 0


@pytest.mark.parametrize(
    "program", ["", "(", "FROM", "1:5", 'FROM "a', "OR SEEN", "LARGER x", "SINCE soon", ")", "A)"]
)
def test_programs_that_are_none(program: str) -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        with pytest.raises(InvalidArgument):
            client.select().search(program)
        client.noop()


def test_injection_is_refused_or_quoted() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        folder.search(from_='x" LARGER "1')
        with pytest.raises(InvalidArgument):
            folder.search(from_="x\0")
        with pytest.raises(InvalidArgument):
            folder.add_flags(101, "\\Seen) \r\nx LOGOUT")
        client.noop()
    assert 'FROM "x\\" LARGER \\"1"' in next(line for line in server.commands if "SEARCH" in line)


def test_a_set_with_a_star_is_not_the_last_message() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        assert [message.uid for message in folder.fetch("129:*")] == [129, 130]
        assert [message.uid for message in folder.fetch("9999:*")] == []
        assert [message.uid for message in folder.fetch("*")] == [130]
        assert [message.uid for message in folder.fetch("101,9999:*")] == [101]


# Fetching.


def test_fetching_attributes() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        folder.add_flags(103, "\\Seen", "urgent")
        found = list(
            folder.fetch(size=True, internal_date=True, envelope=True, body_structure=True)
        )
        assert [message.uid for message in found] == ALL_UIDS
        message = found[2]
        assert (message.number, message.size) == (3, len(MAILS[2]))
        assert message.flags == {"\\Seen", "urgent"}
        assert message.seen
        assert message.subject == "möin 103"
        assert message.from_[0].email == "ann@example.com"
        assert message.internal_date is not None
        assert message.internal_date.utcoffset() == timedelta(hours=1)
        assert message.body_structure is not None
        assert message.body_structure.media_type == "text/plain"
        assert message.body is None
        assert "uid=103" in repr(message)


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("compress", [True, False])
def test_bodies(*, pipelining: bool, compress: bool) -> None:
    with ImapServer(MAILS) as server:  # noqa: SIM117
        with connect(server, pipelining=pipelining, compress=compress) as client:
            folder = client.select()
            assert [message.body for message in folder.fetch(body=True)] == MAILS
            assert [message.read() for message in folder.fetch()] == MAILS
            file = io.BytesIO()
            assert folder.message(107).save(file) == len(MAILS[6])
            assert file.getvalue() == MAILS[6]
            message = folder.message(105, headers=["Subject", "From"])
            assert message.headers["subject"] == "message 5"
            assert message.read("TEXT") == MAILS[4].partition(b"\r\n\r\n")[2]
            assert "text ü and" in message.text()


def test_a_message_that_is_not_there() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        with pytest.raises(MessageNotFound):
            folder.message(5)
        message = folder.message(105)
        del server.messages[105]
        with pytest.raises(MessageNotFound):
            message.read()
        client.noop()


def test_large_bodies_come_by_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailproto._imap_session.SPOOL_OCTETS", 100_000)
    with ImapServer([BIG, MAILS[0], BIG]) as server, connect(server) as client:
        folder = client.select()
        first, second, third = folder.fetch(body=True)
        assert first._pieces is not None
        assert first._pieces[0].spool is not None
        assert [first.body, second.body, third.read()] == [BIG, MAILS[0], BIG]
        assert b"".join(first.stream()) == BIG
        for message in folder.fetch():
            chunks = message.stream()
            begun = next(chunks)
            client.noop()
            assert begun + b"".join(chunks) == server.messages[message.uid]


def test_a_stream_that_is_left_does_no_harm() -> None:
    with ImapServer([BIG, MAILS[0], BIG]) as server, connect(server) as client:
        folder = client.select()
        for message in folder.fetch():
            next(message.stream())
            chunks = folder.message(101).stream()
            next(chunks)
        assert folder.message(102).read() == MAILS[0]
        for _ in folder.fetch(body=True):
            break
        with pytest.raises(ZeroDivisionError):  # noqa: PT012
            for _ in folder.fetch(body=True):
                raise ZeroDivisionError
        assert list(folder.search()) == [101, 102, 103]


def test_large_sets_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailproto._imap_fetch.FIRST", 3)
    monkeypatch.setattr("mailproto._imap_fetch.MOST", 10)
    monkeypatch.setattr("mailproto._imap_commands.MESSAGES_A_COMMAND", 10)
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        assert [message.uid for message in folder.fetch()] == ALL_UIDS
        folder.add_flags(None, "\\Seen")
    fetches = [line.split(" ")[2] for line in server.commands if line.startswith("UID FETCH")]
    assert fetches == ["101:103", "104:113", "114:123", "124:130"]
    stores = [line.split(" ")[2] for line in server.commands if line.startswith("UID STORE")]
    assert stores == ["101:110", "111:120", "121:130"]
    assert server.flags[130] == {"\\Seen"}


def test_commands_within_loops() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        for message in folder.fetch():
            folder.add_flags(message, "\\Seen")
            inner = folder.message(message.uid, body=True)
            assert inner.body == server.messages[message.uid]
            assert inner.flags == {"\\Seen"}


# What nobody asked for.


def with_gossip(connection: Connection) -> None:
    """A FETCH during which others change flags, and messages come."""
    connection.untagged("2 FETCH (FLAGS (\\Answered))")
    connection.untagged("3 FETCH (UID 103 FLAGS (\\Answered))")
    connection.untagged("99 FETCH (UID 999 FLAGS () RFC822.SIZE 5)")
    _, _, which, items = connection.line.split(" ", 3)
    for uid in connection.uids(which):
        connection.fetched(uid, items)
    connection.untagged("31 EXISTS")
    connection.ok()


def test_unsolicited_data_are_nobodys_result() -> None:
    with ImapServer(MAILS, replies={"UID FETCH": with_gossip}) as server:  # noqa: SIM117
        with connect(server) as client:
            folder = client.select()
            list(client.events())
            found = list(folder.fetch(size=True))
            assert [message.uid for message in found] == ALL_UIDS
            assert all(message.flags == frozenset() for message in found)
            assert folder.exists == 31
            told = [type(event).__name__ for event in client.events()]
            assert told.count("Fetch") == 3 * told.count("Exists")
            assert told


def test_alerts_reach_events() -> None:
    reply = b"* OK [ALERT] disk is full\r\n{tag} OK done\r\n"
    with ImapServer(replies={"NOOP": reply}) as server, connect(server) as client:
        client.noop()
        (event,) = client.events()
        assert event.text == "disk is full"  # type: ignore[union-attr]


def test_execute() -> None:
    reply = b"* XTRA 1 2\r\n* 3 FETCH (FLAGS ())\r\n{tag} OK done\r\n"
    with ImapServer(MAILS, replies={"XTRA": reply}) as server, connect(server) as client:
        client.select()
        names = [type(event).__name__ for event in client.execute("XTRA", "a b", [1, None])]
        assert names == ["Unrecognized", "Fetch", "Completed"]
        with pytest.raises(Bad):
            client.execute("YTRA")
    assert 'XTRA "a b" (1 NIL)' in server.commands


# Changing.


def test_flags_copies_and_moves() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        assert folder.add_flags([101, 102], "\\Seen", "mine") == UidSet()
        folder.remove_flags("102", "mine")
        folder.set_flags(103, "\\Flagged")
        assert server.flags[101] == {"\\Seen", "mine"}
        assert server.flags[102] == {"\\Seen"}
        assert server.flags[103] == {"\\Flagged"}
        copied = folder.copy("101:103", "Sent")
        assert copied is not None
        assert copied.uid_validity == 9
        assert dict(copied.pairs()) == {101: 601, 102: 602, 103: 603}
        with pytest.raises(MailboxNotFound):
            folder.copy(101, "missing")
        moved = folder.move([104], "Sent")
        assert moved is not None
        assert (moved.source, moved.destination) == (UidSet([104]), UidSet([604]))
        assert folder.exists == 29
        folder.delete([105, 106])
        folder.expunge([105, 107])
        assert 105 not in server.messages
        assert 106 in server.messages
        folder.expunge()
        assert 106 not in server.messages
        assert folder.exists == 27
        folder.copy([], "Sent")
        assert not [line for line in server.commands if line.startswith("UID COPY  ")]


def test_modified_elsewhere() -> None:
    reply = b"{tag} OK [MODIFIED 101,103] some\r\n"
    with ImapServer(MAILS, replies={"UID STORE": reply}) as server, connect(server) as client:
        folder = client.select()
        assert folder.add_flags("101:105", "\\Seen", unchanged_since=4) == UidSet("101,103")
    assert "(UNCHANGEDSINCE 4)" in server.commands[-2]


def test_moving_where_move_is_missing() -> None:
    with ImapServer(MAILS, capabilities="IMAP4rev1 UIDPLUS") as server:  # noqa: SIM117
        with connect(server) as client:
            folder = client.select()
            folder.delete(110)
            folder.move("101:102", "Sent")
            assert folder.exists == 28
    assert 110 in server.messages
    words = [line.split(" ")[1] for line in server.commands if line.startswith("UID")]
    assert words == ["STORE", "COPY", "STORE", "EXPUNGE"]


def test_others_marked_messages_are_not_expunged() -> None:
    with ImapServer(MAILS, capabilities="IMAP4rev1") as server, connect(server) as client:
        folder = client.select()
        with pytest.raises(NotOffered):
            folder.expunge([101])
        with pytest.raises(NotOffered):
            folder.move([101], "Sent")
        assert folder.exists == 30
    assert not [line for line in server.commands if "COPY" in line or "EXPUNGE" in line]


# Appending.


@pytest.mark.parametrize("capabilities", [CAPABILITIES, "IMAP4rev1 UIDPLUS"])
def test_appending_in_every_way(tmp_path: Path, capabilities: str) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(BIG)
    with ImapServer(capabilities=capabilities) as server, connect(server) as client:
        assert client.append("INBOX", MAILS[0], flags=["\\Seen"]) == (7, 900)
        client.append("INBOX", path, date=datetime(2026, 11, 23, tzinfo=UTC))
        with path.open("rb") as file:
            file.seek(5)
            client.append("INBOX", file)
        client.append("INBOX", iter([MAILS[1], MAILS[2]]), size=len(MAILS[1] + MAILS[2]))
        with pytest.raises(TypeError):
            client.append("INBOX", iter([MAILS[1]]))
        client.noop()
    assert server.appended == [MAILS[0], BIG, BIG[5:], MAILS[1] + MAILS[2]]
    assert "(\\Seen)" in next(line for line in server.commands if line.startswith("APPEND"))


def test_refused_appends() -> None:
    reply = b"{tag} NO [OVERQUOTA] full\r\n"
    with ImapServer(replies={"APPEND": reply}) as server, connect(server) as client:
        with pytest.raises(OverQuota):
            client.append("INBOX", MAILS[0])
        client.noop()


def failing() -> Iterator[bytes]:
    yield b"x" * 100_000
    raise ZeroDivisionError


@pytest.mark.parametrize("size", [200_000, 100_000, 50_000])
def test_a_message_that_ends_early_is_not_appended(size: int) -> None:
    with ImapServer() as server:
        client = connect(server)
        with pytest.raises((ZeroDivisionError, ValueError)):
            client.append("INBOX", failing(), size=size)
        assert client.closed
        assert server.appended == []


# Watching.


def idle_with(*steps: Any) -> Any:
    """What happens in each IDLE, by turns."""
    turns = iter(steps)

    def idle(connection: Connection) -> None:
        connection.send(b"+ idling\r\n")
        step = next(turns, None)
        if step is not None:
            step(connection)
        if connection.read_line() != "DONE":
            connection.hang_up()
        connection.ok()

    return idle


def test_watching() -> None:
    steps = [
        lambda c: (c.arrive(MAILS[0]), c.arrive(MAILS[1])),
        lambda c: c.remove([103]),
        lambda c: c.untagged("1 FETCH (FLAGS (\\Seen))"),
        lambda c: (c.remove([102]), c.untagged("2 FETCH (FLAGS (\\Flagged))")),
    ]
    with ImapServer(MAILS[:4], replies={"IDLE": idle_with(*steps)}) as server:  # noqa: SIM117
        with connect(server) as client:
            folder = client.select()
            seen = []
            for change in folder.watch():
                seen.append(change)
                if isinstance(change, Arrived):
                    fetched = [message.body for message in folder.fetch(change.uids, body=True)]
                    assert fetched == MAILS[:2]
                if len(seen) == 5:
                    break
            assert seen == [
                Arrived(UidSet("105:106"), 2, 6),
                Expunged(3, 103, 5),
                FlagsChanged(1, 101, frozenset({"\\Seen"})),
                Expunged(2, 102, 4),
                FlagsChanged(2, 104, frozenset({"\\Flagged"})),
            ]
            assert folder.exists == 4
            client.noop()


def test_watching_ends_in_time_and_by_leaving() -> None:
    with ImapServer(MAILS) as server, connect(server) as client:
        folder = client.select()
        assert list(folder.watch(timeout=0.2)) == []
        assert list(folder.watch(timeout=0.3, reissue=0.1)) == []
        client.noop()
    assert server.commands.count("IDLE") >= 4


def test_watching_without_idle() -> None:
    def noop(connection: Connection) -> None:
        if server.commands.count("NOOP") == 2:
            connection.arrive(MAILS[5])
        connection.ok()

    capabilities = "IMAP4rev1"
    with ImapServer(MAILS[:3], capabilities=capabilities, replies={"NOOP": noop}) as server:  # noqa: SIM117
        with connect(server) as client:
            for change in client.select().watch(poll=0.05):
                assert change == Arrived(UidSet([104]), 1, 4)
                break
    assert "IDLE" not in server.commands


def test_what_comes_while_the_uids_are_asked_for() -> None:
    def search(connection: Connection) -> None:
        # Two more come and one goes while it is answered, each time but the last.
        connection.do_uid_search()
        if server.commands.count("IDLE") == 1 and len(server.messages) < 6:
            connection.arrive(MAILS[3])

    steps = [lambda c: c.arrive(MAILS[2])]
    replies: Any = {"IDLE": idle_with(*steps), "UID SEARCH": search}
    with ImapServer(MAILS[:2], replies=replies) as server, connect(server) as client:
        arrived: list[int] = []
        for change in client.select().watch(timeout=1):
            assert isinstance(change, Arrived)
            arrived += change.uids
        assert arrived == [103, 104, 105, 106]


def test_vanished_messages() -> None:
    steps = [lambda c: c.untagged("VANISHED 102,900:999"), lambda c: c.untagged("VANISHED 104")]
    with ImapServer(MAILS[:4], replies={"IDLE": idle_with(*steps)}) as server:  # noqa: SIM117
        with connect(server, enable=["QRESYNC"]) as client:
            with client.select() as folder:
                gone = []
                for change in folder.watch():
                    gone.append(change)
                    if len(gone) == 2:
                        break
    assert gone == [Expunged(2, 102, 3), Expunged(3, 104, 2)]


# Keeping a copy.


@pytest.mark.parametrize("capabilities", [CAPABILITIES, "IMAP4rev1 UIDPLUS"])
def test_what_changed(capabilities: str) -> None:
    def search(connection: Connection) -> None:
        if "MODSEQ" in connection.line:
            connection.untagged(f'ESEARCH (TAG "{connection.tag}") UID ALL 101:104 MODSEQ 9')
            connection.ok()
        else:
            connection.do_uid_search()

    replies: Any = {"UID SEARCH": search}
    with ImapServer(MAILS[:4], capabilities=capabilities, replies=replies) as server:  # noqa: SIM117
        with connect(server) as client:
            folder = client.select()
            first = folder.changes()
            assert (list(first.arrived), list(first.vanished)) == ([101, 102, 103, 104], [])
            kept = pickle.loads(pickle.dumps(first.state))
            assert imap.SyncState.from_json(kept.to_json()) == kept
            assert imap.SyncState.from_json(None) is None
            folder.add_flags(102, "\\Seen")
            folder.delete(103)
            folder.expunge([103])
            server.messages[105], server.flags[105] = MAILS[5], set()
            second = folder.changes(kept)
            assert (list(second.arrived), list(second.vanished)) == ([105], [103])
            assert second.flags[102] == {"\\Seen"}
            assert not {103, 105} & second.flags.keys()
            assert (first.reset, second.reset) == (False, False)
            other = folder.changes(kept._replace(uid_validity=6))
            assert other.reset
            assert list(other.arrived) == [101, 102, 104, 105]


def test_no_part_of_a_message_under_a_final_name(tmp_path: Path) -> None:
    def cut(connection: Connection) -> None:
        connection.send(b"* 1 FETCH (UID 101 BODY[] {1000000}\r\n" + b"x" * 500_000)
        connection.hang_up()

    sink = MaildirSink(tmp_path / "Mail")
    replies: Any = {"UID FETCH 101 (UID BODY.PEEK[])": cut}
    with ImapServer(MAILS, replies=replies) as server:
        message = connect(server).select().message(101)
        delivery = sink.begin(message)  # type: ignore[arg-type]
        with pytest.raises(ConnectionLost):
            message.save(delivery)  # type: ignore[arg-type]
        delivery.abort()
    files = [path for path in (tmp_path / "Mail").rglob("*") if path.is_file()]
    assert files == []


# Servers that fail.


def test_stalling() -> None:
    with ImapServer(replies={"NOOP": Connection.stall}) as server:
        client = connect(server, timeout=0.3)
        with pytest.raises(Timeout):
            client.noop()
        assert client.closed
        with pytest.raises(ConnectionLost):
            client.noop()


def test_hanging_up() -> None:
    with ImapServer(replies={"NOOP": Connection.hang_up}) as server:
        client = connect(server)
        with pytest.raises(ConnectionLost):
            client.noop()
        assert client.closed


@pytest.mark.parametrize("announced", [1000, 1_000_000])
def test_hanging_up_in_a_literal(tmp_path: Path, announced: int) -> None:
    def cut(connection: Connection) -> None:
        connection.send(b"* 1 FETCH (UID 101 BODY[] {%d}\r\n" % announced + b"x" * (announced // 2))
        connection.hang_up()

    for method in ("save", "fetch", "stream"):
        with ImapServer(MAILS, replies={"UID FETCH 101 (UID BODY.PEEK[])": cut}) as server:
            client = connect(server)
            folder = client.select()
            with pytest.raises(ConnectionLost):  # noqa: PT012
                if method == "fetch":
                    list(folder.fetch(101, flags=False, body=True))
                elif method == "save":
                    folder.message(101).save(io.BytesIO())
                else:
                    list(folder.message(101).stream())
            assert client.closed


def test_bye() -> None:
    reply = b"* BYE [UNAVAILABLE] shutting down\r\n"
    with ImapServer(replies={"NOOP": reply}) as server:
        client = connect(server)
        with pytest.raises(ConnectionLost, match="shutting down"):
            client.noop()
        client.close()


def test_garbage() -> None:
    with ImapServer(replies={"NOOP": b"* 1 FETCH (BODY[] {99999999999999999999}\r\n"}) as server:
        client = connect(server)
        with pytest.raises(RemoteProtocolError):
            client.noop()
        assert client.closed


def test_a_refusal_leaves_the_session_usable() -> None:
    reply = b"{tag} NO [X-WHY] not today\r\n"
    with ImapServer(MAILS, replies={"UID COPY": reply}) as server, connect(server) as client:
        folder = client.select()
        with pytest.raises(No) as caught:
            folder.copy(101, "Sent")
        error = caught.value
        assert (error.command, error.status, error.code, error.text) == (
            "COPY",
            "no",
            "X-WHY",
            "not today",
        )
        assert isinstance(error, CommandError)
        client.noop()


def test_after_an_interrupt_the_session_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ImapServer(MAILS) as server:
        client = connect(server)

        def interrupt() -> bytes:
            raise KeyboardInterrupt

        assert client._connection is not None
        monkeypatch.setattr(client._connection, "receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            client.noop()
        assert client.closed


def test_a_signal_in_a_loop() -> None:
    """Ctrl-C comes at any moment: the session is sound then, or closed."""
    with ImapServer([BIG, *MAILS]) as server:
        for delay in (0.001, 0.003, 0.01, 0.03):
            client = connect(server)
            folder = client.select()
            timer = threading.Timer(delay, _thread.interrupt_main)
            timer.start()
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012
                while True:
                    for message in folder.fetch(body=True):
                        assert message.body == server.messages[message.uid]
            timer.join()
            if not client.closed:
                assert folder.message(102).read() == MAILS[0]
            client.close()


def test_nothing_heavy_is_imported() -> None:
    program = "import sys; before = set(sys.modules); import mailproto.imap; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"],
        capture_output=True,
        check=True,
    )
    loaded = set(done.stdout.decode().split())
    heavy = {"ssl", "asyncio", "argparse", "email", "dataclasses", "tempfile", "json", "zlib"}
    assert not loaded & heavy

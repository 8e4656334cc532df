"""The IMAP engine from Python: octets of commands as the RFCs show them, typed events, the same
for every cut; misuse changes nothing; whatever a server says is an event or a typed exception."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailproto import InvalidArgument, LimitExceeded, LocalProtocolError, MailError, WrongState
from mailproto.sansio import NEED_DATA, imap

if TYPE_CHECKING:
    from collections.abc import Callable

CAPABILITIES = (
    "IMAP4rev1 IDLE UIDPLUS MOVE NAMESPACE ID UNSELECT LITERAL+ ENABLE ESEARCH SPECIAL-USE "
    "LIST-EXTENDED LIST-STATUS CONDSTORE QRESYNC SORT THREAD=REFERENCES QUOTA ACL METADATA BINARY "
    "CREATE-SPECIAL-USE MULTIAPPEND WITHIN STATUS=SIZE"
)


def logged_in(**options: Any) -> imap.Client:
    client = imap.Client(security="private", tag_seed=0, **options)
    client.receive_data(f"* PREAUTH [CAPABILITY {CAPABILITIES}] ready\r\n".encode())
    assert type(client.next_event()) is imap.Greeting
    return client


def selected(**options: Any) -> imap.Client:
    client = logged_in(**options)
    tag = client.select("INBOX")
    client.data_to_send()
    client.receive_data(f"* 172 EXISTS\r\n{tag} OK [READ-WRITE] done\r\n".encode())
    client.events()
    return client


def line_of(client: imap.Client, call: Callable[[imap.Client], str]) -> str:
    """What a command sends, without its tag."""
    tag = call(client)
    sent = client.data_to_send().decode()
    assert sent.startswith(tag + " "), sent
    return sent.removeprefix(tag + " ").removesuffix("\r\n")


# Left: as the RFCs write it.
AUTHENTICATED = {
    "NOOP": lambda c: c.noop(),  # RFC 9051 §6.1.2
    "LOGOUT": lambda c: c.logout(),
    "ID NIL": lambda c: c.id(),  # RFC 2971 §3.1
    "EXAMINE INBOX": lambda c: c.select("INBOX", readonly=True),
    "SELECT INBOX (CONDSTORE)": lambda c: c.select("INBOX", condstore=True),  # RFC 7162 §3.1.8
    "CREATE owatagusiam/": lambda c: c.create("owatagusiam/"),  # RFC 9051 §6.3.4
    "CREATE MySpecial (USE (\\Drafts \\Sent))": (  # RFC 6154 §5.4
        lambda c: c.create("MySpecial", special_use=["\\Drafts", "\\Sent"])
    ),
    "RENAME blurdybloop sarasoop": lambda c: c.rename("blurdybloop", "sarasoop"),
    "SUBSCRIBE #news.comp.mail.mime": lambda c: c.subscribe("#news.comp.mail.mime"),
    # RFC 3501 §5.1.3: the example of modified UTF-7.
    "DELETE ~peter/mail/&U,BTFw-/&ZeVnLIqe-": lambda c: c.delete("~peter/mail/台北/日本語"),
    'LIST "" %': lambda c: c.list("", "%"),
    "STATUS blurdybloop (UIDNEXT MESSAGES)": (  # RFC 9051 §6.3.11
        lambda c: c.status("blurdybloop", ["UIDNEXT", "MESSAGES"])
    ),
    "NAMESPACE": lambda c: c.namespace(),
    'GETQUOTA ""': lambda c: c.get_quota(""),  # RFC 9208 §4.1.1
    'SETQUOTA "" (STORAGE 512)': lambda c: c.set_quota("", {"STORAGE": 512}),
    "GETACL INBOX": lambda c: c.get_acl("INBOX"),  # RFC 4314 §3.3
}
SELECTED = {
    "FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])": (  # RFC 9051 §6.4.5
        lambda c: c.fetch("2:4", ["FLAGS", "BODY[HEADER.FIELDS (DATE FROM)]"], uid=False)
    ),
    "UID FETCH 4827313:4828442 (FLAGS)": lambda c: c.fetch("4827313:4828442", "FLAGS"),  # §6.4.9
    "UID FETCH 7 (BODY.PEEK[1.2]<0.100>)": lambda c: c.fetch(7, "BODY.PEEK[1.2]<0.100>"),
    "UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345)": (  # RFC 7162 §3.1.4.1
        lambda c: c.fetch("1:*", "FLAGS", changed_since=12345)
    ),
    "STORE 2:4 +FLAGS (\\Deleted)": lambda c: c.store("2:4", ["\\Deleted"], "add", uid=False),
    "UID STORE 6,4,8 (UNCHANGEDSINCE 12121230045) +FLAGS.SILENT (\\Deleted)": (  # RFC 7162 §3.1.3
        lambda c: c.store("6,4,8", ["\\Deleted"], "add", silent=True, unchanged_since=12121230045)
    ),
    "COPY 2:4 MEETING": lambda c: c.copy("2:4", "MEETING", uid=False),
    "UID MOVE 42:69 foo": lambda c: c.move("42:69", "foo"),  # RFC 6851 §3.3
    "UID EXPUNGE 3000:3002": lambda c: c.expunge("3000:3002"),  # RFC 4315 §2.1
    "SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM Smith": (  # RFC 9051 §6.4.4
        lambda c: c.search(
            "FLAGGED", ("SINCE", date(1994, 2, 1)), ("NOT", ("FROM", "Smith")), uid=False
        )
    ),
    "UID SORT (REVERSE DATE) UTF-8 SUBJECT needle": (  # RFC 5256 §3
        lambda c: c.sort(["REVERSE DATE"], ("SUBJECT", "needle"), charset="UTF-8")
    ),
    "UNSELECT": lambda c: c.unselect(),
    "IDLE": lambda c: c.idle(),
}


@pytest.mark.parametrize("expected", AUTHENTICATED)
def test_commands_are_sent_as_the_rfcs_show_them(expected: str) -> None:
    assert line_of(logged_in(), AUTHENTICATED[expected]).replace('"%"', "%") == expected


@pytest.mark.parametrize("expected", SELECTED)
def test_commands_on_messages_are_sent_as_the_rfcs_show_them(expected: str) -> None:
    sent = line_of(selected(), SELECTED[expected])
    # Of two spellings that RFC 9051 §9 allows, either will do.
    assert sent.replace('"', "").replace(" 01-Feb", " 1-Feb") == expected.replace('"', "")


# What a server says in one session, with most kinds of events in it. The envelope and the structure
# are the examples of RFC 9051 §8.
ENVELOPE = (
    b'("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" '
    b'(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" '
    b'"cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" '
    b'"cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US") ("John Klensin" NIL '
    b'"KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.ed>")'
)
SAID = (
    b"* FLAGS (\\Answered \\Seen $Forwarded)\r\n"
    b'* 12 FETCH (FLAGS (\\Seen) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 4286 '
    b"ENVELOPE "
    + ENVELOPE
    + b' BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92) UID 4827313)\r\n'
    b"* 13 FETCH (UID 4827314 BODY[HEADER] {15}\r\nSubject: \xe9!\r\n\r\n RFC822.SIZE 7)\r\n"
    b"* 14 FETCH (UID 4827315 BODY[] {300}\r\n" + b"x" * 300 + b")\r\n"
    b"* 15 FETCH (UID 9 ENVELOPE rubbish FLAGS ())\r\n"
    b"* SEARCH 2 84 882\r\n"
    b"* VANISHED (EARLIER) 41,43:116\r\n"
    b'* ESEARCH (TAG "A282") UID MIN 2 COUNT 3 ALL 2,10:11\r\n'
    b"* THREAD (2)(3 6 (4 23)(44 7 96))\r\n"
    b'* LIST (\\Noselect \\Sent) "/" "&ZeVnLIqe-"\r\n'
    b"* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\r\n"
    b'* NAMESPACE (("" "/")) NIL NIL\r\n'
    b'* QUOTA "" (STORAGE 10 512)\r\n'
    b"* OK [UIDNEXT 4392] Predicted next UID\r\n"
    b"* XYZZY what is this\r\n"
    b"* 44 EXPUNGE\r\n* 23 EXISTS\r\n"
    b"* BYE so long\r\n"
)


def hear(pieces: list[bytes], feed: str = "bytes") -> list[Any]:
    client = selected(buffered_literal=100)
    client.fetch("1:*", "ALL", uid=False)
    client.data_to_send()
    events: list[Any] = []
    for piece in pieces:
        if feed == "buffer":
            room = client.get_buffer(len(piece))
            room[: len(piece)] = piece
            client.buffer_updated(len(piece))
        else:
            kinds = {"bytes": bytes, "bytearray": bytearray, "memoryview": memoryview}
            client.receive_data(kinds[feed](piece))
        while found := client.events():
            events.extend(found)
    return joined(events)


def joined(events: list[Any]) -> list[Any]:
    """With pieces of a body put together."""
    whole: list[Any] = []
    for event in events:
        if type(event) is imap.BodyData and whole and type(whole[-1]) is imap.BodyData:
            whole[-1] = imap.BodyData(bytes(whole[-1].data) + bytes(event.data))
        else:
            whole.append(event)
    return whole


WHOLE = hear([SAID])


def only(kind: type) -> Any:
    (event,) = (event for event in WHOLE if type(event) is kind)
    return event


def test_what_a_message_is_told_to_be() -> None:
    fetches = [event for event in WHOLE if type(event) is imap.Fetch]
    first, second, third, fourth = fetches
    assert (first.number, first.uid, first.size) == (12, 4827313, 4286)
    assert first.flags == frozenset({"\\Seen"})
    pdt = timezone(timedelta(hours=-7))
    assert first.internal_date == datetime(1996, 7, 17, 2, 44, 25, tzinfo=pdt)
    envelope = first.envelope
    assert envelope.subject == "IMAP4rev2 WG mtg summary and minutes"
    assert envelope.date == datetime(1996, 7, 17, 2, 23, 25, tzinfo=pdt)
    assert [address.email for address in envelope.cc] == [
        "minutes@CNRI.Reston.VA.US",
        "KLENSIN@MIT.EDU",
    ]
    assert (envelope.from_[0].name, envelope.to[0].name) == ("Terry Gray", None)
    assert (envelope.bcc, envelope.in_reply_to) == ((), None)
    assert envelope.message_id == "<B27397-0100000@cac.washington.ed>"
    part = first.body_structure
    assert (part.media_type, part.encoding.lower(), part.size, part.lines) == (
        "text/plain",
        "7bit",
        3028,
        92,
    )
    assert part.parameters["charset"].lower() == "us-ascii"
    assert second.bodies["HEADER"] == b"Subject: \xe9!\r\n\r\n"
    # What is larger than `buffered_literal` was streamed.
    assert third.uid == 4827315
    assert bytes(only(imap.BodyData).data) == b"x" * 300
    # One bad item does not cost its neighbours.
    assert (fourth.uid, fourth.flags, fourth.envelope) == (9, frozenset(), None)
    assert fourth.malformed


def test_other_data_are_typed() -> None:
    search = next(event for event in WHOLE if type(event) is imap.Search)
    assert tuple(search.numbers) == (2, 84, 882)
    vanished = only(imap.Vanished)
    assert (str(vanished.uids), vanished.earlier) == ("41,43:116", True)
    assert only(imap.Mailbox).name == "日本語"
    assert only(imap.MailboxStatus).uid_next == 44292
    assert only(imap.Expunge).number == 44
    assert only(imap.Quota).resources["STORAGE"] == (10, 512)
    assert only(imap.Status).code.name == "UIDNEXT"
    assert only(imap.Status).code.value == 4392
    # RFC 5256 §4: two threads; the second forks behind 6.
    assert only(imap.Thread).threads[0] == (2,)
    assert type(WHOLE[-1]) is imap.Bye


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, len(SAID)), max_size=30),
    st.sampled_from(["bytes", "bytearray", "memoryview", "buffer"]),
)
def test_events_do_not_depend_on_the_cuts(cuts: list[int], feed: str) -> None:
    places = sorted({0, len(SAID), *cuts})
    pieces = [SAID[start:end] for start, end in itertools.pairwise(places)]
    assert hear(pieces, feed) == WHOLE


def test_one_octet_at_a_time() -> None:
    assert hear([bytes([octet]) for octet in SAID]) == WHOLE


@pytest.mark.parametrize("event", WHOLE, ids=lambda event: type(event).__name__)
def test_events_are_values(event: Any) -> None:
    again = pickle.loads(pickle.dumps(event))
    assert again == event
    assert hash(again) == hash(event)
    assert copy.copy(event) == event
    assert event != 1
    json.dumps(event.to_dict(), default=repr)
    assert type(event).__name__ in repr(event)
    for name in type(event).__match_args__:
        getattr(event, name)
    with pytest.raises((AttributeError, TypeError)):
        event.number = 1


CALLS: dict[str, Callable[[imap.Client, str], str]] = {
    "select": lambda c, bad: c.select(bad),
    "create": lambda c, bad: c.create(bad),
    "rename": lambda c, bad: c.rename("a", bad),
    "list": lambda c, bad: c.list(bad, "*"),
    "status": lambda c, bad: c.status("a", [bad]),
    "fetch items": lambda c, bad: c.fetch(1, bad),
    "fetch section": lambda c, bad: c.fetch(1, f"BODY[HEADER.FIELDS ({bad})]"),
    "fetch set": lambda c, bad: c.fetch(bad, "FLAGS"),
    "store": lambda c, bad: c.store(1, [bad], "add"),
    "copy": lambda c, bad: c.copy(1, bad),
    "search key": lambda c, bad: c.search(bad),
    "keyword": lambda c, bad: c.search(("KEYWORD", bad)),
    "append": lambda c, bad: c.append("a", 1, flags=[bad]),
    "enable": lambda c, bad: c.enable(bad),
    "raw": lambda c, bad: c.raw(bad),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("bad", ["a\r\nA1 LOGOUT", "a\nb", "a\0b"])
def test_nothing_that_is_passed_becomes_a_command(name: str, bad: str) -> None:
    client = selected(pipelining=False)
    try:
        tag = CALLS[name](client, bad)
    except (LocalProtocolError, ValueError, TypeError):
        assert client.data_to_send() == b""
    else:
        # In a literal a line ending is an octet like any other (RFC 9051 §4.3).
        sent = client.data_to_send()
        assert b"\0" not in sent
        assert sent.startswith(tag.encode())
        assert b"\r\nA1 LOGOUT\r\n" not in sent.replace(b"{11+}\r\na\r\nA1 LOGOUT", b"{}")
        return
    assert client.noop()
    assert client.data_to_send().endswith(b" NOOP\r\n")


def test_refusals_are_typed_and_change_nothing() -> None:
    client = logged_in()
    with pytest.raises(WrongState):
        client.fetch(1, "FLAGS")
    with pytest.raises(InvalidArgument):
        client.create("a\0b")
    insecure = imap.Client()
    insecure.receive_data(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
    insecure.events()
    with pytest.raises(LocalProtocolError) as refused:
        insecure.login("ann", "hunter2")
    assert "hunter2" not in repr(refused.value)
    assert insecure.data_to_send() == b""
    assert insecure.next_event() is NEED_DATA


def test_uid_sets_keep_ranges() -> None:
    uids = imap.UidSet([5, 1, 2, 3, 9])
    assert (str(uids), len(uids), uids.ranges) == ("1:3,5,9", 5, ((1, 3), (5, 5), (9, 9)))
    assert list(uids) == [1, 2, 3, 5, 9]
    assert 3 in uids
    assert 4 not in uids
    assert uids | imap.UidSet("4") == imap.UidSet("1:5,9")
    assert uids & imap.UidSet("2:7") == imap.UidSet("2,3,5")
    assert uids - imap.UidSet("2") == imap.UidSet("1,3,5,9")
    assert pickle.loads(pickle.dumps(uids)) == uids
    assert not imap.UidSet()
    million = imap.UidSet("1:1000000")
    assert (len(million), [len(chunk) for chunk in million.chunks(400_000)]) == (
        1_000_000,
        [400_000, 400_000, 200_000],
    )
    for bad in ("0", "a", "1:", "4294967296", "1\r\n"):
        with pytest.raises((ValueError, OverflowError)):
            imap.UidSet(bad)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.integers(1, 50))
def test_whatever_is_received_is_an_event_or_a_typed_exception(said: bytes, size: int) -> None:
    client = selected()
    client.fetch("1:*", "FLAGS")
    client.data_to_send()
    try:
        for start in range(0, len(said), size):
            client.receive_data(said[start : start + size])
            while client.events():
                pass
        client.receive_data(b"")
        client.events()
    except MailError:
        pass


def test_memory_for_what_was_not_asked_for_is_bounded() -> None:
    client = selected(max_listing=1000)
    client.receive_data(b"* SEARCH" + b" 7" * 100 + b"\r\n")
    assert type(client.next_event()) is imap.Search
    client.receive_data(b"* SEARCH" + b" 7" * 100_000 + b"\r\n")
    with pytest.raises(LimitExceeded):
        client.events()

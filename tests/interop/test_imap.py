"""Our IMAP client on Dovecot and Cyrus: what it tells is what Python's `imaplib` is told.

`imap_exercise` prints what the engine tells; `imap_reader.py` reads what `imaplib` is told, without our
engine, and gives it the same shape.
"""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import json
import re
import socket
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import pytest

import mail
import our_imap
from imap_reader import fetched, messages, numbers, parse
from our_imap import Given, ImapAccount, Line, commands, fetches
from real_clients import Tls
from servers import HOST, Dovecot, MailServer, Unavailable, make_certificate

EACH_CHANNEL = pytest.mark.parametrize("tls", list(Tls), ids=lambda tls: tls.value)
ALL_ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])"


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    try:
        our_imap.require()
    except Unavailable as missing:
        pytest.skip(str(missing))


def odd_messages() -> list[bytes]:
    """What ENVELOPE and BODYSTRUCTURE have to say most about."""
    inner = mail.assemble(
        [b"From: inner@example.com", b"Subject: =?utf-8?Q?in_=C3=BC?=", b"MIME-Version: 1.0"],
        b"Within.\r\n",
    )
    forwarded = mail.part(
        b'multipart/mixed; boundary="deep"',
        b"7bit",
        mail.multipart(
            b"deep",
            [
                mail.part(b'text/plain; charset="utf-8"', b"8bit", "Grüße\r\n".encode()),
                mail.part(b"message/rfc822", b"7bit", inner),
                mail.part(
                    b"image/png; name*0*=utf-8''%F0%9F; name*1*=%98%80.png",
                    b"base64",
                    b"iVBORw0KGgo=\r\n",
                    b"Content-ID: <image@example.com>",
                    b'Content-Description: a \\"picture\\"',
                    b"Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==",
                    b'Content-Disposition: attachment; filename="a\\"b.png"; size=8',
                    b"Content-Language: de, en",
                    b"Content-Location: http://example.com/a.png",
                ),
            ],
        ),
    )
    people = [
        b"From: =?iso-8859-1?Q?Andr=E9?= <andre@example.com>",
        b'Sender: "quoted \\"name\\"" <s@example.com>',
        b"Reply-To: a@example.com, B (comment) <b@example.org>",
        b"To: friends: one@example.com, Two <two@example.com>;, three@example.net",
        b"Cc: undisclosed-recipients:;",
        b"Subject: 12345",
        b"In-Reply-To: <x@example.com>",
        b"References: <w@example.com> <x@example.com>",
        b"Message-ID: <y@example.com>",
        b"Date: Fri, 1 Jan 2016 00:00:00 +0000",
        b"MIME-Version: 1.0",
    ]
    outer = forwarded.split(b"\r\n\r\n", 1)
    return [
        mail.lines(people) + outer[0] + b"\r\n\r\n" + outer[1],
        mail.assemble([b"Subject: NIL"], b""),
        mail.assemble([*people, b"Content-Type: message/rfc822"], inner),
        mail.assemble([b'Subject: "a" \\ b', b"From: x"], b"\r\n\r\n"),
    ]


MESSAGES = mail.corpus(12, average=2_000) + odd_messages()


class Box:
    """A connection of `imaplib`, logged in."""

    def __init__(self, server: MailServer, user: str, mailbox: str | None = None) -> None:
        self.imap = imaplib.IMAP4(server.host, server.ports.imap, timeout=60)
        self.imap.login(user, server.password)
        if mailbox is not None:
            self.ok(self.imap.select(mailbox))

    def __enter__(self) -> imaplib.IMAP4:
        return self.imap

    def __exit__(self, *_: object) -> None:
        self.imap.logout()

    @staticmethod
    def ok(answer: tuple[str, Any]) -> Any:
        assert answer[0] == "OK", answer
        return answer[1]


ok = Box.ok


@pytest.fixture(scope="session")
def prepared() -> dict[str, str]:
    """Which user of which server has `MESSAGES`, with some flags."""
    return {}


@pytest.fixture
def user(server: MailServer, prepared: dict[str, str]) -> str:
    """A user whose INBOX nobody changes."""
    if server.name not in prepared:
        name = server.fresh_user()
        server.deliver(name, MESSAGES)
        with Box(server, name, "INBOX") as box:
            ok(box.store("1", "+FLAGS", r"(\Seen \Answered $Forwarded)"))
            ok(box.store("2,5:7", "+FLAGS", r"(\Flagged Work)"))
            ok(box.store("3", "+FLAGS", r"(\Deleted \Draft)"))
        prepared[server.name] = name
    return prepared[server.name]


def fresh(server: MailServer, of: list[bytes]) -> str:
    """A user whose INBOX holds these messages, by the UIDs 1, 2, 3 …"""
    user = server.fresh_user()
    server.deliver(user, of)
    # Dovecot numbers what was delivered when it sees it.
    with Box(server, user, "INBOX") as box:
        ok(box.noop())
    return user


def without_recent(found: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Flags in any order; \\Recent is another one for each session."""
    for told in found.values():
        if "FLAGS" in told:
            told["FLAGS"] = sorted(set(told["FLAGS"]) - {"\\Recent"})
    return found


# Reading.


@EACH_CHANNEL
def test_all_of_every_message(server: MailServer, user: str, tls: Tls) -> None:
    ours = our_imap.lines(ImapAccount.on(server, user, tls), "dump", "INBOX")
    with Box(server, user) as box:
        ok(box.select("INBOX", readonly=True))
        theirs = fetched(box, ALL_ITEMS)
    assert without_recent(fetches(ours)) == without_recent(theirs)
    bodies = [told["BODY[]"] for told in theirs.values()]
    assert bodies == [[len(each), hashlib.sha256(each).hexdigest()] for each in MESSAGES]
    assert not [line for line in ours if line[0] in ("OVERSIZE", "QUIRK", "UNRECOGNIZED")]


def test_strict_finds_nothing_to_forgive(server: MailServer, user: str) -> None:
    account = ImapAccount.on(server, user)
    lenient = our_imap.lines(account, "dump", "INBOX")
    strict = our_imap.lines(account, "dump", "INBOX", options=("--strict",))
    assert fetches(strict) == fetches(lenient)


@pytest.mark.parametrize("read", [1, 7, 64, 1_500])
def test_how_it_is_cut_does_not_matter(server: MailServer, user: str, read: int) -> None:
    account = ImapAccount.on(server, user)
    whole = our_imap.lines(account, "dump", "INBOX")
    cut = our_imap.lines(account, "dump", "INBOX", options=("--read", read))
    assert fetches(cut) == fetches(whole)


@pytest.mark.parametrize("read", [64, 65_536])
def test_in_512_octets_only_what_is_larger_is_missing(
    server: MailServer, user: str, read: int
) -> None:
    account = ImapAccount.on(server, user)
    whole = fetches(our_imap.lines(account, "dump", "INBOX"))
    options = ("--scratch", 512, "--read", read)
    small = our_imap.lines(account, "dump", "INBOX", options=options)
    told = fetches(small)
    missing = 0
    for number, items in whole.items():
        for name, value in items.items():
            if name in told[number]:
                assert told[number][name] == value, (number, name)
            else:
                assert name in ("ENVELOPE", "BODYSTRUCTURE"), (number, name)
                missing += 1
    # Cyrus answers LOGIN with more than that, too.
    too_large = [line for line in small if line[0] == "OVERSIZE" and line[1] != "Text"]
    assert len(too_large) == missing
    assert all(line[1] == "Item" and line[2] > 512 for line in too_large)
    assert missing < len(whole)


def test_the_short_example(server: MailServer, user: str) -> None:
    account = ImapAccount.on(server, user)
    program = [str(our_imap.LISTER), f"{account.host}:{account.port}", user, account.password]
    run = subprocess.run(program, check=False, capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(b"UID ") == len(MESSAGES) + 1
    assert run.stdout.rstrip().endswith(MESSAGES[-1].rstrip())
    program[-1] = "wrong"
    assert subprocess.run(program, check=False, capture_output=True, timeout=60).returncode != 0


# Every command.

# What FETCH asks for under each label.
FETCHES = {
    "fetch all": "ALL",
    "fetch fast": "FAST",
    "fetch full": "FULL",
    "fetch": "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)",
    "uid_fetch": "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)",
    "fetch body": "BODY.PEEK[]",
    "fetch Header": "BODY.PEEK[HEADER]",
    'fetch HeaderFields(["Subject", "From"])': "BODY.PEEK[HEADER.FIELDS (Subject From)]",
    'fetch HeaderFieldsNot(["Subject", "From"])': "BODY.PEEK[HEADER.FIELDS.NOT (Subject From)]",
    "fetch Text": "BODY.PEEK[TEXT]",
    "fetch parts": "(BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2])",
    "fetch partial": "BODY.PEEK[]<10.100>",
    "fetch rfc822.header": "RFC822.HEADER",
    "fetch modseq": "(UID MODSEQ)",
    "fetch emailid": "(UID EMAILID)",
    "fetch savedate": "(UID SAVEDATE)",
    "fetch preview": "(UID PREVIEW)",
    "fetch binary": "(UID BINARY.PEEK[1])",
    "fetch binary.size": "(UID BINARY.SIZE[1])",
}
# What is not answered with OK, on both servers.
REFUSED = {
    "wrong login": "NO",
    "wrong login again": "NO",
    "language": "BAD",
    "raw": "BAD",
    "raw literal": "BAD",
    "create again": "NO",
    "status of nothing": "NO",
    "append to nothing": "NO",
    "select nothing": "NO",
    "copy to nothing": "NO",
    "delete again": "NO",
    "unauthenticate": "NOT OFFERED",
    "get_jmap_access": "NOT OFFERED",
    # Only administrators may set one.
    "set_quota": "NO",
    "uid_fetch_with": "NOT OFFERED",
}
# What one of them refuses.
REFUSED_BY = {
    "dovecot": {
        "create_for": "NOT OFFERED",
        "xlist": "NOT OFFERED",
        "list_with myrights": "NOT OFFERED",
        "list_with metadata": "NOT OFFERED",
        "status deleted-storage": "BAD",
        "search badcharset": "NO",
        # There is none.
        "delete used": "NO",
    },
    "cyrus": {
        # Only administrators may ask.
        "get_quota": "NO",
        "search_with save": "NOT OFFERED",
        "status deleted-storage": "BAD",
        # It has a special use.
        "delete used": "NO",
    },
}


@EACH_CHANNEL
def test_every_command(server: MailServer, tls: Tls) -> None:
    name = fresh(server, MESSAGES)
    ours = our_imap.lines(ImapAccount.on(server, name, tls), "exercise")
    assert not [line for line in ours if line[0] in ("OVERSIZE", "UNRECOGNIZED", "EVENT")]
    given = list(commands(ours))
    by_label = {each.label: each for each in given}
    refused = REFUSED | REFUSED_BY[server.name]
    outcome = {each.label: each.status for each in given if each.label}
    assert outcome == {label: refused.get(label, "OK") for label in outcome}
    assert set(refused) <= set(outcome)
    assert len(outcome) > 160
    with Box(server, name) as box:
        check_mailboxes(by_label, server)
        ok(box.select("INBOX", readonly=True))
        check_fetches(by_label, box)
        check_searches(by_label, box, server)
        check_changes(by_label)
        left = {each.split(b'"/" ')[-1] for each in ok(box.list())}
    assert left == (
        {b"INBOX"} if server.name == "dovecot" else {b"INBOX", b'"Archiv f&APw-r &ANw-bung"'}
    )


def check_mailboxes(given: dict[str, Given], server: MailServer) -> None:
    listed = {line[2]: set(line[0]) for line in given["list"].told("LIST")}
    assert {"INBOX", "Übung", "Übung/台北"} <= set(listed)
    assert "\\HasChildren" in listed["Übung"]
    assert {line[2] for line in given["lsub"].told("LSUB")} >= {"Übung/台北"}
    assert "Übung" not in {line[2] for line in given["lsub"].told("LSUB")}
    (delimiter,) = given["list delimiter"].told("LIST")
    assert delimiter[1:3] == ["/", ""]
    told = {line[0]: dict(line[1]) for line in given["list_with status"].told("MAILBOX STATUS")}
    assert told["INBOX"]["MESSAGES"] == len(MESSAGES)
    assert told["Übung"]["MESSAGES"] == 0
    ((_, status),) = given["status"].told("MAILBOX STATUS")
    assert dict(status) | {"UIDVALIDITY": 0} == {
        "MESSAGES": len(MESSAGES),
        "RECENT": 0,
        "UIDNEXT": len(MESSAGES) + 1,
        "UIDVALIDITY": 0,
        "UNSEEN": len(MESSAGES),
    }
    ((_, size),) = given["status size"].told("MAILBOX STATUS")
    assert size == [["SIZE", sum(map(len, MESSAGES))]]
    ((_, entries),) = given["get_acl"].told("ACL")
    assert set(dict(entries)["bob"]) == {"l", "s"}
    ((_, notes),) = given["get_metadata"].told("METADATA")
    assert notes == [["/private/comment", 'two\r\nlines, "ä"'.encode().decode("latin-1")]]
    (personal, *_) = given["namespace"].told("NAMESPACE")
    assert personal[0] == [["", "/"]]
    assert given["enable"].told("ENABLED") == [[["CONDSTORE"]]]
    ((mailbox, roots),) = given["get_quota_root"].told("QUOTAROOT")
    assert (mailbox, len(roots)) == ("INBOX", 1)
    if server.name == "cyrus":
        used = {line[2]: set(line[0]) for line in given["list_with special-use"].told("LIST")}
        assert "\\Archive" in used["Archiv für Übung"]


def check_fetches(given: dict[str, Given], box: imaplib.IMAP4) -> None:
    for label, items in FETCHES.items():
        if label in given:
            ours = without_recent(fetches(given[label].lines))
            # Flags that came in between are told by the server as it likes.
            assert ours == without_recent(fetched(box, items)), label
    assert list(fetches(given["fetch some"].lines)) == [1, 3]
    assert list(fetches(given["fetch last"].lines)) == [len(MESSAGES)]


def check_searches(given: dict[str, Given], box: imaplib.IMAP4, server: MailServer) -> None:
    checked = 0
    for label, command in given.items():
        kind, _, key = label.partition(" ")
        if kind not in ("search", "uid_search") or command.status != "OK" or not key.isascii():
            continue
        if key in ("MODSEQ of a flag", "FUZZY", "charset", "badcharset"):
            continue
        ((found, *_),) = command.told("SEARCH")
        ask = box.uid("SEARCH", key) if kind == "uid_search" else box.search(None, key)
        assert [each for each in found if isinstance(each, int)] == numbers(ok(ask)), label
        checked += 1
    assert checked > 70
    everything = list(range(1, len(MESSAGES) + 1))
    (items,) = given["uid_search_with"].told("ESEARCH")[0]
    assert sorted(map(tuple, items)) == sorted(
        [
            ("TAG",),
            ("UID",),
            ("MIN", 1),
            ("MAX", len(MESSAGES)),
            ("COUNT", len(MESSAGES)),
            ("ALL", 1, len(MESSAGES)),
        ]
    )
    if given["search_with save"].status == "OK":
        assert list(fetches(given["fetch saved"].lines)) == [2, 3]
    order = "(REVERSE SIZE ARRIVAL)"
    ((sorted_numbers,),) = given["sort"].told("SORT")
    assert sorted_numbers == numbers(ok(box.sort(order, "UTF-8", "ALL")))
    ((sorted_uids,),) = given["uid_sort"].told("SORT")
    assert sorted_uids == numbers(ok(box.uid("SORT", order, "UTF-8", "ALL")))
    ((displayed,),) = given["sort display"].told("SORT")
    assert displayed == numbers(ok(box.sort("(DISPLAYFROM DATE)", "UTF-8", "ALL")))
    assert sorted(displayed) == everything
    for name, algorithm in (
        ("OrderedSubject", "ORDEREDSUBJECT"),
        ("References", "REFERENCES"),
        ("Refs", "REFS"),
    ):
        if given[f"thread {name}"].status == "OK":
            ((tree,),) = given[f"thread {name}"].told("THREAD")
            assert nested(tree) == parse(ok(box.thread(algorithm, "UTF-8", "ALL"))), name


def nested(elements: list[Any]) -> list[Any]:
    stack: list[list[Any]] = [[]]
    for element in elements:
        if element == "(":
            stack.append([])
        elif element == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(element)
    (threads,) = stack
    return threads


def check_changes(given: dict[str, Given]) -> None:
    """What STORE, COPY, MOVE and EXPUNGE told of the mailbox that was made for it."""
    flags = {
        label: set(fetches(given[label].lines)[1]["FLAGS"]) - {"\\Recent"}
        for label in ("store add", "store remove", "store replace", "store nothing", "uid_store")
    }
    assert flags == {
        "store add": {"\\Flagged", "$Forwarded", "\\Answered", "Work"},
        "store remove": {"\\Flagged", "$Forwarded", "Work"},
        "store replace": {"\\Seen"},
        "store nothing": set(),
        "uid_store": {"\\Answered", "Work"},
    }
    assert given["store unchangedsince"].code == ["MODIFIED", "1"]
    assert given["append"].code[0::2] == ["APPENDUID", "1"]
    assert given["append two"].code[0::2] == ["APPENDUID", "2:3"]
    assert given["append to nothing"].code == ["TryCreate"]
    assert given["copy"].code[0::2] == ["COPYUID", "1:2"]
    assert given["copy"].code[3] == "5:6"
    assert given["copy to nothing"].code == ["TryCreate"]
    assert given["select_with"].told("EXISTS") == [[4]]
    assert given["select_with"].code == ["ReadWrite"]
    assert given["examine"].code == ["ReadOnly"]
    # Six messages: one moved by number, one by UID, two expunged.
    assert given["move_to"].told("EXPUNGE") == [[1]]
    assert given["uid_move_to"].told("EXPUNGE") == [[1]]
    gone = given["uid_expunge"].told("EXPUNGE") + given["expunge"].told("EXPUNGE")
    assert len(gone) == 2
    left = {
        label: dict(given[label].told("MAILBOX STATUS")[0][1])["MESSAGES"]
        for label in ("status home", "status renamed")
    }
    # Of the two that are left, CLOSE removed one.
    assert left == {"status home": 1, "status renamed": 4}


@EACH_CHANNEL
def test_compressed(server: MailServer, user: str, tls: Tls) -> None:
    """COMPRESS (RFC 4978)."""
    account = ImapAccount.on(server, user, tls)
    told = our_imap.lines(account, "dump", "INBOX", options=("--compress", "--read", 100))
    given = {each.label: each.status for each in commands(told)}
    assert given["compress"] == "OK"
    assert given["logout"] == "OK"
    assert fetches(told) == fetches(our_imap.lines(account, "dump", "INBOX"))


# Logging in.

MECHANISMS = ["login", "plain", "sasl-login", "cram-md5", "scram-sha-1", "scram-sha-256"]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_login(server: MailServer, user: str, mechanism: str) -> None:
    check_login(replace(ImapAccount.on(server, user, Tls.IMPLICIT), mechanism=mechanism))


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_every_login_with_a_token(dovecot: Dovecot, mechanism: str) -> None:
    user = dovecot.fresh_user()
    account = replace(ImapAccount.on(dovecot, user, Tls.STLS), mechanism=mechanism)
    check_login(replace(account, password=dovecot.oauth_token(user)))


def check_login(account: ImapAccount) -> None:
    told = our_imap.lines(account, "capability")
    assert [line for line in told if line[0] == "BYE"]
    refused = our_imap.run(replace(account, password="wrong"), "capability")
    assert refused.code != 0
    assert "refused" in refused.output


class Impostor:
    """Takes one connection, says what it was told to say, and keeps what it hears."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.heard = b""
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join()
        self.listener.close()

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection:
            connection.sendall(self.greeting)
            while octets := connection.recv(4096):
                self.heard += octets
                tag = octets.split()[0]
                connection.sendall(tag + b" NO not today\r\n")


@pytest.mark.parametrize(
    "greeting",
    [
        b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] no STARTTLS here\r\n",
        b"* OK ready\r\n",
        b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n",
    ],
    ids=["not-offered", "refused", "preauth"],
)
def test_who_takes_starttls_away_gets_no_password(greeting: bytes) -> None:
    """RFC 9051 §11.1."""
    with Impostor(greeting) as impostor:
        account = ImapAccount(HOST, impostor.port, "alice", "secret", Tls.STLS)
        run = our_imap.run(replace(account, cafile=Path("/dev/null")), "capability")
    assert run.code != 0
    assert b"alice" not in impostor.heard
    assert b"secret" not in impostor.heard
    assert b"AUTHENTICATE" not in impostor.heard


@pytest.mark.parametrize("tls", [Tls.STLS, Tls.IMPLICIT], ids=lambda tls: tls.value)
def test_another_certificate_is_refused(
    server: MailServer, user: str, tls: Tls, tmp_path: Path
) -> None:
    other, _ = make_certificate(tmp_path)
    account = ImapAccount.on(server, user, tls)
    run = our_imap.run(replace(account, cafile=other), "capability")
    assert run.code != 0
    assert "certificate" in run.output.lower() or "unknown" in run.output.lower()
    run = our_imap.run(replace(account, host="127.0.0.2"), "capability")
    assert run.code != 0


# What changes while one looks.


WATCH_SECONDS = 30.0


class Watcher:
    """A run of `imap_exercise` whose lines are read as they come."""

    def __init__(self, account: ImapAccount, *task: object, options: tuple[object, ...] = ()):
        self.process = our_imap.begin(account, *task, options=options)
        self.seen: list[Line] = []
        # Without it a change that is never told would be waited for.
        self.alarm = threading.Timer(WATCH_SECONDS, self.process.kill)
        self.alarm.start()

    def until(self, name: str) -> Line:
        """Reads until a line of this name."""
        assert self.process.stdout is not None
        for printed in self.process.stdout:
            line = json.loads(printed)
            self.seen.append(line)
            if line[0] == name:
                return line
        raise AssertionError(f"no {name} in {self.seen}")

    def end(self) -> list[Line]:
        """Waits for its end; it must succeed. Returns all lines."""
        assert self.process.stdout is not None
        self.seen += [json.loads(line) for line in self.process.stdout]
        code = self.process.wait(WATCH_SECONDS)
        self.alarm.cancel()
        assert code == 0, self.seen
        return self.seen


@EACH_CHANNEL
def test_idle_while_a_second_client_changes_the_mailbox(server: MailServer, tls: Tls) -> None:
    name = fresh(server, MESSAGES[:3])
    watcher = Watcher(ImapAccount.on(server, name, tls), "idle", "INBOX", 4)
    watcher.until("IDLING")
    with Box(server, name, "INBOX") as box:
        ok(box.append("INBOX", "", "", MESSAGES[3]))
        assert watcher.until("EXISTS") == ["EXISTS", 4]
        ok(box.noop())
        ok(box.store("2", "+FLAGS", r"(\Flagged)"))
        number, items = watcher.until("FETCH")[1:]
        assert number == 2
        assert "\\Flagged" in items["FLAGS"]
        ok(box.store("1", "+FLAGS", r"(\Deleted)"))
        assert watcher.until("FETCH")[1] == 1
        ok(box.expunge())
        assert watcher.until("EXPUNGE") == ["EXPUNGE", 1]
        seen = watcher.end()
    assert [line[1] for line in seen if line[0] == "COMPLETED"][-2:] == ["IDLE", "LOGOUT"]
    assert messages_at_the_end(seen) == 3


def test_idle_with_qresync_tells_uids(server: MailServer) -> None:
    """VANISHED instead of EXPUNGE (RFC 7162 §3.2.10), and the mailbox's number follows."""
    name = fresh(server, MESSAGES[:9])
    watcher = Watcher(ImapAccount.on(server, name), "idle", "INBOX", 4, "qresync")
    watcher.until("IDLING")
    with Box(server, name, "INBOX") as box:
        ok(box.store("2:3,7", "+FLAGS.SILENT", r"(\Deleted)"))
        for _ in range(3):
            watcher.until("FETCH")
        ok(box.expunge())
        watcher.until("VANISHED")
        seen = watcher.end()
    assert uids([line[1:] for line in seen if line[0] == "VANISHED"]) <= {2, 3, 7}
    assert not [line for line in seen if line[0] == "EXPUNGE"]
    gone = len(uids([line[1:] for line in seen if line[0] == "VANISHED"]))
    assert messages_at_the_end(seen) == 9 - gone


def messages_at_the_end(seen: list[Line]) -> int:
    """How many messages the engine believes there are."""
    (state,) = (line for line in seen if line[0] == "STATE")
    return state[4]


def test_idle_is_begun_again(server: MailServer) -> None:
    name = fresh(server, MESSAGES[:1])
    account = ImapAccount.on(server, name, Tls.IMPLICIT)
    watcher = Watcher(account, "idle", "INBOX", 1, options=("--reissue", 300))
    for _ in range(3):
        watcher.until("IDLING")
        watcher.until("IDLE DUE")
        watcher.until("COMPLETED")
    watcher.until("IDLING")
    with Box(server, name) as box:
        ok(box.append("INBOX", "", "", MESSAGES[1]))
        watcher.until("EXISTS")
        watcher.end()


@EACH_CHANNEL
def test_what_changed_meanwhile(server: MailServer, tls: Tls) -> None:
    """CONDSTORE and QRESYNC (RFC 7162)."""
    name = fresh(server, MESSAGES)
    account = ImapAccount.on(server, name, tls)
    first = our_imap.lines(account, "sync", "INBOX")
    assert ["ENABLES", True] in first
    (state,) = (line[1:] for line in first if line[0] == "STATE")
    uid_validity, mod_seq, uid_next, count = state
    assert (uid_next, count) == (len(MESSAGES) + 1, len(MESSAGES))
    with Box(server, name, "INBOX") as box:
        ok(box.store("2,4", "+FLAGS", r"(\Flagged)"))
        ok(box.store("1,6:8,11", "+FLAGS", r"(\Deleted)"))
        ok(box.expunge())
        ok(box.append("INBOX", r"(\Seen)", "", MESSAGES[0]))
    again = our_imap.lines(account, "sync", "INBOX", uid_validity, mod_seq, f"1:{uid_next - 1}")
    given = {each.label: each for each in commands(again)}
    for label in ("select", "fetch"):
        vanished = given[label].told("VANISHEDEARLIER")
        assert uids(vanished) == {1, 6, 7, 8, 11}, label
        changed = {
            items["UID"]: set(items["FLAGS"]) - {"\\Recent"}
            for items in fetches(given[label].lines).values()
        }
        assert changed.pop(uid_next, {"\\Seen"}) == {"\\Seen"}
        assert changed == {2: {"\\Flagged"}, 4: {"\\Flagged"}}, label
    (now,) = (line[1:] for line in again if line[0] == "STATE")
    assert now[0] == uid_validity
    assert now[1] > mod_seq
    assert now[3] == len(MESSAGES) - 5 + 1


def uids(vanished: list[Line]) -> set[int]:
    ranges = [pair for (pairs,) in vanished for pair in pairs]
    return {uid for first, last in ranges for uid in range(first, last + 1)}


# Much.


@EACH_CHANNEL
def test_append_of_50_mb(server: MailServer, tls: Tls, tmp_path: Path) -> None:
    name = fresh(server, MESSAGES[:1])
    big = mail.big(50_000_000)
    (tmp_path / "big").write_bytes(big)
    account = ImapAccount.on(server, name, tls)
    told = our_imap.lines(account, "append", "INBOX", tmp_path / "big")
    appended = [line for line in told if line[0] == "COMPLETED" and line[1] == "APPEND"]
    assert appended[0][2] == "OK"
    assert appended[0][3][0::2] == ["APPENDUID", "2"]
    with Box(server, name, "INBOX") as box:
        theirs = messages(ok(box.fetch("2", "(FLAGS INTERNALDATE BODY.PEEK[])")))[2]
    assert theirs["BODY[]"] == [len(big), hashlib.sha256(big).hexdigest()]
    assert set(theirs["FLAGS"]) - {"\\Recent"} == {"\\Seen", "mailproto"}
    assert theirs["INTERNALDATE"][0] == 1_000_000_000
    ours = fetches(our_imap.lines(account, "dump", "INBOX"))
    assert ours[2]["BODY[]"] == theirs["BODY[]"]


class WithoutLiteralPlus:
    """Stands between a client and a server, and hides that the server offers LITERAL+ (RFC 7888)."""

    def __init__(self, server: MailServer) -> None:
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        self.upstream = socket.create_connection((server.host, server.ports.imap), 60)
        self.client: socket.socket | None = None
        self.sent: list[bytes] = []
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.thread.join()
        self.listener.close()

    def serve(self) -> None:
        self.client, _ = self.listener.accept()
        back = threading.Thread(target=self.answers)
        back.start()
        with contextlib.suppress(OSError):
            while octets := self.client.recv(65_536):
                self.sent.append(octets)
                self.upstream.sendall(octets)
        self.upstream.shutdown(socket.SHUT_WR)
        back.join()
        self.client.close()
        self.upstream.close()

    def answers(self) -> None:
        assert self.client is not None
        with contextlib.suppress(OSError):
            while octets := self.upstream.recv(65_536):
                self.client.sendall(octets.replace(b"LITERAL+", b"XITERAL+"))
            self.client.shutdown(socket.SHUT_WR)


def test_literals_wait_for_the_server(server: MailServer, tmp_path: Path) -> None:
    """A synchronising literal leaves only after `+` (RFC 9051 §4.3)."""
    name = fresh(server, MESSAGES[:1])
    files = [tmp_path / str(number) for number in range(5)]
    for file, message in zip(files, MESSAGES, strict=False):
        file.write_bytes(message)
    with WithoutLiteralPlus(server) as between:
        account = replace(ImapAccount.on(server, name), port=between.port)
        our_imap.lines(account, "append", "INBOX", *files)
    announcements = [octets for octets in between.sent if re.search(rb"\{\d+\}\r\n", octets)]
    assert len(announcements) == 5
    assert all(octets.endswith(b"}\r\n") for octets in announcements)
    check_appended(server, name)


def test_several_in_one_append(server: MailServer, tmp_path: Path) -> None:
    name = fresh(server, MESSAGES[:1])
    files = [tmp_path / str(number) for number in range(5)]
    for file, message in zip(files, MESSAGES, strict=False):
        file.write_bytes(message)
    our_imap.lines(ImapAccount.on(server, name), "append", "INBOX", *files)
    check_appended(server, name)


def check_appended(server: MailServer, name: str) -> None:
    with Box(server, name, "INBOX") as box:
        theirs = fetched(box, "BODY.PEEK[]")
    expected = [MESSAGES[0], *MESSAGES[:5]]
    assert [told["BODY[]"][1] for told in theirs.values()] == [
        hashlib.sha256(message).hexdigest() for message in expected
    ]


def test_a_mailbox_of_ten_thousand(server: MailServer) -> None:
    name = fresh(
        server,
        [
            mail.assemble([f"Subject: message {number}".encode(), b"From: a@b.example"], b"Hi.\r\n")
            for number in range(2_500)
        ],
    )
    with Box(server, name, "INBOX") as box:
        for _ in range(2):
            ok(box.copy("1:*", "INBOX"))
            ok(box.noop())
    account = ImapAccount.on(server, name)
    begun = time.monotonic()
    told = our_imap.lines(account, "pipeline", "INBOX", 50)
    print(f"\n{server.name}: 10,000 messages, 200 commands: {time.monotonic() - begun:.2f} s")
    ours = fetches(told)
    with Box(server, name) as box:
        ok(box.select("INBOX", readonly=True))
        theirs = fetched(box, "(UID FLAGS ENVELOPE)")
    assert without_recent(ours) == without_recent(theirs)
    assert len(ours) == 10_000
    ((_, in_flight),) = (line for line in told if line[0] == "PIPELINED")
    assert in_flight > 10

"""The IMAP examples in C, as programs: on Dovecot, in the clear, with OpenSSL and with Mbed TLS, and on
servers that fail on purpose. What they give is compared octet for octet with what was put in."""

from __future__ import annotations

import imaplib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

import mail
from our_clients import C_PROGRAMS, Run, finished, start
from real_clients import Tls
from scripted_imap import Close, Hang, ScriptedImap
from servers import HOST, Dovecot, MailServer, make_certificate

OK, LOCAL, USAGE, NETWORK, PROTOCOL, LOGIN, SECURITY, INTERRUPTED = 0, 1, 2, 3, 4, 5, 6, 130
PATIENCE = "2"
WATCH_SECONDS = 30.0


@dataclass(frozen=True)
class Way:
    """How a program travels: with which TLS library, and when."""

    library: str
    tls: Tls

    def __str__(self) -> str:
        return f"{self.library or 'plain'}-{self.tls.value}"

    def program(self, name: str) -> str:
        path = C_PROGRAMS / (f"{name}_{self.library}" if self.library else name)
        if not path.exists():
            pytest.skip(f"{path.name} is not built (run `cargo xtask test interop`)")
        return str(path)

    def command(
        self, name: str, server: MailServer, user: str, *words: object, mailbox: str = ""
    ) -> list[str]:
        scheme = {Tls.NONE: "imap+insecure", Tls.STLS: "imap", Tls.IMPLICIT: "imaps"}[self.tls]
        port = server.ports.imaps if self.tls is Tls.IMPLICIT else server.ports.imap
        # Mbed TLS 2.28 knows no addresses in certificates.
        host = "localhost" if self.library == "mbedtls" else server.host
        url = f"{scheme}://{quote(user, safe='')}@{host}:{port}/{quote(mailbox, safe='')}"
        options = ["--cafile", str(server.cafile), "--timeout", "30"]
        return [self.program(name), *options, url, *map(str, words)]

    def run(
        self, name: str, server: MailServer, user: str, *words: object, mailbox: str = ""
    ) -> Run:
        command = self.command(name, server, user, *words, mailbox=mailbox)
        return finished(start(command, server.password))


PLAIN = Way("", Tls.NONE)
WAYS = [
    PLAIN,
    Way("openssl", Tls.IMPLICIT),
    Way("openssl", Tls.STLS),
    Way("mbedtls", Tls.IMPLICIT),
    Way("mbedtls", Tls.STLS),
]
every_way = pytest.mark.parametrize("way", WAYS, ids=str)
with_tls = pytest.mark.parametrize("way", WAYS[1:], ids=str)


def letter(subject: bytes, body: bytes = b"Hello.\r\n", *headers: bytes) -> bytes:
    lines = [b"From: Anna <anna@example.com>", b"Subject: " + subject, *headers, b"", body]
    return b"\r\n".join(lines)


class Box:
    """The user's mailbox, as `imaplib` sees it."""

    def __init__(self, server: MailServer, user: str, mailbox: str = "INBOX") -> None:
        self.connection = imaplib.IMAP4(server.host, server.ports.imap)
        self.connection.login(user, server.password)
        self.connection.select(mailbox)

    def __enter__(self) -> imaplib.IMAP4:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.logout()


# imap_list.

SUBJECTS = [
    b"plain",
    b"=?UTF-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=",
    b"=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= and others",
    b"=?UTF-8?Q?=E6=97=A5=E6=9C=AC?=\r\n =?UTF-8?Q?=E8=AA=9E?=",
    b'quoted "within" and a backslash \\',
    b"=?UTF-8?Q?a=1B]0;title=07b?=",
    b"",
]
SHOWN = [
    "plain",
    "Grüße aus Köln",
    "Patrik Fältström and others",
    "日本語",
    'quoted "within" and a backslash \\',
    "a ]0;title b",  # nothing that a terminal would obey
    "",
]


@every_way
def test_the_newest_are_listed(dovecot: Dovecot, way: Way) -> None:
    user = dovecot.fresh_user()
    dovecot.deliver(user, [letter(b"old %d" % n) for n in range(3)])
    dovecot.deliver(user, map(letter, SUBJECTS))
    run = way.run("imap_list", dovecot, user, len(SUBJECTS))
    assert run.code == OK, run.output
    rows = [line.split("\t") for line in run.output.splitlines()]
    assert [row[0] for row in rows] == [str(uid) for uid in range(4, 4 + len(SUBJECTS))]
    assert [row[-1] for row in rows] == SHOWN
    assert {row[2] for row in rows} == {"Anna"}


def test_more_than_there_are_is_all(dovecot: Dovecot) -> None:
    user = dovecot.fresh_user()
    assert PLAIN.run("imap_list", dovecot, user).output == ""
    dovecot.deliver(user, [letter(b"only")])
    run = PLAIN.run("imap_list", dovecot, user, 50)
    assert run.code == OK
    assert len(run.output.splitlines()) == 1


def test_a_mailbox_with_another_name(dovecot: Dovecot) -> None:
    """Names are UTF-8 in the URL, and modified UTF-7 on the wire."""
    user = dovecot.fresh_user()
    with Box(dovecot, user) as box:
        box.create("Entw&APw-rfe")
        box.append("Entw&APw-rfe", "", "", letter(b"draft"))
    run = PLAIN.run("imap_list", dovecot, user, mailbox="Entwürfe")
    assert run.code == OK, run.output
    assert run.output.endswith("\tdraft\n")
    run = PLAIN.run("imap_list", dovecot, user, mailbox="nowhere")
    assert run.code == PROTOCOL
    assert "EXAMINE" in run.output


# imap_save_attachment.

BINARY = mail.pseudorandom(b"attachment", 1, 1_000_000)
TEXT = "Grüße = süß, trailing space \r\n\ttab\t\r\n" * 50
EIGHT_BIT = "naïve\r\n".encode() * 20
INNER = letter(b"inner", b"a message\r\n\r\n\r\n")

# RFC 2045 §6.7, by hand: softened lines, escaped spaces at their ends.
QUOTED = b"Gr=C3=BC=C3=9Fe =3D s=C3=BC=C3=9F, trail=\r\ning space=20\r\n\ttab=09\r\n" * 50


def part(headers: bytes, body: bytes) -> bytes:
    return b"--b\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"


def disposition(parameter: bytes) -> bytes:
    return b"Content-Disposition: attachment; " + parameter


def with_attachments() -> bytes:
    """One of each transfer encoding, and of each way to write a name (RFC 2183, RFC 2231, RFC 2047)."""
    octets = b"Content-Type: application/octet-stream"
    encoded = b"Content-Transfer-Encoding: "
    parts = [
        part(b"Content-Type: text/plain", b"See below."),
        part(
            b"\r\n".join([octets, encoded + b"BASE64", disposition(b'filename="data 1.bin"')]),
            mail.base64_lines(BINARY),
        ),
        part(
            b"\r\n".join(
                [
                    b"Content-Type: text/plain; charset=utf-8",
                    encoded + b"quoted-printable",
                    disposition(b"filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"),
                ]
            ),
            QUOTED,
        ),
        part(
            b'Content-Type: multipart/mixed; boundary="c"',
            b"--c\r\n"
            + b'Content-Type: text/plain; name="=?UTF-8?Q?na=C3=AFve?="\r\n'
            + encoded
            + b"8bit\r\n\r\n"
            + EIGHT_BIT
            + b"\r\n--c--",
        ),
        part(b"Content-Type: message/rfc822\r\n" + disposition(b"filename=inner.eml"), INNER),
        part(
            b"\r\n".join([octets, disposition(b"filename*0=lo; filename*1=ng; filename*2=.bin")]),
            b"",
        ),
    ]
    headers = [b"MIME-Version: 1.0", b'Content-Type: multipart/mixed; boundary="b"']
    return letter(b"attachments", b"".join(parts) + b"--b--\r\n", *headers)


ATTACHMENTS = {
    "data 1.bin": BINARY,
    "Grüße.txt": TEXT.encode(),
    "naïve": EIGHT_BIT,
    "inner.eml": INNER,
    "long.bin": b"",
}


@pytest.fixture(scope="module")
def with_mail(dovecot: Dovecot) -> str:
    """A user with one message that has attachments, by UID 1."""
    user = dovecot.fresh_user()
    dovecot.deliver(user, [with_attachments()])
    with Box(dovecot, user) as box:
        box.noop()
    return user


@every_way
def test_an_attachment_is_saved(dovecot: Dovecot, with_mail: str, way: Way, tmp_path: Path) -> None:
    for number, (name, octets) in enumerate(ATTACHMENTS.items()):
        file = tmp_path / str(number)
        run = way.run("imap_save_attachment", dovecot, with_mail, 1, name, file)
        assert run.code == OK, run.output
        assert file.read_bytes() == octets, name
    assert len(list(tmp_path.iterdir())) == len(ATTACHMENTS)
    with Box(dovecot, with_mail) as box:
        assert box.fetch("1", "(FLAGS)")[1][0] is not None
        assert b"Seen" not in box.fetch("1", "(FLAGS)")[1][0]


def test_an_attachment_that_is_not_there(dovecot: Dovecot, with_mail: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    run = PLAIN.run("imap_save_attachment", dovecot, with_mail, 1, "nothing", file)
    assert run.code == PROTOCOL
    for name in ATTACHMENTS:
        assert name in run.output
    assert PLAIN.run("imap_save_attachment", dovecot, with_mail, 9, "x", file).code == PROTOCOL
    assert list(tmp_path.iterdir()) == []


def test_another_file_of_that_name_is_not_replaced(
    dovecot: Dovecot, with_mail: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"mine")
    run = PLAIN.run("imap_save_attachment", dovecot, with_mail, 1, "inner.eml", file)
    assert run.code == LOCAL
    assert file.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [file]


STRUCTURE = (
    b'* 1 FETCH (UID 1 BODYSTRUCTURE ("APPLICATION" "OCTET-STREAM" ("NAME" "file") NIL NIL '
    b'"BASE64" 2000000 NIL NIL NIL NIL))\r\n'
)
HALF = b"* 1 FETCH (UID 1 BODY[1] {2000000}\r\n" + b"QUJD" * 5000
FAULTS = {
    "closes": (Close(HALF), NETWORK),
    "stalls": (Hang(HALF), NETWORK),
    "says BYE": (Close(b"* BYE shutting down\r\n"), NETWORK),
    "talks rubbish": (Close(b"* 1 FETCH (UID 1 BODY[1] {20\r\n\r\n\xff\x00)\r\n"), None),
    "refuses": (b"%s NO not today\r\n", PROTOCOL),
    "tells nothing": (b"%s OK done\r\n", PROTOCOL),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_fails_leaves_no_file(fault: str, tmp_path: Path) -> None:
    what, expected = FAULTS[fault]
    asked = []

    def fetch(tag: bytes, words: list[str]) -> bytes:
        asked.append(words)
        if len(asked) == 1:
            return STRUCTURE + tag + b" OK done\r\n"
        if isinstance(what, Exception):
            raise what
        return what % tag

    with ScriptedImap({"UID FETCH": fetch}) as server:
        url = f"imap+insecure://alice@{HOST}:{server.port}"
        program = PLAIN.program("imap_save_attachment")
        before = time.monotonic()
        run = finished(
            start(
                [program, "--timeout", PATIENCE, url, "1", "file", str(tmp_path / "file")], "secret"
            )
        )
    assert run.code == expected or (expected is None and run.code not in (OK, USAGE)), run.output
    assert run.output.strip(), "it says nothing of what went wrong"
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - before < 15


def test_an_encoding_that_is_wrong_is_told(tmp_path: Path) -> None:
    """What can be read is saved (RFC 2045 §6.8)."""
    answers = iter(
        [STRUCTURE + b"%s OK\r\n", b"* 1 FETCH (UID 1 BODY[1] {8}\r\nQ!UJDR\r\n)\r\n%s OK\r\n"]
    )
    with ScriptedImap({"UID FETCH": lambda tag, _: next(answers) % tag}) as server:
        url = f"imap+insecure://alice@{HOST}:{server.port}"
        program = PLAIN.program("imap_save_attachment")
        run = finished(start([program, url, "1", "file", str(tmp_path / "file")], "secret"))
    assert run.code == OK
    assert "wrong" in run.output
    assert (tmp_path / "file").read_bytes() == b"ABC"


def test_interrupted_in_mid_attachment(tmp_path: Path) -> None:
    asked = []

    def fetch(tag: bytes, words: list[str]) -> bytes:
        asked.append(words)
        if len(asked) == 1:
            return STRUCTURE + tag + b" OK done\r\n"
        raise Hang(HALF)

    with ScriptedImap({"UID FETCH": fetch}) as server:
        url = f"imap+insecure://alice@{HOST}:{server.port}"
        program = PLAIN.program("imap_save_attachment")
        process = start([program, url, "1", "file", str(tmp_path / "file")], "secret")
        wait_for(lambda: list(tmp_path.iterdir()))
        process.send_signal(signal.SIGINT)
        assert finished(process).code == INTERRUPTED
    assert list(tmp_path.iterdir()) == []


def wait_for(condition) -> None:
    deadline = time.monotonic() + WATCH_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# imap_append.


@every_way
def test_a_file_is_appended(dovecot: Dovecot, way: Way, tmp_path: Path) -> None:
    user = dovecot.fresh_user()
    messages = [mail.big(20_000_000), *mail.corpus(10)]
    file = tmp_path / "letter.eml"
    for uid, message in enumerate(messages, start=1):
        file.write_bytes(message)
        run = way.run("imap_append", dovecot, user, file)
        assert (run.code, run.output) == (OK, f"UID {uid}\n")
    file.write_bytes(messages[1].replace(b"\r\n", b"\n"))
    assert way.run("imap_append", dovecot, user, file).code == OK
    with Box(dovecot, user) as box:
        for number, message in enumerate([*messages, messages[1]], start=1):
            assert box.fetch(str(number), "(BODY.PEEK[])")[1][0][1] == message


def test_a_file_is_appended_where_literals_wait(tmp_path: Path) -> None:
    """A server without LITERAL+, which asks for the message, or refuses it."""
    file = tmp_path / "letter.eml"
    file.write_bytes(letter(b"one"))
    with ScriptedImap({"APPEND": lambda tag, _: tag + b" NO [OVERQUOTA] full\r\n"}) as server:
        url = f"imap+insecure://alice@{HOST}:{server.port}"
        program = PLAIN.program("imap_append")
        run = finished(start([program, "--timeout", PATIENCE, url, str(file)], "secret"))
    assert run.code == PROTOCOL
    assert "full" in run.output
    assert not any("Subject" in line for line in server.heard)


def test_a_file_that_cannot_be_read_is_not_appended(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.fresh_user()
    assert PLAIN.run("imap_append", dovecot, user, tmp_path / "nothing").code == LOCAL


# imap_watch.


@every_way
def test_new_mail_is_told(dovecot: Dovecot, way: Way) -> None:
    """IDLE is begun anew every second meanwhile."""
    user = dovecot.fresh_user()
    dovecot.deliver(user, [letter(b"old")])
    process = start(way.command("imap_watch", dovecot, user, 3, 1), dovecot.password)
    sent = 0
    with Box(dovecot, user) as box:
        deadline = time.monotonic() + WATCH_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            box.append("INBOX", "", "", letter(b"news %d" % sent))
            sent += 1
            time.sleep(0.7)
    run = finished(process)
    assert run.code == OK, run.output
    told = [line.split("\t")[-1] for line in run.output.splitlines()]
    first = int(told[0].removeprefix("news "))
    assert told == [f"news {first + n}" for n in range(3)]


def test_idle_is_begun_anew() -> None:
    """RFC 9051 §6.3.13: before the server may think that the client has gone."""
    began = []

    def idle(tag: bytes, _: list[str]) -> bytes:
        began.append(tag)
        return b"+ idling\r\n"

    def done(_: bytes, __: list[str]) -> bytes:
        return began[-1] + b" OK done\r\n"

    with ScriptedImap({"IDLE": idle, "DONE": done}) as server:
        url = f"imap+insecure://alice@{HOST}:{server.port}"
        process = start([PLAIN.program("imap_watch"), url, "0", "1"], "secret")
        wait_for(lambda: len(began) >= 3)
        process.send_signal(signal.SIGINT)
        run = finished(process)
    assert run.code == OK, run.output
    assert server.heard[-2:-1] == ["DONE"]
    assert server.heard[-1].endswith(" LOGOUT")


# Security.


@every_way
def test_a_wrong_password(dovecot: Dovecot, way: Way) -> None:
    user = dovecot.fresh_user()
    run = finished(start(way.command("imap_list", dovecot, user), "wrong"))
    assert run.code == LOGIN, run.output
    environment = {key: value for key, value in os.environ.items() if key != "MAILPROTO_PASSWORD"}
    command = way.command("imap_list", dovecot, user)
    assert (
        subprocess.run(command, check=False, env=environment, capture_output=True).returncode
        == LOCAL
    )


@with_tls
def test_another_certificate_is_refused(dovecot: Dovecot, way: Way, tmp_path: Path) -> None:
    user = dovecot.fresh_user()
    other, _ = make_certificate(tmp_path)
    command = way.command("imap_list", dovecot, user)
    command[command.index("--cafile") + 1] = str(other)
    run = finished(start(command, dovecot.password))
    assert run.code == SECURITY
    assert "TLS" in run.output
    command = way.command("imap_list", dovecot, user)
    at = next(n for n, word in enumerate(command) if word.startswith("imap"))
    command[at] = command[at].replace("@localhost", "@127.0.0.2").replace(HOST, "127.0.0.2")
    # Dovecot does not listen there, so what refuses here is either of the two.
    assert finished(start(command, dovecot.password)).code in (SECURITY, NETWORK)


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
    refuse = {"STARTTLS": lambda tag, _: tag + b" NO not today\r\n"}
    with ScriptedImap(refuse, greeting) as server:
        command = [Way("openssl", Tls.STLS).program("imap_list")]
        run = finished(start([*command, f"imap://alice@{HOST}:{server.port}"], "secret"))
    assert run.code == SECURITY, run.output
    assert not any("alice" in line or "secret" in line for line in server.heard)


def test_what_follows_the_answer_to_starttls_is_not_believed() -> None:
    """Octets that somebody put behind it (CVE-2011-0411)."""
    inject = {"STARTTLS": lambda tag, _: tag + b" OK begin\r\n* CAPABILITY IMAP4rev1\r\n"}
    with ScriptedImap(inject, b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n") as server:
        command = [Way("openssl", Tls.STLS).program("imap_list")]
        run = finished(start([*command, f"imap://alice@{HOST}:{server.port}"], "secret"))
    assert run.code == SECURITY, run.output
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "url",
    ["", "imap://", "http://a@b", "imap://host", "imaps://@host", "imaps://u@", "imaps://u%0@h"],
)
def test_what_is_no_url_is_told(url: str) -> None:
    run = finished(start([PLAIN.program("imap_list"), url], "secret"))
    assert run.code == USAGE
    assert "usage" in run.output

"""Servers that mean harm: every attack gives a `MailError`, or nothing, and in time."""

from __future__ import annotations

import contextlib
import io
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from imap_server import CAPABILITIES, Connection, ImapServer, mail

from mailproto import imap
from mailproto._errors import MailError

if TYPE_CHECKING:
    from collections.abc import Callable

# Attacks collected for this project, absent from what users have.
VECTORS = Path(__file__).resolve().parents[3] / "shared" / "cases" / "security.jsonl"
CASES = (
    [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    if VECTORS.exists()
    else []
)
FEEDS = {case["id"]: case["server"] for case in CASES if case["proto"] == "imap"}
TIMEOUT = 0.3
# What a slow machine may take besides.
SLACK = 5.0
MAILS = [mail(number) for number in range(1, 4)]


def octets_of(connection: Connection, feed: str) -> bytes:
    """A feed with the tag of the command at hand."""
    return re.sub(rb"\bT\d\b", connection.tag.encode() or b"T1", feed.encode("latin-1"))


def attack(feeds: list[str], end: Callable[[Connection], None]) -> Any:
    """Answers any command with the whole attack."""

    def reply(connection: Connection) -> None:
        for feed in feeds:
            if feed == "<EOF>":
                connection.hang_up()
            connection.send(octets_of(connection, feed))
        end(connection)

    return reply


def use(server: ImapServer, tls: Any) -> None:
    """What a program does with a mailbox. What it has saved whole is what the server has."""
    with imap.connect(
        server.host, "mrose", "secret", port=server.port, tls=tls, timeout=TIMEOUT
    ) as client:
        folder = client.select()
        folder.search(unseen=True)
        for message in folder.fetch(size=True, envelope=True, body_structure=True):
            repr(message)
            message.fetched.to_dict()
            file = io.BytesIO()
            message.save(file)
        list(folder.watch(timeout=0.05))
        list(client.events())


def survives(server: ImapServer, tls: str = "insecure") -> None:
    """Nothing but a `MailError` comes of it, in time."""
    begun = time.monotonic()
    with contextlib.suppress(MailError):
        use(server, tls)
    assert time.monotonic() - begun < TIMEOUT * 4 + SLACK
    if tls == "starttls":
        assert not [line for line in server.commands if line.startswith(("LOGIN", "AUTH"))]


@pytest.mark.skipif(not FEEDS, reason="the collected attacks are not here")
@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "IDLE"])
@pytest.mark.parametrize("name", FEEDS)
def test_attacks_as_the_answer_to_a_command(name: str, command: str) -> None:
    reply = attack(FEEDS[name], Connection.hang_up)
    with ImapServer(MAILS, replies={command: reply}) as server:
        survives(server)


@pytest.mark.skipif(not FEEDS, reason="the collected attacks are not here")
@pytest.mark.parametrize("name", FEEDS)
def test_attacks_before_tls(name: str) -> None:
    feeds = [feed.encode("latin-1") for feed in FEEDS[name]]
    reply = attack(FEEDS[name], Connection.hang_up)
    with ImapServer(greeting=feeds[0], replies={"STARTTLS": reply, "CAPABILITY": reply}) as server:
        survives(server, "starttls")


@pytest.mark.skipif(not FEEDS, reason="the collected attacks are not here")
@pytest.mark.parametrize("name", sorted(FEEDS)[::6])
def test_attacks_by_a_server_that_then_stalls(name: str) -> None:
    def wait(connection: Connection) -> None:
        time.sleep(TIMEOUT * 3)
        connection.hang_up()

    with ImapServer(MAILS, replies={"UID FETCH": attack(FEEDS[name], wait)}) as server:
        survives(server)


@pytest.mark.parametrize(
    "text",
    [
        "* 4294967295 EXISTS",
        "* 0 EXPUNGE",
        "* 4294967295 EXPUNGE",
        "* VANISHED 1:4294967295",
        "* VANISHED (EARLIER) 1:4294967295",
        "* SEARCH " + "1 " * 10_000,
        '* ESEARCH (TAG "x") UID ALL 1:4294967295',
        "* 1 FETCH (UID 4294967295 FLAGS (\\Seen))",
        "* LIST () NIL ../../etc/passwd",
        "* FLAGS (" + "a " * 10_000 + "b)",
        "* 1 FETCH (BODYSTRUCTURE " + "(" * 500 + ")" * 500 + ")",
        "+ go on",
        "x OK what",
    ],
)
def test_what_a_server_should_not_say(text: str) -> None:
    def gossip(connection: Connection) -> None:
        connection.untagged(text[2:]) if text.startswith("* ") else connection.send(
            text.encode() + b"\r\n"
        )
        connection.answer()

    commands = ("NOOP", "UID FETCH", "UID SEARCH", "IDLE", "SELECT")
    with ImapServer(MAILS, replies=dict.fromkeys(commands, gossip)) as server:
        survives(server)


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "IDLE"])
def test_every_cut_of_a_session_ends_in_an_error(command: str) -> None:
    """Whatever the server was about to say, it hangs up after so many octets."""
    for cut in (0, 1, 10, 40, 100):

        def reply(connection: Connection, cut: int = cut) -> None:
            sent: list[bytes] = []
            send, connection.send = connection.send, sent.append  # type: ignore[method-assign]
            with contextlib.suppress(OSError):
                connection.peer.setblocking(False)
                connection.answer()
            connection.peer.setblocking(True)
            send(b"".join(sent)[:cut])
            connection.hang_up()

        with ImapServer(MAILS, replies={command: reply}) as server:  # noqa: SIM117
            with pytest.raises(MailError):
                use(server, "insecure")


def test_capabilities_before_tls_are_forgotten(certificate: Any) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN X-EVIL] ready\r\n"
    server_context, client_context = certificate
    with ImapServer(greeting=greeting, tls=server_context) as server:
        client = imap.connect(
            "localhost",
            "mrose",
            "secret",
            port=server.port,
            tls="starttls",
            ssl_context=client_context,
        )
        assert "X-EVIL" not in client.capabilities
        assert client.capabilities == frozenset(CAPABILITIES.upper().split())
        client.logout()
    assert server.commands[0] == "STARTTLS"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """TLS for both ends."""
    import ssl
    import subprocess

    directory = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem"
    )
    try:
        subprocess.run(command.split(), cwd=directory, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no openssl")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    return server, ssl.create_default_context(cafile=str(directory / "cert.pem"))

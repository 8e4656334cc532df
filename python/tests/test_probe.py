"""`mailproto probe`: what it learns of servers, and what it advises."""

from __future__ import annotations

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from pop3_server import Connection, Pop3Server, mail

from mailproto._certificate import read_certificate
from mailproto.cli._advice import NEEDS, Offer, advise

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "mailproto", "probe"]
POP3 = Offer(frozenset({"TOP", "UIDL", "USER", "SASL"}))
FULL = Offer(frozenset({"IMAP4REV1", "IDLE", "QRESYNC", "CONDSTORE", "MOVE", "SPECIAL-USE"}))
BARE = Offer(frozenset({"IMAP4REV1"}))
UNKNOWN = BARE._replace(known=False)


# Advice.


@pytest.mark.parametrize(
    ("needs", "imap", "choice"),
    [
        (["offline"], FULL, "pop3"),  # the simpler one, where both are as good
        (["one-device"], FULL, "pop3"),
        (["offline", "one-device"], BARE, "pop3"),
        (["small-storage"], FULL, "imap"),
        (["small-storage", "one-device"], FULL, "imap"),
        (["several-devices"], BARE, "imap"),
        (["organise"], BARE, "imap"),
        (["search"], BARE, "imap"),
        (["offline", "several-devices"], FULL, "imap"),
        (["offline", "several-devices"], BARE, "both"),
        (["offline", "several-devices"], UNKNOWN, "imap"),
        (list(NEEDS), FULL, "imap"),
        (list(NEEDS), BARE, "both"),
    ],
)
def test_what_suits(needs: list[str], imap: Offer, choice: str) -> None:
    advice = advise(tuple(needs), POP3, imap)
    assert advice.choice == choice
    assert advice.unserved == ()
    assert set(advice.use) == set(needs)
    assert {(finding.need, finding.protocol) for finding in advice.findings} == {
        (need, protocol) for need in needs for protocol in ("pop3", "imap")
    }


def test_both_share_the_work() -> None:
    advice = advise(("offline", "search"), POP3, BARE)
    assert advice.use == {"offline": "pop3", "search": "imap"}
    assert any("only one of them delete" in caution for caution in advice.cautions)


def test_what_one_protocol_leaves_unserved() -> None:
    advice = advise(("offline", "search"), POP3, None)
    assert (advice.choice, advice.unserved) == ("pop3", ("search",))
    advice = advise(("offline",), None, BARE)
    assert (advice.choice, advice.unserved) == ("imap", ())
    advice = advise(("offline",), None, None)
    assert (advice.choice, advice.unserved) == ("neither", ("offline",))


def test_reasons_are_drawn_from_the_server() -> None:
    def reasons(pop3: Offer, imap: Offer, need: str) -> str:
        return " ".join(
            reason for finding in advise((need,), pop3, imap).findings for reason in finding.reasons
        )

    assert "without UIDL" in reasons(Offer(frozenset({"TOP"})), FULL, "offline")
    assert "UIDL tells" in reasons(POP3, FULL, "offline")
    assert "without CONDSTORE" in reasons(POP3, BARE, "several-devices")
    assert "not known before login" in reasons(POP3, UNKNOWN, "several-devices")
    assert "IDLE: what one device does" in reasons(POP3, FULL, "several-devices")


def test_no_uidl_makes_pop3_the_lesser() -> None:
    assert advise(("offline",), Offer(frozenset({"TOP"})), FULL).choice == "imap"


def test_cautions() -> None:
    strict = POP3._replace(expire="0", login_delay=900)
    found = advise(("offline",), strict, None).cautions
    assert [caution for caution in found if "at once (EXPIRE)" in caution]
    assert [caution for caution in found if "900 seconds apart" in caution]
    assert advise(("offline",), POP3._replace(expire="NEVER"), None).cautions == ()
    (caution,) = advise(("offline",), POP3._replace(trusted=False), None).cautions
    assert "does not verify" in caution


def test_without_tls_only_where_there_is_nothing_else() -> None:
    naked = POP3._replace(private=False)
    advice = advise(("offline",), naked, FULL)
    assert (advice.choice, advice.cautions) == (
        "imap",
        ("POP3 is offered without TLS only, and was left out",),
    )
    advice = advise(("offline",), naked, None)
    assert advice.choice == "pop3"
    assert "anyone on the way" in advice.cautions[0]


# Certificates.


def test_certificates_are_read(tmp_path: Path) -> None:
    names = "DNS:mail.example.org,DNS:*.example.org,IP:127.0.0.1,IP:::1"
    der = make_certificate(tmp_path, "/C=DE/O=Bäckerei/CN=mail.example.org", names, days=40)
    certificate = read_certificate(der)
    assert certificate.subject == "CN=mail.example.org, O=Bäckerei, C=DE"
    assert certificate.issuer == certificate.subject
    assert certificate.names == ("mail.example.org", "*.example.org", "127.0.0.1", "::1")
    assert certificate.days_left(datetime.now(UTC)) in (39, 40)
    assert certificate.not_before < datetime.now(UTC) < certificate.not_after


def test_what_is_no_certificate(tmp_path: Path) -> None:
    der = make_certificate(tmp_path, "/CN=x", "DNS:x", days=1)
    for wrong in (b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", der[:100], der[1:], b"\x30\x00"):
        with pytest.raises(ValueError, match="cannot be read"):
            read_certificate(wrong)
    for at in range(min(len(der), 300)):  # Any octet may be wrong.
        with suppress(ValueError):
            read_certificate(der[:at] + bytes([der[at] ^ 0x81]) + der[at + 1 :])


def make_certificate(directory: Path, subject: str, names: str, days: int) -> bytes:
    """A self-signed certificate in DER; beside it cert.pem and key.pem."""
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("MAILPROTO_REQUIRE_ALL") == "1":
            pytest.fail("no openssl")
        pytest.skip("no openssl to make a certificate with")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days)]
    command += ["-utf8", "-subj", subject, "-addext", f"subjectAltName={names}"]
    command += ["-keyout", str(directory / "key.pem"), "-out", str(directory / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    return ssl.PEM_cert_to_DER_cert((directory / "cert.pem").read_text())


# The command.


def probe(*arguments: object, **environment: str) -> Any:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def ports(**used: int) -> list[str]:
    """No door but these."""
    return [f"--port={name}={used.get(name, 0)}" for name in ("pop3s", "pop3", "imaps", "imap")]


def lines(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_server_without_tls() -> None:
    with Pop3Server([mail(1)], capabilities=("UIDL", "USER", "EXPIRE 7")) as server:
        where = [server.host, *ports(pop3=server.port)]
        done = probe(*where, "--user=mrose", "--need=offline,search", MAILPROTO_PASSWORD="secret")
        assert done.returncode == 0, done.stderr
        assert re.search(r"TLS +not offered", done.stdout)
        assert "Use POP3.\n" in done.stdout
        assert "Not served: search." in done.stdout
        assert "after 7 days (EXPIRE)" in done.stdout
        service, advice = lines(probe(*where, "--json", "--need=offline"))
        assert service["schema"] == advice["schema"] == "mailproto.probe/1"
        assert service["capabilities_clear"] == ["UIDL", "USER", "EXPIRE 7"]
        assert service["mechanisms_clear"] == ["USER", "APOP"]
        assert service["tls"] is service["login"] is None
        assert advice["choice"] == "pop3"
        # A password is never sent without TLS.
        assert not [each for each in server.commands if each.startswith(("USER", "PASS", "AUTH"))]


def test_quirks_are_told() -> None:
    replies: Any = {"CAPA": b"+ok\r\nUIDL\nTOP\r\n.\r\n"}
    with Pop3Server(replies=replies) as server:
        (service,) = lines(probe(server.host, *ports(pop3=server.port), "--json"))
        done = probe(server.host, *ports(pop3=server.port))
    assert service["quirks"].keys() >= {"bare-lf", "status-case"}
    assert "status-case (1 times)" in done.stdout


def test_what_does_not_answer() -> None:
    with Pop3Server() as server:
        port = server.port
    done = probe("127.0.0.1", *ports(pop3=port, pop3s=port))
    assert done.returncode == 69
    assert done.stdout.count("problem") == 2
    assert probe("nowhere.invalid", *ports(pop3=port)).returncode in (68, 69)
    assert probe("..", *ports(pop3=port)).returncode == 68


def test_wrong_usage() -> None:
    assert probe().returncode == 64
    assert probe("localhost", "--need=money").returncode == 64
    assert probe("localhost", "--port=smtp=25").returncode == 64
    assert probe("localhost", "--port=imap=x").returncode == 64
    assert probe("imaps://localhost").returncode == 64
    assert probe("localhost", "--mechanism=PLAIN").returncode == 64
    assert probe("localhost", "--cafile=/nonexistent").returncode == 78
    assert "small-storage    little room on the device" in probe("--help").stdout


def test_hostile_servers() -> None:
    def endless(connection: Connection) -> None:
        while True:
            connection.send(b"-" * 60000 + b"\r\n")

    def trickle(connection: Connection) -> None:
        import time

        for _ in range(100):
            connection.send(b"-")
            time.sleep(0.1)

    for reply in (endless, trickle, Connection.stall, Connection.hang_up, b"\x1b[31m\r\n"):
        replies: Any = {"CAPA": reply}
        with Pop3Server(replies=replies) as server:
            done = probe(server.host, *ports(pop3=server.port), "--timeout=0.5")
        assert done.returncode == 0  # There was a greeting.
        assert "Traceback" not in done.stderr + done.stdout
        assert "\x1b" not in done.stdout
        assert "problem" in done.stdout


def test_tls_where_there_is_none() -> None:
    with Pop3Server() as server:
        done = probe(server.host, *ports(pop3s=server.port), "--timeout=2")
    assert done.returncode == 69
    assert "TLS does not begin" in done.stdout


def test_certificates_of_servers(tmp_path: Path) -> None:
    make_certificate(tmp_path, "/CN=localhost", "DNS:localhost", days=3)
    for name in ("tmp", "new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    serve = [*COMMAND[:-1], "serve", "--json", "--port=0", "--tls-port=0", "--user=mrose"]
    serve += ["--maildir=Maildir", "--tls-cert=cert.pem", "--tls-key=key.pem"]
    server = subprocess.Popen(
        serve,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "MAILPROTO_PASSWORD": "secret"},
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        where = json.loads(server.stdout.readline())
        both = ports(pop3=where["port"], pop3s=where["tls_port"])
        trusted = ["localhost", *both, "--json", f"--cafile={tmp_path / 'cert.pem'}"]
        for service in lines(probe(*trusted, "--user=mrose", MAILPROTO_PASSWORD="secret")):
            assert service["verified"] is True, service
            assert service["login"] == "ok", service
            assert service["tls"].startswith("TLSv1")
            assert service["certificate"]["names"] == ["localhost"]
            assert "UIDL" in service["capabilities_after_login"]
        done = probe("mrose@localhost", *trusted[1:], MAILPROTO_PASSWORD="wrong")
        assert done.returncode == 77
        logins = [service["login"] for service in lines(done)]
        # Shown once: servers lock out who is wrong too often.
        assert len([login for login in logins if login]) == 1
        done = probe("localhost", *both, "--user=mrose", MAILPROTO_PASSWORD="secret")
        assert done.stdout.count("NOT VERIFIED: self-signed certificate") == 2
        assert "renew it soon" in done.stdout
        assert re.search(r"^  login ", done.stdout, re.MULTILINE) is None
        done = probe("127.0.0.1", *trusted[1:])
        assert all("IP address mismatch" in each["not_verified_because"] for each in lines(done))
    finally:
        server.terminate()
        server.communicate(timeout=10)

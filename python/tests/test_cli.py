"""The command, run as users run it."""

from __future__ import annotations

import functools
import json
import mailbox
import os
import poplib
import shutil
import signal
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from pop3_server import Connection, Pop3Server, mail

from mailproto.stores import MaildirSink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAILS = [mail(number, size=100 * number) for number in range(1, 11)]
COMMAND = [sys.executable, "-m", "mailproto"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the user's own is read or written."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "MAILPROTO_PASSWORD": "secret",
    }


class Shell:
    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self.environment = environment

    def __call__(self, *arguments: object, **environment: str) -> Any:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=self.directory,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def pop3(self, action: str, server: Pop3Server, *arguments: object, **environment: str) -> Any:
        where = ["--host", server.host, "--port", server.port, "--user", "mrose"]
        return self("pop3", action, *where, "--tls", "insecure", *arguments, **environment)


@pytest.fixture
def shell(tmp_path: Path, environment: dict[str, str]) -> Shell:
    return Shell(tmp_path, environment)


def json_lines(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_fetch_remembers(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server:
        done = shell.pop3("fetch", server, "--files", "mail", "--limit", 4)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"4 messages fetched ({sum(map(len, MAILS[:4]))} B), 6 left\n"
        done = shell.pop3("fetch", server, "--files", "mail", "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        done = shell.pop3("fetch", server, "--files", "mail", "--json")
        (summary,) = json_lines(done)
        assert summary == {
            "schema": "mailproto.pop3/1",
            "event": "summary",
            "fetched": 0,
            "octets": 0,
            "failed": 0,
            "complete": True,
            "deleted": 0,
            "left": 0,
            "on_server": 10,
        }
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.read_bytes() for file in files] == MAILS
    assert server.removed == []
    (state,) = (tmp_path / "state").rglob("*.uidl")
    assert state.name == f"mrose@127.0.0.1:{server.port}.uidl"


def test_destinations_and_deleting(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server:
        done = shell.pop3("fetch", server, "--maildir", "box", "--state", "s1", "--json")
        told = json_lines(done)
        assert [line["uid"] for line in told[:-1]] == server.uids
        assert all(os.path.exists(tmp_path / line["stored_as"]) for line in told[:-1])  # noqa: PTH110
        done = shell.pop3("fetch", server, "--mbox", "box.mbox", "--no-state", "-v")
        assert done.stderr.startswith("1: box.mbox\n")
        assert server.removed == []
        done = shell.pop3("fetch", server, "--files", "f", "--state", "s1", "--delete-after", "1")
        assert server.removed == []
        done = shell.pop3("fetch", server, "--files", "f", "--state", "s1", "--delete")
        assert done.stderr == "0 messages fetched (0 B), 10 deleted\n"
        assert server.removed == server.uids
    assert len(mailbox.Maildir(tmp_path / "box")) == 10
    assert len(mailbox.mbox(tmp_path / "box.mbox")) == 10
    assert list((tmp_path / "f").iterdir()) == []


def test_dry_run_and_list_change_nothing(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server:
        done = shell.pop3("fetch", server, "--files", "mail", "--dry-run", "--limit", 2, "--delete")
        assert done.stdout == f"1\t{len(MAILS[0])}\tuid-1\n2\t{len(MAILS[1])}\tuid-2\n"
        done = shell.pop3("list", server, "--json")
        assert json_lines(done)[9] == {
            "schema": "mailproto.pop3/1",
            "event": "message",
            "number": 10,
            "size": len(MAILS[9]),
            "uid": "uid-10",
        }
    assert server.removed == []
    assert list(tmp_path.iterdir()) == []


def half_a_message(connection: Connection) -> None:
    connection.send(b"+OK 1000 octets\r\nSubject: half\r\n\r\nhal")
    connection.server.replies.clear()
    connection.hang_up()


def test_tries_again_when_the_connection_breaks(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS, replies={"RETR 6": half_a_message}) as server:
        done = shell.pop3("fetch", server, "--files", "mail", "--delete")
        assert done.returncode == 0
        assert "trying again" in done.stderr
        assert server.removed == server.uids
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.read_bytes() for file in files] == MAILS
    with Pop3Server(MAILS, replies={"RETR 6": half_a_message}) as server:
        done = shell.pop3("fetch", server, "--files", "m2", "--no-state", "--retries", 0)
        assert done.returncode == 75


def test_exit_codes(shell: Shell, tmp_path: Path) -> None:
    fetch = ("fetch", "--files", "mail")
    assert shell("pop3", *fetch).returncode == 64
    assert shell("pop3", "fetch", "pop3s://a@b").returncode == 64
    assert shell("pop3", *fetch, "pop3s://a:secret@b").returncode == 64
    assert shell("pop3", *fetch, "imap://a@b").returncode == 64
    assert shell("pop3", *fetch, "pop3s://a@nowhere.invalid", "--retries=0").returncode in (68, 75)
    with Pop3Server(MAILS) as server:
        assert shell.pop3("list", server, MAILPROTO_PASSWORD="wrong").returncode == 77
        (tmp_path / "other").write_text("Dear diary")
        assert shell.pop3(*fetch[:1], server, *fetch[1:], "--state", "other").returncode == 78
        (tmp_path / "file").write_text("")
        assert shell.pop3("fetch", server, "--maildir", "file").returncode == 74
    assert shell.pop3("list", server, "--retries", 0).returncode == 69
    with Pop3Server(greeting=b"-ERR [SYS/TEMP] later\r\n") as server:
        assert shell.pop3("list", server).returncode == 75
    with Pop3Server(MAILS, replies={"RETR 3": b"-ERR damaged\r\n"}) as server:
        done = shell.pop3("fetch", server, "--files", "m3", "--json")
        assert done.returncode == 1
        assert [line["number"] for line in json_lines(done) if line["event"] == "failed"] == [3]
    with Pop3Server(MAILS, replies={"QUIT": b"-ERR some remain\r\n"}) as server:
        assert shell.pop3("fetch", server, "--files", "m4", "--delete").returncode == 1
    assert shell("--help").returncode == 0
    assert "77 credentials refused" in shell("pop3", "fetch", "--help").stdout


def test_where_passwords_come_from(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server:
        del shell.environment["MAILPROTO_PASSWORD"]
        assert shell.pop3("list", server).returncode == 64
        assert shell.pop3("list", server, "--password-command", "echo secret").returncode == 0
        assert shell.pop3("list", server, "--password-command", "false").returncode == 78
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login mrose password secret\n")
        assert shell.pop3("list", server, NETRC=str(tmp_path / "netrc")).returncode == 0


def test_the_protocol_log_hides_secrets(shell: Shell, tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server:
        shell.pop3("fetch", server, "--files", "mail", "--limit", 1, "--log-protocol", "log")
    log = (tmp_path / "log").read_text()
    assert "C: PASS [hidden]\n" in log
    assert "secret" not in log
    assert "x" * 70 not in log
    assert f"S: … {len(MAILS[0])} octets of message\n" in log
    assert log.endswith("C: QUIT\nS: +OK  (QUIT ok)\n")


def test_the_protocol_log_hides_sasl() -> None:
    import io

    from mailproto.cli._protocol_log import ProtocolLog
    from mailproto.sansio import pop3

    file = io.StringIO()
    log = ProtocolLog(file)
    log(b"AUTH SCRAM-SHA-256 c2VjcmV0\r\n", None)
    log(None, pop3.Challenge(1, b"c2VjcmV0"))
    log(b"c2VjcmV0\r\n", None)
    log(b"*\r\n", None)
    log(None, pop3.Completed(1, "AUTH", 0, "err", None, "no", None))
    log(b"APOP mrose c2VjcmV0\r\nUSER mrose\r\n", None)
    assert file.getvalue().splitlines() == [
        "C: AUTH SCRAM-SHA-256 [hidden]",
        "S: + [hidden]",
        "C: [hidden]",
        "C: [hidden]",
        "S: -ERR no (AUTH err)",
        "C: APOP mrose [hidden]",
        "C: USER mrose",
    ]


def trickle(connection: Connection) -> None:
    connection.send(b"+OK\r\nSubject: slow\r\n\r\n")
    time.sleep(1.0)
    connection.send(b"end\r\n.\r\n")


KINDS = pytest.mark.parametrize(("kind", "where"), [("--files", "*.eml"), ("--maildir", "new/*")])


@KINDS
def test_interrupt_finishes_the_current_message(
    kind: str, where: str, shell: Shell, tmp_path: Path
) -> None:
    replies: dict[str, Any] = {"RETR 3": trickle}
    capabilities = ("UIDL", "USER")  # no pipelining: what is under way is one message
    with Pop3Server(MAILS, replies=replies, capabilities=capabilities) as server:
        arguments = ["pop3", "fetch", "--host", server.host, "--port", str(server.port)]
        arguments += ["--user", "mrose", "--tls", "insecure", kind, "mail", "--delete"]
        process = subprocess.Popen(
            [*COMMAND, *arguments], env=shell.environment, cwd=tmp_path, stderr=subprocess.PIPE
        )
        wait_for(lambda: "RETR 3" in server.commands)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130, errors
        fetched = len(list((tmp_path / "mail").glob(where)))
        assert fetched >= 3
        assert server.removed == server.uids[:fetched]
        assert server.commands[-1] == "QUIT"


@KINDS
def test_a_second_interrupt_stops_at_once(
    kind: str, where: str, shell: Shell, tmp_path: Path
) -> None:
    with Pop3Server(MAILS, replies={"RETR 3": Connection.stall}) as server:
        arguments = ["pop3", "fetch", "--host", server.host, "--port", str(server.port)]
        arguments += ["--user", "mrose", "--tls", "insecure", kind, "mail", "--delete"]
        process = subprocess.Popen(
            [*COMMAND, *arguments], env=shell.environment, cwd=tmp_path, stderr=subprocess.PIPE
        )
        wait_for(lambda: len(list((tmp_path / "mail").glob(where))) == 2)
        for _ in range(2):
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 130
        got = [path.read_bytes() for path in (tmp_path / "mail").rglob("*") if path.is_file()]
        assert sorted(octets.replace(b"\r\n", b"\n") for octets in got) == [
            octets.replace(b"\r\n", b"\n") for octets in MAILS[:2]
        ]
        assert server.removed == []


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# serve


@contextmanager
def serving(shell: Shell, *arguments: object) -> Iterator[dict[str, Any]]:
    command = [*COMMAND, "serve", "--port", "0", "--json", "--user", "mrose", *map(str, arguments)]
    process = subprocess.Popen(
        command, env=shell.environment, cwd=shell.directory, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=10)
    assert process.returncode == 0


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    sink = MaildirSink(tmp_path / "Maildir")
    for octets in MAILS:
        delivery = sink.begin(Any)  # type: ignore[arg-type]
        delivery.write(octets)
        delivery.commit()
    return tmp_path / "Maildir"


def test_serve_to_poplib(shell: Shell, maildir: Path) -> None:
    with serving(shell, "--maildir", maildir) as where:
        client = poplib.POP3("127.0.0.1", where["port"], timeout=10)
        client.user("mrose")
        client.pass_("secret")
        assert client.stat() == (10, sum(map(len, MAILS)))
        for number, octets in enumerate(MAILS, 1):
            lines = client.retr(number)[1]
            assert b"".join(line + b"\r\n" for line in lines) == octets
        second = poplib.POP3("127.0.0.1", where["port"], timeout=10)
        second.user("mrose")
        with pytest.raises(poplib.error_proto, match="IN-USE"):
            second.pass_("secret")
        second.close()
        client.dele(3)
        client.close()  # without QUIT
        assert len(list((maildir / "new").iterdir())) == 10
        wait_for(functools.partial(delete_one, where["port"]))
        assert len(list((maildir / "new").iterdir())) == 9


def delete_one(port: int) -> bool:
    client = poplib.POP3("127.0.0.1", port, timeout=10)
    client.user("mrose")
    try:
        client.pass_("secret")
    except poplib.error_proto:
        client.close()
        return False
    client.dele(3)
    client.quit()
    return True


def test_serve_to_ourselves_with_tls(shell: Shell, maildir: Path, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make_certificate(certificate, key)
    tls = ["--tls-cert", certificate, "--tls-key", key, "--tls-port", 0]
    with serving(shell, "--maildir", maildir, *tls) as where:
        for scheme, port, state in (("pop3s", "tls_port", "a"), ("pop3", "port", "b")):
            url = f"{scheme}://mrose@localhost:{where[port]}"
            done = shell(
                "pop3",
                "fetch",
                url,
                "--cafile",
                certificate,
                "--files",
                state,
                "--state",
                f"s{state}",
            )
            assert done.returncode == 0, done.stderr
            files = sorted((tmp_path / state).iterdir())
            assert [file.read_bytes() for file in files] == MAILS
            done = shell("pop3", "list", url, "--retries", 0)
            assert done.returncode == 76
            assert "does not verify" in done.stderr
            done = shell("pop3", "list", url, "--cafile", certificate, MAILPROTO_PASSWORD="wrong")
            assert done.returncode == 77
        plain = poplib.POP3("127.0.0.1", where["port"], timeout=10)
        plain.stls(ssl.create_default_context(cafile=str(certificate)))
        plain.user("mrose")
        plain.pass_("secret")
        assert plain.stat()[0] == 10
        plain.quit()


def make_certificate(certificate: Path, key: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("MAILPROTO_REQUIRE_ALL") == "1":
            pytest.fail("no openssl")
        pytest.skip("no openssl to make a certificate with")
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)


def test_serve_wants_a_maildir(shell: Shell, tmp_path: Path) -> None:
    done = shell("serve", "--maildir", tmp_path, "--user", "mrose")
    assert done.returncode == 64
    assert "not a Maildir" in done.stderr


def test_a_repeated_unique_id_names_no_message(shell: Shell, tmp_path: Path) -> None:
    """RFC 1939 §7 forbids it; nothing may be deleted unread for it."""
    uids = ["same", "same", "same", *(f"uid-{number}" for number in range(4, 11))]
    with Pop3Server(MAILS, uids=uids) as server:
        fetch = ("fetch", server, "--files", "mail", "--delete")
        assert shell.pop3(*fetch, "--limit", 1).returncode == 0
        assert server.removed == ["same"]
        server.messages, server.uids = server.messages[1:], server.uids[1:]
        assert shell.pop3(*fetch).returncode == 0
    stored = sorted(file.read_bytes() for file in (tmp_path / "mail").iterdir())
    assert stored == sorted(MAILS)


def test_a_reader_that_leaves_is_told(shell: Shell) -> None:
    with Pop3Server(MAILS) as server:
        where = f"--host {server.host} --port {server.port} --user mrose --tls insecure"
        command = f"{' '.join(COMMAND)} pop3 %s {where} --json | head -n 1; exit ${{PIPESTATUS[0]}}"
        for action, code in (("list", 0), ("fetch --no-state --files mail", 74)):
            done = subprocess.run(
                ["bash", "-c", "exec 2>&1; " + command % action],
                cwd=shell.directory,
                env=shell.environment | {"PYTHONUNBUFFERED": "1"},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
            # A small listing may fit the pipe before the reader has gone.
            assert done.returncode in (0, code), done.stdout
            assert "Traceback" not in done.stdout


def test_no_secret_in_what_is_said(shell: Shell, tmp_path: Path) -> None:
    done = shell("pop3", "list", "pop3s://u:hun/ter2@127.0.0.1")
    assert (done.returncode, "ter2" in done.stderr) == (64, False)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mrose password my secret phrase\n")
    with Pop3Server(MAILS) as server:
        del shell.environment["MAILPROTO_PASSWORD"]
        done = shell.pop3("list", server, NETRC=str(netrc))
        assert (done.returncode, "phrase" in done.stderr, "secret" in done.stderr) == (
            78,
            False,
            False,
        )
        done = shell.pop3("list", server, "--password-command", "printf 'p\\344ss'")
        assert done.returncode == 78
        assert "Traceback" not in done.stderr


def test_a_server_cannot_command_the_terminal(shell: Shell) -> None:
    with Pop3Server(greeting=b"-ERR \x1b[31mowned\r\n") as server:
        done = shell.pop3("list", server)
    assert done.returncode == 69
    assert "owned" in done.stderr
    assert "\x1b" not in done.stderr


def test_unique_ids_that_are_no_text_are_listed(shell: Shell) -> None:
    replies: Any = {"UIDL": b"+OK\r\n1 a\xe4\r\n.\r\n"}
    with Pop3Server(MAILS[:1], replies=replies) as server:
        done = shell.pop3("list", server, PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1\t")


def test_a_host_that_is_no_name(shell: Shell) -> None:
    done = shell("pop3", "list", "--host", "..", "--user", "mrose", "--retries", 0)
    assert done.returncode == 68


def test_what_nobody_remembers_is_not_fetched_again(shell: Shell, tmp_path: Path) -> None:
    def vanish(connection: Connection) -> None:
        connection.hang_up()

    with Pop3Server(MAILS, replies={"RETR 6": vanish}) as server:
        done = shell.pop3("fetch", server, "--maildir", "mail", "--no-state", "--retries", 3)
    assert done.returncode == 75
    assert len(list((tmp_path / "mail" / "new").iterdir())) <= 5
    assert server.sessions == 1

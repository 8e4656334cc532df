"""`mailproto imap` and `mailproto probe` against Dovecot, run as users run them."""

from __future__ import annotations

import email.message
import json
import mailbox
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import real_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "mrose", "tanstaaf"
COMMAND = [sys.executable, "-m", "mailproto"]


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with real_servers.running("Dovecot", [USER], PASSWORD) as running:
        running.mails = real_servers.module("mail").corpus(60)
        yield running


class Shell:
    """Runs the command for one user of the server."""

    def __init__(self, server: Any, user: str, directory: Path) -> None:
        self.server = server
        self.user = user
        self.directory = directory
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory / "home"),
            "MAILPROTO_PASSWORD": PASSWORD,
        }

    def url(self, folder: str = "", scheme: str = "imaps") -> str:
        ports = self.server.ports
        port = ports.imaps if scheme == "imaps" else ports.imap
        return f"{scheme}://{self.user}@localhost:{port}/{folder}"

    def arguments(self, action: str, *arguments: object, **url: str) -> list[str]:
        where = [self.url(**url), "--cafile", str(self.server.cafile)]
        return [*COMMAND, "imap", action, *where, *map(str, arguments)]

    def run(self, command: list[str], **settings: Any) -> Any:
        return subprocess.run(
            command,
            cwd=self.directory,
            env=self.environment,
            **({} if "input" in settings else {"stdin": subprocess.DEVNULL}),
            capture_output=True,
            timeout=60,
            check=False,
            **({"text": True} | settings),
        )

    def __call__(self, action: str, *arguments: object, **url: str) -> Any:
        return self.run(self.arguments(action, *arguments, **url))

    def good(self, action: str, *arguments: object, **url: str) -> Any:
        done = self(action, *arguments, **url)
        assert done.returncode == 0, done.stderr
        return done

    def start(self, action: str, *arguments: object) -> Any:
        return subprocess.Popen(
            self.arguments(action, *arguments),
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def shell(server: Any, tmp_path: Path) -> Shell:
    user = server.fresh_user()
    server.deliver(user, server.mails)
    return Shell(server, user, tmp_path)


def lines(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def contents(*directories: Path) -> list[bytes]:
    """Messages in files, as the server has them."""
    files = [file for directory in directories for file in directory.iterdir() if file.is_file()]
    return sorted(file.read_bytes().replace(b"\r\n", b"\n") for file in files)


def unix(mails: list[bytes]) -> list[bytes]:
    return sorted(mail.replace(b"\r\n", b"\n") for mail in mails)


def make_folders(shell: Shell) -> None:
    """Folders with a message each; one has letters that need encoding, one is for a use."""
    (shell.directory / "one.eml").write_bytes(b"Subject: archived\n\nold\n")
    for folder in ("Archive/2026", "Grüße", "Sent"):
        shell.good("append", "one.eml", "--folder", folder, "--create")


def test_every_way_to_connect(shell: Shell) -> None:
    for scheme in ("imaps", "imap", "imap+starttls", "imap+insecure"):
        assert "INBOX\t" in shell.good("ls", scheme=scheme).stdout
    server = shell.server
    command = [*COMMAND, "imap", "ls", "--host", "localhost", "--port", str(server.ports.imaps)]
    command += ["--user", shell.user, "--cafile", str(server.cafile)]
    assert shell.run(command).stdout.startswith("INBOX\t")
    # The first word is a pattern then.
    assert shell.run([*command, "I*"]).stdout == "INBOX\t-\n"
    assert shell.run([*command, "S*"]).stdout == ""


def test_ls(shell: Shell) -> None:
    make_folders(shell)
    names = [line.split("\t")[0] for line in shell.good("ls").stdout.splitlines()]
    assert {"INBOX", "Sent", "Archive/2026", "Grüße"} <= set(names)
    assert shell.good("ls", "Gr*").stdout == "Grüße\t-\n"
    (inbox,) = lines(shell.good("ls", "INBOX", "--status", "--json"))
    assert inbox["schema"] == "mailproto.imap/1"
    assert (inbox["messages"], inbox["unseen"]) == (60, 60)
    assert inbox["selectable"] is True
    assert shell.good("ls", "INBOX", "--status").stdout.startswith("INBOX\t-\t60\t60\t")
    (sent,) = lines(shell.good("ls", "Sent", "--json"))
    assert sent["special_use"] == "\\Sent"
    assert shell("ls", "a", "b").returncode == 64


def test_search(shell: Shell) -> None:
    assert shell.good("search").stdout.split() == [str(uid) for uid in range(1, 61)]
    assert shell.good("search", "--limit", 2).stdout == "59\n60\n"
    assert shell.good("search", "--seen").stdout == ""
    assert shell.good("search", "--uid", "3:5", "--unseen").stdout == "3\n4\n5\n"
    assert shell.good("search", "UID", "3:5", "NOT", "UID", "4").stdout == "3\n5\n"
    assert shell.good("search", "UID", "3:9", "--uid", "8:20").stdout == "8\n9\n"
    assert shell.good("search", "--before", "2001-01-01").stdout == ""
    assert len(shell.good("search", "--since", "1d").stdout.split()) == 60
    assert len(lines(shell.good("search", "--larger", "1", "--json"))) == 60
    (shell.directory / "one.eml").write_text(
        "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\n"
        "Subject: =?utf-8?q?=1B[31mGr=C3=BC=C3=9Fe?=\n"
        "Date: Mon, 23 Nov 2026 09:00:00 +0000\n\nhello\n"
    )
    shell.good("append", "one.eml", "--flag", "flagged")
    summary = shell.good("search", "--flagged", "--summary").stdout
    assert summary.startswith("61\t2026-11-23 ")
    assert summary.endswith("\tJürgen\t\\x1b[31mGrüße\n")
    (facts,) = lines(shell.good("search", "--flagged", "--summary", "--json"))
    assert facts["from"] == ["Jürgen <j@example.org>"]
    assert "\\Flagged" in facts["flags"]
    assert (facts["uid"], facts["date"]) == (61, "2026-11-23T09:00:00+00:00")
    assert shell("search", "--since", "yesterday").returncode == 64
    assert shell("search", "NONSENSE").returncode == 64
    assert shell("search", folder="Nowhere").returncode == 69


def test_fetch_to_a_maildir_never_twice(shell: Shell) -> None:
    maildir = shell.directory / "Mail"
    done = shell.good("fetch", "--maildir", "Mail", "--limit", 10)
    assert done.stdout == ""
    assert "10 messages fetched" in done.stderr
    assert ", 50 left" in done.stderr
    shell.good("fetch", "--maildir", "Mail")
    assert contents(maildir / "new") == unix(shell.server.mails)
    assert list((maildir / "cur").iterdir()) == list((maildir / "tmp").iterdir()) == []
    done = shell.good("fetch", "--maildir", "Mail", "--json")
    assert lines(done) == [
        {
            "schema": "mailproto.imap/1",
            "event": "summary",
            "fetched": 0,
            "octets": 0,
            "failed": 0,
            "deleted": 0,
            "left": 0,
            "complete": True,
        }
    ]
    # Nothing was marked as read on the server, nor removed.
    assert len(shell.good("search", "--unseen").stdout.split()) == 60
    (shell.directory / "one.eml").write_text("Subject: new\n\nhello\n")
    shell.good("append", "one.eml", "--flag=seen", "--flag=flagged", "--date=2020-02-02T12:00Z")
    (fetched, _) = lines(shell.good("fetch", "--maildir", "Mail", "--json"))
    assert (fetched["uid"], fetched["folder"]) == (61, "INBOX")
    file = Path(shell.directory, fetched["stored_as"])
    assert file.parent == maildir / "cur" or file.parent.name == "cur"
    assert file.name.endswith(":2,FS")
    assert file.read_text() == "Subject: new\n\nhello\n"
    assert int(file.stat().st_mtime) == 1580644800
    assert shell.good("fetch", "--maildir", "Mail", "-q").stderr == ""


def test_fetch_to_files_and_mbox(shell: Shell) -> None:
    shell.good("fetch", "--files", "mail")
    files = sorted((shell.directory / "mail").glob("*.eml"))
    assert sorted(file.read_bytes() for file in files) == sorted(shell.server.mails)
    shell.good("fetch", "--mbox", "all.mbox")
    assert len(mailbox.mbox(shell.directory / "all.mbox")) == 60
    shell.good("fetch", "--mbox", "all.mbox")
    assert len(mailbox.mbox(shell.directory / "all.mbox")) == 60
    shell.good("fetch", "--mbox", "all.mbox", "--no-state", "--uid", "1")
    assert len(mailbox.mbox(shell.directory / "all.mbox")) == 61


def test_fetch_many_folders(shell: Shell) -> None:
    make_folders(shell)
    directory = shell.directory
    shell.good("fetch", "--maildir", "Mail", "--recursive")
    assert contents(directory / "Mail" / "new") == unix(shell.server.mails)
    for folder in (".Archive.2026", ".Grüße"):
        assert contents(directory / "Mail" / folder / "new") == [b"Subject: archived\n\nold\n"]
        assert (directory / "Mail" / folder / "maildirfolder").exists()
    shell.good(
        "fetch", "--files", "mail", "--folder", "Archive", "--folder", "INBOX", "--recursive"
    )
    assert contents(directory / "mail" / "Archive" / "2026") == [b"Subject: archived\n\nold\n"]
    assert len(list((directory / "mail").glob("*.eml"))) == 60
    assert shell("fetch", "--mbox", "x", "--recursive").returncode == 64
    # One memory for all: nothing comes twice.
    assert " 0 messages" in " " + shell.good("fetch", "--maildir", "Mail", "--recursive").stderr
    shell.good("fetch", "--files", "a", "--no-fsync", folder="Archive/2026")
    assert len(list((directory / "a").rglob("*.eml"))) == 1


def test_fetch_deletes_what_is_safe(shell: Shell) -> None:
    shell.good("fetch", "--maildir", "Mail", "--uid", "1:10")
    done = shell.good("fetch", "--maildir", "Mail", "--uid", "6:20", "--delete")
    assert "10 messages fetched" in done.stderr
    assert ", 15 deleted" in done.stderr
    left = [*range(1, 6), *range(21, 61)]
    assert shell.good("search").stdout.split() == [str(uid) for uid in left]
    assert len(contents(shell.directory / "Mail" / "new")) == 20
    shell.good("fetch", "--files", "a", "--no-state", "--delete", "--uid", "1:5")
    assert len(shell.good("search").stdout.split()) == 40


def test_fetch_by_conditions_and_dry_run(shell: Shell) -> None:
    done = shell.good("fetch", "--files", "mail", "--uid", "7", "--dry-run")
    assert done.stdout == f"INBOX\t7\t{len(shell.server.mails[6])}\n"
    assert list(shell.directory.iterdir()) == []
    shell.good("fetch", "--files", "mail", "--query", "OR UID 7 UID 9")
    assert [file.read_bytes() for file in sorted((shell.directory / "mail").glob("*.eml"))] == [
        shell.server.mails[6],
        shell.server.mails[8],
    ]


def test_attachments(shell: Shell) -> None:
    message = email.message.EmailMessage()
    message["Subject"] = "two files"
    message.set_content("see below")
    octets = bytes(range(256)) * 700  # More than is gathered in memory.
    for name in ("../../evil.bin", "Grüße.bin"):
        message.add_attachment(octets, maintype="application", subtype="x", filename=name)
    message.add_attachment("text\n", filename="evil.bin")
    (shell.directory / "m.eml").write_bytes(message.as_bytes())
    (shell.directory / "plain.eml").write_text("Subject: nothing attached\n\nhello\n")
    shell.good("append", "m.eml", "plain.eml", "--folder=Box", "--create")
    (one, two, _) = lines(shell.good("fetch", "--attachments", "out", "--json", folder="Box"))
    assert two["stored_as"] == "nothing attached"
    out = shell.directory / "out" / "Box"
    assert {file.name for file in out.iterdir()} == {"evil.bin", "Grüße.bin", "evil (2).bin"}
    assert (out / "evil.bin").read_bytes() == (out / "Grüße.bin").read_bytes() == octets
    assert (out / "evil (2).bin").read_text() == "text\n"
    assert one["size"] == 2 * len(octets) + len("text\r\n")
    done = shell.good("fetch", "--attachments", "out", "--json", folder="Box")
    assert [line["event"] for line in lines(done)] == ["summary"]


def test_large_messages_are_streamed(shell: Shell) -> None:
    large = b"Subject: large\r\n\r\n" + b"0123456789abcdef" * 4 + b"\r\n"
    large += b"x" * 70 + b"\r\n"
    large += (b"y" * 98 + b"\r\n") * 60_000
    (shell.directory / "large.eml").write_bytes(large)
    shell.good("append", "large.eml", "--folder=Large", "--create")
    for kind in ("--files", "--maildir", "--mbox"):
        shell.good("fetch", kind, kind.strip("-"), folder="Large")
    assert (shell.directory / "files" / "Large" / "000001.eml").read_bytes() == large
    (file,) = (shell.directory / "maildir" / ".Large" / "new").iterdir()
    assert file.read_bytes() == large.replace(b"\r\n", b"\n")
    (stored,) = mailbox.mbox(shell.directory / "mbox")
    assert len(stored.as_bytes()) >= len(large) - 60_010


def test_renumbered_folders(shell: Shell) -> None:
    shell.good("fetch", "--maildir", "Mail", "--uid", "1:3")
    state = shell.directory / "Mail" / "mailproto-imap.state"
    words = state.read_text().split()
    assert words[words.index("INBOX") - 1].isdigit()
    state.write_text(state.read_text().replace(words[words.index("INBOX") - 1], "7"))
    done = shell("fetch", "--maildir", "Mail", "--uid", "1:3")
    assert done.returncode == 78
    assert "UIDVALIDITY was 7" in done.stderr
    assert len(contents(shell.directory / "Mail" / "new")) == 3
    shell.good("fetch", "--maildir", "Mail", "--uid", "1:3", "--renumbered", "fetch")
    assert len(contents(shell.directory / "Mail" / "new")) == 6
    shell.good("fetch", "--maildir", "Mail", "--uid", "1:3")
    assert len(contents(shell.directory / "Mail" / "new")) == 6


def test_append(shell: Shell) -> None:
    (shell.directory / "a.eml").write_bytes(b"Subject: a\n\nline\n")
    (shell.directory / "b.eml").write_bytes(b"Subject: b\r\n\r\nline\r\nno end")
    done = shell.good(
        "append", "a.eml", "b.eml", "--flag=draft", "--flag=$Label", "--create", folder="Sent"
    )
    assert done.stdout == "1\ta.eml\n2\tb.eml\n"
    done = shell.run(
        shell.arguments("append", "-", "--json", folder="Sent"), input="Subject: c\n\n"
    )
    (appended,) = lines(done)
    assert (appended["uid"], appended["size"], appended["file"]) == (3, 14, "-")
    assert shell.good("search", "--draft", "--keyword", "$Label", folder="Sent").stdout == "1\n2\n"
    shell.good("fetch", "--files", "sent", folder="Sent")
    directory = shell.directory / "sent" / "Sent"
    assert (directory / "000001.eml").read_bytes() == b"Subject: a\r\n\r\nline\r\n"
    assert (directory / "000002.eml").read_bytes() == b"Subject: b\r\n\r\nline\r\nno end"
    assert shell("append", "a.eml", folder="Nowhere").returncode == 69
    assert shell("append", "missing.eml").returncode == 74
    assert shell("append").returncode == 64
    (shell.directory / "empty").write_text("")
    assert shell("append", "empty").returncode == 64
    done = shell.good("append", "a.eml", "--dry-run", "--json")
    assert lines(done)[0]["event"] == "would-append"
    assert len(shell.good("search").stdout.split()) == 60


def test_watch(shell: Shell) -> None:
    (shell.directory / "a.eml").write_text("From: ann@example.org\nSubject: news\n\nline\n")
    watching = shell.start("watch", "--json", "--summary", "--for=5")
    assert watching.stdout is not None
    try:
        first = json.loads(watching.stdout.readline())
        assert (first["event"], first["exists"], first["uid_next"]) == ("watching", 60, 61)
        time.sleep(0.3)
        shell.good("append", "a.eml")
        arrived = json.loads(watching.stdout.readline())
        assert (arrived["event"], arrived["uid"], arrived["exists"]) == ("arrived", 61, 61)
        assert arrived["subject"] == "news"
        shell.good("fetch", "--files=x", "--delete", "--uid=61")
        # A server may tell of the flag that was set first, or spare itself that.
        rest = [json.loads(line) for line in iter(watching.stdout.readline, "")]
        assert rest
        assert (rest[-1]["event"], rest[-1]["uid"]) == ("expunged", 61)
        assert {each["event"] for each in rest[:-1]} <= {"flags"}
        assert watching.wait(timeout=10) == 0
    finally:
        watching.kill()
        watching.communicate()


def test_watch_ends(shell: Shell) -> None:
    begun = time.monotonic()
    done = shell.good("watch", "--for", "0.5", "-q")
    assert (done.stdout, done.stderr) == ("", "")
    assert time.monotonic() - begun < 10
    watching = shell.start("watch", "--json")
    assert watching.stdout is not None
    watching.stdout.readline()
    time.sleep(0.3)
    watching.send_signal(2)
    output, _ = watching.communicate(timeout=10)
    assert (watching.returncode, output) == (130, "")


def test_exit_codes(shell: Shell) -> None:
    fetch = ("fetch", "--files", "mail")
    command = [*COMMAND, "imap"]
    assert shell.run([*command, "fetch", shell.url()]).returncode == 64
    assert shell.run([*command, "ls", "imaps://a:secret@b"]).returncode == 64
    assert shell.run([*command, "ls", "pop3s://a@b"]).returncode == 64
    assert shell.run([*command, "ls"]).returncode == 64
    assert shell.run([*command, "ls", shell.url(), "--retries=0"]).returncode == 76  # no --cafile
    assert shell.run([*command, "ls", "imaps://a@nowhere.invalid", "--retries=0"]).returncode in (
        68,
        75,
    )
    (shell.directory / "file").write_text("")
    assert shell("fetch", "--maildir", "file").returncode == 74
    (shell.directory / "diary").write_text("Dear diary")
    assert shell(*fetch, "--state", "diary").returncode == 78
    assert (shell.directory / "diary").read_text() == "Dear diary"
    shell.environment["MAILPROTO_PASSWORD"] = "wrong"
    done = shell("ls")
    assert done.returncode == 77
    assert "wrong" not in done.stderr
    help = shell.run([*command, "fetch", "--help"]).stdout
    assert "77 credentials refused" in help
    assert "--attachments DIR" in help


def test_two_at_a_time(shell: Shell) -> None:
    shell.good("fetch", "--maildir", "Mail", "--limit", "1")
    import fcntl

    with (shell.directory / "Mail" / "mailproto-imap.state.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert shell("fetch", "--maildir", "Mail").returncode == 75


def test_the_protocol_log_hides_secrets(shell: Shell) -> None:
    (shell.directory / "a.eml").write_text("Subject: private\n\nsecret words\n")
    for arguments in (
        ("append", "a.eml", "--folder=Box", "--create"),
        ("append", "a.eml", "--mechanism=LOGIN", "--folder=Box"),
        ("fetch", "--files=x", "--folder=Box"),
        ("search", "--summary", "--folder=Box"),
    ):
        shell(*arguments, "--log-protocol", "log")
    log = (shell.directory / "log").read_text()
    assert "LOGIN [hidden]" in log
    assert "AUTHENTICATE" in log
    for secret in (PASSWORD, "private", "secret words"):
        assert secret not in log
    assert "FETCH" in log
    assert "octets {'': 34}" in log


def test_interrupted(shell: Shell) -> None:
    """Killed or interrupted, nothing is half-written, and what is missing comes the next time."""
    for number in (9, 15, 2):
        process = shell.start("fetch", "--maildir", "Mail", "-q")
        time.sleep(0.15)
        process.send_signal(number)
        process.communicate(timeout=20)
    shell.good("fetch", "--maildir", "Mail")
    stored = contents(shell.directory / "Mail" / "new")
    assert set(stored) == set(unix(shell.server.mails))


# probe


def test_probe(shell: Shell) -> None:
    ports = shell.server.ports
    where = [f"--port={name}={getattr(ports, name)}" for name in ("pop3s", "pop3", "imaps", "imap")]
    command = [*COMMAND, "probe", "localhost", "--cafile", str(shell.server.cafile), *where]
    services = lines(shell.run([*command, "--json", "--user", shell.user]))
    assert [each["service"] for each in services] == ["pop3s", "pop3", "imaps", "imap"]
    for service in services:
        assert service["verified"] is True
        assert service["login"] == "ok"
        assert service["quirks"] == {}
    for service in services[2:]:
        assert {"IDLE", "QRESYNC"} <= set(service["capabilities_after_login"])
        assert "QRESYNC" not in service["capabilities"]
        assert {"PLAIN", "SCRAM-SHA-256"} <= set(service["mechanisms"])
        assert service["identity"]["name"] == "Dovecot"
    assert "STARTTLS" in services[3]["capabilities_clear"]
    assert services[3]["mechanisms_clear"]

    def choice(needs: str, *more: str) -> str:
        *_, advice = lines(shell.run([*command, "--json", f"--need={needs}", *more]))
        return str(advice["choice"])

    login = f"--user={shell.user}"
    assert choice("offline,one-device", login) == "pop3"
    assert choice("several-devices,offline", login) == "imap"
    assert choice("search,organise") == "imap"
    assert choice("offline", "--port=pop3=0", "--port=pop3s=0") == "imap"
    done = shell.run([*command, "--need=search", "-q"])
    assert done.stdout.startswith("Use IMAP.\n")
    done = shell.run([*COMMAND, "probe", "localhost", *where])
    assert done.stdout.count("NOT VERIFIED") == 4
    assert "LOGIN-REFERRALS" in done.stdout  # Asked all the same.

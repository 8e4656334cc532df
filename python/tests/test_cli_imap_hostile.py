"""`mailproto imap` against servers that stall, break off, lie or refuse: exit code, words, and no
partial file under a final name."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMAND = [sys.executable, "-m", "mailproto", "imap"]
MAILS = [
    f"Subject: {number}\r\n\r\n".encode() + b"x" * 50 * number + b"\r\n" for number in range(1, 9)
]


class Hangup(Exception):
    """Ends a connection as a crashing server would."""


class FakeImap:
    """Serves MAILS, in a thread, to whoever logs in with "secret". `replies` maps the words after
    the tag, or the first of them (for UID commands two), to what is done instead: octets in which
    TAG stands for the tag, or a function of the connection."""

    def __init__(self, **replies: bytes | Callable[[Session], None]) -> None:
        self.replies = {name.replace("_", " "): reply for name, reply in replies.items()}
        self.mails = list(MAILS)
        self.greeting = b"* OK [CAPABILITY IMAP4rev1 UIDPLUS LITERAL+] ready\r\n"
        self.commands: list[str] = []
        self.sessions = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            Session(self, peer).run()
        except (Hangup, OSError):
            pass
        finally:
            peer.close()


class Session:
    """One client."""

    def __init__(self, server: FakeImap, peer: socket.socket) -> None:
        self.server = server
        self.peer = peer
        self.lines = peer.makefile("rb")
        self.tag = b""

    def send(self, octets: bytes) -> None:
        self.peer.sendall(octets)

    def hang_up(self) -> None:
        raise Hangup

    def stall(self) -> None:
        time.sleep(20)

    def run(self) -> None:
        self.send(self.server.greeting)
        while line := self.lines.readline():
            self.tag, _, words = line.rstrip().partition(b" ")
            self.answer(words.decode())

    def answer(self, words: str) -> None:
        self.server.commands.append(words)
        verb = " ".join(words.split(" ")[: 2 if words.startswith("UID ") else 1])
        reply = self.server.replies.get(words, self.server.replies.get(verb))
        if reply is None:
            getattr(self, verb.replace(" ", "_").lower())(words)
        elif callable(reply):
            reply(self)
        else:
            self.send(reply.replace(b"TAG", self.tag))

    def ok(self) -> None:
        self.send(self.tag + b" OK done\r\n")

    def capability(self, words: str) -> None:
        self.send(b"* CAPABILITY IMAP4rev1 UIDPLUS LITERAL+\r\n")
        self.ok()

    def login(self, words: str) -> None:
        good = words.endswith(("secret", '"secret"'))
        self.send(self.tag + (b" OK in\r\n" if good else b" NO [AUTHENTICATIONFAILED] who?\r\n"))

    def noop(self, words: str) -> None:
        self.ok()

    def list(self, words: str) -> None:
        self.send(b'* LIST () "/" INBOX\r\n')
        self.ok()

    def select(self, words: str) -> None:
        count = len(self.server.mails)
        self.send(f"* {count} EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 5] v\r\n".encode())
        self.send(f"* OK [UIDNEXT {count + 1}] next\r\n".encode())
        self.ok()

    examine = select

    def unselect(self, words: str) -> None:
        self.ok()

    close = unselect
    uid_store = unselect
    uid_expunge = unselect

    def uid_search(self, words: str) -> None:
        numbers = " ".join(map(str, range(1, len(self.server.mails) + 1)))
        self.send(f"* SEARCH {numbers}\r\n".encode())
        self.ok()

    def uid_fetch(self, words: str) -> None:
        for uid in uids(words.split(" ")[2]):
            self.send_message(uid, self.server.mails[uid - 1])
        self.ok()

    def send_message(self, uid: int, octets: bytes) -> None:
        self.send(b"* %d FETCH (UID %d FLAGS () RFC822.SIZE %d " % (uid, uid, len(octets)))
        self.send(b'INTERNALDATE "01-Jan-2026 12:00:00 +0000" ')
        self.send(b"BODY[] {%d}\r\n%b)\r\n" % (len(octets), octets))

    def logout(self, words: str) -> None:
        self.send(b"* BYE then\r\n")
        self.ok()
        raise Hangup


def uids(words: str) -> list[int]:
    found: list[int] = []
    for part in words.split(","):
        first, _, last = part.partition(":")
        found += range(int(first), int(last or first) + 1)
    return found


class Shell:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(directory),
            "MAILPROTO_PASSWORD": "secret",
        }

    def arguments(self, action: str, server: FakeImap, *arguments: object) -> list[str]:
        url = f"imap+insecure://mrose@127.0.0.1:{server.port}"
        return [*COMMAND, action, url, "--timeout=1", "--retries=0", *map(str, arguments)]

    def __call__(self, action: str, server: FakeImap, *arguments: object) -> Any:
        done = subprocess.run(
            self.arguments(action, server, *arguments),
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        return done

    def stored(self, kind: str) -> list[bytes]:
        """The messages that are there under final names; and nothing else is."""
        if kind == "--maildir":
            root = self.directory / "out"
            files = [*(root / "new").iterdir(), *(root / "cur").iterdir()]
            assert list((root / "tmp").iterdir()) == []
            return sorted(file.read_bytes().replace(b"\n", b"\r\n") for file in files)
        if kind == "--files":
            files = list((self.directory / "out").iterdir())
            messages = [file for file in files if file.suffix == ".eml"]
            rest = {file.name for file in files} - {file.name for file in messages}
            assert rest <= {"mailproto-imap.state", "mailproto-imap.state.lock"}
            return sorted(file.read_bytes() for file in messages)
        text = (self.directory / "out").read_bytes()
        mails = re.split(rb"(?m)^From .*\n", text)[1:]
        return sorted(mail[:-1].replace(b"\n", b"\r\n") for mail in mails)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


KINDS = pytest.mark.parametrize("kind", ["--maildir", "--files", "--mbox"])


@KINDS
def test_the_server_of_these_tests(shell: Shell, kind: str) -> None:
    with FakeImap() as server:
        assert shell("fetch", server, kind, "out").returncode == 0
        assert shell.stored(kind) == sorted(MAILS)
        server.mails.append(b"Subject: more\r\n\r\n\r\n")
        assert shell("fetch", server, kind, "out").returncode == 0
        assert shell.stored(kind) == sorted(server.mails)
        assert len([words for words in server.commands if "BODY" in words]) <= 8


def breaks_off(how: Callable[[Session], None], large: bool) -> Callable[[Session], None]:
    """Sends three messages and a half."""

    def uid_fetch(session: Session) -> None:
        for uid in (1, 2, 3):
            session.send_message(uid, MAILS[uid - 1])
        size = 10_000_000 if large else 1000
        session.send(b"* 4 FETCH (UID 4 FLAGS () BODY[] {%d}\r\nSubject: half\r\n\r\n" % size)
        session.send(b"z" * 300_000 if large else b"zz")
        how(session)

    return uid_fetch


def say_bye(session: Session) -> None:
    session.send(b"* BYE shutting down\r\n")
    raise Hangup


@KINDS
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("how", [Session.hang_up, Session.stall])
def test_half_a_message(shell: Shell, kind: str, how: Any, *, large: bool) -> None:
    with FakeImap(UID_FETCH=breaks_off(how, large)) as server:
        begun = time.monotonic()
        done = shell("fetch", server, kind, "out")
        assert done.returncode == 75
        assert time.monotonic() - begun < 10
        assert shell.stored(kind) == sorted(MAILS[:3])
        assert "3 messages fetched" in done.stderr
        server.replies.clear()
        assert shell("fetch", server, kind, "out").returncode == 0
        # What was safe did not come again.
        assert shell.stored(kind) == sorted(MAILS)


@KINDS
def test_tries_again(shell: Shell, kind: str) -> None:
    def once(session: Session) -> None:
        del session.server.replies["UID FETCH"]
        breaks_off(Session.hang_up, large=False)(session)

    with FakeImap(UID_FETCH=once) as server:
        done = shell("fetch", server, kind, "out", "--retries=1")
        assert done.returncode == 0, done.stderr
        assert "trying again" in done.stderr
        assert shell.stored(kind) == sorted(MAILS)
        assert server.sessions == 2


def test_bye(shell: Shell) -> None:
    with FakeImap(UID_SEARCH=say_bye) as server:
        done = shell("fetch", server, "--maildir", "out")
    assert done.returncode == 75
    assert "shutting down" in done.stderr
    with FakeImap() as server:
        server.greeting = b"* BYE \x1b[31m too many of you\r\n"
        done = shell("ls", server)
    assert done.returncode in (69, 75)
    assert "too many of you" in done.stderr


def test_refusals(shell: Shell) -> None:
    refusals: dict[str, int] = {
        "TAG NO [NONEXISTENT] no such thing\r\n": 69,
        "TAG NO [UNAVAILABLE] later\r\n": 75,
        "TAG NO [NOPERM] not yours\r\n": 77,
        "TAG BAD what?\r\n": 69,
    }
    for reply, code in refusals.items():
        with FakeImap(EXAMINE=reply.encode()) as server:
            done = shell("search", server)
            assert done.returncode == code, (reply, done.stderr)
            assert reply.split("] ")[-1].strip().removeprefix("TAG BAD ") in done.stderr
    with FakeImap() as server:
        shell.environment["MAILPROTO_PASSWORD"] = "wrong"
        done = shell("ls", server)
        assert done.returncode == 77
        assert "who?" in done.stderr


def test_one_message_that_cannot_be_had(shell: Shell) -> None:
    def damaged(session: Session) -> None:
        wanted = uids(session.server.commands[-1].split(" ")[2])
        for uid in wanted:
            if uid == 5:
                session.send(session.tag + b" NO [SERVERBUG] message 5 is damaged\r\n")
                return
            session.send_message(uid, MAILS[uid - 1])
        session.ok()

    with FakeImap(UID_FETCH=damaged) as server:
        done = shell("fetch", server, "--files", "out", "--json")
        assert done.returncode == 1
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert [each["uid"] for each in events if each["event"] == "failed"] == [5]
        assert (events[-1]["fetched"], events[-1]["failed"]) == (7, 1)
        assert "message 5 is damaged" in done.stderr
        assert shell.stored("--files") == sorted(MAILS[:4] + MAILS[5:])
        server.replies.clear()
        assert shell("fetch", server, "--files", "out").returncode == 0
        assert shell.stored("--files") == sorted(MAILS)


def test_what_nobody_asked_for(shell: Shell) -> None:
    """Other messages, other sections, flags in between: none of it is stored."""

    def noisy(session: Session) -> None:
        session.send(b"* 77 FETCH (UID 77 BODY[] {3}\r\nbad)\r\n")
        session.send(b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 9 EXISTS\r\n")
        session.send(b"* 1 FETCH (UID 1 BODY[TEXT] {3}\r\nbad)\r\n* 3 EXPUNGE x\r\n")
        session.uid_fetch(session.server.commands[-1])

    with FakeImap(UID_FETCH=noisy) as server:
        done = shell("fetch", server, "--files", "out")
        assert done.returncode in (0, 1, 76), done.stderr
        assert set(shell.stored("--files")) <= set(MAILS)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"* SEARCH 1 2 99999999999999999999\r\nTAG OK done\r\n",
        b"\x00\xff\xfe\r\nTAG OK done\r\n",
        b"+ go on\r\n+ go on\r\nTAG OK done\r\n",
        b"* BAD " + b"(" * 5000 + b"\r\nTAG OK\r\n",
        b"* LIST {4294967290}\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_nonsense(shell: Shell, nonsense: bytes) -> None:
    with FakeImap(UID_SEARCH=nonsense) as server:
        done = shell("fetch", server, "--maildir", "out")
        assert done.returncode in (0, 69, 75, 76), done.stderr


def test_endless_listing(shell: Shell) -> None:
    def endless(session: Session) -> None:
        while True:
            session.send(b'* LIST () "/" x\r\n' * 5000)

    with FakeImap(LIST=endless) as server:
        process = subprocess.Popen(
            shell.arguments("ls", server),
            cwd=shell.directory,
            env=shell.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            # Ended by a limit, or by its user.
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 130
        finally:
            process.kill()


def test_no_tls_no_password(shell: Shell) -> None:
    with FakeImap() as server:
        url = f"imap://mrose@127.0.0.1:{server.port}"
        done = subprocess.run(
            [*COMMAND, "ls", url, "--timeout=1", "--retries=0"],
            env=shell.environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode in (69, 76, 78)
        assert "secret" not in done.stderr
        assert not [words for words in server.commands if words.startswith(("LOGIN", "AUTH"))]


def test_interrupt_finishes_the_current_message(shell: Shell) -> None:
    def slowly(session: Session) -> None:
        for uid in uids(session.server.commands[-1].split(" ")[2]):
            time.sleep(0.4)
            session.send_message(uid, MAILS[uid - 1])
        session.ok()

    with FakeImap(UID_FETCH=slowly) as server:
        process = subprocess.Popen(
            shell.arguments("fetch", server, "--files", "out", "--timeout=5"),
            cwd=shell.directory,
            env=shell.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 130, errors
        assert "finishing what is under way" in errors
        stored = shell.stored("--files")
        assert stored
        assert stored == sorted(MAILS[: len(stored)])
        assert len(stored) < len(MAILS)
        server.replies.clear()
        assert shell("fetch", server, "--files", "out").returncode == 0
        assert shell.stored("--files") == sorted(MAILS)


def test_a_reader_that_leaves_is_told(shell: Shell) -> None:
    with FakeImap() as server:
        command = " ".join(shell.arguments("search", server))
        done = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
            env=shell.environment | {"PYTHONUNBUFFERED": "1"},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "1\n")

"""Real POP3 clients, driven as their users drive them, against any server.

Each client is a row of `CLIENTS`: `client.fetch(account, mode, directory)` runs it once and
returns the messages that this run obtained. What a client remembers between runs (its
UIDL memory) lives in `directory`, so a second run with `Mode.NEW` sees the first.

Clients store mail in the local manner, so bytes are compared after `canonical`: line ends
become CRLF again, nothing else changes, because every client is told to add no header of its
own (fetchmail `invisible`, getmail `received = false`, mpop `received_header off`). The one
exception stands in the row: `adds` names the header fields that cannot be switched off.
"""

from __future__ import annotations

import enum
import json
import os
import poplib
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from servers import MailServer, Unavailable

RUN_SECONDS = 300


class Mode(enum.Enum):
    """What a run fetches, and what it leaves on the server."""

    KEEP = "keep"  # all messages, and all stay
    NEW = "new"  # only messages that no earlier run fetched, and all stay
    DELETE = "delete"  # all messages, and none stays


class Tls(enum.Enum):
    NONE = "plain"
    STLS = "stls"
    IMPLICIT = "tls"


@dataclass(frozen=True)
class Account:
    """Where to log in. `port` must fit `tls`; the certificate must verify with `cafile`.

    `mechanism` (a SASL name, or APOP; USER and PASS by default) is heeded by the clients that
    list it; for XOAUTH2 and OAUTHBEARER `password` is the token.
    """

    host: str
    port: int
    user: str
    password: str
    tls: Tls = Tls.NONE
    cafile: Path | None = None
    mechanism: str = "USER"

    @classmethod
    def on(cls, server: MailServer, user: str, tls: Tls = Tls.NONE) -> Account:
        """The account of `user` on one of our private servers."""
        port = server.ports.pop3s if tls is Tls.IMPLICIT else server.ports.pop3
        return cls(server.host, port, user, server.password, tls, server.cafile)


@dataclass(frozen=True)
class Client:
    """One real client. `fetch` raises `ClientFailed` when the program says that it failed."""

    name: str
    program: str | None
    fetch: Callable[[Account, Mode, Path], list[bytes]]
    tls: frozenset[Tls] = frozenset(Tls)
    modes: frozenset[Mode] = frozenset(Mode)
    mechanisms: frozenset[str] = frozenset({"USER"})
    adds: tuple[bytes, ...] = ()
    # The longest line, CRLF included, that the client takes.
    longest_line: int = 1_000_000

    def require(self) -> None:
        """Raises `Unavailable` when the program is not installed."""
        if self.program and shutil.which(self.program) is None:
            raise Unavailable(f"{self.program} is not installed (Debian: {self.name})")

    def canonical(self, message: bytes) -> bytes:
        """The message as all clients would have stored it, to compare by."""
        return without_fields(crlf(message), self.adds)


class ClientFailed(Exception):
    """The client ended with an error; the text has its output."""


# poplib, from Python's standard library.


def fetch_with_poplib(account: Account, mode: Mode, directory: Path) -> list[bytes]:
    memory = directory / "poplib-uidls.json"
    seen = set(json.loads(memory.read_text())) if mode is Mode.NEW and memory.exists() else set()
    box = poplib_login(account)
    uidls = dict(line.split() for line in box.uidl()[1])
    wanted = [number for number, uidl in uidls.items() if uidl.decode() not in seen]
    messages = [poplib_retrieve(box, int(number)) for number in wanted]
    if mode is Mode.DELETE:
        for number in wanted:
            box.dele(int(number))
    box.quit()
    memory.write_text(json.dumps([uidl.decode() for uidl in uidls.values()]))
    return messages


def poplib_login(account: Account) -> poplib.POP3:
    context = ssl.create_default_context(cafile=account.cafile)
    if account.tls is Tls.IMPLICIT:
        box: poplib.POP3 = poplib.POP3_SSL(account.host, account.port, context=context)
    else:
        box = poplib.POP3(account.host, account.port)
    if account.tls is Tls.STLS:
        box.stls(context)
    box.user(account.user)
    box.pass_(account.password)
    return box


def poplib_retrieve(box: poplib.POP3, number: int) -> bytes:
    _, lines, _ = box.retr(number)
    return b"".join(line + b"\r\n" for line in lines)


# curl: a URL is a command. It has no memory of its own.


def fetch_with_curl(account: Account, mode: Mode, directory: Path) -> list[bytes]:
    listing = curl(account, [curl_url(account)])
    count = len(listing.splitlines())
    if count == 0:
        return []
    numbered = curl_url(account) + f"[1-{count}]"
    target = fresh_directory(directory, "curl")
    curl(account, ["--output", str(target / "#1.eml"), numbered])
    if mode is Mode.DELETE:
        # --head: DELE has a one-line reply.
        curl(account, ["--request", "DELE", "--head", numbered])
    return [(target / f"{number}.eml").read_bytes() for number in range(1, count + 1)]


def curl_url(account: Account) -> str:
    scheme = "pop3s" if account.tls is Tls.IMPLICIT else "pop3"
    return f"{scheme}://{account.host}:{account.port}/"


def curl(account: Account, arguments: list[str]) -> bytes:
    options = ["--silent", "--show-error", "--fail-early", "--disable"]
    options += curl_credentials(account)
    if account.tls is not Tls.NONE:
        options += ["--ssl-reqd", "--cacert", str(account.cafile)]
    return run(["curl", *options, *arguments])


def curl_credentials(account: Account) -> list[str]:
    if account.mechanism == "USER":
        return ["--user", f"{account.user}:{account.password}"]
    if account.mechanism in ("XOAUTH2", "OAUTHBEARER"):
        credentials = ["--user", account.user, "--oauth2-bearer", account.password]
    else:
        credentials = ["--user", f"{account.user}:{account.password}"]
    # In curl's words "+APOP" is APOP, all else SASL.
    name = "+APOP" if account.mechanism == "APOP" else account.mechanism
    return [*credentials, "--login-options", f"AUTH={name}"]


# fetchmail: hands each message to a delivery program.


def fetch_with_fetchmail(account: Account, mode: Mode, directory: Path) -> list[bytes]:
    target = fresh_directory(directory, "fetchmail")
    configuration = private_file(directory / "fetchmailrc", fetchmailrc(account, mode, target))
    command = ["fetchmail", "--nodetach", "--nosyslog", "-f", str(configuration)]
    command += ["--pidfile", str(directory / "fetchmail.pid"), "-i", str(directory / "fetchids")]
    # 1: there was no (new) mail.
    run(command, accept=(0, 1), home=directory)
    return read_delivered(target)


def fetchmailrc(account: Account, mode: Mode, target: Path) -> str:
    # fetchmail does not compare an address with the certificate's, only names.
    check = f"sslcertck sslcertfile '{account.cafile}' sslcommonname 'localhost'"
    tls = {
        Tls.NONE: "sslproto ''",
        Tls.STLS: f"sslproto 'auto' {check}",
        Tls.IMPLICIT: f"ssl {check}",
    }[account.tls]
    what = {
        Mode.KEEP: "fetchall keep",
        Mode.NEW: "no fetchall keep",
        Mode.DELETE: "fetchall nokeep",
    }
    return (
        f"set invisible\nset no bouncemail\n"
        f"poll {account.host} service {account.port} protocol pop3 uidl timeout 60\n"
        f'  user "{account.user}" password "{account.password}" {tls}\n'
        f"  {what[mode]} no rewrite pass8bits fetchsizelimit 0\n"
        f'  mda "{delivery(target)}"\n'
    )


# getmail: hands on to a program too, since as root it refuses its own Maildir delivery.
# It knows no STLS.


def fetch_with_getmail(account: Account, mode: Mode, directory: Path) -> list[bytes]:
    target = fresh_directory(directory, "getmail")
    configuration = private_file(directory / "getmailrc", getmailrc(account, mode, target))
    run(["getmail", "--quiet", "--getmaildir", str(directory), "--rcfile", str(configuration)])
    return read_delivered(target)


def getmailrc(account: Account, mode: Mode, target: Path) -> str:
    # getmail 6.18's `ca_certs` calls ssl.wrap_socket in a way that Python 3.11 refuses, so
    # it is the one client here that does not verify the certificate.
    kind = "SimplePOP3SSLRetriever" if account.tls is Tls.IMPLICIT else "SimplePOP3Retriever"
    return (
        f"[retriever]\ntype = {kind}\nserver = {account.host}\nport = {account.port}\n"
        f"username = {account.user}\npassword = {account.password}\n"
        f"[destination]\ntype = MDA_external\npath = /bin/sh\nallow_root_commands = true\n"
        f"arguments = ('-c', {delivery(target)!r})\n"
        f"[options]\nread_all = {str(mode is not Mode.NEW).lower()}\n"
        f"delete = {str(mode is Mode.DELETE).lower()}\n"
        f"delivered_to = false\nreceived = false\n"
    )


# mpop: pipelines; delivers into a Maildir.


def fetch_with_mpop(account: Account, mode: Mode, directory: Path) -> list[bytes]:
    maildir = fresh_maildir(directory, "mpop")
    configuration = private_file(directory / "mpoprc", mpoprc(account, mode, maildir, directory))
    run(["mpop", "--file", str(configuration), "--quiet", "--all-accounts"])
    return read_maildir(maildir)


def mpoprc(account: Account, mode: Mode, maildir: Path, directory: Path) -> str:
    tls = {
        Tls.NONE: "tls off",
        Tls.STLS: f"tls on\ntls_starttls on\ntls_trust_file {account.cafile}",
        Tls.IMPLICIT: f"tls on\ntls_starttls off\ntls_trust_file {account.cafile}",
    }[account.tls]
    return (
        f"account test\nhost {account.host}\nport {account.port}\n"
        f'user {account.user}\npassword "{account.password}"\n'
        f"auth {account.mechanism.lower()}\n{tls}\n"
        f"delivery maildir {maildir}\nreceived_header off\n"
        f"uidls_file {directory}/mpop-uidls\n"
        f"only_new {'on' if mode is Mode.NEW else 'off'}\n"
        f"keep {'off' if mode is Mode.DELETE else 'on'}\n"
    )


# poplib gives up on lines beyond 2,048 octets, a stuffed dot included; getmail uses it.
POPLIB_LINE = 2_047

BEARER = frozenset({"XOAUTH2", "OAUTHBEARER"})
EVERY_MECHANISM = BEARER | {
    *("USER", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
}

CLIENTS = [
    Client("poplib", None, fetch_with_poplib, longest_line=POPLIB_LINE),
    Client(
        "curl",
        "curl",
        fetch_with_curl,
        modes=frozenset({Mode.KEEP, Mode.DELETE}),
        mechanisms=frozenset({"USER", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", *BEARER}),
    ),
    Client("fetchmail", "fetchmail", fetch_with_fetchmail),
    Client(
        "getmail6",
        "getmail",
        fetch_with_getmail,
        tls=frozenset({Tls.NONE, Tls.IMPLICIT}),
        adds=(b"Return-Path",),
        longest_line=POPLIB_LINE,
    ),
    Client("mpop", "mpop", fetch_with_mpop, mechanisms=EVERY_MECHANISM),
]


# Running, storing, comparing.


def run(command: list[str], accept: tuple[int, ...] = (0,), home: Path | None = None) -> bytes:
    """Runs a client to its end; returns what it printed."""
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    if home is not None:
        environment["HOME"] = environment["FETCHMAILHOME"] = str(home)
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=RUN_SECONDS,
        env=environment,
    )
    if done.returncode not in accept:
        output = (done.stdout[-1000:] + done.stderr[-2000:]).decode(errors="replace")
        raise ClientFailed(f"{command[0]} ended with {done.returncode}:\n{output}")
    return done.stdout


def private_file(path: Path, text: str) -> Path:
    """A configuration with a password in it: these clients refuse one that others may read."""
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def fresh_directory(directory: Path, name: str) -> Path:
    """An empty directory for what one run obtains."""
    path = directory / f"{name}-mail"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def delivery(target: Path) -> str:
    """A shell command that stores its input as a file named by the time, so in order."""
    return f"cat > {target}/`date +%s%N`"


def read_delivered(target: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(target.iterdir())]


def fresh_maildir(directory: Path, name: str) -> Path:
    maildir = fresh_directory(directory, name)
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir()
    return maildir


def read_maildir(maildir: Path) -> list[bytes]:
    return read_delivered(maildir / "new")


def crlf(message: bytes) -> bytes:
    """Every line end as CRLF, the last line ended too."""
    message = re.sub(rb"\r*\n", b"\r\n", message)
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def without_fields(message: bytes, names: Iterable[bytes]) -> bytes:
    """The message without the header fields of these names, folded lines included."""
    header, separator, body = message.partition(b"\r\n\r\n")
    for name in names:
        field_lines = rb"(?im)^" + re.escape(name) + rb":[^\n]*\n([ \t][^\n]*\n)*"
        header = re.sub(field_lines, b"", header + b"\r\n").removesuffix(b"\r\n")
    return header + separator + body

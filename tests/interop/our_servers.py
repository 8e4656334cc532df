"""Our two POP3 servers, each serving one user's Maildir: the example in Rust, and the Python
package's `mailproto serve`.

    with started(OUR_SERVERS[0], directory, messages, Tls.STLS) as maildrop:
        ... maildrop.account, maildrop.waiting() ...
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mail
from our_clients import EXAMPLES, PYTHON_PROGRAM
from real_clients import Account, Tls
from servers import HOST, STOP_SECONDS, Unavailable, make_certificate

USER = "alice"
PASSWORD = "secret words"


@dataclass(frozen=True)
class Maildrop:
    """A running server's only maildrop."""

    account: Account
    directory: Path
    process: int

    def waiting(self) -> int:
        """How many messages there are."""
        return sum(1 for folder in ("cur", "new") for _ in (self.directory / folder).iterdir())

    def deliver(self, messages: list[bytes]) -> None:
        """More mail, behind what is there."""
        for number, octets in enumerate(messages):
            (self.directory / "new" / f"1800000000.M{number:06}P1.mailproto").write_bytes(octets)


@dataclass(frozen=True)
class OurServer:
    """One of ours. `arguments(maildir, certificate, key, tls)` follow the program; `port` takes
    the port from the first line that it prints."""

    name: str
    program: Path
    arguments: Callable[[Path, Path, Path, Tls], list[str]]
    port: Callable[[str, Tls], int]

    def require(self) -> None:
        """Raises `Unavailable` when it is not built."""
        if not self.program.exists():
            raise Unavailable(f"{self.program.name} is not built (run `cargo xtask test interop`)")


@contextlib.contextmanager
def started(
    server: OurServer, directory: Path, messages: list[bytes], tls: Tls = Tls.NONE
) -> Iterator[Maildrop]:
    """Runs the server on a Maildir of these messages, with its state in `directory`."""
    maildir = directory / "maildir"
    mail.write_maildir(maildir, messages)
    cafile, key = make_certificate(directory)
    command = [str(server.program), *server.arguments(maildir, directory / "cert.pem", key, tls)]
    environment = dict(os.environ, MAILPROTO_PASSWORD=PASSWORD)
    with open(directory / "server.log", "wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment
        )
    try:
        account = Account(HOST, server.port(first_line(process), tls), USER, PASSWORD, tls, cafile)
        yield Maildrop(account, maildir, process.pid)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[bytes]) -> str:
    """What a server prints as soon as clients may connect."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    assert line, "the server did not say where it listens"
    return line


def rust_arguments(maildir: Path, certificate: Path, key: Path, tls: Tls) -> list[str]:
    trust = ["--cert", str(certificate), "--key", str(key)] if tls is not Tls.NONE else []
    implicit = ["--tls"] if tls is Tls.IMPLICIT else []
    return ["--user", USER, "--port", "0", *trust, *implicit, str(maildir)]


def rust_port(line: str, _: Tls) -> int:
    return int(line.rpartition(":")[2])


def python_arguments(maildir: Path, certificate: Path, key: Path, tls: Tls) -> list[str]:
    trust = ["--tls-cert", str(certificate), "--tls-key", str(key)] if tls is not Tls.NONE else []
    implicit = ["--tls-port", "0"] if tls is Tls.IMPLICIT else []
    where = ["--maildir", str(maildir), "--port", "0", *implicit]
    return ["serve", "--json", "--apop", "--user", USER, *where, *trust]


def python_port(line: str, tls: Tls) -> int:
    return json.loads(line)["tls_port" if tls is Tls.IMPLICIT else "port"]


OUR_SERVERS = [
    OurServer("rust", EXAMPLES / "pop3_serve", rust_arguments, rust_port),
    OurServer("python", PYTHON_PROGRAM, python_arguments, python_port),
]

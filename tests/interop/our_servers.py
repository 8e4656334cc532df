"""Our two POP3 servers, each serving one user's Maildir: the example in Rust, and the Python
package's `mailproto serve`.

    with started(OUR_SERVERS[0], directory, messages, Tls.STLS) as maildrop:
        ... maildrop.account, maildrop.waiting() ...
"""

from __future__ import annotations

import contextlib
import os
import re
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
    """One of ours. `arguments(maildir, certificate, key, tls)` follow the program."""

    name: str
    program: Path
    arguments: Callable[[Path, Path, Path, Tls], list[str]]
    tls: frozenset[Tls] = frozenset(Tls)

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
        account = Account(HOST, port_of(process), USER, PASSWORD, tls, cafile)
        yield Maildrop(account, maildir, process.pid)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        process.communicate()


def port_of(process: subprocess.Popen[bytes]) -> int:
    """The port, which the server tells in the first line that it prints."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    found = re.search(r":(\d+)\D*$", line)
    assert found, f"the server did not say where it listens: {line!r}"
    return int(found[1])


def rust_arguments(maildir: Path, certificate: Path, key: Path, tls: Tls) -> list[str]:
    trust = ["--cert", str(certificate), "--key", str(key)] if tls is not Tls.NONE else []
    implicit = ["--tls"] if tls is Tls.IMPLICIT else []
    return ["--user", USER, "--port", "0", *trust, *implicit, str(maildir)]


def python_arguments(maildir: Path, certificate: Path, key: Path, tls: Tls) -> list[str]:
    return ["serve", "--maildir", str(maildir), "--user", USER, "--port", "0"]


OUR_SERVERS = [
    OurServer("rust", EXAMPLES / "pop3_serve", rust_arguments),
    OurServer("python", PYTHON_PROGRAM, python_arguments, tls=frozenset({Tls.NONE})),
]

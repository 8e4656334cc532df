"""Our IMAP client in Rust, `imap_exercise`, as a program: what to give it, and what it printed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from our_clients import EXAMPLES, Run, finished, start
from real_clients import Tls
from servers import MailServer, Unavailable

PROGRAM = EXAMPLES / "imap_exercise"
LISTER = EXAMPLES / "imap_list"

Line = list[Any]


@dataclass(frozen=True)
class ImapAccount:
    """Where to log in, and how."""

    host: str
    port: int
    user: str
    password: str
    tls: Tls = Tls.NONE
    cafile: Path | None = None
    mechanism: str = "login"

    @classmethod
    def on(cls, server: MailServer, user: str, tls: Tls = Tls.NONE) -> ImapAccount:
        port = server.ports.imaps if tls is Tls.IMPLICIT else server.ports.imap
        return cls(server.host, port, user, server.password, tls, server.cafile)


@dataclass
class Given:
    """A command by its label, and what came of it."""

    label: str
    status: str = "NOT OFFERED"
    code: Any = None
    text: str = ""
    lines: list[Line] = field(default_factory=list)

    def told(self, name: str) -> list[Line]:
        """The lines of this name, without it."""
        return [line[1:] for line in self.lines if line[0] == name]


def require() -> None:
    for program in (PROGRAM, LISTER):
        if not program.exists():
            raise Unavailable(f"{program.name} is not built (run `cargo xtask test interop`)")


def command(account: ImapAccount, *task: object, options: tuple[object, ...] = ()) -> list[str]:
    trust = ["--cafile", str(account.cafile)]
    tls = {Tls.NONE: ["--insecure"], Tls.STLS: ["--starttls", *trust], Tls.IMPLICIT: trust}
    how = [*tls[account.tls], "--user", account.user, "--auth", account.mechanism]
    where = [account.host, str(account.port)]
    return [str(PROGRAM), *how, *map(str, options), *where, *map(str, task)]


def begin(
    account: ImapAccount, *task: object, options: tuple[object, ...] = ()
) -> subprocess.Popen[bytes]:
    return start(command(account, *task, options=options), account.password)


def run(account: ImapAccount, *task: object, options: tuple[object, ...] = ()) -> Run:
    return finished(begin(account, *task, options=options))


def lines(account: ImapAccount, *task: object, options: tuple[object, ...] = ()) -> list[Line]:
    """What a run printed; it must succeed."""
    ended = run(account, *task, options=options)
    assert ended.code == 0, ended.output[-2000:]
    return [json.loads(line) for line in ended.output.splitlines()]


def commands(of: list[Line]) -> Iterator[Given]:
    """The commands in the order in which they were given."""
    given = Given("")
    for line in of:
        if line[0] == "GIVEN":
            given = Given(line[1])
        elif line[0] == "NOT OFFERED":
            yield Given(line[1])
        elif line[0] == "COMPLETED":
            _, _, given.status, given.code, given.text = line
            yield given
            given = Given("")
        else:
            given.lines.append(line)


def fetches(of: list[Line]) -> dict[int, dict[str, Any]]:
    """The messages that were told: number and items."""
    found: dict[int, dict[str, Any]] = {}
    for line in of:
        if line[0] == "FETCH":
            found.setdefault(line[1], {}).update(line[2])
    return found

"""Our three clients, driven as their users drive them, against any server.

Each is a row of `OUR_CLIENTS`: the example in Rust, the example in C, the Python package's
command line. `client.command(account, directory)` is what a user would type. `cargo xtask test
interop` builds them; `require` says what is not there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from real_clients import BEARER, Account, Tls
from servers import REPOSITORY, Unavailable

RUN_SECONDS = 300
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
EXAMPLES = TARGET / "release" / "examples"
C_PROGRAMS = REPOSITORY / "target" / "c" / "programs"
PYTHON_PROGRAM = Path(sys.executable).with_name("mailproto")

# The ways to log in, as --auth and `Account.mechanism` call them.
WITH_PASSWORD = frozenset(
    {"USER", "APOP", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}
)
STRONGEST = "strongest"  # no --auth: the client chooses


@dataclass(frozen=True)
class Run:
    """How a run of a client ended."""

    code: int
    output: str


@dataclass(frozen=True)
class OurClient:
    """One of ours. `options(account, directory, extra)` follow the program."""

    name: str
    programs: dict[Tls, Path]
    options: Callable[[Account, Path, list[str]], list[str]]
    mechanisms: frozenset[str] = WITH_PASSWORD | BEARER
    # How often Ctrl-C is pressed until it stops without finishing what is under way.
    interrupts: int = 1

    def require(self) -> None:
        """Raises `Unavailable` when a program is not built."""
        for program in self.programs.values():
            if not program.exists():
                raise Unavailable(f"{program.name} is not built (run `cargo xtask test interop`)")

    def command(
        self, account: Account, directory: Path, delete: bool = False, timeout: int = 60
    ) -> list[str]:
        """What a user would type to fetch all mail of `account` into `directory`."""
        extra = ["--timeout", str(timeout), *(["--delete"] if delete else [])]
        return [str(self.programs[account.tls]), *self.options(account, directory, extra)]

    def run(
        self, account: Account, directory: Path, delete: bool = False, timeout: int = 60
    ) -> Run:
        """Runs it to its end."""
        directory.mkdir(parents=True, exist_ok=True)
        return finished(start(self.command(account, directory, delete, timeout), account.password))

    def fetch(self, account: Account, directory: Path, delete: bool = False) -> list[bytes]:
        """The messages that a run obtained, in order. Fails when the run does."""
        run = self.run(account, directory, delete)
        assert run.code == 0, run.output[-2000:]
        return stored(directory)


def start(command: list[str], password: str, **how: Any) -> subprocess.Popen[bytes]:
    """Starts a client with the password where users put it: in the environment."""
    environment = dict(os.environ, MAILPROTO_PASSWORD=password, LC_ALL="C.UTF-8")
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        **how,
    )


def finished(process: subprocess.Popen[bytes]) -> Run:
    """Waits for the end of a client."""
    try:
        printed, _ = process.communicate(timeout=RUN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Run(process.returncode, printed.decode(errors="replace"))


def stored(directory: Path) -> list[bytes]:
    """The messages in a directory of numbered *.eml files, in order."""
    files = sorted(directory.glob("*.eml"), key=lambda path: int(path.stem))
    return [path.read_bytes() for path in files]


def leftovers(directory: Path) -> list[str]:
    """Files in it that are no whole message: what was under way when a run was cut short."""
    return [path.name for path in directory.iterdir() if path.suffix != ".eml"]


def example_options(account: Account, directory: Path, extra: list[str]) -> list[str]:
    """The command line that the examples in Rust and in C share."""
    trust = ["--cafile", str(account.cafile)]
    tls = {Tls.NONE: ["--insecure"], Tls.STLS: ["--stls", *trust], Tls.IMPLICIT: trust}
    how = [] if account.mechanism == STRONGEST else ["--auth", account.mechanism.lower()]
    options = [*tls[account.tls], "--user", account.user, *how, *extra]
    return [*options, account.host, str(account.port), str(directory)]


def python_options(account: Account, directory: Path, extra: list[str]) -> list[str]:
    """The Python package's. Connecting again by itself would hide what is tested here."""
    tls = {Tls.NONE: "insecure", Tls.STLS: "starttls", Tls.IMPLICIT: "implicit"}[account.tls]
    options = ["pop3", "fetch", "--host", account.host, "--port", str(account.port)]
    options += ["--user", account.user, "--tls", tls, "--retries", "0", "--no-state"]
    options += ["--cafile", str(account.cafile)] if account.cafile else []
    options += [] if account.mechanism == STRONGEST else ["--mechanism", account.mechanism]
    if account.mechanism in BEARER:
        options += ["--oauth-command", 'printf "%s\\n" "$MAILPROTO_PASSWORD"']
    return [*options, *extra, "--files", str(directory)]


OUR_CLIENTS = [
    OurClient(
        "rust",
        dict.fromkeys(Tls, EXAMPLES / "pop3_fetch"),
        example_options,
    ),
    OurClient(
        "c",
        {
            Tls.NONE: C_PROGRAMS / "pop3_fetch",
            Tls.STLS: C_PROGRAMS / "pop3_fetch_openssl",
            Tls.IMPLICIT: C_PROGRAMS / "pop3_fetch_openssl",
        },
        example_options,
    ),
    OurClient(
        "python",
        dict.fromkeys(Tls, PYTHON_PROGRAM),
        python_options,
        interrupts=2,
    ),
]

"""Clients downloading the same mailbox from Dovecot, each as a whole process.

    python tests/bench/pop3_download.py [--messages N] [--rounds N] [--only TEXT] [--markdown]

The clients take turns, round after round; what is told is the median of the processor time (user
and system), of the wall time, and the peak of the resident set in a round of its own, which also
warms the server's caches. Those of the first group look at every message and keep none; those of
the second store them, in memory where the machine has a file system for that, so that no disk is
measured. A client that is not there is named, with the reason.
"""

from __future__ import annotations

import argparse
import multiprocessing
import operator
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))

from mail import corpus
from our_clients import OUR_CLIENTS, OurClient
from real_clients import POPLIB_LINE, Account
from servers import Dovecot, Unavailable

READER = str(Path(__file__).with_name("pop3_reader.py"))
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Bar:
    """What a client must reach: `most` times the cost of another."""

    what: str
    most: float
    of: str


@dataclass
class Subject:
    """A client. `command` makes its command line; it delivers into a fresh directory if at all."""

    name: str
    command: Callable[[Account, Path], list[str]]
    bars: tuple[Bar, ...] = ()
    stores: bool = False
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    peak: float = 0.0

    def costs(self, what: str) -> list[float]:
        return self.cpu if what == "CPU" else self.wall


def reader(kind: str) -> Callable[[Account, Path], list[str]]:
    """One of the small programs in `pop3_reader.py`."""
    return lambda account, _: [sys.executable, READER, kind, str(account.port), account.user]


def mpop(delivery: str) -> Callable[[Account, Path], list[str]]:
    def command(account: Account, directory: Path) -> list[str]:
        require("mpop")
        configuration = directory / "mpoprc"
        configuration.write_text(
            f"account test\nhost {account.host}\nport {account.port}\nuser {account.user}\n"
            f'password "{account.password}"\nauth user\ntls off\nkeep on\nonly_new off\n'
            f"received_header off\nuidls_file {directory}/uidls\n"
            f"delivery {delivery.format(directory=directory)}\n"
        )
        configuration.chmod(0o600)
        make_maildir(directory / "maildir")
        return ["mpop", "--file", str(configuration), "--quiet", "--all-accounts"]

    return command


def command_line(account: Account, directory: Path) -> list[str]:
    program = Path(sys.executable).with_name("mailproto")
    require(program)
    server = ["--tls", "insecure", "--host", account.host, "--port", str(account.port)]
    options = ["--user", account.user, "--keep", "--no-state", "--quiet"]
    maildir = ["--maildir", str(directory / "maildir")]
    return [str(program), "pop3", "fetch", *server, *options, *maildir]


def example(name: str) -> Callable[[Account, Path], list[str]]:
    client: OurClient = next(client for client in OUR_CLIENTS if client.name == name)

    def command(account: Account, directory: Path) -> list[str]:
        client.require()
        files = directory / "mail"
        files.mkdir()
        return client.command(account, files)

    return command


POPLIB = "Python poplib"
MPOP = "mpop, Maildir"
PIPELINED_BARS = (Bar("CPU", 1 / 6, POPLIB), Bar("wall", 1.0, MPOP))

SUBJECTS = [
    Subject("bare sockets in Python, pipelined", reader("bare")),
    Subject("bare sockets in Python, unpipelined", reader("bare-unpipelined")),
    Subject(POPLIB, reader("poplib")),
    Subject("Python mailproto, pipelined", reader("pipelined"), PIPELINED_BARS),
    Subject("Python mailproto, unpipelined", reader("unpipelined"), (Bar("CPU", 0.4, POPLIB),)),
    Subject("mpop, mbox", mpop("mbox {directory}/mbox"), stores=True),
    Subject(MPOP, mpop("maildir {directory}/maildir"), stores=True),
    Subject("`mailproto pop3 fetch`, Maildir", command_line, stores=True),
    Subject("our example in Rust, files", example("rust"), stores=True),
    Subject("our example in C, files", example("c"), stores=True),
]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure clients downloading from Dovecot.")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--average", type=int, default=4_500, help="octets a message")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="clients whose name holds one of a|b|c")
    options = parser.parse_args()
    chosen = [subject for subject in SUBJECTS if re.search(options.only, subject.name)]
    with Dovecot() as server, tempfile.TemporaryDirectory(dir=MEMORY) as scratch:
        account = deliver(server, options.messages, options.average)
        measured = measure(chosen, account, Path(scratch), options.rounds)
    print(f"{options.messages} messages of about {options.average} octets, medians of ", end="")
    print(f"{options.rounds} rounds, no TLS.\n")
    print_table(measured)
    print_bars({subject.name: subject for subject in measured})


def deliver(server: Dovecot, messages: int, average: int) -> Account:
    """A mailbox. Delivered by a process of its own, whose memory ours does not inherit."""
    user = server.fresh_user()

    def fill() -> None:
        server.deliver(user, corpus(messages, average=average, longest_line=POPLIB_LINE))

    child = multiprocessing.get_context("fork").Process(target=fill)
    child.start()
    child.join()
    if child.exitcode != 0:
        raise SystemExit("the mailbox could not be delivered")
    return Account.on(server, user)


def measure(subjects: list[Subject], account: Account, scratch: Path, rounds: int) -> list[Subject]:
    present = []
    for subject in subjects:
        try:
            subject.peak = peak_of(subject, account, scratch)
            present.append(subject)
        except Unavailable as why:
            print(f"- {subject.name}: not measured, {why}")
    for _ in range(rounds):
        for subject in present:
            cpu, wall = times_of(subject, account, scratch)
            subject.cpu.append(cpu)
            subject.wall.append(wall)
    return present


# One run.


def peak_of(subject: Subject, account: Account, scratch: Path) -> float:
    """Runs the client, looking at its memory over and over; returns the peak in megabytes. The
    kernel's own account would count what the process was before it became the client."""
    process, directory = start(subject, account, scratch)
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            continue
        found = PEAK.search(status)
        peak = max(peak, int(found[1])) if found else peak
        time.sleep(0.005)
    finish(subject, process.returncode, directory)
    return peak / 1024


def times_of(subject: Subject, account: Account, scratch: Path) -> tuple[float, float]:
    """Runs the client; returns its processor time and its wall time, in seconds."""
    begun = time.perf_counter()
    process, directory = start(subject, account, scratch)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    finish(subject, process.returncode, directory)
    return usage.ru_utime + usage.ru_stime, wall


def start(
    subject: Subject, account: Account, scratch: Path
) -> tuple[subprocess.Popen[bytes], Path]:
    directory = Path(tempfile.mkdtemp(dir=scratch))
    command = subject.command(account, directory)
    environment = dict(os.environ, MAILPROTO_PASSWORD=account.password)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, **quiet), directory


def finish(subject: Subject, code: int, directory: Path) -> None:
    shutil.rmtree(directory)
    if code != 0:
        raise SystemExit(f"{subject.name} failed with exit code {code}")


def require(program: str | Path) -> None:
    if shutil.which(program) is None:
        raise Unavailable(f"{Path(program).name} is not there")


def make_maildir(directory: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (directory / name).mkdir(parents=True)


# Telling.


def print_table(subjects: list[Subject]) -> None:
    by_name = {subject.name: subject for subject in subjects}
    print("| client | CPU | wall | peak memory | CPU ÷ poplib's | wall ÷ mpop's |")
    print("|---|--:|--:|--:|--:|--:|")
    for subject in sorted(subjects, key=lambda subject: subject.stores):
        cpu, wall = statistics.median(subject.cpu), statistics.median(subject.wall)
        ratios = [
            ratio(subject, by_name.get(POPLIB), "CPU"),
            ratio(subject, by_name.get(MPOP), "wall"),
        ]
        shown = [f"{value:.2f}" if value is not None else "" for value in ratios]
        print(f"| {subject.name} | {cpu:.2f} s | {wall:.2f} s | {subject.peak:.0f} MB ", end="")
        print(f"| {shown[0]} | {shown[1]} |")


def ratio(subject: Subject, other: Subject | None, what: str) -> float | None:
    """The median of the rounds' own ratios: what slows the machine for a while slows both."""
    if other is None:
        return None
    return statistics.median(map(operator.truediv, subject.costs(what), other.costs(what)))


def print_bars(by_name: dict[str, Subject]) -> None:
    print()
    for subject in by_name.values():
        for bar in subject.bars:
            reached = ratio(subject, by_name.get(bar.of), bar.what)
            if reached is None:
                continue
            verdict = "met" if reached <= bar.most else "MISSED"
            print(f"- {subject.name}: {bar.what} {reached:.2f} of {bar.of}'s, ", end="")
            print(f"bar {bar.most:.2f}: {verdict}")


if __name__ == "__main__":
    main()

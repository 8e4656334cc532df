"""POP3 clients downloading the same mailbox from Dovecot, each as a whole process.

    python tests/bench/pop3_download.py [--messages N] [--rounds N] [--only TEXT]

The clients take turns, round after round (`contest.py`). Those of the first group look at every
message and keep none; those of the second store them. A client that is not there is named, with the
reason.
"""

from __future__ import annotations

import argparse
import multiprocessing
import operator
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contest import Arena, Subject, compare, require

# contest.py has made the interop tests' modules importable.
from mail import corpus
from our_clients import OUR_CLIENTS, OurClient
from real_clients import POPLIB_LINE, Account
from servers import Dovecot

READER = str(Path(__file__).with_name("pop3_reader.py"))

Command = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Bar:
    """What a client must reach: `most` times the cost of another."""

    ours: str
    what: str
    most: float
    of: str


def reader(account: Account, kind: str) -> Command:
    """One of the small programs in `pop3_reader.py`."""
    return lambda _: [sys.executable, READER, kind, str(account.port), account.user]


def mpop(account: Account, delivery: str) -> Command:
    def command(directory: Path) -> list[str]:
        require("mpop")
        configuration = directory / "mpoprc"
        configuration.write_text(
            f"account test\nhost {account.host}\nport {account.port}\nuser {account.user}\n"
            f'password "{account.password}"\nauth user\ntls off\nkeep on\nonly_new off\n'
            f"received_header off\nuidls_file {directory}/uidls\n"
            f"delivery {delivery.format(directory=directory)}\n"
        )
        configuration.chmod(0o600)
        for name in ("cur", "new", "tmp"):
            (directory / "maildir" / name).mkdir(parents=True)
        return ["mpop", "--file", str(configuration), "--quiet", "--all-accounts"]

    return command


def command_line(account: Account) -> Command:
    def command(directory: Path) -> list[str]:
        program = require(Path(sys.executable).with_name("mailproto"))
        server = ["--tls", "insecure", "--host", account.host, "--port", str(account.port)]
        options = ["--user", account.user, "--keep", "--no-state", "--quiet"]
        return [program, "pop3", "fetch", *server, *options, "--maildir", f"{directory}/maildir"]

    return command


def example(account: Account, name: str) -> Command:
    client: OurClient = next(client for client in OUR_CLIENTS if client.name == name)

    def command(directory: Path) -> list[str]:
        client.require()
        files = directory / "mail"
        files.mkdir()
        return client.command(account, files)

    return command


POPLIB = "Python poplib"
MPOP = "mpop, Maildir"
PIPELINED = "Python mailproto, pipelined"
UNPIPELINED = "Python mailproto, unpipelined"
BARS = [
    Bar(PIPELINED, "cpu", 1 / 6, POPLIB),
    Bar(PIPELINED, "wall", 1.0, MPOP),
    Bar(UNPIPELINED, "cpu", 0.4, POPLIB),
]


def subjects_of(account: Account) -> list[Subject]:
    keep_none = {
        "bare sockets in Python, pipelined": "bare",
        "bare sockets in Python, unpipelined": "bare-unpipelined",
        POPLIB: "poplib",
        PIPELINED: "pipelined",
        UNPIPELINED: "unpipelined",
    }
    store = {
        "mpop, mbox": mpop(account, "mbox {directory}/mbox"),
        MPOP: mpop(account, "maildir {directory}/maildir"),
        "`mailproto pop3 fetch`, Maildir": command_line(account),
        "our example in Rust, files": example(account, "rust"),
        "our example in C, files": example(account, "c"),
    }
    commands = {name: reader(account, kind) for name, kind in keep_none.items()} | store
    return [Subject(name, command) for name, command in commands.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure clients downloading from Dovecot.")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--average", type=int, default=4_500, help="octets a message")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="clients whose name holds one of a|b|c")
    options = parser.parse_args()
    with Dovecot() as server, Arena(server.password) as arena:
        account = deliver(server, options.messages, options.average)
        every = subjects_of(account)
        subjects = [subject for subject in every if re.search(options.only, subject.name)]
        arena.play(subjects, options.rounds)
    print(f"{options.messages} messages of about {options.average} octets, medians of ", end="")
    print(f"{options.rounds} rounds, no TLS.\n")
    print_table({subject.name: subject for subject in subjects})


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


# Telling.


def print_table(subjects: dict[str, Subject]) -> None:
    print("| client | CPU | wall | peak memory | CPU ÷ poplib's | wall ÷ mpop's |")
    print("|---|--:|--:|--:|--:|--:|")
    for subject in subjects.values():
        if subject.missing:
            print(f"| {subject.name} | not measured: {subject.missing} |")
            continue
        cpu, wall, peak = (subject.median(what) or 0 for what in ("cpu", "wall", "peak"))
        ratios = [
            ratio(subject, "cpu", subjects.get(POPLIB)),
            ratio(subject, "wall", subjects.get(MPOP)),
        ]
        shown = " | ".join(f"{value:.2f}" if value is not None else "" for value in ratios)
        print(f"| {subject.name} | {cpu:.2f} s | {wall:.2f} s | {peak:.0f} MB | {shown} |")
    print()
    for bar in BARS:
        if bar.ours in subjects:
            print_bar(bar, ratio(subjects[bar.ours], bar.what, subjects.get(bar.of)))


def print_bar(bar: Bar, reached: float | None) -> None:
    if reached is not None:
        verdict = "met" if reached <= bar.most else "MISSED"
        told = f"- {bar.ours}: {bar.what} {reached:.2f} of {bar.of}'s, bar {bar.most:.2f}"
        print(f"{told}: {verdict}")


def ratio(subject: Subject, what: str, other: Subject | None) -> float | None:
    return compare(subject, other, what, operator.truediv) if other else None


if __name__ == "__main__":
    main()

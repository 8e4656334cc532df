"""Mail clients and libraries side by side on Dovecot, and what is promised of ours.

    python tests/bench/clients.py [--quick] [--rounds N] [--letters N] [--large N] [--only TEXT]

Prints Markdown: a table a task, and the bars with what was reached. All are processes that take
turns, round after round, against the same mailbox (`letters.py`); figures are medians. `--quick` is
a small mailbox and one round, to see that all of it still runs: its ratios mean nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import operator
import re
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from contest import Arena, Subject, compare, require, require_module
from letters import large_letters, letters

# contest.py has made the interop tests' modules importable.
from servers import Dovecot, imap_command

HERE = Path(__file__).resolve().parent
PROGRAMS = str(HERE / "mail_programs.py")
PARSE_ONLY = str(HERE / "parse_only.py")
MODULES = {
    "imapclient": "imapclient",
    "imap-tools": "imap_tools",
    "aioimaplib": "aioimaplib",
    "mailproto": "mailproto",
    "sansio": "mailproto",
    "mailproto-lazy": "mailproto",
}
OURS = "`mailproto.imap`"
IMAP_FETCH = "`mailproto imap fetch`"
POP3_FETCH = "`mailproto pop3 fetch`"
SANSIO_ALONE = "`mailproto.sansio.imap`"
TOUCHED = "typed, decoded, every field looked at"
SANSIO = "`mailproto.sansio.imap`, a socket"
# Some take twenty times as long as others; three rounds tell their median well enough.
SLOW = 3


@dataclass(frozen=True)
class Bar:
    """What is promised: `ours` costs at most `most` times what `other` costs."""

    promise: str
    ours: str
    what: str
    most: float
    other: str
    # Whether `most` is the difference of both, and not the ratio.
    difference: bool = False

    def reached(self, table: Table) -> float | None:
        ours, other = table.subject(self.ours), table.subject(self.other)
        return compare(
            ours, other, self.what, operator.sub if self.difference else operator.truediv
        )


@dataclass
class Table:
    """A task, those who do it, and what is promised of ours."""

    title: str
    note: str
    subjects: list[Subject]
    bars: list[Bar] = field(default_factory=list)

    def subject(self, name: str) -> Subject:
        return next(subject for subject in self.subjects if subject.name == name)


@dataclass(frozen=True)
class Mailbox:
    """One account on the server, and what is in it."""

    server: Dovecot
    user: str
    count: int
    octets: int
    # Letters as their senders end lines, and as Unix ends them.
    octets_lf: int


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure mail clients against Dovecot.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--letters", type=int)
    parser.add_argument("--large", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", default="", help="tables whose title matches this expression")
    parser.add_argument("--subjects", default="", help="subjects whose name matches this one")
    options = parser.parse_args()
    count = options.letters or (300 if options.quick else 10_000)
    large = options.large or (1 if options.quick else 20)
    rounds = options.rounds or (1 if options.quick else 7)
    with Dovecot() as server, Arena(server.password) as arena:
        boxes = fill(server, count, large)
        recordings = record_all(boxes[0], arena.path)
        tables = [*task_tables(*boxes), *parse_tables(recordings)]
        tables = [table for table in tables if re.search(options.only, table.title)]
        for table in tables:
            table.subjects = [s for s in table.subjects if re.search(options.subjects, s.name)]
            arena.play(table.subjects, rounds)
            print(f"{table.title}: done", file=sys.stderr)
    print(
        INTRODUCTION.format(count=count, mean=boxes[0].octets / count, large=large, rounds=rounds)
    )
    print_bars(tables)
    for table in tables:
        print_table(table)


INTRODUCTION = """\
Dovecot 2.3 on the loopback, no TLS, its caches warm: {count} letters of {mean:.0f} octets on
average, and {large} of 25,000,000, written by `tests/bench/letters.py`. Medians of {rounds} rounds (of 3 where
a client is slow), the subjects taking turns as processes. CPU is user and system time of the whole
process, with the start of Python and all imports where there are any; "work" is the task alone, after
login and SELECT, as our programs measure it from inside. Peak is the largest resident set. Ratios are
medians of the ratios of each round. Files are written in memory (`/dev/shm`), so that no disk is
measured, and an fsync costs only its call.
"""


# The mailboxes.

Ask = Callable[[bytes], None]


def fill(server: Dovecot, count: int, large: int) -> tuple[Mailbox, Mailbox]:
    """Two accounts, one with the many letters and one with the large ones."""
    many = deliver(server, lambda: letters(count))
    few = deliver(server, lambda: large_letters(large))
    for mailbox in (many, few):
        with_imap(mailbox, flag)
        with_imap(mailbox, warm_up)
    return many, few


def deliver(server: Dovecot, make: Callable[[], Iterable[bytes]]) -> Mailbox:
    """Delivers from a process of its own, whose memory ours does not inherit."""
    user = server.fresh_user()
    context = multiprocessing.get_context("fork")
    seen = context.Queue()

    def fill() -> None:
        sizes = []

        def counted() -> Iterable[bytes]:
            for letter in make():
                sizes.append((len(letter), len(letter) - letter.count(b"\r\n")))
                yield letter

        server.deliver(user, counted())
        seen.put((len(sizes), *map(sum, zip(*sizes))))

    child = context.Process(target=fill)
    child.start()
    told = seen.get()
    child.join()
    return Mailbox(server, user, *told)


def with_imap(mailbox: Mailbox, act: Callable[[Mailbox, Ask], None]) -> None:
    server = mailbox.server
    with socket.create_connection((server.host, server.ports.imap), 120) as connection:
        replies = connection.makefile("rb")
        replies.readline()
        imap_command(connection, replies, f"LOGIN {mailbox.user} {server.password}".encode())
        imap_command(connection, replies, b"SELECT INBOX")
        act(mailbox, lambda command: imap_command(connection, replies, command))


def flag(mailbox: Mailbox, ask: Ask) -> None:
    """All are read, so that no client changes a flag by reading; some have more flags."""
    ask(b"STORE 1:* +FLAGS.SILENT (\\Seen)")
    for step, flags in ((4, b"\\Answered"), (11, b"\\Flagged $Important"), (3, b"NonJunk")):
        numbers = b",".join(b"%d" % number for number in range(1, mailbox.count + 1, step))
        ask(b"STORE %b +FLAGS.SILENT (%b)" % (numbers, flags))


def warm_up(_: Mailbox, ask: Ask) -> None:
    """Dovecot remembers what was asked for, and has it at hand the second time."""
    for _ in range(2):
        ask(b"FETCH 1:* (RFC822.SIZE ENVELOPE BODYSTRUCTURE)")


# What servers say, for those who only parse.

RECORDED = {
    "flags": b"UID FETCH 1:* (FLAGS RFC822.SIZE)",
    "structure": b"UID FETCH 1:* (ENVELOPE BODYSTRUCTURE)",
    "bodies": b"UID FETCH 1:* (BODY.PEEK[])",
}


def record_all(mailbox: Mailbox, directory: Path) -> dict[str, Path]:
    """Files with the untagged responses to a command each, octet for octet."""
    recordings = {}
    for name, command in RECORDED.items():
        recordings[name] = directory / f"{name}.imap"
        recordings[name].write_bytes(responses(mailbox, command))
    return recordings


def responses(mailbox: Mailbox, command: bytes) -> bytes:
    server = mailbox.server
    with socket.create_connection((server.host, server.ports.imap), 120) as connection:
        replies = connection.makefile("rb")
        replies.readline()
        imap_command(connection, replies, f"LOGIN {mailbox.user} {server.password}".encode())
        imap_command(connection, replies, b"EXAMINE INBOX")
        # What follows the tagged reply shows that it was one, whatever letters hold.
        connection.sendall(b"recorded %b\r\nlast LOGOUT\r\n" % command)
        everything = replies.read()
    untagged, _, _ = everything.rpartition(b"recorded OK ")
    return untagged


# Subjects.


def program(library: str, task: str, mailbox: Mailbox, **more: object) -> Subject:
    """One of `mail_programs.py`."""
    name, settings, check, rounds = (more.get(k) for k in ("name", "settings", "check", "rounds"))
    ports = mailbox.server.ports
    port = str(ports.pop3 if task == "pop3" else ports.imap)

    def command(directory: Path) -> list[str]:
        if library in MODULES:
            require_module(MODULES[library], library)
        files = [str(directory)] if task in ("bodies", "one", "pop3") else []
        return [sys.executable, PROGRAMS, library, task, port, mailbox.user, *files]

    return Subject(
        str(name or library), command, str(settings or ""), check or passes, int(rounds or 1_000)
    )


def our_command(mailbox: Mailbox, protocol: str, *options: str, settings: str = "") -> Subject:
    """`mailproto imap fetch` or `mailproto pop3 fetch`, into a Maildir."""

    def command(directory: Path) -> list[str]:
        require_module("mailproto", "mailproto")
        found = require(Path(sys.executable).with_name("mailproto"))
        port = getattr(mailbox.server.ports, protocol)
        account = ["--tls", "insecure", "--host", mailbox.server.host, "--port", str(port)]
        account += ["--user", mailbox.user, "--maildir", str(directory / "maildir")]
        return [found, protocol, "fetch", *account, *options]

    return Subject(f"`mailproto {protocol} fetch`", command, settings, delivered(mailbox))


def passes(_: Path, __: dict[str, float]) -> None:
    """For those whose failure their exit code tells."""


def counted(mailbox: Mailbox) -> Callable[[Path, dict[str, float]], None]:
    """All letters were seen."""

    def check(_: Path, told: dict[str, float]) -> None:
        if told["count"] != mailbox.count:
            raise SystemExit(f"{told['count']} letters were seen, {mailbox.count} are there")

    return check


def delivered(mailbox: Mailbox, added: int = 0) -> Callable[[Path, dict[str, float]], None]:
    """All letters are files, in a Maildir or not, and as long as they should be: with line ends as
    they were or as Unix has them, and `added` octets more each."""
    more = added * mailbox.count
    octets = {mailbox.octets + more, mailbox.octets_lf + more}

    def check(directory: Path, _: dict[str, float]) -> None:
        folders = [directory / name for name in ("maildir/new", "maildir/cur", "files")]
        sizes = [f.stat().st_size for d in folders if d.is_dir() for f in d.iterdir()]
        if len(sizes) != mailbox.count or sum(sizes) not in octets:
            told = f"{len(sizes)} files of {sum(sizes)} octets"
            raise SystemExit(f"{told}, not {mailbox.count} of one of {sorted(octets)}")

    return check


def count_delivered(mailbox: Mailbox) -> Callable[[Path, dict[str, float]], None]:
    """All letters are files, though not as they were."""

    def check(directory: Path, _: dict[str, float]) -> None:
        count = sum(1 for _ in (directory / "maildir/new").iterdir())
        if count != mailbox.count:
            raise SystemExit(f"{count} files, not {mailbox.count}")

    return check


def mbsync(mailbox: Mailbox) -> Subject:
    def command(directory: Path) -> list[str]:
        require("mbsync")
        for name in ("cur", "new", "tmp"):
            (directory / "maildir" / name).mkdir(parents=True)
        configuration = directory / "mbsyncrc"
        configuration.write_text(
            MBSYNCRC.format(server=mailbox.server, user=mailbox.user, directory=directory)
        )
        return ["mbsync", "-q", "-c", str(configuration), "mail"]

    settings = "`Sync Pull`, `FSync yes` (its default), keeps a state"
    # It adds a field of its own to each letter.
    return Subject("mbsync", command, settings, delivered(mailbox, len("X-TUID: 123456789012\n")))


MBSYNCRC = """\
FSync yes

IMAPAccount test
Host {server.host}
Port {server.ports.imap}
User {user}
Pass {server.password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account test

MaildirStore near
Inbox {directory}/maildir

Channel mail
Far :far:
Near :near:
Sync Pull
SyncState {directory}/state-
"""


def mpop(mailbox: Mailbox) -> Subject:
    def command(directory: Path) -> list[str]:
        require("mpop")
        for name in ("cur", "new", "tmp"):
            (directory / "maildir" / name).mkdir(parents=True)
        server, configuration = mailbox.server, directory / "mpoprc"
        configuration.write_text(
            f"account test\nhost {server.host}\nport {server.ports.pop3}\nuser {mailbox.user}\n"
            f'password "{server.password}"\nauth user\ntls off\nkeep on\nonly_new off\n'
            f"received_header off\nuidls_file {directory}/uidls\n"
            f"delivery maildir {directory}/maildir\n"
        )
        configuration.chmod(0o600)
        return ["mpop", "--file", str(configuration), "--quiet", "--all-accounts"]

    return Subject("mpop", command, "pipelining auto (its default), fsync", delivered(mailbox))


def curl(mailbox: Mailbox, url: str, output: str, **more: object) -> Subject:
    """`url` has the ports of the server in braces; the password is in a file, as it should be."""
    check = more.get("check") or passes

    def command(directory: Path) -> list[str]:
        require("curl")
        (directory / "files").mkdir()
        configuration = directory / "curlrc"
        place = url.format(ports=mailbox.server.ports, count=mailbox.count)
        lines = [
            f'user = "{mailbox.user}:{mailbox.server.password}"',
            f'url = "{place}"',
            f'output = "{directory}/{output}"',
        ]
        configuration.write_text("\n".join(lines) + "\n")
        return ["curl", "--silent", "--fail", "--config", str(configuration)]

    return Subject("curl", command, str(more.get("settings") or ""), check)


def curl_gives_up() -> Subject:
    """Its own FETCH takes no range, and what other commands are answered may have 300 kB."""
    return Subject("curl", lambda _: [], missing="takes 300 kB of untagged responses at most")


def parser(contestant: str, recording: Path, name: str, settings: str, **more: int) -> Subject:
    """One of `parse_only.py`."""

    def command(_: Path) -> list[str]:
        if contestant in MODULES:
            require_module(MODULES[contestant], contestant)
        return [sys.executable, PARSE_ONLY, contestant, str(recording)]

    return Subject(name, command, settings, rounds=more.get("rounds", 1_000))


# Tasks.


def task_tables(many: Mailbox, few: Mailbox) -> list[Table]:
    return [flags(many), structure(many), bodies(many), all_large(few), one(many, few), pop3(many)]


def flags(mailbox: Mailbox) -> Table:
    check = counted(mailbox)
    return Table(
        "UID, FLAGS and RFC822.SIZE of all letters",
        "Whoever parses has a Python object a letter in the end.",
        [
            program("mailproto", "flags", mailbox, check=check, name=OURS, settings="typed"),
            program("sansio", "flags", mailbox, check=check, name=SANSIO, settings="typed"),
            program("bare", "flags", mailbox, name="bare sockets", settings="nothing is parsed"),
            program("imaplib", "flags", mailbox, check=check, settings="unparsed"),
            program("imapclient", "flags", mailbox, check=check, name="IMAPClient"),
            program(
                "imap-tools", "flags", mailbox, check=check, rounds=SLOW, settings="with headers"
            ),
            program("aioimaplib", "flags", mailbox, check=check, settings="unparsed"),
            curl_gives_up(),
        ],
        [
            Bar(
                "UID, FLAGS and size of all: CPU ≤ 1/4 of IMAPClient's",
                OURS,
                "cpu",
                1 / 4,
                "IMAPClient",
            )
        ],
    )


def structure(mailbox: Mailbox) -> Table:
    check = counted(mailbox)
    what = "ENVELOPE and BODYSTRUCTURE of all"
    return Table(
        "ENVELOPE and BODYSTRUCTURE of all letters",
        "",
        [
            program("mailproto", "structure", mailbox, check=check, name=OURS, settings=TOUCHED),
            program("sansio", "structure", mailbox, check=check, name=SANSIO, settings=TOUCHED),
            program(
                "bare", "structure", mailbox, name="bare sockets", settings="nothing is parsed"
            ),
            program("imaplib", "structure", mailbox, check=check, settings="unparsed"),
            program(
                "imapclient",
                "structure",
                mailbox,
                check=check,
                name="IMAPClient",
                rounds=SLOW,
                settings="parsed into tuples of bytes, nothing decoded",
            ),
            program(
                "imap-tools",
                "structure",
                mailbox,
                check=check,
                rounds=SLOW,
                settings="asks for headers and parses them; no structure",
            ),
            program("aioimaplib", "structure", mailbox, check=check, settings="unparsed"),
            curl_gives_up(),
        ],
        [
            Bar(f"{what}: CPU ≤ 1/10 of IMAPClient's", OURS, "cpu", 1 / 10, "IMAPClient"),
            Bar(f"{what}: CPU ≤ 1.3 of imaplib's, unparsed", OURS, "cpu", 1.3, "imaplib"),
        ],
    )


def bodies(mailbox: Mailbox) -> Table:
    check = delivered(mailbox)
    url = "imap://127.0.0.1:{ports.imap}/INBOX/;UID=[1-{count}]"
    return Table(
        "All letters to a Maildir",
        "The other libraries write tmp/ then new/, without fsync, octets as received.",
        [
            our_command(mailbox, "imap", "--quiet"),
            program("mailproto", "bodies", mailbox, check=check, name=OURS, settings="fsync"),
            mbsync(mailbox),
            program("imaplib", "bodies", mailbox, check=check, settings="500 at a time"),
            program(
                "imapclient",
                "bodies",
                mailbox,
                check=check,
                name="IMAPClient",
                settings="500 at a time",
            ),
            program(
                "imap-tools",
                "bodies",
                mailbox,
                check=count_delivered(mailbox),
                rounds=SLOW,
                settings="500 at a time; parses, writes anew",
            ),
            program("aioimaplib", "bodies", mailbox, check=check, settings="500 at a time"),
            curl(mailbox, url, "files/#1", check=check, settings="plain files, one by one"),
        ],
        [
            Bar(
                f"All letters to a Maildir: {name} ≤ 0.8 of mbsync's",
                IMAP_FETCH,
                what,
                0.8,
                "mbsync",
            )
            for name, what in (("CPU", "cpu"), ("wall", "wall"))
        ],
    )


def all_large(mailbox: Mailbox) -> Table:
    return Table(
        "All letters of 25 MB to a Maildir",
        "",
        [our_command(mailbox, "imap", "--quiet"), mbsync(mailbox)],
    )


def one(many: Mailbox, few: Mailbox) -> Table:
    subjects = []
    url = "imap://127.0.0.1:{ports.imap}/INBOX/;UID=1"
    names = {
        "mailproto": OURS,
        "bare": "bare sockets",
        "imaplib": "imaplib",
        "imapclient": "IMAPClient",
        "imap-tools": "imap-tools",
        "aioimaplib": "aioimaplib",
    }
    for size, mailbox in (("5 kB", many), ("25 MB", few)):
        for library, name in names.items():
            subjects.append(program(library, "one", mailbox, name=f"{name}, {size}"))
        subjects.append(curl(mailbox, url, "letter", settings=""))
        subjects[-1].name = f"curl, {size}"
    ours = [subjects[0].name, f"{OURS}, 25 MB"]
    bar = Bar("A letter of 25 MB: peak within 2 MB of that of 5 kB", ours[1], "peak", 2.0, ours[0])
    return Table("One letter to a file", "", subjects, [replace(bar, difference=True)])


def pop3(mailbox: Mailbox) -> Table:
    check = delivered(mailbox)
    url = "pop3://127.0.0.1:{ports.pop3}/[1-{count}]"
    return Table(
        "All letters by POP3 to a Maildir",
        "",
        [
            our_command(mailbox, "pop3", "--keep", "--no-state", "--quiet", settings="fsync"),
            mpop(mailbox),
            program("poplib", "pop3", mailbox, check=check, settings="no fsync"),
            curl(mailbox, url, "files/#1", check=check, settings="plain files, no fsync"),
        ],
        [Bar("All letters by POP3 to a Maildir: wall ≤ mpop's", POP3_FETCH, "wall", 1.0, "mpop")],
    )


PARSED = {
    "flags": "UID, FLAGS and RFC822.SIZE",
    "structure": "ENVELOPE and BODYSTRUCTURE",
    "bodies": "BODY[]",
}


def parse_tables(recordings: dict[str, Path]) -> list[Table]:
    return [parse(PARSED[name], recording) for name, recording in recordings.items()]


def parse(what: str, recording: Path) -> Table:
    megabytes = recording.stat().st_size / 1e6
    return Table(
        f"Parsing alone: {what} of all letters",
        f"{megabytes:.1f} MB as the server sent them, read 64 KiB at a time; figures are the work's.",
        [
            parser("mailproto", recording, SANSIO_ALONE, TOUCHED),
            parser("mailproto-lazy", recording, f"{SANSIO_ALONE}, lazily", "no field looked at"),
            parser("imaplib", recording, "imaplib", "its reader; nothing is parsed"),
            parser("imapclient", recording, "IMAPClient", "tuples of bytes", rounds=SLOW),
        ],
        [
            Bar(
                f"Parsing alone, {what}: ≤ 1/30 of IMAPClient's",
                SANSIO_ALONE,
                "work_cpu",
                1 / 30,
                "IMAPClient",
            ),
            Bar(
                f"Parsing alone, {what}: ≤ imaplib's reader",
                SANSIO_ALONE,
                "work_cpu",
                1.0,
                "imaplib",
            ),
        ],
    )


# Telling.


def print_table(table: Table) -> None:
    print(f"\n### {table.title}\n")
    if table.note:
        print(f"{table.note}\n")
    print("| client | CPU | wall | work: CPU | work: wall | peak | settings |")
    print("|---|--:|--:|--:|--:|--:|---|")
    for subject in table.subjects:
        if subject.missing:
            print(f"| {subject.name} | not measured: {subject.missing} |")
            continue
        figures = [
            seconds(subject.median(what)) for what in ("cpu", "wall", "work_cpu", "work_wall")
        ]
        peak = subject.median("peak") or 0
        print(f"| {subject.name} | {' | '.join(figures)} | {peak:.1f} MB | {subject.settings} |")


def seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f} s"


def print_bars(tables: list[Table]) -> None:
    print("| promise | bar | reached | |")
    print("|---|--:|--:|---|")
    for table in tables:
        for bar in table.bars:
            reached = bar.reached(table)
            if reached is None:
                continue
            verdict = "yes" if reached <= bar.most else "**no**"
            unit = " MB" if bar.difference else ""
            print(f"| {bar.promise} | {bar.most:.3g}{unit} | {reached:.3f}{unit} | {verdict} |")


if __name__ == "__main__":
    main()

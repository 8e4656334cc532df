"""Every command of POP3 by each of our three clients, on every server: what was told is right.

The programs `pop3_exercise` (the example in Rust, `pop3_exercise.c`, `pop3_exercise.py`) give the
same commands in the same order and print the same lines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import mail
from our_clients import C_PROGRAMS, EXAMPLES, PYTHON_PROGRAM, finished, start
from real_clients import Account, Tls, poplib_login
from servers import HOST, MailServer
from small_server import SmallServer, top

MESSAGES = mail.corpus(5, longest_line=2_000)


@dataclass(frozen=True)
class Exerciser:
    """One of the programs: what must be there, and its command line."""

    name: str
    needs: Path
    command: Callable[[Account, Path], list[str]]
    tls: tuple[Tls, ...] = tuple(Tls)
    # Which commands it does not give: the Python client has them in its sans-IO part only.
    leaves_out: frozenset[str] = frozenset()


def rust_command(account: Account, directory: Path) -> list[str]:
    trust = ["--cafile", str(account.cafile)]
    tls = {Tls.NONE: ["--insecure"], Tls.STLS: ["--stls", *trust], Tls.IMPLICIT: trust}
    options = [*tls[account.tls], "--user", account.user, "--auth", "user"]
    where = [account.host, str(account.port), str(directory)]
    return [str(EXAMPLES / "pop3_exercise"), *options, *where]


def c_command(account: Account, directory: Path) -> list[str]:
    program = str(C_PROGRAMS / "pop3_exercise")
    return [program, account.host, str(account.port), account.user, str(directory)]


def python_command(account: Account, directory: Path) -> list[str]:
    program = str(Path(__file__).with_name("pop3_exercise.py"))
    tls = {Tls.NONE: "insecure", Tls.STLS: "starttls", Tls.IMPLICIT: "implicit"}[account.tls]
    where = [account.host, str(account.port), account.user, str(directory), tls]
    return [sys.executable, program, *where, *([str(account.cafile)] if account.cafile else [])]


EXERCISERS = [
    Exerciser("rust", EXAMPLES / "pop3_exercise", rust_command),
    Exerciser("c", C_PROGRAMS / "pop3_exercise", c_command, tls=(Tls.NONE,)),
    Exerciser(
        "python",
        PYTHON_PROGRAM,
        python_command,
        leaves_out=frozenset({"UTF8", "LANG", "RAW"}),
    ),
]


@dataclass
class Line:
    """What came of one command."""

    name: str
    status: str
    code: str
    told: str
    listing: list[str] = field(default_factory=list)


def lines_of(output: str) -> Iterator[Line]:
    listing: list[str] = []
    for line in output.splitlines():
        if line.startswith("* "):
            listing.append(line.removeprefix("* ").strip())
        else:
            name, status, code, told = [*line.split(" ", 3), "", ""][:4]
            yield Line(name, status, code, told.strip(), listing)
            listing = []


@pytest.fixture(params=EXERCISERS, ids=lambda one: one.name)
def exerciser(request: pytest.FixtureRequest) -> Exerciser:
    """Each of the programs in turn."""
    if not request.param.needs.exists():
        pytest.skip(f"{request.param.needs.name} is not built (run `cargo xtask test interop`)")
    return request.param


CHANNELS = [(one, tls) for one in EXERCISERS for tls in one.tls]


def exercise(one: Exerciser, account: Account, directory: Path) -> dict[str, list[Line]]:
    """Runs the program; returns its lines by command."""
    directory.mkdir(parents=True, exist_ok=True)
    run = finished(start(one.command(account, directory), account.password))
    assert run.code == 0, run.output
    by_name: dict[str, list[Line]] = {}
    for line in lines_of(run.output):
        by_name.setdefault(line.name, []).append(line)
    return by_name


def check(given: dict[str, list[Line]], one: Exerciser, directory: Path) -> None:
    """Compares with what RFC 1939 says of these five messages."""
    octets = list(map(len, MESSAGES))
    outcome = {
        name: [line.status for line in lines]
        for name, lines in given.items()
        if name not in ("LANG", "UTF8", "STLS")
    }
    expected = {
        "CAPA": ["OK"],
        "LOGIN": ["ERR", "OK"],
        "STAT": ["OK"] * 3,
        "LIST": ["OK", "OK", "ERR"],
        "UIDL": ["OK", "OK"],
        "RETR": ["OK", "ERR"],
        "TOP": ["OK"],
        "DELE": ["OK", "OK"],
        "RSET": ["OK"],
        "NOOP": ["OK"],
        "RAW": ["ERR"],
        "QUIT": ["OK"],
    }
    assert outcome == {name: how for name, how in expected.items() if name not in one.leaves_out}

    stats = [tuple(map(int, line.told.split())) for line in given["STAT"]]
    assert stats == [(5, sum(octets)), (4, sum(octets[1:])), (5, sum(octets))]
    every, second, _ = given["LIST"]
    assert every.listing == [f"{n} {size}" for n, size in enumerate(octets, start=1)]
    assert second.told == f"2 {octets[1]}"
    every, second = given["UIDL"]
    numbers, unique_ids = zip(*(line.split() for line in every.listing), strict=True)
    assert numbers == ("1", "2", "3", "4", "5")
    assert len(set(unique_ids)) == 5
    assert second.told == f"2 {unique_ids[1]}"
    assert (directory / "retr").read_bytes() == MESSAGES[0]
    assert (directory / "top").read_bytes() == b"".join(
        line + b"\r\n" for line in top(MESSAGES[0], 3)
    )


def capabilities(given: dict[str, list[Line]]) -> set[str]:
    (capa,) = given["CAPA"]
    tags = [line.split()[0] for line in capa.listing]
    return set(tags) | {tag for tag in capa.told.replace(",", "").split()}


@pytest.mark.parametrize(
    ("exerciser", "tls"),
    CHANNELS,
    ids=[f"{one.name}-{tls.value}" for one, tls in CHANNELS],
    indirect=["exerciser"],
)
def test_on_a_real_server(
    server: MailServer, exerciser: Exerciser, tls: Tls, tmp_path: Path
) -> None:
    user = server.fresh_user()
    server.deliver(user, MESSAGES)
    given = exercise(exerciser, Account.on(server, user, tls), tmp_path)
    check(given, exerciser, tmp_path)
    assert {"TOP", "UIDL", "RESP-CODES", "PIPELINING", "USER", "SASL"} <= capabilities(given)
    # Both servers announce AUTH-RESP-CODE (RFC 3206 §6).
    assert "AUTH" in given["LOGIN"][0].code + given["LOGIN"][0].told
    box = poplib_login(Account.on(server, user))
    left = box.list()[1]
    box.quit()
    assert left == [b"%d %d" % (n, len(m)) for n, m in enumerate(MESSAGES[:4], start=1)]


def test_with_utf8_and_lang(exerciser: Exerciser, tmp_path: Path) -> None:
    """RFC 6856, which neither Dovecot nor Cyrus has for POP3."""
    with SmallServer(MESSAGES) as server:
        account = Account(HOST, server.port, "alice", "secret")
        given = exercise(exerciser, account, tmp_path)
        check(given, exerciser, tmp_path)
        assert {"UTF8", "LANG"} <= capabilities(given)
        assert server.deleted == {5}
        if "UTF8" in exerciser.leaves_out:
            return
        assert [line.status for line in given["UTF8"]] == ["OK"]
        listed, chosen = given["LANG"]
        assert listed.listing == ["en English", "es Español"]
        assert chosen.status == "OK"

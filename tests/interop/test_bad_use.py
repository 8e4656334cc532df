"""Nothing is lost and no half file is left, whatever happens in the middle of a download.

Each client fetches three messages with `--delete`; something goes wrong at the second. Then the
first is there whole or not at all, the others are not, the server was not made to delete
anything, and the next run brings everything.
"""

from __future__ import annotations

import resource
import signal
import time
from pathlib import Path

import pytest

import mail
from our_clients import OurClient, finished, leftovers, start, stored
from real_clients import Account
from servers import HOST
from small_server import Fault, SmallServer

ACCOUNT_USER = "alice"
PATIENCE = 2


def account_on(server: SmallServer) -> Account:
    return Account(HOST, server.port, ACCOUNT_USER, "secret")


def messages() -> list[bytes]:
    return [*mail.corpus(1), mail.big(3_000_000), *mail.corpus(1, seed=2)]


def assert_nothing_lost(server: SmallServer, directory: Path, expected: list[bytes]) -> None:
    """What has a final name is whole, and nothing was deleted."""
    assert stored(directory) in ([], expected[:1])
    assert "QUIT" not in server.commands
    assert server.deleted == set()


def assert_next_run_completes(
    ours: OurClient, server: SmallServer, directory: Path, expected: list[bytes]
) -> None:
    """A user would run it again, into the same directory."""
    server.fault = Fault.NONE
    ours.fetch(account_on(server), directory, delete=True)
    # The Python client never replaces a file, so the first message may be there twice.
    assert stored(directory)[-3:] == expected
    assert leftovers(directory) == []
    assert server.deleted == {1, 2, 3}


@pytest.mark.parametrize(
    "fault",
    [Fault.CLOSES, Fault.RESETS, Fault.STALLS, Fault.GARBAGE],
    ids=lambda fault: fault.value,
)
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one-by-one"])
def test_a_server_that_fails_in_mid_message(
    ours: OurClient, fault: Fault, pipelining: bool, tmp_path: Path
) -> None:
    expected, directory = messages(), tmp_path / "mail"
    with SmallServer(expected, pipelining=pipelining) as server:
        server.fault = fault
        run = ours.run(account_on(server), directory, delete=True, timeout=PATIENCE)
        assert run.code > 0, run.output
        assert run.output.strip(), "it says nothing of what went wrong"
        assert leftovers(directory) == []
        assert_nothing_lost(server, directory, expected)
        assert_next_run_completes(ours, server, directory, expected)


def test_interrupted(ours: OurClient, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a message."""
    expected, directory = messages(), tmp_path / "mail"
    directory.mkdir()
    with SmallServer(expected) as server:
        server.fault = Fault.WAITS
        account = account_on(server)
        process = start(ours.command(account, directory, delete=True), account.password)
        assert server.halfway.wait(30)
        for _ in range(ours.interrupts):
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        assert finished(process).code != 0
        assert_nothing_lost(server, directory, expected)
        assert_next_run_completes(ours, server, directory, expected)


def test_disk_full(ours: OurClient, tmp_path: Path) -> None:
    """Writing fails in the middle of the second message, as it does on a full disk."""
    expected, directory = messages(), tmp_path / "mail"
    directory.mkdir()
    with SmallServer(expected) as server:
        account = account_on(server)
        command = ours.command(account, directory, delete=True)
        # SIGXFSZ stays ignored, as Python has it, so that writing fails with an error instead.
        process = start(
            command, account.password, preexec_fn=limit_file_size, restore_signals=False
        )
        run = finished(process)
        assert run.code > 0, run.output
        assert run.output.strip(), "it says nothing of what went wrong"
        assert leftovers(directory) == []
        assert_nothing_lost(server, directory, expected)
        assert_next_run_completes(ours, server, directory, expected)


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))


def test_pipelining(ours: OurClient, tmp_path: Path) -> None:
    """Several commands are under way at once where the server offers it (RFC 2449 §6.6), and
    never where it does not."""
    expected = mail.corpus(50)
    for pipelining in (True, False):
        with SmallServer(expected, pipelining=pipelining) as server:
            directory = tmp_path / str(pipelining)
            assert ours.fetch(account_on(server), directory) == expected
            assert (server.most_waiting > 1) == pipelining


def test_no_earlier_message_is_replaced(ours: OurClient, tmp_path: Path) -> None:
    """Message numbers begin anew in each session: today's first is not yesterday's first."""
    earlier, later = mail.corpus(2, seed=3), mail.corpus(2, seed=4)
    with SmallServer(earlier) as server:
        assert ours.fetch(account_on(server), tmp_path, delete=True) == earlier
    with SmallServer(later) as server:
        run = ours.run(account_on(server), tmp_path, delete=True)
        # To refuse is as good as to store beside.
        refused = run.code > 0 and server.deleted == set()
        assert stored(tmp_path) == (earlier if refused else earlier + later), run.output

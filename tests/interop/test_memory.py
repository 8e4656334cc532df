"""Memory does not grow with the message: 200 MB take no more than 5 kB do."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from our_clients import OurClient, finished, start
from our_servers import OurServer, started

SMALL, BIG = 5_000, 200_000_000
# The promise, in KiB.
ALLOWED_GROWTH = 2_048
HEADER = b"From: anna@example.com\r\nSubject: a file\r\nMIME-Version: 1.0\r\n\r\n"
LINE = b"QUJD" * 19 + b"\r\n"


@pytest.fixture(scope="session")
def peak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that measures."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    program = tmp_path_factory.mktemp("peak") / "peak"
    source = Path(__file__).with_name("peak.c")
    subprocess.run([compiler, "-O2", str(source), "-o", str(program)], check=True)
    return program


def pieces(octets: int) -> Iterator[bytes]:
    """A message of about that size, without ever having it whole: dots, then base64."""
    yield HEADER + b".\r\n..\r\n"
    lines = max(0, octets - len(HEADER)) // len(LINE)
    for _ in range(lines // 1_000):
        yield LINE * 1_000
    yield LINE * (lines % 1_000)


def write(path: Path, octets: int) -> str:
    """Writes such a message; returns its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces(octets):
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def peak_kilobytes(
    ours: OurClient, server: OurServer, peak: Path, octets: int, directory: Path
) -> int:
    """The client's largest resident set when it fetches one message of that size."""
    fetched, figure = directory / "mail", directory / "peak"
    fetched.mkdir(parents=True)
    with started(server, directory, []) as maildrop:
        expected = write(maildrop.directory / "new" / "1", octets)
        command = ours.command(maildrop.account, fetched)
        run = finished(start([str(peak), str(figure), *command], maildrop.account.password))
    assert run.code == 0, run.output
    (message,) = fetched.glob("*.eml")
    assert digest_of(message) == expected
    message.unlink()
    return int(figure.read_text())


def test_memory_does_not_grow_with_the_message(
    ours: OurClient, rust_server: OurServer, peak: Path, tmp_path: Path
) -> None:
    small = peak_kilobytes(ours, rust_server, peak, SMALL, tmp_path / "small")
    big = peak_kilobytes(ours, rust_server, peak, BIG, tmp_path / "big")
    print(f"\n{ours.name}: peak RSS {small:,} KiB for 5 kB, {big:,} KiB for 200 MB")
    assert big - small <= ALLOWED_GROWTH


def test_the_server_s_memory_does_not_grow_either(
    our_server: OurServer, rust_client: OurClient, tmp_path: Path
) -> None:
    """The high-water mark of the serving process, before and after it sent 200 MB."""
    with started(our_server, tmp_path, []) as maildrop:
        write(maildrop.directory / "new" / "1", SMALL)
        assert rust_client.run(maildrop.account, tmp_path / "first", delete=True).code == 0
        before = high_water_mark(maildrop.process)
        write(maildrop.directory / "new" / "2", BIG)
        assert rust_client.run(maildrop.account, tmp_path / "second", delete=True).code == 0
        after = high_water_mark(maildrop.process)
    shutil.rmtree(tmp_path / "second")
    print(f"\n{our_server.name} server: {before:,} KiB after 5 kB, {after:,} KiB after 200 MB")
    assert after - before <= ALLOWED_GROWTH


def high_water_mark(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM: not on Linux?")

"""The Rust image in QEMU, and its log: defmt's frames come by semihosting, `defmt-print` makes lines of
them with the strings that lie in the image's file and nowhere else."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from emulator import IMAGES, MPS2, SECONDS

# Where `cargo xtask test firmware-rust` puts them.
IMAGE = IMAGES / MPS2.name / "rust.elf"
PRINT = Path(__file__).resolve().parents[2] / "target" / "tools" / "bin" / "defmt-print"


@dataclass(frozen=True)
class Log:
    """What an image logged: as it came, and in words."""

    frames: bytes
    lines: list[str]


def run(imap: int, pop3: int) -> Log:
    """What the image logs that passes. Its serial lines lead to these TCP ports of the loopback."""
    done = subprocess.run(
        [
            *MPS2.emulator,
            *("-display", "none", "-monitor", "none"),
            *("-serial", f"tcp:127.0.0.1:{imap}", "-serial", f"tcp:127.0.0.1:{pop3}"),
            *("-semihosting-config", "enable=on,target=native", "-kernel", str(IMAGE)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=SECONDS,
        check=False,
    )
    log = Log(done.stdout, decoded(done.stdout))
    print("\n".join(log.lines), flush=True)
    assert done.returncode == 0
    return log


def decoded(frames: bytes) -> list[str]:
    """The frames as lines."""
    command = [str(PRINT), "-e", str(IMAGE)]
    printed = subprocess.run(command, input=frames, capture_output=True, timeout=60, check=True)
    return printed.stdout.decode().splitlines()

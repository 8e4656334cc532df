"""Images in QEMU, which end by themselves and say how it went."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 600.0

# As `cargo xtask test firmware` links them.
IMAGES = Path(__file__).resolve().parents[2] / "target" / "firmware"


@dataclass(frozen=True)
class Board:
    """A board that QEMU emulates; or only a processor, with Linux."""

    name: str
    emulator: tuple[str, ...]
    is_chip: bool = True

    def __str__(self) -> str:
        return self.name


MPS2 = Board("mps2", ("qemu-system-arm", "-M", "mps2-an386", "-cpu", "cortex-m4"))
MICROBIT = Board("microbit", ("qemu-system-arm", "-M", "microbit"))
VIRT = Board("virt", ("qemu-system-riscv32", "-M", "virt", "-cpu", "rv32", "-bios", "none"))
POWERPC = Board("powerpc", ("qemu-ppc",), is_chip=False)


def run(
    board: Board,
    image: str,
    port: int | None = None,
    on_line: Callable[[str], None] = lambda line: None,
) -> list[str]:
    """What an image says that passes, line by line; `on_line` is told each as it comes.

    `port` is the TCP port of the loopback that the serial line leads to.
    """
    said = []
    with subprocess.Popen(
        command(board, image, port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as emulator:
        alarm = threading.Timer(SECONDS, emulator.kill)
        alarm.start()
        try:
            for line in emulator.stdout:
                said.append(line.decode(errors="replace").rstrip("\n"))
                print(f"{board} {image}: {said[-1]}", flush=True)
                on_line(said[-1])
        finally:
            alarm.cancel()
            emulator.kill()
    assert emulator.returncode == 0, f"{board} {image}: {emulator.returncode}"
    assert said[-1] == "passed"
    return said


def command(board: Board, image: str, port: int | None) -> list[str]:
    """How the emulator is called: words of the image come to its own output."""
    linked = str(IMAGES / board.name / f"{image}.elf")
    if not board.is_chip:
        return [*board.emulator, linked]
    serial = "none" if port is None else f"tcp:127.0.0.1:{port}"
    return [
        *board.emulator,
        *("-display", "none", "-monitor", "none", "-serial", serial),
        *("-semihosting-config", "enable=on,target=native", "-kernel", linked),
    ]

"""Whole processes that take turns: what each costs, and what of that its own work is.

A subject is a command line. Each of its runs gets a fresh directory, is checked to have done what it
was told, and costs processor time (user and system, children included), wall time, and the peak of
its resident set, which `peak.c` reads: the kernel counts the parent's memory too until the child
calls exec, so whoever measures must be smaller than what is measured. A program of ours that prints
a line of JSON tells `cpu` and `wall` of its work alone, without starting Python, importing, logging in.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))

from servers import Unavailable

INTEROP = Path(__file__).resolve().parent.parent / "interop"
# In memory where the machine has a file system for that, so that no disk is measured.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
RUN_SECONDS = 120.0


@dataclass(frozen=True)
class Cost:
    """One run: seconds, and megabytes (of 10⁶ octets) of resident set."""

    cpu: float
    wall: float
    peak: float
    work_cpu: float | None = None
    work_wall: float | None = None


@dataclass
class Subject:
    """One contestant at one task.

    `command` makes the command line, and may prepare the directory; `check` raises when the run did
    not do its task, of which `told` is what it printed. `rounds` limits those of slow ones.
    """

    name: str
    command: Callable[[Path], list[str]]
    settings: str = ""
    check: Callable[[Path, dict[str, float]], None] = lambda _, __: None
    rounds: int = 1_000
    costs: list[Cost] = field(default_factory=list)
    missing: str = ""

    def median(self, what: str) -> float | None:
        """The median of one figure over the rounds, if it was told."""
        told = [getattr(cost, what) for cost in self.costs]
        return statistics.median(told) if told and None not in told else None


def compare(
    ours: Subject, other: Subject, what: str, by: Callable[[float, float], float]
) -> float | None:
    """The median of what the rounds compare to: what slows the machine for a while slows both."""
    pairs = [(getattr(a, what), getattr(b, what)) for a, b in zip(ours.costs, other.costs)]
    if not pairs or any(None in pair for pair in pairs):
        return None
    return statistics.median(by(*pair) for pair in pairs)


class Arena:
    """Where subjects run: a directory, and the program that watches their memory."""

    def __init__(self, password: str) -> None:
        self._password = password

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix="mailproto-bench-", dir=MEMORY)
        self.path = Path(self._directory.name)
        self._peak = self.path / "peak"
        compiler = require("cc")
        subprocess.run([compiler, "-O1", "-o", self._peak, INTEROP / "peak.c"], check=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()

    def play(self, subjects: Iterable[Subject], rounds: int) -> None:
        """One round to warm up, in which those that are not there drop out, then `rounds`."""
        present = [subject for subject in subjects if self._warm_up(subject)]
        for number in range(rounds):
            for subject in present:
                if number < subject.rounds:
                    subject.costs.append(self.run(subject))

    def _warm_up(self, subject: Subject) -> bool:
        try:
            if not subject.missing:
                self.run(subject)
        except Unavailable as why:
            subject.missing = str(why)
        return not subject.missing

    def run(self, subject: Subject) -> Cost:
        directory = Path(tempfile.mkdtemp(dir=self.path))
        try:
            return self._run(subject, directory)
        finally:
            shutil.rmtree(directory)

    def _run(self, subject: Subject, directory: Path) -> Cost:
        peak, printed = directory / "peak-kib", directory / "printed"
        command = [str(self._peak), str(peak), *subject.command(directory)]
        environment = dict(os.environ, MAILPROTO_PASSWORD=self._password, HOME=str(directory))
        complaints = directory / "complaints"
        with printed.open("wb") as output, complaints.open("wb") as errors:
            begun = time.perf_counter()
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                cwd=directory,
                start_new_session=True,
            )
            watchdog = threading.Timer(RUN_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
            watchdog.start()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begun
            watchdog.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            why = complaints.read_text(errors="replace")[-4_000:]
            raise SystemExit(f"{subject.name}: exit code {process.returncode}\n{why}")
        told = what_was_told(printed)
        subject.check(directory, told)
        cpu = usage.ru_utime + usage.ru_stime
        kib = int(peak.read_text())
        return Cost(cpu, wall, kib * 1024 / 1e6, told.get("cpu"), told.get("wall"))


def what_was_told(printed: Path) -> dict[str, float]:
    """The line of JSON that our programs print; other programs print what they want."""
    octets = printed.read_bytes() if printed.stat().st_size < 10_000 else b""
    return json.loads(octets) if octets.startswith(b"{") else {}


def require(program: str | Path) -> str:
    """The path of a program, or `Unavailable`."""
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{Path(program).name} is not there")
    return found


def require_module(name: str, package: str) -> None:
    """Raises `Unavailable` where Python has no such module."""
    if find_spec(name) is None:
        raise Unavailable(f"{package} is not installed")

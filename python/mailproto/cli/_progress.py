"""How far it is, on a terminal: by tqdm where it is installed, else in a plain line."""

from __future__ import annotations

import importlib
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Protocol

    class Amounts(Protocol):
        """How much was done, and how much there is to do; as `mailproto.pop3.SyncProgress`."""

        messages: int
        total_messages: int
        octets: int
        total_octets: int


__all__ = ["Meter", "Progress", "meter", "size"]

EVERY_SECONDS = 0.1


class Progress:
    """How much was done."""

    __slots__ = ("messages", "octets", "total_messages", "total_octets")

    def __init__(self, total_messages: int = 0, total_octets: int = 0) -> None:
        self.messages = 0
        self.total_messages = total_messages
        self.octets = 0
        self.total_octets = total_octets


class Meter:
    """Shows nothing: for pipes and `--quiet`."""

    def update(self, progress: Amounts) -> None:
        """Called often."""

    def close(self) -> None:
        """Clears the line."""


class PlainMeter(Meter):
    """A line that is written over."""

    def __init__(self) -> None:
        self._next = 0.0
        self._begun = time.monotonic()

    def update(self, progress: Amounts) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_SECONDS
        rate = progress.octets / max(now - self._begun, 0.001)
        left = max(progress.total_octets - progress.octets, 0)
        words = f"{progress.messages}/{progress.total_messages} messages, "
        words += f"{size(progress.octets)} of {size(progress.total_octets)}, {size(rate)}/s"
        words += f", {left / rate:.0f} s left" if rate else ""
        print(f"\r{words:<75}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        print(f"\r{'':<75}\r", end="", file=sys.stderr, flush=True)


class TqdmMeter(Meter):
    """A progress bar."""

    def __init__(self, tqdm: Any) -> None:  # noqa: ANN401
        self._bar = tqdm(unit="B", unit_scale=True, leave=False, mininterval=EVERY_SECONDS)

    def update(self, progress: Amounts) -> None:
        bar = self._bar
        bar.total = max(progress.total_octets, progress.octets)
        bar.desc = f"{progress.messages}/{progress.total_messages}: "
        bar.update(progress.octets - bar.n)

    def close(self) -> None:
        self._bar.close()


def meter(options: Namespace) -> Meter:
    """The meter that fits where stderr goes."""
    if options.quiet or options.verbose or not sys.stderr.isatty():
        return Meter()
    try:
        # Not a dependency: `pip install tqdm` makes the bar prettier.
        return TqdmMeter(importlib.import_module("tqdm").tqdm)
    except ImportError:
        return PlainMeter()


def size(octets: float) -> str:
    """A number of octets for people."""
    for unit in ("B", "kB", "MB"):
        if octets < 1000:
            return f"{octets:.0f} {unit}" if unit == "B" else f"{octets:.1f} {unit}"
        octets /= 1000
    return f"{octets:.1f} GB"

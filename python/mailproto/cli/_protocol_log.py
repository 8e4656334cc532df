"""What was said on a connection, for bug reports: without secrets and without messages."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto.sansio.pop3 import (
    Capability,
    Challenge,
    Completed,
    Data,
    Greeting,
    ScanListing,
    Started,
    UniqueId,
    Unrecognized,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import TextIO

    from mailproto.sansio.pop3 import Event

__all__ = ["HIDDEN", "ProtocolLog", "log_file", "protocol_log"]

HIDDEN = "[hidden]"
# How many words of a command are shown, where not all of them may be.
SHOWN_WORDS = {"PASS": 1, "AUTH": 2, "APOP": 2}


@contextmanager
def log_file(target: str | None) -> Generator[TextIO | None]:
    """The file that `--log-protocol` names. It is appended to."""
    if target is None:
        yield None
    elif target == "-":
        yield sys.stderr
    else:
        with Path(target).open("a", encoding="utf-8", errors="backslashreplace") as file:
            yield file


@contextmanager
def protocol_log(target: str | None) -> Generator[ProtocolLog | None]:
    """The log of a POP3 connection."""
    with log_file(target) as file:
        yield ProtocolLog(file) if file is not None else None


class ProtocolLog:
    """Writes commands as `C:` lines and events as `S:` lines."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._octets = 0
        # While AUTH is not answered, every line that is sent is a part of the proof.
        self._authenticating = False

    def __call__(self, sent: bytes | None, event: Event | None) -> None:
        if sent is not None:
            for line in sent.decode("utf-8", "backslashreplace").split("\r\n")[:-1]:
                self._write(f"C: {self._redacted(line)}")
        elif event is not None:
            self._log_event(event)
        self._file.flush()

    def _redacted(self, line: str) -> str:
        if self._authenticating:
            return HIDDEN
        words = line.split(" ")
        verb = words[0].upper()
        shown = SHOWN_WORDS.get(verb)
        self._authenticating = verb == "AUTH"
        if shown is None or len(words) <= shown:
            return line
        return " ".join([*words[:shown], HIDDEN])

    def _log_event(self, event: Event) -> None:
        match event:
            case Data():
                self._octets += len(event.data)
            case Completed(verb=verb):
                if self._octets:
                    self._write(f"S: … {self._octets} octets of message")
                self._octets = 0
                self._authenticating = self._authenticating and verb != "AUTH"
                sign = "+OK" if event.status == "ok" else "-ERR"
                self._write(f"S: {sign} {code(event.code)}{event.text} ({verb} {event.status})")
            case Greeting():
                sign = "+OK" if event.ok else "-ERR"
                self._write(f"S: {sign} {code(event.code)}{event.text}")
            case Started():
                self._write(f"S: +OK {event.text} ({event.verb} begins)")
            case Challenge():
                self._write(f"S: + {HIDDEN}")
            case Unrecognized():
                self._write(f"S: {len(event.line)} octets that are not understood")
            case Capability(name=name, arguments=arguments):
                self._write(f"S: {' '.join([name, *arguments])}")
            case ScanListing(message=message, octets=octets):
                self._write(f"S: {message} {octets}")
            case UniqueId(message=message, uid=uid):
                self._write(f"S: {message} {uid}")
            case _:
                self._write(f"S: {event!r}")

    def _write(self, line: str) -> None:
        print(line, file=self._file)


def code(code: str | None) -> str:
    return f"[{code}] " if code else ""

"""What was said on an IMAP connection, for bug reports: without secrets and without messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailproto.cli._protocol_log import HIDDEN
from mailproto.sansio.imap import (
    BodyData,
    BodyEnd,
    BodyStart,
    Challenge,
    Completed,
    Envelope,
    Fetch,
    Part,
    Unrecognized,
)

if TYPE_CHECKING:
    from typing import TextIO

    from mailproto.sansio.imap import Event

__all__ = ["ImapLog"]

# A literal follows (RFC 9051 §4.3).
LITERAL = re.compile(r"~?\{(\d+)\+?\}$")
# Behind these words of a command, everything is hidden: LOGIN has none, AUTHENTICATE the mechanism.
SHOWN_WORDS = {"LOGIN": 2, "AUTHENTICATE": 3}


class ImapLog:
    """Writes commands as `C:` lines and events as `S:` lines."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held = b""
        # How much is still to come of a literal, which is a message or may be a password.
        self._literal = 0
        # The command that goes on behind a literal, and whether its arguments are secret.
        self._secret = False
        self._continued = False
        # While AUTHENTICATE is not answered, every line that is sent is a part of the proof.
        self._authenticating = False

    def __call__(self, sent: bytes | None, event: Event | None) -> None:
        if sent is not None:
            self._log_sent(sent)
        elif event is not None:
            self._log_event(event)
        self._file.flush()

    def _log_sent(self, sent: bytes) -> None:
        self._held += sent
        while self._held:
            if self._literal:
                skipped = min(self._literal, len(self._held))
                self._literal -= skipped
                self._held = self._held[skipped:]
                continue
            line, newline, rest = self._held.partition(b"\r\n")
            if not newline:
                return
            self._held = rest
            self._log_line(line.decode("utf-8", "backslashreplace"))

    def _log_line(self, line: str) -> None:
        if not self._continued:
            words = line.split(" ")
            verb = words[1].upper() if len(words) > 1 else ""
            self._secret = verb in SHOWN_WORDS or self._authenticating
            shown = 0 if self._authenticating else SHOWN_WORDS.get(verb)
            self._authenticating = self._authenticating or verb == "AUTHENTICATE"
        else:
            words, shown = [line], 0 if self._secret else None
        literal = LITERAL.search(line)
        if shown is not None and len(words) > shown:
            line = " ".join([*words[:shown], HIDDEN])
        if literal is not None:
            self._literal = int(literal[1])
            line += f" … {self._literal} octets" if not self._secret else ""
        self._continued = literal is not None
        self._write(f"C: {line}")

    def _log_event(self, event: Event) -> None:
        match event:
            case Fetch():
                self._write(f"S: {fetched(event)}")
            case Completed():
                if event.command == "AUTHENTICATE":
                    self._authenticating = False
                self._write(f"S: {event!r}")
            case Challenge():
                self._write(f"S: + {HIDDEN}")
            case BodyStart():
                self._write(f"S: {event!r}")
            case BodyData() | BodyEnd():
                pass
            case Unrecognized():
                self._write(f"S: {len(event.line)} octets that are not understood")
            case _:
                self._write(f"S: {event!r}")

    def _write(self, line: str) -> None:
        print(line, file=self._file)


def fetched(event: Fetch) -> str:
    """A FETCH response without what is private in it."""
    facts: list[str] = []
    for name, value in event.to_dict().items():
        # Absent ones are not worth their room.
        if value is None or value in ({}, ()):
            continue
        if isinstance(value, bytes | Envelope | Part) or name in ("envelope", "body_structure"):
            facts.append(f"{name}=…")
        elif name in ("bodies", "others"):
            sizes = {key: len(octets or b"") for key, octets in value.items()}
            facts.append(f"{name}: octets {sizes}")
        elif name not in ("preview", "malformed"):
            facts.append(f"{name}={value!r}")
    return f"FETCH {' '.join(facts)}"

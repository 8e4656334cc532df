"""Search programs that are given as text, as RFC 9051 §6.4.4 writes them, taken apart."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from mailproto._errors import InvalidArgument

if TYPE_CHECKING:
    from mailproto._imap_query import Key

__all__ = ["parsed"]

TOKEN = re.compile(r'\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))')
# How many arguments of which kind a key takes: text, number, or key.
TEXT, NUMBER, KEY = "text", "number", "key"
ARGUMENTS = {
    **dict.fromkeys(("BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO"), (TEXT,)),
    **dict.fromkeys(("BEFORE", "ON", "SINCE", "SENTBEFORE", "SENTON", "SENTSINCE"), (TEXT,)),
    **dict.fromkeys(("KEYWORD", "UNKEYWORD", "UID"), (TEXT,)),
    **dict.fromkeys(("SAVEDBEFORE", "SAVEDON", "SAVEDSINCE"), (TEXT,)),
    **dict.fromkeys(("EMAILID", "THREADID"), (TEXT,)),
    **dict.fromkeys(("X-GM-LABELS", "X-GM-RAW"), (TEXT,)),
    **dict.fromkeys(("X-GM-MSGID", "X-GM-THRID"), (NUMBER,)),
    **dict.fromkeys(("LARGER", "SMALLER", "OLDER", "YOUNGER", "MODSEQ"), (NUMBER,)),
    "HEADER": (TEXT, TEXT),
    "NOT": (KEY,),
    "OR": (KEY, KEY),
}
DAY = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})")
MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
# RFC 3501 dates: a client may write them, this package takes days.
DATES = frozenset(name for name in ARGUMENTS if name.endswith(("BEFORE", "ON", "SINCE")))
# Nobody nests deeper by hand.
DEPTH = 32


def parsed(program: str) -> Key:
    """The key that a program stands for."""
    reader = Reader(program)
    key = reader.keys(0)
    if reader.peek() is not None:
        raise reader.refusal("a parenthesis too many")
    return key


class Reader:
    """Reads a program from left to right."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._tokens = list(self._split())
        self._next = 0

    def refusal(self, why: str) -> InvalidArgument:
        """The exception for a program that is none."""
        return InvalidArgument("search", f"not a search program: {why}: {self._program!r}")

    def _split(self) -> list[tuple[str, bool]]:
        """The tokens, and whether each was quoted."""
        tokens: list[tuple[str, bool]] = []
        text, position = self._program.rstrip(), 0
        while position < len(text):
            found = TOKEN.match(text, position)
            if found is None:
                raise self.refusal("a quote without an end")
            mark, quoted, atom = found.groups()
            if quoted is not None:
                tokens.append((re.sub(r"\\(.)", r"\1", quoted), True))
            else:
                tokens.append((mark or atom, False))
            position = found.end()
        return tokens

    def peek(self) -> str | None:
        """The next token, if there is one."""
        return self._tokens[self._next][0] if self._next < len(self._tokens) else None

    def take(self) -> tuple[str, bool]:
        """The next token."""
        if self.peek() is None:
            raise self.refusal("something is missing at its end")
        self._next += 1
        return self._tokens[self._next - 1]

    def keys(self, depth: int) -> Key:
        """Keys up to the end, or to a closing parenthesis."""
        found: list[Any] = []
        while self.peek() not in (None, ")"):
            found.append(self.key(depth))
        if not found:
            raise self.refusal("nothing to look for")
        return found[0] if len(found) == 1 else ("AND", *found)

    def key(self, depth: int) -> Key:
        """One key with its arguments."""
        if depth > DEPTH:
            raise self.refusal("too deep")
        token, quoted = self.take()
        if quoted:
            raise self.refusal(f"{token!r} is no key")
        if token == "(":  # noqa: S105
            inner = self.keys(depth + 1)
            if self.peek() != ")":
                raise self.refusal("a parenthesis is missing")
            self.take()
            return inner
        name = token.upper()
        if name[0].isdigit() or name[0] == "*":
            raise self.refusal("sequence numbers move: use UID")
        takes = ARGUMENTS.get(name, ())
        arguments = [self.argument(name, kind, depth) for kind in takes]
        return (name, *arguments) if arguments else name

    def argument(self, name: str, kind: str, depth: int) -> Any:  # noqa: ANN401
        """One argument of a key."""
        if kind == KEY:
            return self.key(depth + 1)
        token, _ = self.take()
        if kind == NUMBER:
            if not token.isdigit():
                raise self.refusal(f"{name} takes a number")
            return int(token)
        return self.day(token) if name in DATES else token

    def day(self, token: str) -> date:
        """A date such as 1-Feb-2026."""
        found = DAY.fullmatch(token)
        month = MONTHS.find(found[2].lower()) if found else -1
        if found is None or month % 3:
            raise self.refusal("dates are written 1-Feb-2026")
        try:
            return date(int(found[3]), month // 3 + 1, int(found[1]))
        except ValueError:
            raise self.refusal(f"there is no such day: {token}") from None

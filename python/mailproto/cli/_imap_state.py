"""The memory of what `mailproto imap fetch` has downloaded: UIDs (RFC 9051 §2.3.1.1) in a text file
that only grows.

A line a fact, each written with one system call, so that a kill leaves at most a torn last line,
which is dropped at the next start:

    mailproto-imap 1
    = mrose@imap.example.org 1763866800 INBOX    a folder: whose, its UIDVALIDITY, its name
    + 1:500,503                                  stored, of the folder named last

Octets that would confuse are percent-encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mailproto.sansio.imap import UidSet
from mailproto.stores._linefile import SPARE_LINES, LineFile
from mailproto.stores._uidl import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["FetchState", "FolderState", "Renumbered"]

SETS = re.compile(r"[0-9:,]+")


class Renumbered(ValueError):
    """The server has numbered a folder anew (RFC 9051 §2.3.1.1): nobody can tell any more which of
    its messages were downloaded."""


class FetchState(LineFile):
    """Remembers, in one file, which messages of which folders were downloaded.

    The file is made when it is not there and locked while it is open: a second process gets
    `Locked`. What was added survives this process being killed; after `flush` it survives a power
    failure as well.
    """

    HEADER = b"mailproto-imap 1\n"
    OTHER = "is no memory of `mailproto imap fetch`"

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._seen: dict[tuple[str, str], tuple[int, UidSet]] = {}
        self._last: tuple[str, str] | None = None
        super().__init__(path, durable=durable)
        # What is appended names its folder first.
        self._last = None

    def folder(self, account: str, name: str, uid_validity: int, *, forget: bool) -> FolderState:
        """The memory of one folder. When it was numbered anew: `Renumbered`, or with `forget` an
        empty memory."""
        known = self._seen.get((account, name))
        if known is None or (known[0] != uid_validity and forget):
            self._seen[account, name] = uid_validity, UidSet()
            self._name(account, name)
        elif known[0] != uid_validity:
            raise Renumbered(
                f"{name}: the server has numbered its messages anew (UIDVALIDITY was {known[0]}, "
                f"is {uid_validity}): with --renumbered=fetch all of it is downloaded again"
            )
        return FolderState(self, account, name)

    def seen(self, account: str, name: str) -> UidSet:
        """The UIDs of what was downloaded."""
        return self._seen[account, name][1]

    def add(self, account: str, name: str, uids: Iterable[int]) -> None:
        """These were stored."""
        if self._last != (account, name):
            self._name(account, name)
        added = UidSet(uids)
        self._append(f"+ {added}\n")
        uid_validity, seen = self._seen[account, name]
        self._seen[account, name] = uid_validity, seen | added

    # The file.

    def _name(self, account: str, name: str) -> None:
        """Names the folder that following lines are about."""
        uid_validity = self._seen[account, name][0]
        self._append(f"= {encoded(account)} {uid_validity} {encoded(name)}\n")
        self._last = account, name

    def _read(self, line: bytes) -> None:
        words = line.decode("ascii", "replace")
        match words.split(" "):
            case ["=", account, uid_validity, name] if uid_validity.isdigit():
                self._last = decoded(account.encode()), decoded(name.encode())
                known = self._seen.get(self._last)
                if known is None or known[0] != int(uid_validity):
                    self._seen[self._last] = int(uid_validity), UidSet()
            case ["+", uids] if self._last is not None and SETS.fullmatch(uids):
                number, seen = self._seen[self._last]
                self._seen[self._last] = number, seen | UidSet(uids)
            case _:
                # Damage costs more than this line: what follows may be of another folder.
                raise ValueError(f"{self._path} is damaged: {words[:60]!r}")

    def _is_worn(self, lines: int) -> bool:
        return lines > SPARE_LINES + 2 * len(self._seen)

    def _facts(self) -> list[str]:
        facts: list[str] = []
        for (account, name), (uid_validity, seen) in self._seen.items():
            facts.append(f"= {encoded(account)} {uid_validity} {encoded(name)}\n")
            facts += [f"+ {seen}\n"] if seen else []
        return facts


class FolderState:
    """The memory of one folder."""

    def __init__(self, state: FetchState, account: str, name: str) -> None:
        self._state = state
        self._account = account
        self._name = name

    @property
    def seen(self) -> UidSet:
        """The UIDs of what was downloaded."""
        return self._state.seen(self._account, self._name)

    def add(self, uids: Iterable[int]) -> None:
        """These were stored. Written at once."""
        self._state.add(self._account, self._name, uids)

    def flush(self) -> None:
        """Returns when it would survive a power failure."""
        self._state.flush()

"""The memory of what was fetched: unique-ids (RFC 1939 §7) in a text file that only grows.

A line a fact, one or many written with one system call, so that a kill leaves at most a torn last
line, which is dropped at the next start:

    mailproto-uidl 1
    + 1763866800 whqtswO00WBw418f9t5JxYwZ     fetched, when (seconds since 1970)
    ? 1763870400 whqtswO00WBw418f9t5JxYwZ     not on the server any more, since when
    - whqtswO00WBw418f9t5JxYwZ                forgotten

Octets that would confuse are percent-encoded. A file that is lost can be made anew: `add` every
unique-id that the server lists and that you have.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mailproto.stores._linefile import SPARE_LINES, LineFile

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

__all__ = ["UidlStore"]

# How long what the server no longer lists is remembered: a mailbox that is empty by mistake for
# a day must not be downloaded twice.
FORGET_SECONDS = 30 * 86400
UNSAFE = re.compile(r"[^!-$&-~]")


class UidlStore(LineFile):
    """Remembers which messages were fetched and when, for one maildrop, in one file.

    The file is made when it is not there and locked while it is open: a second process gets
    `Locked`. What `add` was told survives this process being killed; after `flush` it survives a
    power failure as well.
    """

    HEADER = b"mailproto-uidl 1\n"
    OTHER = "is not a UIDL store of this version"

    def __init__(self, path: str | os.PathLike[str], *, durable: bool = True) -> None:
        self._fetched: dict[str, float] = {}
        self._absent: dict[str, float] = {}
        super().__init__(Path(path), durable=durable)

    def __contains__(self, uid: object) -> bool:
        return uid in self._fetched

    def __len__(self) -> int:
        return len(self._fetched)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetched)

    def fetched_at(self, uid: str) -> float | None:
        """When the message was fetched, in seconds since 1970; `None` when it was not."""
        return self._fetched.get(uid)

    def add(self, uid: str, when: float) -> None:
        """The message was fetched."""
        self.add_many((uid,), when)

    def add_many(self, uids: Iterable[str], when: float) -> None:
        """These messages were fetched. One system call writes them all, or none."""
        uids = list(uids)
        self._append("".join([f"+ {when:.0f} {encoded(uid)}\n" for uid in uids]))
        for uid in uids:
            self._fetched[uid] = when
            self._absent.pop(uid, None)

    def discard(self, uid: str) -> None:
        """Forgets a message: it will be fetched again."""
        if uid in self._fetched:
            self._append(f"- {encoded(uid)}\n")
            del self._fetched[uid]
            self._absent.pop(uid, None)

    def retain(self, uids: Iterable[str], now: float) -> None:
        """These are all that the server has. Others are forgotten when that has been so for 30
        days."""
        present = set(uids)
        for uid in [uid for uid in self._absent if uid in present]:
            self.add(uid, self._fetched[uid])
        for uid in [uid for uid in self._fetched if uid not in present]:
            since = self._absent.get(uid)
            if since is None:
                self._append(f"? {now:.0f} {encoded(uid)}\n")
                self._absent[uid] = now
            elif now - since > FORGET_SECONDS:
                self.discard(uid)

    # The file.

    def _read(self, line: bytes) -> None:
        match line.split(b" "):
            case [b"+", when, uid] if when.isdigit():
                self._fetched[decoded(uid)] = int(when)
                self._absent.pop(decoded(uid), None)
            case [b"?", when, uid] if when.isdigit() and decoded(uid) in self._fetched:
                self._absent[decoded(uid)] = int(when)
            case [b"-", uid]:
                self._fetched.pop(decoded(uid), None)
                self._absent.pop(decoded(uid), None)
            case _:
                pass  # Damage, which costs that line only.

    def _is_worn(self, lines: int) -> bool:
        needless = lines - len(self._fetched) - len(self._absent)
        return needless > SPARE_LINES + len(self._fetched)

    def _facts(self) -> list[str]:
        facts = [f"+ {when:.0f} {encoded(uid)}\n" for uid, when in self._fetched.items()]
        facts += [f"? {when:.0f} {encoded(uid)}\n" for uid, when in self._absent.items()]
        return facts


def encoded(uid: str) -> str:
    """A unique-id as a word of visible ASCII."""
    if UNSAFE.search(uid) is None:
        return uid
    return UNSAFE.sub(percent_encoded, uid)


def percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in match[0].encode("utf-8", "surrogateescape"))


def decoded(word: bytes) -> str:
    """The unique-id that a word stands for."""
    if b"%" not in word:
        return word.decode("utf-8", "surrogateescape")
    parts = re.split(rb"%([0-9A-F]{2})", word)
    parts[1::2] = [bytes.fromhex(part.decode()) for part in parts[1::2]]
    return b"".join(parts).decode("utf-8", "surrogateescape")

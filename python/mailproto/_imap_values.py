"""What IMAP commands return, and what is told of a mailbox that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mailproto.sansio.imap import MailboxStatus, UidSet

__all__ = [
    "AppendUid",
    "Arrived",
    "Change",
    "CopyUid",
    "Expunged",
    "FlagsChanged",
    "FolderInfo",
]


class FolderInfo(NamedTuple):
    """A folder that the server listed (RFC 9051 §7.3.1)."""

    name: str
    """Its name, as `Client.select` takes it."""
    delimiter: str | None
    """What separates the levels of the hierarchy in `name`; `None` where there is none."""
    attributes: frozenset[str]
    r"""As the server wrote them: ``\HasChildren``, ``\Noselect``, ``\Sent`` …"""
    special_use: str | None
    r"""What it is for (RFC 6154): ``\Sent``, ``\Trash`` …; `None` for an ordinary folder."""
    selectable: bool
    """Whether it can be selected: some only hold other folders."""
    subscribed: bool | None
    """Whether it is subscribed to; `None` if the server did not say."""
    status: MailboxStatus | None = None
    """How many messages it holds and so on, if that was asked for and the server told."""


class AppendUid(NamedTuple):
    """Where an appended message went (RFC 9051 §7.1, ``APPENDUID``)."""

    uid_validity: int
    uid: int


class CopyUid(NamedTuple):
    """Where copied or moved messages went (RFC 9051 §7.1, ``COPYUID``)."""

    uid_validity: int
    """The UIDVALIDITY of the destination."""
    source: UidSet
    """The messages that were copied."""
    destination: UidSet
    """Their copies."""
    mapping: Mapping[int, int]
    """The copy of each message, by UID."""

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Each message with its copy."""
        return iter(self.mapping.items())


class Arrived(NamedTuple):
    """New messages are in the folder."""

    uids: UidSet
    """Which, as `Folder.fetch` takes them."""
    count: int  # type: ignore[assignment]
    """How many."""
    exists: int
    """How many messages the folder holds now."""


class Expunged(NamedTuple):
    """A message is gone."""

    number: int | None
    """Its sequence number until now; `None` where the server tells UIDs only."""
    uid: int | None
    """Its UID; `None` where it was never known."""
    exists: int
    """How many messages the folder holds now."""


class FlagsChanged(NamedTuple):
    """A message has other flags, set by somebody else."""

    number: int | None
    """Its sequence number."""
    uid: int | None
    """Its UID; `None` where it was never known."""
    flags: frozenset[str]
    """All its flags now."""


Change = Arrived | Expunged | FlagsChanged
"""What `Folder.watch` yields."""

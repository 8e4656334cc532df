"""The engines as they are: bytes in, events out, no I/O (https://sans-io.readthedocs.io)."""

from mailproto.sansio import imap, pop3
from mailproto.sansio._sentinels import NEED_DATA, PAUSED, NeedData, Paused

__all__ = ["NEED_DATA", "PAUSED", "NeedData", "Paused", "imap", "pop3"]

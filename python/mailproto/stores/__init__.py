"""Where mail goes, and what remembers that it did.

`MaildirSink`, `MboxSink` and `FilesSink` are sinks for `mailproto.pop3.Maildrop.sync`;
`UidlStore` is its memory. Nothing half-written is ever seen under a final name, whatever
happens: a full disk, Ctrl-C, a killed process, a power failure.
"""

from mailproto._core import MaildirWriter
from mailproto.stores._files import FilesSink
from mailproto.stores._maildir import WHOLE_OCTETS, MaildirSink, maildir_flags
from mailproto.stores._mbox import MboxSink
from mailproto.stores._uidl import UidlStore

__all__ = [
    "WHOLE_OCTETS",
    "FilesSink",
    "MaildirSink",
    "MaildirWriter",
    "MboxSink",
    "UidlStore",
    "maildir_flags",
]

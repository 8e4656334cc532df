r"""IMAP without I/O: RFC 9051 and RFC 3501, with the extensions that servers have.

>>> client = Client(security="private", tag_seed=0)
>>> client.receive_data(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
>>> client.next_event().kind
'ok'
>>> client.login("mrose", "tanstaaf")
'AAA1'
>>> client.data_to_send()
b'AAA1 LOGIN mrose tanstaaf\r\n'
>>> client.receive_data(b"AAA1 OK welcome\r\n")
>>> [(event.tag, event.ok) for event in client.events()]
[('AAA1', True)]
"""

from typing import TypeAlias

from mailproto._core import Anonymous, External, Password, Token
from mailproto._core.imap import (
    Acl,
    Address,
    BodyData,
    BodyEnd,
    BodyStart,
    Bye,
    Capabilities,
    Challenge,
    Client,
    Code,
    Completed,
    Continuation,
    Enabled,
    Envelope,
    Esearch,
    Exists,
    Expunge,
    Fetch,
    Flags,
    Greeting,
    Id,
    IdleDue,
    Idling,
    ListRights,
    Mailbox,
    MailboxStatus,
    Metadata,
    MyRights,
    Namespace,
    Namespaces,
    Oversize,
    Part,
    Quirk,
    Quota,
    QuotaRoots,
    Recent,
    Search,
    Status,
    Thread,
    UidSet,
    Unrecognized,
    Upload,
    Vanished,
)
from mailproto.sansio._imap_types import (
    Command,
    CompletionStatus,
    GreetingKind,
    ListKind,
    OversizeKind,
    QuirkName,
    Security,
    State,
    StatusKind,
    StoreMode,
)
from mailproto.sansio._sentinels import NEED_DATA, NeedData

__all__ = [
    "NEED_DATA",
    "Acl",
    "Address",
    "Anonymous",
    "BodyData",
    "BodyEnd",
    "BodyStart",
    "Bye",
    "Capabilities",
    "Challenge",
    "Client",
    "Code",
    "Command",
    "Completed",
    "CompletionStatus",
    "Continuation",
    "Credentials",
    "Enabled",
    "Envelope",
    "Esearch",
    "Event",
    "Exists",
    "Expunge",
    "External",
    "Fetch",
    "Flags",
    "Greeting",
    "GreetingKind",
    "Id",
    "IdleDue",
    "Idling",
    "ListKind",
    "ListRights",
    "Mailbox",
    "MailboxStatus",
    "Metadata",
    "MyRights",
    "Namespace",
    "Namespaces",
    "NeedData",
    "Oversize",
    "OversizeKind",
    "Part",
    "Password",
    "Quirk",
    "QuirkName",
    "Quota",
    "QuotaRoots",
    "Recent",
    "Search",
    "Security",
    "State",
    "Status",
    "StatusKind",
    "StoreMode",
    "Thread",
    "Token",
    "UidSet",
    "Unrecognized",
    "Upload",
    "Vanished",
]

Credentials: TypeAlias = Password | Token | External | Anonymous
"""What a user can show."""

Event: TypeAlias = (
    Acl
    | BodyData
    | BodyEnd
    | BodyStart
    | Bye
    | Capabilities
    | Challenge
    | Completed
    | Continuation
    | Enabled
    | Esearch
    | Exists
    | Expunge
    | Fetch
    | Flags
    | Greeting
    | Id
    | IdleDue
    | Idling
    | ListRights
    | Mailbox
    | MailboxStatus
    | Metadata
    | MyRights
    | Namespaces
    | Oversize
    | Quirk
    | Quota
    | QuotaRoots
    | Recent
    | Search
    | Status
    | Thread
    | Unrecognized
    | Upload
    | Vanished
)
"""What `Client.next_event` returns."""

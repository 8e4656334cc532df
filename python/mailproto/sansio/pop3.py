r"""POP3 without I/O: RFC 1939 with 2449, 2595, 3206, 5034, 6856.

>>> client = Client(security="private")
>>> client.receive_data(b"+OK ready\r\n")
>>> client.next_event()
Greeting(ok=True, code=None, text='ready', timestamp=None)
>>> client.login("mrose", "tanstaaf")
1
>>> client.data_to_send()
b'USER mrose\r\n'
>>> client.receive_data(b"+OK mrose is a real hoopy frood\r\n")
>>> [event.verb for event in client.events()]
['USER']
>>> client.data_to_send()
b'PASS tanstaaf\r\n'
"""

from typing import TypeAlias

from mailproto._core import Anonymous, External, Password, Token
from mailproto._core.pop3 import (
    AnonymousClaim,
    Apop,
    Authenticated,
    Cancelled,
    Capability,
    Challenge,
    Client,
    Completed,
    Data,
    DropListing,
    ExternalClaim,
    Greeting,
    Handled,
    Lang,
    Language,
    List,
    Login,
    Message,
    Oversize,
    PasswordClaim,
    Quirk,
    Refused,
    ScanListing,
    SecretClaim,
    Server,
    Started,
    StartTls,
    Stat,
    TokenClaim,
    Uidl,
    UniqueId,
    Unrecognized,
    Update,
)
from mailproto.sansio._sentinels import NEED_DATA, PAUSED, NeedData, Paused
from mailproto.sansio._types import QuirkName, Security, State, Status, Verb

__all__ = [
    "NEED_DATA",
    "PAUSED",
    "Anonymous",
    "AnonymousClaim",
    "Apop",
    "Authenticated",
    "Cancelled",
    "Capability",
    "Challenge",
    "Client",
    "Completed",
    "Credentials",
    "Data",
    "DropListing",
    "Event",
    "External",
    "ExternalClaim",
    "Greeting",
    "Handled",
    "Lang",
    "Language",
    "List",
    "Login",
    "Message",
    "NeedData",
    "Oversize",
    "Password",
    "PasswordClaim",
    "Paused",
    "Quirk",
    "QuirkName",
    "Refused",
    "Request",
    "ScanListing",
    "SecretClaim",
    "Security",
    "Server",
    "StartTls",
    "Started",
    "Stat",
    "State",
    "Status",
    "Token",
    "TokenClaim",
    "Uidl",
    "UniqueId",
    "Unrecognized",
    "Update",
    "Verb",
]

Credentials: TypeAlias = Password | Token | External | Anonymous
"""What a user can show."""

Event: TypeAlias = (
    Greeting
    | Started
    | Capability
    | ScanListing
    | UniqueId
    | Language
    | Data
    | Challenge
    | Completed
    | Unrecognized
    | Oversize
    | Quirk
)
"""What `Client.next_event` returns."""

Request: TypeAlias = (
    Login
    | Apop
    | PasswordClaim
    | SecretClaim
    | TokenClaim
    | ExternalClaim
    | AnonymousClaim
    | Authenticated
    | Cancelled
    | StartTls
    | Stat
    | List
    | Uidl
    | Message
    | Lang
    | Update
    | Handled
    | Refused
)
"""What `Server.next_event` returns."""

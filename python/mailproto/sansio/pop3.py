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
    Capability,
    Challenge,
    Client,
    Completed,
    Data,
    DropListing,
    Greeting,
    Language,
    Oversize,
    Quirk,
    ScanListing,
    Started,
    UniqueId,
    Unrecognized,
)
from mailproto.sansio._sentinels import NEED_DATA, NeedData
from mailproto.sansio._types import QuirkName, Security, State, Status, Verb

__all__ = [
    "NEED_DATA",
    "Anonymous",
    "Capability",
    "Challenge",
    "Client",
    "Completed",
    "Credentials",
    "Data",
    "DropListing",
    "Event",
    "External",
    "Greeting",
    "Language",
    "NeedData",
    "Oversize",
    "Password",
    "Quirk",
    "QuirkName",
    "ScanListing",
    "Security",
    "Started",
    "State",
    "Status",
    "Token",
    "UniqueId",
    "Unrecognized",
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

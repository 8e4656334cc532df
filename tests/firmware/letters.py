"""The mail that the firmware reads by IMAP."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """A file, and how it stands in its message."""

    decoded: bytes
    encoded: bytes


def attachment(octets: int) -> Attachment:
    decoded = bytes(n * n % 251 for n in range(octets))
    return Attachment(decoded, base64.encodebytes(decoded).replace(b"\n", b"\r\n"))


ATTACHMENT = attachment(20_000)

# RFC 2047 §4.2, and RFC 2047 §2: an encoded word is not longer than 75 characters.
ENCODED_SUBJECT = b"""\
From: Anna <anna@example.com>
Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus?= =?ISO-8859-1?B?IEv2bG4=?=

Hallo
"""

# RFC 2046 §5.1.1: a multipart within another one.
NESTED = b"""\
From: Bjarne <bjarne@example.org>
Subject: two parts and one within
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain

plain

--inner
Content-Type: text/html

<p>html</p>

--inner--
--outer
Content-Type: application/octet-stream; name=squares.bin
Content-Transfer-Encoding: base64

"""

LETTERS = [
    ENCODED_SUBJECT.replace(b"\n", b"\r\n"),
    NESTED.replace(b"\n", b"\r\n") + ATTACHMENT.encoded + b"\r\n--outer--\r\n",
]

NEWS = b"From: chiara@example.org\r\nSubject: news\r\n\r\nIt came meanwhile.\r\n"

"""Reads what a person wants to know of an X.509 certificate (RFC 5280): whose, by whom, until when.

The module `ssl` tells that of certificates that verify only, and the others are those one asks
about. Nothing here decides whether to trust: that is for TLS itself.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Certificate", "read_certificate"]

SEQUENCE, SET, INTEGER, OID, OCTETS = 0x30, 0x31, 0x02, 0x06, 0x04
UTC_TIME = 0x17
VERSION, EXTENSIONS = 0xA0, 0xA3
DNS_NAME, IP_ADDRESS = 0x82, 0x87
UTF16_STRING = 0x1E
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
# RFC 4514 §3, and the mail address of older certificates.
SHORT_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "1.2.840.113549.1.9.1": "email",
}


class Certificate(NamedTuple):
    """Whose it is, who issued it, and when it holds."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    """The hosts that it is for (RFC 5280 §4.2.1.6)."""
    not_before: datetime
    not_after: datetime

    def days_left(self, now: datetime) -> int:
        """How many days it still holds; negative when it has expired."""
        return (self.not_after - now).days


class Element(NamedTuple):
    """One element of DER (X.690 §8.1)."""

    tag: int
    content: bytes

    def inside(self) -> list[Element]:
        """The elements that this one consists of."""
        return list(elements(self.content))


def read_certificate(der: bytes) -> Certificate:
    """The certificate, or `ValueError` if it is none."""
    try:
        certificate = next(elements(der)).inside()
        fields = certificate[0].inside()
        if fields[0].tag == VERSION:
            fields = fields[1:]
        _serial, _algorithm, issuer, validity, subject, *rest = fields
        not_before, not_after = map(moment, validity.inside())
        return Certificate(
            distinguished_name(subject),
            distinguished_name(issuer),
            tuple(host_names(rest)),
            not_before,
            not_after,
        )
    except (IndexError, StopIteration, ValueError) as error:
        raise ValueError("the certificate cannot be read") from error


def elements(der: bytes) -> Iterator[Element]:
    """The elements that follow each other in `der`."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length >= 0x80:
            octets = length & 0x7F
            length, at = int.from_bytes(der[at : at + octets], "big"), at + octets
        if at + length > len(der):
            raise ValueError("an element is longer than what holds it")
        yield Element(tag, der[at : at + length])
        at += length


def distinguished_name(name: Element) -> str:
    """A name, its most particular part first (RFC 4514 §2.1)."""
    parts: list[str] = []
    for relative in name.inside():
        for attribute in relative.inside():
            kind, value = attribute.inside()
            identifier = object_identifier(kind.content)
            parts.append(f"{SHORT_NAMES.get(identifier, identifier)}={text(value)}")
    return ", ".join(reversed(parts))


def host_names(fields: list[Element]) -> Iterator[str]:
    """The names and addresses of the extension that holds them."""
    for field in fields:
        if field.tag != EXTENSIONS:
            continue
        for extension in field.inside()[0].inside():
            kind, *_critical, value = extension.inside()
            if object_identifier(kind.content) != SUBJECT_ALTERNATIVE_NAME:
                continue
            for name in next(elements(value.content)).inside():
                if name.tag == DNS_NAME:
                    yield text(name)
                elif name.tag == IP_ADDRESS:
                    yield str(ipaddress.ip_address(name.content))


def object_identifier(content: bytes) -> str:
    """As `2.5.4.3` (X.690 §8.19)."""
    numbers: list[int] = []
    number = 0
    for octet in content:
        number = number << 7 | octet & 0x7F
        if octet < 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def text(value: Element) -> str:
    """A string, of whichever kind."""
    encoding = "utf-16-be" if value.tag == UTF16_STRING else "utf-8"
    return value.content.decode(encoding, "replace")


def moment(value: Element) -> datetime:
    """A time (RFC 5280 §4.1.2.5)."""
    digits = value.content.decode("ascii")
    if value.tag == UTC_TIME:
        digits = ("20" if digits[:2] < "50" else "19") + digits
    return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)

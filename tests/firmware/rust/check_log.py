"""Firmware in Rust: its log tells the sessions that it held, and never a secret."""

from __future__ import annotations

import base64
import zlib

from defmt_log import Log, run
from mail import corpus
from servers import Dovecot
from sessions import Relay, Replay

MESSAGES = list(corpus(3))
USER, PASSWORD = b"chip", b"secret"
INITIAL_RESPONSE = base64.b64encode(b"\0" + USER + b"\0" + PASSWORD)

SAID = [
    "DEBUG imap: AUTHENTICATE completed",
    "DEBUG imap: SELECT completed",
    "INFO  imap: state Selected",
    "DEBUG imap: SEARCH completed",
    "DEBUG imap: FETCH completed",
    "DEBUG imap: STORE completed",
    "DEBUG imap: LOGOUT completed",
    "INFO  pop3: state Authorization",
    "DEBUG pop3: PASS completed",
    "INFO  pop3: state Transaction",
    "DEBUG pop3: STAT completed",
    "DEBUG pop3: RETR completed",
    "DEBUG pop3: QUIT completed",
    "INFO  pop3: state Closed",
    "INFO  passed",
]


def test_sessions_with_dovecot_are_told_without_a_secret(dovecot: Dovecot) -> None:
    dovecot.deliver("chip", MESSAGES)
    with Relay(dovecot.ports.imap) as imap, Relay(dovecot.ports.pop3) as pop3:
        log = run(imap.port, pop3.port)
    # The secret was there to be logged, in both shapes.
    assert b"C: PASS " + PASSWORD + b"\n" in pop3.lines
    assert any(INITIAL_RESPONSE in line for line in imap.lines)
    tells_the_sessions(log)
    tells_no_secret(log)


def test_recorded_sessions_are_told_without_a_secret() -> None:
    with Replay("rust-imap") as imap, Replay("rust-pop3") as pop3:
        log = run(imap.port, pop3.port)
    tells_the_sessions(log)
    tells_no_secret(log)


def tells_the_sessions(log: Log) -> None:
    """Commands and states in their order, and each mail as it was delivered."""
    rest = iter(log.lines)
    for line in SAID:
        assert line in rest, f"not told, or not in its place: {line}"
    for number, message in enumerate(MESSAGES, 1):
        size, crc32 = len(message), zlib.crc32(message)
        assert f"INFO  imap: uid {number}: {size} octets, crc32 {crc32:08x}" in log.lines
        assert f"INFO  pop3: message {number}: {size} octets, crc32 {crc32:08x}" in log.lines


def tells_no_secret(log: Log) -> None:
    """Neither the password, nor what SASL makes of it, nor a part of either: frames may have an octet of
    their own within."""
    text = "\n".join(log.lines).lower().encode()
    encoded = [within_base64(PASSWORD, at) for at in range(3)]
    for secret in (PASSWORD, INITIAL_RESPONSE.rstrip(b"="), PASSWORD.hex().encode(), *encoded):
        half = len(secret) // 2
        assert secret.lower() not in text
        assert secret[:half] not in log.frames
        assert secret[half:] not in log.frames


def within_base64(octets: bytes, at: int) -> bytes:
    """What base64 makes of octets that begin so many behind a group of three, whatever stands around them."""
    first, end = -(-at * 8 // 6), (at + len(octets)) * 8 // 6
    return base64.b64encode(b" " * at + octets)[first:end]

"""What the tests of clients, theirs and ours, have in common."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import mail
from real_clients import Client


def messages_for(client: Client) -> list[bytes]:
    return mail.corpus(24, seed=7, average=3_000, longest_line=min(5_000, client.longest_line))


def for_each(what: str, pairs: list[tuple[Client, Any]]) -> pytest.MarkDecorator:
    """Runs a test for each pair of a client and one thing that it can do."""
    ids = [f"{client.name}-{getattr(thing, 'value', thing)}" for client, thing in pairs]
    return pytest.mark.parametrize(("client", what), pairs, ids=ids, indirect=["client"])


def assert_same(client: Client, got: list[bytes], expected: list[bytes]) -> None:
    """The same messages, in any order, each as often."""
    assert len(got) == len(expected)
    have = Counter(client.canonical(message) for message in got)
    want = Counter(client.canonical(message) for message in expected)
    for message in want - have:
        assert closest(have - want, message) == message
    assert have == want


def closest(candidates: Counter[bytes], message: bytes) -> bytes:
    """The candidate with the same Subject, to show what differs."""
    subject = next(line for line in message.splitlines() if line.startswith(b"Subject:"))
    return next((c for c in candidates if subject in c), b"(not there at all)")

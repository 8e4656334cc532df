"""Fixtures of the firmware's tests: the Dovecot of the interop tests, with a user for each test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

from servers import Dovecot, Unavailable


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    """A server whose only user is the firmware's."""
    try:
        server = Dovecot(users=["chip"], password="secret").__enter__()
    except Unavailable as missing:
        if os.environ.get("MAILPROTO_REQUIRE_ALL") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        server.close()

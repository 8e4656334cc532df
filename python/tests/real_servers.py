"""Dovecot and Cyrus, as the project's interoperability tests run them; absent from the sdist."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

INTEROP = Path(__file__).resolve().parents[2] / "tests" / "interop"


def skip(reason: str) -> None:
    """Skips the test, or fails where nothing may be skipped."""
    if os.environ.get("MAILPROTO_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def module(name: str) -> Any:
    """A module of the interoperability tests."""
    if not INTEROP.exists():
        skip("the servers' fixtures are not in this source distribution")
    sys.path.insert(0, str(INTEROP))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(INTEROP))


@contextmanager
def running(name: str, users: Sequence[str], password: str) -> Generator[Any]:
    """The server of this name, as long as it is used."""
    servers = module("servers")
    try:
        server = getattr(servers, name)(users=list(users), password=password).__enter__()
    except servers.Unavailable as missing:
        skip(str(missing))
    try:
        yield server
    finally:
        server.close()

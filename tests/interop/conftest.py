"""Fixtures of the interop tests: one Dovecot and one Cyrus for the whole run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import TypeVar

import pytest

from our_clients import OUR_CLIENTS, OurClient
from our_servers import OUR_SERVERS, OurServer
from real_clients import CLIENTS, Client
from servers import Cyrus, Dovecot, MailServer, Unavailable

Available = TypeVar("Available", Client, OurClient, OurServer)

# A shell lets what runs in its background ignore Ctrl-C, and it is inherited; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# In CI a skipped test is a failed one.
REQUIRE_ALL = os.environ.get("MAILPROTO_REQUIRE_ALL") == "1"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    outcome = yield
    report = outcome.get_result()
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"


def started(server: MailServer) -> Iterator[MailServer]:
    try:
        server.__enter__()
    except Unavailable as missing:
        pytest.skip(str(missing))
    with_server = server
    try:
        yield with_server
    finally:
        server.close()


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    yield from started(Dovecot())


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    yield from started(Cyrus())


@pytest.fixture(params=["dovecot", "cyrus"])
def server(request: pytest.FixtureRequest) -> MailServer:
    """Each of the real servers in turn."""
    return request.getfixturevalue(request.param)


def available(program: Available) -> Available:
    """The program, or a skipped test that says what is missing."""
    try:
        program.require()
    except Unavailable as missing:
        pytest.skip(str(missing))
    return program


@pytest.fixture(params=CLIENTS, ids=lambda client: client.name)
def client(request: pytest.FixtureRequest) -> Client:
    """Each of the real clients in turn."""
    return available(request.param)


@pytest.fixture(params=OUR_CLIENTS, ids=lambda client: client.name)
def ours(request: pytest.FixtureRequest) -> OurClient:
    """Each of our clients in turn."""
    return available(request.param)


@pytest.fixture
def rust_client() -> OurClient:
    return available(OUR_CLIENTS[0])


@pytest.fixture(params=OUR_SERVERS, ids=lambda server: f"on-{server.name}")
def our_server(request: pytest.FixtureRequest) -> OurServer:
    """Each of our servers in turn."""
    return available(request.param)


@pytest.fixture
def rust_server() -> OurServer:
    return available(OUR_SERVERS[0])

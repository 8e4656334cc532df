"""Fixtures of the interop tests: one Dovecot and one Cyrus for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from our_clients import OUR_CLIENTS, OurClient
from real_clients import CLIENTS, Client
from servers import Cyrus, Dovecot, MailServer, Unavailable

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


@pytest.fixture(params=CLIENTS, ids=lambda client: client.name)
def client(request: pytest.FixtureRequest) -> Client:
    try:
        request.param.require()
    except Unavailable as missing:
        pytest.skip(str(missing))
    return request.param


@pytest.fixture(params=OUR_CLIENTS, ids=lambda client: client.name)
def ours(request: pytest.FixtureRequest) -> OurClient:
    """Each of our clients in turn."""
    try:
        request.param.require()
    except Unavailable as missing:
        pytest.skip(str(missing))
    return request.param

"""Our three clients against real servers: the same octets, over every channel, by every login."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import mail
from our_clients import OUR_CLIENTS, STRONGEST, OurClient
from real_clients import BEARER, Account, Tls, poplib_login
from servers import Dovecot, MailServer, make_certificate

EACH_CHANNEL = pytest.mark.parametrize("tls", list(Tls), ids=lambda tls: tls.value)


@pytest.fixture(scope="session")
def thousand() -> list[bytes]:
    return mail.corpus(1_000)


@pytest.fixture(scope="session")
def mailboxes() -> dict[str, str]:
    """Which user of which server has the thousand messages."""
    return {}


@pytest.fixture
def full_mailbox(server: MailServer, thousand: list[bytes], mailboxes: dict[str, str]) -> str:
    """A user of `server` with a thousand messages, which nobody deletes."""
    if server.name not in mailboxes:
        user = server.fresh_user()
        server.deliver(user, thousand)
        mailboxes[server.name] = user
    return mailboxes[server.name]


@pytest.fixture
def quick_directory() -> Iterator[Path]:
    """In memory where that can be had: each message is flushed to the disk, a thousand times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as directory:
        yield Path(directory)


@EACH_CHANNEL
def test_a_thousand_messages_arrive_as_they_were(
    server: MailServer,
    ours: OurClient,
    tls: Tls,
    full_mailbox: str,
    thousand: list[bytes],
    quick_directory: Path,
) -> None:
    account = replace(Account.on(server, full_mailbox, tls), mechanism=STRONGEST)
    got = ours.fetch(account, quick_directory)
    assert len(got) == len(thousand)
    for number, (octets, original) in enumerate(zip(got, thousand, strict=True), start=1):
        assert octets == original, f"message {number} differs"
    assert waiting(server, full_mailbox) == len(thousand)


def test_deleted_is_what_was_stored(server: MailServer, ours: OurClient, tmp_path: Path) -> None:
    user, messages = server.fresh_user(), mail.corpus(20)
    server.deliver(user, messages)
    account = replace(Account.on(server, user, Tls.STLS), mechanism=STRONGEST)
    assert ours.fetch(account, tmp_path / "mail", delete=True) == messages
    assert waiting(server, user) == 0


def test_an_empty_maildrop_is_no_error(server: MailServer, ours: OurClient, tmp_path: Path) -> None:
    # Logged in once before: Cyrus makes the mailbox of a new user with the first message.
    user = server.fresh_user()
    server.deliver(user, [mail.big(1_000)])
    account = Account.on(server, user, Tls.STLS)
    assert len(ours.fetch(account, tmp_path / "first", delete=True)) == 1
    assert ours.fetch(account, tmp_path / "second") == []


# APOP needs the greeting's timestamp, and STLS makes the engine forget what came in the clear.
def ways_to_log_in(of_server: str) -> list[tuple[OurClient, str]]:
    refused = BEARER if of_server == "cyrus" else frozenset()
    return [(ours, name) for ours in OUR_CLIENTS for name in sorted(ours.mechanisms - refused)]


def each_way(of_server: str) -> pytest.MarkDecorator:
    pairs = ways_to_log_in(of_server)
    ids = [f"{ours.name}-{name}" for ours, name in pairs]
    return pytest.mark.parametrize(("ours", "mechanism"), pairs, ids=ids, indirect=["ours"])


@each_way("dovecot")
def test_every_login_of_dovecot(
    dovecot: Dovecot, ours: OurClient, mechanism: str, tmp_path: Path
) -> None:
    check_login(dovecot, ours, mechanism, tmp_path)


@each_way("cyrus")
def test_every_login_of_cyrus(
    cyrus: MailServer, ours: OurClient, mechanism: str, tmp_path: Path
) -> None:
    check_login(cyrus, ours, mechanism, tmp_path)


def check_login(server: MailServer, ours: OurClient, mechanism: str, tmp_path: Path) -> None:
    user, message = server.fresh_user(), mail.big(2_000)
    server.deliver(user, [message])
    account = replace(Account.on(server, user, Tls.IMPLICIT), mechanism=mechanism)
    if mechanism in BEARER:
        account = replace(account, password=server.oauth_token(user))
    assert ours.fetch(account, tmp_path / "right") == [message]
    refused = ours.run(replace(account, password="wrong"), tmp_path / "wrong")
    assert refused.code != 0
    assert list((tmp_path / "wrong").iterdir()) == []


@pytest.mark.parametrize("tls", [Tls.STLS, Tls.IMPLICIT], ids=lambda tls: tls.value)
def test_another_certificate_is_refused(
    dovecot: Dovecot, ours: OurClient, tls: Tls, tmp_path: Path
) -> None:
    user = dovecot.fresh_user()
    dovecot.deliver(user, [mail.big(1_000)])
    other, _ = make_certificate(tmp_path)
    account = replace(Account.on(dovecot, user, tls), cafile=other)
    run = ours.run(account, tmp_path / "mail")
    assert run.code != 0
    assert "certificate" in run.output.lower() or "unknown" in run.output.lower()
    assert list((tmp_path / "mail").iterdir()) == []


@pytest.mark.parametrize("tls", [Tls.STLS, Tls.IMPLICIT], ids=lambda tls: tls.value)
def test_another_host_name_is_refused(
    dovecot: Dovecot, ours: OurClient, tls: Tls, tmp_path: Path
) -> None:
    """The certificate is good, but for localhost and 127.0.0.1."""
    user = dovecot.fresh_user()
    account = replace(Account.on(dovecot, user, tls), host="127.0.0.2")
    run = ours.run(account, tmp_path / "mail")
    assert run.code != 0


def waiting(server: MailServer, user: str) -> int:
    """How many messages the server still holds for the user."""
    box = poplib_login(Account.on(server, user))
    try:
        return box.stat()[0]
    finally:
        box.quit()

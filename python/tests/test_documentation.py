"""The documentation's Python runs: each block of a page after the other, against Dovecot."""

from __future__ import annotations

import socket
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import real_servers

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[2]
# Not part of the sdist.
DOCS = REPOSITORY / "docs"
USERS, PASSWORD = ["ann@example.com", "bob@example.com"], "secret"
HOSTS = {"imap.example.com", "pop.example.com"}
# What is not meant to run has another fence, ```{code-block}, or this comment before it.
NOT_RUN = "<!-- not run"


def pages() -> list[Path]:
    return [REPOSITORY / "README.md", REPOSITORY / "python/README.md", *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> list[tuple[int, str]]:
    """The page's Python that is meant to run, each with the line where it begins."""
    found = []
    lines = page.read_text().splitlines()
    starts = [number for number, line in enumerate(lines) if line == "```python"]
    for start in starts:
        end = lines.index("```", start)
        before = next((line for line in reversed(lines[:start]) if line), "")
        if not before.startswith(NOT_RUN):
            found.append((start + 1, "\n".join(lines[start + 1 : end])))
    return found


PAGES = [page for page in pages() if page.exists() and blocks(page)]


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with real_servers.running("Dovecot", USERS, PASSWORD) as running:
        mail = real_servers.module("mail")
        for user in USERS:
            running.deliver(user, [*mail.corpus(20), ATTACHMENT])
        yield running


ATTACHMENT = (
    (
        textwrap.dedent("""\
    From: Bob <bob@example.com>
    To: Ann <ann@example.com>
    Subject: the report
    Date: Mon, 2 Mar 2026 10:00:00 +0000
    Message-ID: <report@example.com>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b

    --b
    Content-Type: text/plain; charset=utf-8

    Here it is.
    --b
    Content-Type: application/pdf
    Content-Disposition: attachment; filename="../report.pdf"
    Content-Transfer-Encoding: base64

    """)
        + "JVBERi0xLjQK\n" * 1000
        + "--b--\n"
    )
    .replace("\n", "\r\n")
    .encode()
)


@pytest.fixture
def internet(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The hosts of the documentation are the server, and its certificate is one to trust."""
    ports = {993: server.ports.imaps, 143: server.ports.imap}
    ports |= {995: server.ports.pop3s, 110: server.ports.pop3}
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if host in HOSTS:
            host, port = server.host, ports[int(port)]
        return real(host, port, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.cafile))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "authority.pem").write_bytes(server.cafile.read_bytes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
@pytest.mark.usefixtures("internet")
def test_the_code_of_the_documentation_runs(page: Path, server: Any) -> None:
    for line, code in blocks(page):
        # What the recipe for OAuth leaves to another library.
        names = {"load_token": lambda: server.oauth_token(USERS[0]), "__name__": "__documented__"}
        # Errors then show the page's own line; an hour of the handbook is a second here.
        shortened = code.replace("timeout=3600", "timeout=1")
        program = compile("\n" * line + shortened, str(page), "exec")
        exec(program, names)


def test_there_is_documentation() -> None:
    if not DOCS.exists():
        real_servers.skip("the documentation is not in this source distribution")
    assert len(PAGES) > 10

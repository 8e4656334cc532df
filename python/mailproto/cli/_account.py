"""Which server, which user, which password."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from mailproto.cli._exit import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from mailproto._pop3_common import Tls

__all__ = ["DEFAULT_PORTS", "IMAP_PORTS", "Account", "account", "password", "secret_from"]

# pop3s and pop3 as most programs have it; pop is that of RFC 2384.
POP3: dict[str, Tls] = {
    "pop3s": "implicit",
    "pops": "implicit",
    "pop3": "starttls",
    "pop3+starttls": "starttls",
    "pop3+insecure": "insecure",
    "pop": "starttls",
}
# RFC 5092, which knows `imap` only; nothing begins in the clear by mistake.
IMAP: dict[str, Tls] = {
    "imaps": "implicit",
    "imap": "starttls",
    "imap+starttls": "starttls",
    "imap+insecure": "insecure",
}
DEFAULT_PORTS = {"implicit": 995, "starttls": 110, "insecure": 110}
IMAP_PORTS = {"implicit": 993, "starttls": 143, "insecure": 143}


class Account(NamedTuple):
    """Where to log in, and who; and with IMAP in which folder to begin."""

    host: str
    port: int
    user: str
    tls: Tls
    mechanism: str | None
    folder: str | None = None


class Url(NamedTuple):
    """What a URL says."""

    host: str | None
    port: int | None
    user: str | None
    tls: Tls
    mechanism: str | None
    folder: str | None


def account(options: Namespace) -> Account:
    """The account that the command line names."""
    imap = options.command == "imap"
    url = None
    if options.url is not None:
        if options.host is not None:
            raise UsageError("give a URL or --host, not both")
        url = from_url(options.url, IMAP if imap else POP3)
    host = options.host or (url and url.host)
    user = options.user or (url and url.user)
    tls: Tls = options.tls or (url.tls if url else "implicit")
    if not host:
        raise UsageError("which server? give a URL or --host")
    mechanism = options.mechanism or (url and url.mechanism)
    if not user and mechanism not in ("EXTERNAL", "ANONYMOUS"):
        raise UsageError("which user? give it in the URL or by --user")
    port = options.port or (url and url.port) or (IMAP_PORTS if imap else DEFAULT_PORTS)[tls]
    return Account(host, port, user or "", tls, mechanism, url.folder if url else None)


def from_url(url: str, schemes: dict[str, Tls]) -> Url:
    """Takes `pop3s://user;AUTH=mechanism@host:port` apart (RFC 2384), or with IMAP
    `imaps://user@host/folder` (RFC 5092)."""
    # Imported late: it takes time, and --host needs none of it.
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415

    example = next(iter(schemes))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # Not repeated in the message: a misplaced password may be in it.
        raise UsageError(f"the URL is malformed; it is {example}://user@host[:port]") from None
    if parts.scheme not in schemes:
        raise UsageError(f"a URL begins with {'://, '.join(schemes)}://")
    if parts.password is not None:
        # Not repeated in the message, which may end in a log.
        raise UsageError("no passwords in URLs: other users of this machine can read them")
    folder = parts.path.removeprefix("/").removesuffix("/")
    if (folder and schemes is not IMAP) or parts.query or parts.fragment:
        allowed = "but a folder " if schemes is IMAP else ""
        raise UsageError(f"{url}: nothing {allowed}may follow the host")
    user, _, auth = (parts.username or "").partition(";")
    mechanism = auth.upper().removeprefix("AUTH=").replace("+APOP", "APOP")
    wanted = None if mechanism in ("", "*") else unquote(mechanism)
    return Url(
        host, port, unquote(user) or None, schemes[parts.scheme], wanted, unquote(folder) or None
    )


def password(options: Namespace, who: Account) -> str:
    """The password, from the first place that has one."""
    if options.password_command is not None:
        return secret_from(options.password_command)
    found = os.environ.get("MAILPROTO_PASSWORD") or netrc_password(who) or keyring_password(who)
    return found or asked_password(f"Password of {who.user} on {who.host}: ")


def secret_from(command: str) -> str:
    """The first line of what a command of the user's prints."""
    import subprocess  # noqa: PLC0415

    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, check=False)  # noqa: S602
    if done.returncode != 0:
        raise ValueError(f"the command for the secret failed with status {done.returncode}")
    secret = done.stdout.decode().partition("\n")[0].rstrip("\r")
    if not secret:
        raise ValueError("the command for the secret printed nothing")
    return secret


def netrc_password(who: Account) -> str | None:
    """What ~/.netrc, or the file that NETRC names, says of the user on that host."""
    import netrc  # noqa: PLC0415

    try:
        entry = netrc.netrc(os.environ.get("NETRC")).authenticators(who.host)
    except FileNotFoundError:
        return None
    except netrc.NetrcParseError as error:
        # Not repeated in the message: it quotes what may be part of a password.
        raise ValueError(f"netrc: syntax error in line {error.lineno}") from None
    return entry[2] if entry is not None and entry[0] in (who.user, "", None) else None


def keyring_password(who: Account) -> str | None:
    """What the desktop's keyring holds, where the package `keyring` is installed."""
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    # A keyring may be locked, or there may be no desktop: then the next place is asked.
    with suppress(keyring.errors.KeyringError):
        found: str | None = keyring.get_password("mailproto", f"{who.user}@{who.host}")
        return found
    return None


def asked_password(question: str) -> str:
    """Asks on the terminal."""
    if not sys.stdin.isatty():
        raise UsageError("no password: see --help for the places where it is looked for")
    import getpass  # noqa: PLC0415

    return getpass.getpass(question)

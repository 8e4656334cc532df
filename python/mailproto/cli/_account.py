"""Which server, which user, which password."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from mailproto.cli._exit import UsageError

if TYPE_CHECKING:
    from argparse import Namespace

    from mailproto._pop3_common import Tls

__all__ = ["DEFAULT_PORTS", "Account", "account", "password", "secret_from"]

# pop3s and pop3 as most programs have it; pop is that of RFC 2384.
SCHEMES: dict[str, Tls] = {
    "pop3s": "implicit",
    "pops": "implicit",
    "pop3": "starttls",
    "pop": "starttls",
}
DEFAULT_PORTS = {"implicit": 995, "starttls": 110, "insecure": 110}


class Account(NamedTuple):
    """Where to log in, and who."""

    host: str
    port: int
    user: str
    tls: Tls
    mechanism: str | None


def account(options: Namespace) -> Account:
    """The account that the command line names."""
    host, port, user, tls, mechanism = options.host, options.port, options.user, None, None
    if options.url is not None:
        if options.host is not None:
            raise UsageError("give a URL or --host, not both")
        host, url_port, url_user, tls, mechanism = from_url(options.url)
        port, user = port or url_port, user or url_user
    tls = options.tls or tls or "implicit"
    if not host:
        raise UsageError("which server? give a URL or --host")
    if not user:
        raise UsageError("which user? give it in the URL or by --user")
    port = port or DEFAULT_PORTS[tls]
    return Account(host, port, user, tls, options.mechanism or mechanism)


def from_url(url: str) -> tuple[str | None, int | None, str | None, Tls, str | None]:
    """Takes `pop3s://user;AUTH=mechanism@host:port` apart (RFC 2384)."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # Not repeated in the message: a misplaced password may be in it.
        raise UsageError("the URL is malformed; it is pop3s://user@host[:port]") from None
    if parts.scheme not in SCHEMES:
        raise UsageError(f"a URL begins with {'://, '.join(SCHEMES)}://")
    if parts.password is not None:
        # Not repeated in the message, which may end in a log.
        raise UsageError("no passwords in URLs: other users of this machine can read them")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise UsageError(f"{url}: nothing may follow the host")
    user, _, auth = (parts.username or "").partition(";")
    mechanism = auth.upper().removeprefix("AUTH=").replace("+APOP", "APOP")
    wanted = None if mechanism in ("", "*") else unquote(mechanism)
    return host, port, unquote(user) or None, SCHEMES[parts.scheme], wanted


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

"""`mailproto probe`: what a server offers, and which protocol suits."""

from __future__ import annotations

import json
import ssl
import textwrap
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mailproto._core import Anonymous, External, Password, Token
from mailproto._probe import DOORS, Gate, Secret, Service
from mailproto._probe import probe as probe_door
from mailproto.cli._account import Account, password, secret_from
from mailproto.cli._advice import NEEDS, Fit, Offer, advise
from mailproto.cli._exit import Exit, UsageError, exit_code, printable
from mailproto.cli._protocol_log import ProtocolLog, log_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from typing import TextIO

    from mailproto._probe import Door, Trace
    from mailproto.cli._advice import Advice, Finding

__all__ = ["probe"]

# The schema of the lines that --json prints. A new field changes nothing; anything else does.
SCHEMA = "mailproto.probe/1"
TITLES = {
    "pop3s": "POP3, TLS from the beginning",
    "pop3": "POP3, TLS by STLS",
    "imaps": "IMAP, TLS from the beginning",
    "imap": "IMAP, TLS by STARTTLS",
}
CHOICES = {
    "pop3": "POP3",
    "imap": "IMAP",
    "both": "both POP3 and IMAP",
    "neither": "neither: nothing answers",
}
FITS = {Fit.GOOD: "+", Fit.FAIR: "o", Fit.UNFIT: "-"}
INDENT = "  "
LABEL = 14
WIDTH = 96
# How long the certificate must hold at least not to be worth a word.
SOON_DAYS = 14


def probe(options: Namespace) -> Exit:
    """Asks at all doors at once; prints what was learnt, and the advice."""
    needs = wanted_needs(options.need)
    user, _, host = options.host.rpartition("@")
    if not host or "/" in host:
        raise UsageError("give the name of a server, not a URL")
    secret = find_secret(options, host, options.user or user)
    doors = chosen_doors(options.port)
    context = verifying_context(options.cafile)
    with log_file(options.log_protocol) as log:
        questions = Questions(host, options.timeout, context, secret, log)
        services = questions.ask_all(doors)
    advice = advise(needs, offer(services, "pop3"), offer(services, "imap")) if needs else None
    report(options, host, services, advice)
    return outcome(services)


# What is asked for.


def wanted_needs(words: list[str] | None) -> tuple[str, ...]:
    """The needs that `--need` names, each once."""
    needs = [need for word in words or [] for need in word.split(",") if need]
    for need in needs:
        if need not in NEEDS:
            raise UsageError(f"--need: {need!r} is none of {', '.join(NEEDS)}")
    return tuple(dict.fromkeys(needs))


def chosen_doors(words: list[str]) -> list[tuple[Door, int]]:
    """The doors and their ports."""
    ports = {door.name: door.port for door in DOORS}
    for word in words:
        name, _, number = word.partition("=")
        if name not in ports or not (number.isascii() and number.isdigit()) or int(number) > 65535:
            raise UsageError(f"--port: {word!r} is not like imaps=993")
        ports[name] = int(number)
    return [(door, ports[door.name]) for door in DOORS if ports[door.name]]


def find_secret(options: Namespace, host: str, user: str) -> Secret | None:
    """Who logs in; `None` for nobody."""
    mechanism = options.mechanism.upper() if options.mechanism else None
    if mechanism == "EXTERNAL":
        return Secret(user, None, External(), mechanism)
    if not user:
        if options.password_command or options.oauth_command or mechanism:
            raise UsageError("which user logs in? give it by --user")
        return None
    if mechanism == "ANONYMOUS":
        return Secret(user, None, Anonymous(user), mechanism)
    if options.oauth_command is not None:
        return Secret(user, None, Token(user, secret_from(options.oauth_command)), mechanism)
    found = password(options, Account(host, 0, user, "implicit", mechanism))
    return Secret(user, found, Password(user, found), mechanism)


def verifying_context(cafile: str | None) -> ssl.SSLContext:
    """Trusts the system's certificates, or these only."""
    try:
        return ssl.create_default_context(cafile=cafile)
    except OSError as error:
        raise ValueError(f"{cafile}: {error.strerror or error}") from error


# Asking.


class Questions:
    """What is asked at every door."""

    def __init__(
        self,
        host: str,
        timeout: float,
        context: ssl.SSLContext,
        secret: Secret | None,
        log: TextIO | None,
    ) -> None:
        self._host = host
        self._timeout = timeout
        self._context = context
        self._secret = secret
        self._log = log
        self._gate = Gate()

    def ask_all(self, doors: list[tuple[Door, int]]) -> list[Service]:
        """Asks in a thread for each door, since one that does not answer takes its time; with a
        log one after the other, so that it can be read."""
        if self._log is not None:
            return [self._ask(door, port) for door, port in doors]
        services: dict[str, Service] = {}

        def ask(door: Door, port: int) -> None:
            services[door.name] = self._ask(door, port)

        threads = [threading.Thread(target=ask, args=where, daemon=True) for where in doors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [services[door.name] for door, _ in doors]

    def _ask(self, door: Door, port: int) -> Service:
        return probe_door(
            self._host,
            door,
            port,
            timeout=self._timeout,
            context=self._context,
            secret=self._secret,
            trace=self._trace(door),
            gate=self._gate,
        )

    def _trace(self, door: Door) -> Trace | None:
        """The log of one connection."""
        if self._log is None:
            return None
        print(f"-- {TITLES[door.name]}", file=self._log)
        if door.protocol == "pop3":
            return ProtocolLog(self._log)
        from mailproto.cli._imap_log import ImapLog  # noqa: PLC0415

        return ImapLog(self._log)


def offer(services: list[Service], protocol: str) -> Offer | None:
    """What the better of a protocol's two doors offers."""
    answering = [each for each in services if each.protocol == protocol and each.answers]
    if not answering:
        return None
    best = max(
        answering,
        key=lambda each: (each.private, each.trusted is True, len(each.offered)),
    )
    words = [name.split(" ") for name in best.offered]
    told = {name.upper(): arguments for name, *arguments in words}
    delay = told.get("LOGIN-DELAY", [])
    return Offer(
        frozenset(told),
        known=protocol == "pop3" or bool(best.after_login),
        private=best.private,
        trusted=best.trusted is not False,
        expire=next(iter(told.get("EXPIRE", [])), None),
        login_delay=int(delay[0]) if delay and delay[0].isdigit() else None,
    )


def outcome(services: list[Service]) -> Exit:
    """Whether anything was learnt, and whether who should log in could."""
    if any(each.answers for each in services):
        tried = [each.login for each in services if each.login is not None]
        return Exit.AUTHENTICATION if tried and "ok" not in tried else Exit.OK
    codes = {exit_code(each.error) for each in services if each.error is not None}
    return Exit.NO_HOST if codes == {Exit.NO_HOST} else Exit.UNAVAILABLE


# Telling.


def report(options: Namespace, host: str, services: list[Service], advice: Advice | None) -> None:
    """Prints what was learnt."""
    if options.json:
        for service in services:
            print_json("service", host=host, **service_facts(service))
        if advice is not None:
            print_json("advice", host=host, **advice_facts(advice))
        return
    if not options.quiet or advice is None:
        for service in services:
            print(f"{TITLES[service.name]} ({host} port {service.port})")
            for label, words in service_lines(service, verbose=options.verbose):
                print_field(label, words)
            print()
    if advice is not None:
        for line in advice_lines(advice):
            print(line)


def service_lines(service: Service, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """What was learnt at one door, for people."""
    if service.greeting is not None:
        yield "greeting", service.greeting
    if not service.implicit and service.answers:
        yield "in the clear", listed(service.clear)
        if service.clear_mechanisms:
            yield "", f"log in by {listed(service.clear_mechanisms)}: not wise without TLS"
    if service.tls is not None:
        yield "TLS", f"{service.tls}, {service.cipher}" if verbose else service.tls
        yield from certificate_lines(service, verbose=verbose)
        yield "offers", listed(service.capabilities)
        yield "log in by", listed(service.mechanisms)
    elif service.answers and service.problem is None:
        yield "TLS", "not offered"
    if service.login is not None:
        yield "login", service.login
    if service.after_login:
        more = [name for name in service.after_login if name not in service.capabilities]
        yield "then also", listed(more) if more else "nothing more"
    if service.identity:
        yield "it is", ", ".join(f"{name}: {value}" for name, value in service.identity.items())
    if service.answers:
        quirks = [f"{name} ({count} times)" for name, count in service.quirks.items()]
        yield "quirks", ", ".join(quirks) or "none seen"
    if service.problem is not None:
        yield "problem", service.problem


def certificate_lines(service: Service, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """Whose certificate it is, and whether it may be trusted."""
    certificate = service.certificate
    if certificate is not None:
        left = certificate.days_left(datetime.now(UTC))
        until = f"until {certificate.not_after:%Y-%m-%d}"
        until += f" (expired {-left} days ago)" if left < 0 else f" ({left} days left)"
        until += ", renew it soon" if 0 <= left < SOON_DAYS else ""
        yield "certificate", f"{certificate.subject}, {until}"
        if verbose or not service.trusted:
            yield "", f"issued by {certificate.issuer}"
            yield "", f"for {', '.join(certificate.names) or 'no host by name'}"
    if service.trusted:
        yield "", "verified"
    else:
        yield "", f"NOT VERIFIED: {service.distrust}; nobody logged in"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names in a row. Those of POP3 may have arguments."""
    separator = ", " if any(" " in name for name in names) else " "
    return separator.join(names) or "nothing"


def print_field(label: str, words: str) -> None:
    """A label and what belongs to it, in as many lines as it takes."""
    first = f"{INDENT}{label:<{LABEL}}"
    text = textwrap.wrap(
        printable(words),
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(text) if text else first)


def advice_lines(advice: Advice) -> Iterator[str]:
    """The advice and its reasons, for people."""
    yield f"Use {CHOICES[advice.choice]}."
    if advice.choice == "both":
        for protocol in ("pop3", "imap"):
            served = [need for need, use in advice.use.items() if use == protocol]
            yield f"{INDENT}{protocol.upper()} for: {', '.join(served)}"
    need = None
    for finding in advice.findings:
        if finding.need != need:
            need = finding.need
            yield f"{INDENT}{need}: {NEEDS[need].words}"
        yield from reason_lines(finding)
    if advice.unserved and advice.choice != "neither":
        yield f"{INDENT}Not served: {', '.join(advice.unserved)}."
    for caution in advice.cautions:
        yield f"{INDENT}Note: {printable(caution)}."


def reason_lines(finding: Finding) -> list[str]:
    """Why a protocol serves a need as it does."""
    first = f"{INDENT * 2}{FITS[finding.fit]} {finding.protocol.upper()} "
    return textwrap.wrap(
        "; ".join(finding.reasons), WIDTH, initial_indent=first, subsequent_indent=" " * len(first)
    )


# For programs.


def service_facts(service: Service) -> dict[str, Any]:
    """All that was learnt at one door."""
    certificate = service.certificate
    return {
        "service": service.name,
        "protocol": service.protocol,
        "port": service.port,
        "answers": service.answers,
        "problem": service.problem,
        "greeting": service.greeting,
        "capabilities_clear": list(service.clear),
        "capabilities": list(service.capabilities),
        "capabilities_after_login": list(service.after_login),
        "mechanisms_clear": list(service.clear_mechanisms),
        "mechanisms": list(service.mechanisms),
        "login": service.login,
        "identity": service.identity,
        "quirks": service.quirks,
        "tls": service.tls,
        "cipher": service.cipher,
        "verified": service.trusted,
        "not_verified_because": service.distrust,
        "certificate": certificate
        and {
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "names": list(certificate.names),
            "not_before": certificate.not_before.isoformat(),
            "not_after": certificate.not_after.isoformat(),
        },
    }


def advice_facts(advice: Advice) -> dict[str, Any]:
    """The advice."""
    return {
        "choice": advice.choice,
        "use": advice.use,
        "unserved": list(advice.unserved),
        "cautions": list(advice.cautions),
        "findings": [
            {
                "need": finding.need,
                "protocol": finding.protocol,
                "fit": finding.fit.name.lower(),
                "reasons": list(finding.reasons),
            }
            for finding in advice.findings
        ],
    }


def print_json(event: str, **facts: Any) -> None:  # noqa: ANN401
    """One line for programs."""
    print(json.dumps({"schema": SCHEMA, "event": event, **facts}), flush=True)

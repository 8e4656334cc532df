"""POP3, IMAP or both? What somebody needs, against what a server offers. No I/O."""

from __future__ import annotations

import enum
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["NEEDS", "Advice", "Finding", "Fit", "Offer", "advise"]

Protocol: TypeAlias = Literal["pop3", "imap"]
Choice: TypeAlias = Literal["pop3", "imap", "both", "neither"]


class Fit(enum.IntEnum):
    """How well a protocol serves a need."""

    UNFIT = 0
    FAIR = 1
    GOOD = 2


class Offer(NamedTuple):
    """What a server offers over one protocol."""

    capabilities: frozenset[str]
    """Their names, in upper case; those of POP3 without arguments."""
    known: bool = True
    """Whether these are all: many servers tell the rest only to who has logged in."""
    private: bool = True
    """Whether there is TLS."""
    trusted: bool = True
    """Whether the certificate verifies."""
    expire: str | None = None
    """After how many days the server deletes what was read (RFC 2449 §6.7); `NEVER`."""
    login_delay: int | None = None
    """How many seconds must lie between two logins (RFC 2449 §6.5)."""


class Feature(NamedTuple):
    """A capability that makes a difference to a need."""

    names: tuple[str, ...]
    """Any one of these will do."""
    present: str
    absent: str
    absent_fit: Fit


class Rule(NamedTuple):
    """How a protocol serves a need, with whatever server."""

    fit: Fit
    words: str
    features: tuple[Feature, ...] = ()


class Need(NamedTuple):
    """Something that people want of their mail."""

    words: str
    pop3: Rule
    imap: Rule


GOOD, FAIR, UNFIT = Fit.GOOD, Fit.FAIR, Fit.UNFIT

UIDL = Feature(
    ("UIDL",),
    "UIDL tells what was downloaded before",
    "without UIDL nothing tells what was downloaded before",
    FAIR,
)
TOP = Feature(
    ("TOP",),
    "TOP shows the beginning of a message before all of it is downloaded",
    "without TOP a message is downloaded whole or not at all",
    FAIR,
)
CONDSTORE = Feature(
    ("QRESYNC", "CONDSTORE", "IMAP4REV2"),
    "what changed in the meantime costs little to learn (QRESYNC or CONDSTORE)",
    "without CONDSTORE the flags of all messages are fetched anew each time",
    FAIR,
)
IDLE = Feature(
    ("IDLE", "IMAP4REV2"),
    "IDLE: what one device does, the others see at once",
    "without IDLE the others see it when they ask the next time",
    GOOD,
)
MOVE = Feature(
    ("MOVE", "IMAP4REV2"),
    "MOVE takes a message to another folder in one step",
    "without MOVE a message is copied, then deleted",
    GOOD,
)
SPECIAL_USE = Feature(
    ("SPECIAL-USE", "XLIST", "IMAP4REV2"),
    "the server tells which folder is for sent mail, for drafts, for trash",
    "the server does not tell which folder is for sent mail, drafts or trash",
    GOOD,
)
ESEARCH = Feature(
    ("ESEARCH", "IMAP4REV2"),
    "ESEARCH keeps the answers short",
    "without ESEARCH the answers are long lists",
    GOOD,
)

NEEDS: dict[str, Need] = {
    "offline": Need(
        "reading without a network",
        Rule(GOOD, "downloads messages whole; to read them takes no server", (UIDL,)),
        Rule(GOOD, "keeps copies of chosen folders and their flags", (CONDSTORE,)),
    ),
    "one-device": Need(
        "reading in one place only",
        Rule(GOOD, "is made for it: download, then delete or keep", (UIDL,)),
        Rule(GOOD, "does it too, with more commands than it takes"),
    ),
    "small-storage": Need(
        "little room on the device",
        Rule(FAIR, "tells sizes first, but has no way to fetch one part of a message", (TOP,)),
        Rule(GOOD, "leaves mail on the server and fetches only the parts that are looked at"),
    ),
    "several-devices": Need(
        "the same mail on several devices",
        Rule(UNFIT, "knows no flags: what was read or deleted here is new elsewhere"),
        Rule(GOOD, "keeps on the server what was read, answered, moved", (IDLE, CONDSTORE)),
    ),
    "organise": Need(
        "folders and flags",
        Rule(UNFIT, "has one mailbox, without folders and flags"),
        Rule(GOOD, "has folders within folders, and flags", (MOVE, SPECIAL_USE)),
    ),
    "search": Need(
        "searching in all mail",
        Rule(UNFIT, "cannot search: only what was downloaded can be searched, by other programs"),
        Rule(GOOD, "lets the server search, in what was never downloaded as well", (ESEARCH,)),
    ),
}


class Finding(NamedTuple):
    """How well a protocol, as this server offers it, serves a need; and why."""

    need: str
    protocol: Protocol
    fit: Fit
    reasons: tuple[str, ...]


class Advice(NamedTuple):
    """What to use."""

    choice: Choice
    use: dict[str, Protocol]
    """Which protocol serves which need."""
    findings: tuple[Finding, ...]
    unserved: tuple[str, ...]
    """The needs that remain."""
    cautions: tuple[str, ...]


def advise(needs: tuple[str, ...], pop3: Offer | None, imap: Offer | None) -> Advice:
    """Which protocols serve the needs; `None` is what the server does not offer."""
    offers: dict[Protocol, Offer] = {}
    if pop3 is not None:
        offers["pop3"] = pop3
    if imap is not None:
        offers["imap"] = imap
    findings = [judge(need, name, offer) for need in needs for name, offer in offers.items()]
    usable: list[Protocol] = [name for name in offers if offers[name].private] or list(offers)
    fits: dict[tuple[str, Protocol], Fit] = {
        (finding.need, finding.protocol): finding.fit for finding in findings
    }
    use = choose(needs, usable, fits)
    chosen = set(use.values())
    choice: Choice = "neither"
    if len(chosen) == 2:
        choice = "both"
    elif chosen:
        choice = next(iter(chosen))
    unserved = tuple(need for need in needs if not use or fits[need, use[need]] is UNFIT)
    return Advice(choice, use, tuple(findings), unserved, tuple(cautions(offers, choice)))


def choose(
    needs: tuple[str, ...], usable: list[Protocol], fits: dict[tuple[str, Protocol], Fit]
) -> dict[str, Protocol]:
    """One protocol if it is nowhere worse than the other, and the simpler one if both are so.
    Else each need gets the one that serves it better."""
    if not usable:
        return {}
    for name in usable:
        if all(fits[need, name] >= fits[need, other] for need in needs for other in usable):
            return dict.fromkeys(needs, name)
    # POP3 is the first of the two: what is as good by IMAP goes where IMAP is needed anyway.
    return {need: max(reversed(usable), key=lambda name: fits[need, name]) for need in needs}


def judge(need: str, protocol: Protocol, offer: Offer) -> Finding:
    """How well the protocol serves the need on that server."""
    rule: Rule = getattr(NEEDS[need], protocol)
    fit, reasons = rule.fit, [rule.words]
    for feature in rule.features if fit is not UNFIT else ():
        if not offer.capabilities.isdisjoint(feature.names):
            reasons.append(feature.present)
        elif offer.known:
            reasons.append(feature.absent)
            fit = min(fit, feature.absent_fit)
        else:
            names = " or ".join(feature.names[:2])
            reasons.append(f"{names}: not known before login")
    return Finding(need, protocol, fit, tuple(reasons))


def cautions(offers: dict[Protocol, Offer], choice: Choice) -> list[str]:
    """What to know before following the advice."""
    found: list[str] = []
    for name, offer in offers.items():
        if choice not in (name, "both"):
            if not offer.private:
                found.append(f"{name.upper()} is offered without TLS only, and was left out")
            continue
        if not offer.private:
            found.append(f"{name.upper()} without TLS: anyone on the way reads mail and password")
        elif not offer.trusted:
            found.append(f"{name.upper()}: the certificate does not verify")
        if name == "pop3":
            found += pop3_cautions(offer)
    if choice == "both":
        found.append("with both, let only one of them delete on the server")
    return found


def pop3_cautions(offer: Offer) -> list[str]:
    """What a POP3 server does of its own accord."""
    found: list[str] = []
    if offer.expire is not None and offer.expire.upper() != "NEVER":
        words = "at once" if offer.expire == "0" else f"after {offer.expire} days"
        found.append(f"the POP3 server deletes what was downloaded {words} (EXPIRE)")
    if offer.login_delay:
        found.append(f"POP3 logins must be {offer.login_delay} seconds apart (LOGIN-DELAY)")
    return found

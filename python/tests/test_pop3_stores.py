"""Sinks, the UIDL store and synchronisation: what happens when things go wrong."""

from __future__ import annotations

import errno
import mailbox
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pop3_server import Connection, Pop3Server, mail

from mailproto import pop3
from mailproto._errors import CommandError, ConnectionLost
from mailproto._pop3_sync import COMMIT_MESSAGES
from mailproto.stores import FilesSink, MaildirSink, MboxSink, UidlStore
from mailproto.stores._durable import Locked, NewlineFilter
from mailproto.stores._maildrop import MaildirMaildrop
from mailproto.stores._mbox import FromQuoter

if TYPE_CHECKING:
    from collections.abc import Iterator

# How many messages of a writer may be stored and not remembered: two batches.
IN_BATCHES = 256
MAILS = [mail(number, size=100 * number) for number in range(1, 11)]
INFO = pop3.MessageInfo(1, 100, "uid-1")


def connect(server: Pop3Server) -> pop3.Maildrop:
    return pop3.connect(
        server.host, "mrose", "secret", port=server.port, tls="insecure", timeout=5.0
    )


def lf(octets: bytes) -> bytes:
    return octets.replace(b"\r\n", b"\n")


def contents(directory: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(directory.iterdir())]


def deliver(sink: Any, octets: bytes, cut: int = 7) -> str:
    delivery = sink.begin(INFO)
    for start in range(0, len(octets), cut):
        delivery.write(octets[start : start + cut])
    return str(delivery.commit())


# Sinks.


def test_maildir(tmp_path: Path) -> None:
    sink = MaildirSink(tmp_path / "box")
    paths = [Path(deliver(sink, octets)) for octets in MAILS]
    assert [path.read_bytes() for path in paths] == [lf(octets) for octets in MAILS]
    for path, octets in zip(paths, MAILS, strict=True):
        assert path.parent == tmp_path / "box" / "new"
        assert path.name.endswith(f",S={path.stat().st_size},W={len(octets)}")
        assert path.stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "box" / "tmp").iterdir())
    # The standard library's idea of a Maildir.
    assert {bytes(m) for m in mailbox.Maildir(tmp_path / "box")} == {lf(o) for o in MAILS}


def test_files_are_numbered_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "000007.eml").write_bytes(b"mine")
    sink = FilesSink(tmp_path)
    (tmp_path / "000008.eml").write_bytes(b"another's, meanwhile")
    assert deliver(sink, MAILS[0]) == str(tmp_path / "000009.eml")
    assert (tmp_path / "000009.eml").read_bytes() == MAILS[0]
    assert len(list(tmp_path.iterdir())) == 3


def test_mbox(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    path.write_bytes(b"From someone Thu Jan  1 00:00:00 1970\nSubject: first\n\nno empty line")
    sink = MboxSink(path)
    for octets in MAILS:
        deliver(sink, octets)
    assert [item.name for item in tmp_path.iterdir()] == ["mbox"]
    entries = list(mailbox.mbox(path, create=False))
    assert entries[0].get_payload() == "no empty line\n"
    unquoted = [
        bytes(entry).replace(b"\n>From ", b"\nFrom ").replace(b"\n>From there", b"\n>From there")
        for entry in entries[1:]
    ]
    assert len(unquoted) == len(MAILS)
    assert b"\n>From here\n>>From there\n" in path.read_bytes()


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"F", b"From ", b">"])), st.data())
def test_filters_do_not_depend_on_the_cuts(parts: list[bytes], data: st.DataObject) -> None:
    octets = b"".join(parts)
    cut = data.draw(st.integers(0, len(octets)))
    expected = octets.replace(b"\r\n", b"\n")
    newlines = NewlineFilter()
    assert newlines(octets[:cut]) + newlines(octets[cut:]) + newlines.rest() == expected
    quoter = FromQuoter()
    separator, _, entry = (quoter(octets[:cut]) + quoter(octets[cut:]) + quoter.rest()).partition(
        b"\n"
    )
    assert separator.startswith(b"From MAILER-DAEMON ")
    assert entry.endswith(b"\n\n") or entry == b"\n"
    lines = entry[:-1].split(b"\n")
    assert not [line for line in lines if line.startswith(b"From ")]
    back = [line[1:] if line.lstrip(b">").startswith(b"From ") else line for line in lines]
    complete = expected if expected.endswith(b"\n") or not expected else expected + b"\n"
    assert b"\n".join(back) == complete


SINKS: list[Any] = [MaildirSink, MboxSink, FilesSink]


def everything(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", SINKS)
def test_an_aborted_delivery_leaves_no_trace(kind: Any, tmp_path: Path) -> None:
    sink = kind(tmp_path / "there")
    deliver(sink, MAILS[0])
    before = everything(tmp_path)
    delivery = sink.begin(INFO)
    delivery.write(MAILS[1])
    delivery.abort()
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kind", [MboxSink, FilesSink])
def test_a_full_disk_leaves_no_trace(
    kind: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = kind(tmp_path / "there")
    deliver(sink, MAILS[0])
    before = everything(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        with monkeypatch.context() as disk:
            disk.setattr("os.fsync", full)
            with pytest.raises(OSError, match="space"), connect(server) as box:
                box.sync(sink, "none", seen)
        assert len(seen) == 0
        after = everything(tmp_path)
        assert {path: after[path] for path in before} == before
        assert len(after) == len(before) + 2  # the store and its lock
        # And the next time it goes on.
        with connect(server) as box:
            assert box.sync(sink, "none", seen).fetched == len(MAILS)
    assert server.removed == server.uids


@contextmanager
def files_of_at_most(octets: int) -> Iterator[None]:
    """The system refuses longer ones, as a full disk would. Python ignores SIGXFSZ."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_maildir_keeps_what_was_stored_before_the_disk_was_full(tmp_path: Path) -> None:
    box = tmp_path / "box"
    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        sink = MaildirSink(box)
        with (
            files_of_at_most(len(lf(MAILS[6])) - 1),
            pytest.raises(OSError, match=f"box{os.sep}tmp") as refused,
            connect(server) as drop,
        ):
            drop.sync(sink, "none", seen)
        assert refused.value.errno == errno.EFBIG
        assert set(seen) == {f"uid-{number}" for number in range(1, 7)}
        assert sorted(contents(box / "new")) == sorted(lf(octets) for octets in MAILS[:6])
        assert contents(box / "tmp") == []
        assert server.removed == []
        # And the next time it goes on.
        with connect(server) as drop:
            assert drop.sync(sink, "none", seen).fetched == 4
    assert sorted(contents(box / "new")) == sorted(lf(octets) for octets in MAILS)
    assert server.removed == server.uids


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_a_maildir_on_a_disk_that_is_full(tmp_path: Path) -> None:
    mails = [mail(number, size=5000) for number in range(1, 401)]
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        box = disk / "box"
        with Pop3Server(mails) as server, UidlStore(tmp_path / "seen") as seen:
            sink = MaildirSink(box)
            with pytest.raises(OSError, match="space") as refused, connect(server) as drop:
                drop.sync(sink, "none", seen)
            assert refused.value.errno == errno.ENOSPC
            stored = contents(box / "new")
            assert stored == [lf(octets) for octets in mails[: len(stored)]]
            assert set(seen) == {f"uid-{number}" for number in range(1, len(stored) + 1)}
            assert 0 < len(stored) < 400
            assert contents(box / "tmp") == []
            subprocess.run(["mount", "-o", "remount,size=9m", str(disk)], check=True)
            with connect(server) as drop:
                assert drop.sync(sink, "none", seen).fetched == 400 - len(stored)
        assert sorted(contents(box / "new")) == sorted(map(lf, mails))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


# Maildirs, many messages at a time.


def in_order(paths: list[str]) -> list[bytes]:
    return [Path(path).read_bytes() for path in paths]


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"", b"longer"]), max_size=12))
def test_a_writer_does_not_mind_the_cuts(pieces: list[bytes]) -> None:
    octets = b"".join(pieces)
    with tempfile.TemporaryDirectory() as directory:
        sink = MaildirSink(directory, durable=False)
        asked: list[Any] = [(b"\r",), (pieces,), (tuple(pieces),), (octets,), (memoryview(octets),)]
        paths = sink.deliver_many([*asked, (b"\n",)])
        assert in_order(paths) == [b"\r", *[octets.replace(b"\r\n", b"\n")] * 4, b"\n"]
        for path in paths[1:-1]:
            size = Path(path).stat().st_size
            assert path.endswith(f",S={size},W={len(octets)}")
        exact = MaildirSink(directory, crlf=True, durable=False)
        assert in_order(exact.deliver_many([(pieces,)])) == [octets]


def test_flags_and_time_of_a_message(tmp_path: Path) -> None:
    sink = MaildirSink(tmp_path)
    time = 1_763_866_800.0
    letters: list[Any] = [
        (MAILS[0], ("\\Seen", "\\ANSWERED", "$Forwarded", "custom"), time),
        (MAILS[1], ["\\Draft", "\\Flagged", "\\Deleted", "\\Recent"]),
        (MAILS[2], frozenset(["\\Recent"]), None),
        (MAILS[3],),
    ]
    paths = [Path(path) for path in sink.deliver_many(letters)]
    assert in_order(list(map(str, paths))) == list(map(lf, MAILS[:4]))
    assert [path.parent.name for path in paths] == ["cur", "cur", "new", "new"]
    assert [path.name.partition(":")[2] for path in paths] == ["2,PRS", "2,DFT", "", ""]
    assert paths[0].stat().st_mtime == time
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in paths)
    streamed = sink.begin(flags=("\\Seen", "\\Flagged"), received=time)
    streamed.write(MAILS[4])
    path = Path(streamed.commit())
    assert path.parent.name == "cur"
    assert path.name.endswith(f",S={len(lf(MAILS[4]))},W={len(MAILS[4])}:2,FS")
    assert path.stat().st_mtime == time
    flags: list[Any] = [message.get_flags() for message in mailbox.Maildir(tmp_path)]
    assert sorted(flags) == ["", "", "DFT", "FS", "PRS"]


def test_a_folder_of_a_maildir_is_marked(tmp_path: Path) -> None:
    # Maildir++, as Courier and Dovecot have it.
    MaildirSink(tmp_path / "box")
    MaildirSink(tmp_path / "box" / ".Sent")
    MaildirSink(tmp_path / ".hidden")
    assert [path.parent.name for path in tmp_path.rglob("maildirfolder")] == [".Sent"]


def test_many_batches_settle_in_order(tmp_path: Path) -> None:
    sink = MaildirSink(tmp_path)
    writer = sink.writer()
    mails = [b"message %d\r\n" % number * (number % 50 * 40) for number in range(1000)]
    paths: list[str] = []
    for octets in mails:
        if writer.add(octets):
            paths += writer.settled()
    assert len(paths) < 1000
    writer.flush()
    paths += writer.settled()
    assert in_order(paths) == list(map(lf, mails))
    assert len(set(paths)) == 1000
    # It may be used again, and what is not on its way can be forgotten.
    assert not writer.add(MAILS[0])
    writer.abort()
    assert not writer.add(MAILS[1])
    writer.flush()
    assert in_order(writer.settled()) == [lf(MAILS[1])]
    assert contents(tmp_path / "tmp") == []


def test_what_is_no_message_is_refused_and_the_others_are_stored(tmp_path: Path) -> None:
    writer = MaildirSink(tmp_path).writer()
    writer.add(MAILS[0])
    for wrong in ("text", [b"half", "text"], None, [None]):
        with pytest.raises((TypeError, BufferError)):
            writer.add(wrong)  # type: ignore[arg-type]
    writer.add(MAILS[1])
    writer.flush()
    assert in_order(writer.settled()) == list(map(lf, MAILS[:2]))


def test_a_writer_that_failed_goes_on_failing(tmp_path: Path) -> None:
    sink = MaildirSink(tmp_path / "box")
    writer = sink.writer()
    writer.add(MAILS[0])
    writer.flush()
    [stored] = writer.settled()
    Path(stored).unlink()
    (tmp_path / "box" / "new").rmdir()
    writer.add(MAILS[1])
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match="new"):
            writer.flush()
        with pytest.raises(FileNotFoundError, match="new"):
            writer.add(MAILS[2])
    assert writer.settled() == []
    assert contents(tmp_path / "box" / "tmp") == []
    with pytest.raises(FileNotFoundError, match="new"):
        sink.deliver_many([(MAILS[1],)])


def test_mbox_is_cut_back_after_half_an_append(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mbox"
    sink = MboxSink(path)
    deliver(sink, MAILS[0])
    before = path.read_bytes()

    def half(descriptor: int, data: Any) -> None:
        os.write(descriptor, bytes(data)[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mailproto.stores._mbox.write_all", half)
    with pytest.raises(OSError, match="space"):
        deliver(sink, MAILS[1])
    assert path.read_bytes() == before


def test_mbox_recovers_from_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    deliver(MboxSink(path), MAILS[0])
    before = path.read_bytes()
    # What a kill in the middle of an append leaves behind.
    (tmp_path / f".mbox.journal-{len(before)}").write_bytes(b"From x\nSubject: whole\n\nbody\n\n")
    path.write_bytes(before + b"From x\nSubject: wh")
    (tmp_path / "mbox.lock").write_text(f"{dead_process()} {os.uname().nodename}\n")
    MboxSink(path)
    assert everything(tmp_path) == {path: before}
    # But if others have written behind it, nothing is cut away.
    (tmp_path / f".mbox.journal-{len(before)}").write_bytes(b"From x\nSubject: whole\n\nbody\n\n")
    path.write_bytes(before + b"From x\nSubject: wh\nFrom y\nSubject: other\n\n")
    MboxSink(path)
    assert path.read_bytes().endswith(b"Subject: other\n\n")


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


def test_mbox_waits_for_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailproto.stores._mbox.LOCK_SECONDS", 0.2)
    (tmp_path / "mbox.lock").write_text(f"{os.getpid()} {os.uname().nodename}\n")
    with pytest.raises(Locked):
        MboxSink(tmp_path / "mbox")


# The memory.


def test_uidl_store_remembers(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "seen"
    with UidlStore(path) as seen:
        seen.add("plain", 1000)
        seen.add("spa ce%\u00fc\n", 2000)
        seen.add("gone", 3000)
        seen.discard("gone")
        with pytest.raises(Locked):
            UidlStore(path)
    with UidlStore(path) as seen:
        assert set(seen) == {"plain", "spa ce%\u00fc\n"}
        assert seen.fetched_at("spa ce%\u00fc\n") == 2000
        assert "gone" not in seen


def test_uidl_store_survives_a_torn_line_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    with UidlStore(path) as seen:
        seen.add("one", 1)
        seen.add("two", 2)
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with UidlStore(path) as seen:
            assert set(seen) <= {"one", "two"}
            assert ("one" in seen) == (end >= whole.index(b"one\n") + 4)
            seen.add("three", 3)
        with UidlStore(path) as seen:
            assert "three" in seen


def test_uidl_store_refuses_other_files(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    for text in ("Dear diary\n", "Dear diary", "Dear\ndiary\n"):
        path.write_text(text)
        with pytest.raises(ValueError, match="not a UIDL store"):
            UidlStore(path)
        assert path.read_text() == text


def test_uidl_store_forgets_slowly(tmp_path: Path) -> None:
    day = 86400
    with UidlStore(tmp_path / "seen") as seen:
        seen.add("stays", 0)
        seen.add("goes", 0)
        seen.retain(["stays"], 10 * day)
        seen.retain(["stays"], 39 * day)
        assert "goes" in seen
    with UidlStore(tmp_path / "seen") as seen:
        seen.retain(["stays"], 41 * day)
        assert set(seen) == {"stays"}


def test_uidl_store_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    with UidlStore(path, durable=False) as seen:
        for number in range(3000):
            seen.add(f"uid-{number}", number)
            seen.discard(f"uid-{number}")
        seen.add("last", 1)
    big = path.stat().st_size
    with UidlStore(path) as seen:
        assert set(seen) == {"last"}
    assert path.stat().st_size < big / 100


def test_uidl_store_undoes_half_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with UidlStore(tmp_path / "seen") as seen:
        seen.add("one", 1)
        with monkeypatch.context() as disk:
            disk.setattr("mailproto.stores._linefile.write_all", half)
            with pytest.raises(OSError, match="space"):
                seen.add("two", 2)
        assert "two" not in seen
        seen.add("three", 3)
    with UidlStore(tmp_path / "seen") as seen:
        assert set(seen) == {"one", "three"}


# Synchronisation.


def test_nothing_is_fetched_twice(tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        sink = FilesSink(tmp_path / "mail")
        with connect(server) as box:
            report = box.sync(sink, seen=seen, limit=4)
        assert (report.fetched, report.left, report.on_server) == (4, 6, 10)
        with connect(server) as box:
            assert box.sync(sink, seen=seen).fetched == 6
        with connect(server) as box:
            assert box.sync(sink, seen=seen).fetched == 0
    assert contents(tmp_path / "mail") == MAILS
    assert server.removed == []


def test_keep_rules(tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        sink = FilesSink(tmp_path / "mail")
        now = time.time()
        seen.add("uid-1", now - 3 * 86400)
        seen.add("uid-2", now - 1 * 86400)
        with connect(server) as box:
            report = box.sync(sink, timedelta(days=2), seen)
            assert (report.fetched, report.deleted) == (8, 1)
        assert server.removed == ["uid-1"]
        with connect(server) as box:
            box.sync(sink, lambda message, fetched: message.number != 5, seen)
        assert server.removed == ["uid-1", "uid-5"]
        with connect(server) as box:
            assert box.sync(sink, "none", seen).deleted == 10
    with Pop3Server(MAILS) as server, connect(server) as box:
        with pytest.raises(ValueError, match="seen"):
            box.sync(sink, timedelta(days=2))
        with pytest.raises(TypeError):
            box.sync(sink, "some")  # type: ignore[arg-type]


def test_a_refused_message_does_not_stop_the_others(tmp_path: Path) -> None:
    replies: dict[str, Any] = {"RETR 3": b"-ERR damaged\r\n", "DELE 5": b"-ERR no\r\n"}
    with Pop3Server(MAILS, replies=replies) as server, UidlStore(tmp_path / "seen") as seen:
        with connect(server) as box:
            report = box.sync(FilesSink(tmp_path / "mail"), "none", seen)
        assert (report.fetched, report.deleted) == (9, 8)
        assert [message.number for message, _ in report.failed] == [3, 5]
        assert "uid-3" not in seen
    assert set(server.removed) == set(server.uids) - {"uid-3", "uid-5"}


def half_a_message(connection: Connection) -> None:
    connection.send(b"+OK 1000 octets\r\nSubject: half\r\n\r\nhal")
    connection.hang_up()


@pytest.mark.parametrize("kind", SINKS)
def test_server_vanishes_in_mid_message(kind: Any, tmp_path: Path) -> None:
    sink = kind(tmp_path / "mail")
    with UidlStore(tmp_path / "seen") as seen:
        with Pop3Server(MAILS, replies={"RETR 6": half_a_message}) as server:
            with pytest.raises(ConnectionLost), connect(server) as box:
                box.sync(sink, "none", seen)
            assert server.removed == []
        assert set(seen) == {f"uid-{number}" for number in range(1, 6)}
        assert not [octets for octets in everything(tmp_path).values() if b"half" in octets]
        with Pop3Server(MAILS) as server:
            with connect(server) as box:
                report = box.sync(sink, "none", seen)
            assert (report.fetched, report.deleted) == (5, 10)
            assert server.removed == server.uids
    texts = (
        b"\n".join(everything(tmp_path / "mail").values())
        if kind is not MboxSink
        else (tmp_path / "mail").read_bytes()
    )
    for number in range(1, 11):
        assert (
            len(texts.split(b"Subject: message %d" % number + b"\r\n"[kind is not FilesSink :]))
            == 2
        )


def test_stopping_finishes_what_is_under_way(tmp_path: Path) -> None:
    with Pop3Server(MAILS) as server, UidlStore(tmp_path / "seen") as seen:
        with connect(server) as box:
            box._window = 0
            report = box.sync(
                FilesSink(tmp_path / "mail"),
                "none",
                seen,
                stop=lambda: "RETR 3" in server.commands,
            )
        assert (report.fetched, report.left, report.deleted) == (3, 7, 3)
    assert server.removed == ["uid-1", "uid-2", "uid-3"]


def test_without_unique_ids_nothing_can_be_remembered(tmp_path: Path) -> None:
    replies: dict[str, Any] = {"UIDL": b"-ERR what?\r\n"}
    with Pop3Server(MAILS, replies=replies) as server, connect(server) as box:
        with UidlStore(tmp_path / "seen") as seen, pytest.raises(CommandError):
            box.sync(FilesSink(tmp_path / "mail"), seen=seen)
        assert box.sync(FilesSink(tmp_path / "mail"), "none").fetched == 10
    assert len(server.removed) == 10


def test_equal_messages_may_have_one_unique_id(tmp_path: Path) -> None:
    # RFC 1939 §7: "two identical copies of a message" may.
    with Pop3Server([MAILS[0]] * 2, uids=["same", "same"]) as server:
        with UidlStore(tmp_path / "seen") as seen, connect(server) as box:
            report = box.sync(FilesSink(tmp_path / "mail"), "none", seen)
        assert (report.fetched, report.deleted) == (2, 2)


KILLED = """
import sys
from mailproto import pop3
from mailproto.stores import *
kind, directory, port = sys.argv[1:]
with UidlStore(directory + "/seen") as seen:
    with pop3.connect("127.0.0.1", "mrose", "secret", port=int(port), tls="insecure") as box:
        box.sync(globals()[kind](directory + "/mail"), "none", seen)
"""


@pytest.mark.parametrize("kind", ["MaildirSink", "MboxSink", "FilesSink"])
def test_killed_at_any_time(kind: str, tmp_path: Path) -> None:
    """Whenever it is killed, each message has come when it is over: once, or twice if the kill
    fell between messages that were committed together and the note of them; no half message has
    a name."""
    mails = [mail(number, size=20_000) for number in range(1, 41)]
    kills = 0
    with Pop3Server(mails) as server:
        for wait in (0.13, 0.16, 0.2, 0.25, 0.3, 60.0):
            program = [sys.executable, "-c", KILLED, kind, str(tmp_path), str(server.port)]
            with subprocess.Popen(program, stderr=subprocess.DEVNULL) as process:
                try:
                    process.wait(wait)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    kills += 1
            if process.returncode == 0:
                break
        assert process.returncode == 0
        assert set(server.removed) == set(server.uids)
    if kind == "MboxSink":
        got = [bytes(entry) for entry in mailbox.mbox(tmp_path / "mail", create=False)]
        expected = {
            lf(o).replace(b"\n>From ", b"\n>>From ").replace(b"\nFrom ", b"\n>From ") for o in mails
        }
    elif kind == "MaildirSink":
        got, expected = contents(tmp_path / "mail" / "new"), {lf(octets) for octets in mails}
    else:
        got = [p.read_bytes() for p in (tmp_path / "mail").glob("*.eml")]
        expected = set(mails)
    assert set(got) == expected
    in_flight = IN_BATCHES if kind == "MaildirSink" else COMMIT_MESSAGES
    assert len(mails) <= len(got) <= len(mails) + kills * in_flight


def test_killed_while_batches_are_stored(tmp_path: Path) -> None:
    """Whatever has a final name is whole, what was stored is mostly remembered, and the rest
    comes when it is run again."""
    mails = {lf(octets): octets for octets in (mail(number, size=2000) for number in range(2000))}
    new = tmp_path / "mail" / "new"
    with Pop3Server(list(mails.values())) as server:
        program = [sys.executable, "-c", KILLED, "MaildirSink", str(tmp_path), str(server.port)]
        for enough in (300, 1100):
            with subprocess.Popen(program, stderr=subprocess.DEVNULL) as process:
                deadline = time.monotonic() + 30
                while not new.is_dir() or sum(1 for _ in new.iterdir()) < enough:
                    assert time.monotonic() < deadline
                    assert process.poll() is None
                process.kill()
            before = contents(new)
            assert len(before) < 2000
            assert set(before) <= set(mails)
        asked = len(server.commands)
        subprocess.run(program, check=True)
        retrieved = [line for line in server.commands[asked:] if line.startswith("RETR")]
        assert len(retrieved) <= 2000 - len(set(before)) + 2 * IN_BATCHES
        assert set(server.removed) == set(server.uids)
    got = contents(new)
    assert set(got) == set(mails)
    assert len(got) <= 2000 + 2 * IN_BATCHES


def test_a_maildir_is_served_in_order_of_delivery(tmp_path: Path) -> None:
    MaildirSink(tmp_path)
    names = ["99.x.host", "100.M5P1.host", "100.M40P1.host,S=9,W=10:2,S", "100.M123P1.host"]
    for number, name in enumerate(names):
        (tmp_path / ("cur" if ":" in name else "new") / name).write_bytes(b"line\r\nend" * number)
    (tmp_path / "new" / ".hidden").touch()
    drop = MaildirMaildrop(tmp_path)
    assert [message.uid for message in drop.messages] == [n.split(",")[0] for n in names]
    assert [message.size for message in drop.messages] == [0, 11, 10, 29]
    with pytest.raises(Locked):
        MaildirMaildrop(tmp_path)
    # Another program gives a message flags meanwhile.
    (tmp_path / "new" / names[1]).rename(tmp_path / "cur" / f"{names[1]}:2,S")
    with drop.messages[1].open() as file:
        assert file.read() == b"line\r\nend"
    assert drop.remove([2, 4])
    drop.close()
    assert len(MaildirMaildrop(tmp_path).messages) == 2

"""The examples of the packages compile for their chips, call nothing that the library in the package lacks, and
hold their session: here against a server, with the functions of their platform made of this host's. FreeRTOS's
example runs over a real lwIP."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conftest import ROOT, package
from server import Server

STUBS = Path(__file__).parent / "stubs"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LWIP = "/usr/include/lwip"


@dataclass
class Example:
    name: str
    source: Path
    protocol: str
    #: The library that its package, or its configuration, links it with.
    library: Path
    #: What prints before the end, and how it tells of a good one.
    end: str
    user: str = "ann"
    defines: list[str] = field(default_factory=list)
    #: For the chip, and for the host.
    chip: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)

    @property
    def is_cxx(self) -> bool:
        return self.source.suffix == ".ino"

    @property
    def flags(self) -> list[str]:
        language = ["-x", "c++", "-std=c++11", "-include", "Arduino.h"]
        include = [f"-I{STUBS / self.name}", f"-I{ROOT / 'include'}", f"-I{self.source.parent}"]
        return [*WARNINGS, *include, *self.defines, *(language if self.is_cxx else ["-std=gnu11"])]


CORTEX_M3 = ["arm-none-eabi-gcc", "-mcpu=cortex-m3", "-mthumb"]
RISCV = ["riscv64-unknown-elf-gcc", "-march=rv32imc", "-mabi=ilp32", "--specs=picolibc.specs"]


def quoted(**texts: str) -> list[str]:
    return [f'-D{name}="{text}"' for name, text in texts.items()]


def examples() -> list[Example]:
    esp_idf, zephyr, arduino = package("esp-idf"), package("zephyr"), package("arduino")
    imap_minimal = esp_idf / "lib/riscv32imc-unknown-none-elf/imap-minimal/libmailproto.a"
    pop3 = zephyr / "lib/thumbv7m-none-eabi/pop3/libmailproto.a"
    return [
        Example(
            "esp-idf",
            esp_idf / "examples/fetch_mail/main/main.c",
            "imap",
            imap_minimal,
            "done",
            chip=[*RISCV, "-D_DEFAULT_SOURCE"],
            defines=quoted(
                CONFIG_EXAMPLE_MAIL_HOST="mail.example",
                CONFIG_EXAMPLE_MAIL_USER="ann",
                CONFIG_EXAMPLE_MAIL_PASSWORD="secret",
            ),
        ),
        Example(
            "zephyr",
            zephyr / "samples/fetch_mail/src/main.c",
            "pop3",
            pop3,
            "done",
            chip=CORTEX_M3,
            defines=quoted(
                CONFIG_MAIL_HOST="192.0.2.2", CONFIG_MAIL_USER="ann", CONFIG_MAIL_PASSWORD="secret"
            ),
        ),
        Example(
            "arduino",
            arduino / "examples/FetchMail/FetchMail.ino",
            "imap",
            imap_minimal,
            "session: 0",
            user="ann@example.com",
            chip=["arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-fno-exceptions"],
        ),
        Example(
            "freertos",
            ROOT / "ffi/packaging/freertos/fetch_mail.c",
            "pop3",
            pop3,
            "done",
            chip=[*CORTEX_M3, f"-I{STUBS}/freertos/chip"],
            defines=["-isystem", LWIP],
            libraries=["-llwip", "-lpthread"],
        ),
    ]


EXAMPLES = {example.name: example for example in examples()}


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def compile_for_chip(example: Example, into: Path, *more: str) -> Path:
    into = into / "example.o"
    run(*example.chip, *example.flags, *more, "-Os", "-c", example.source, "-o", into)
    return into


def symbols(nm: str, kind: str, file: Path) -> set[str]:
    """Ours, of `undefined` or `defined` ones."""
    names = run(nm, f"--{kind}-only", "-j", file).split()
    return {name for name in names if name.startswith("mailproto_")}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_it_compiles_for_the_chip_and_its_library_has_what_it_calls(example, tmp_path):
    nm = example.chip[0].replace("gcc", "nm").replace("g++", "nm")
    called = symbols(nm, "undefined", compile_for_chip(example, tmp_path))
    assert f"mailproto_{example.protocol}_client_init" in called
    assert called <= symbols(nm, "defined", example.library)


def test_the_sample_of_zephyr_compiles_with_tls(tmp_path):
    compile_for_chip(EXAMPLES["zephyr"], tmp_path, "-DCONFIG_MAIL_TLS=1")


@pytest.mark.parametrize("board", ["-DESP32", "-DARDUINO_UNOR4_WIFI"])
def test_the_sketch_compiles_for_other_boards(board, tmp_path):
    compile_for_chip(EXAMPLES["arduino"], tmp_path, board)


EXPECTED = {
    "pop3": (
        "From: Bob\nSubject: Hello, board\n\nIt works.\n",
        ["USER {user}", "PASS secret", "STAT", "RETR 1", "QUIT"],
    ),
    "imap": (
        "From: Bob\nSubject: Hello, board\n\n",
        [
            "AAA1 LOGIN {user} secret",
            "AAA2 EXAMINE INBOX",
            "AAA3 UID SEARCH UNSEEN",
            "AAA4 UID FETCH 17 (BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)])",
            "AAA5 LOGOUT",
        ],
    ),
}


def compile_for_host(example: Example, library: Path, into: Path) -> Path:
    objects = [into / "example.o", into / "platform.o", into / "host.o"]
    platform = STUBS / example.name / ("host.cpp" if example.is_cxx else "host.c")
    run("gcc", *example.flags, "-c", example.source, "-o", objects[0])
    run("gcc", *example.flags, "-c", platform, "-o", objects[1])
    run("gcc", *WARNINGS, "-std=c11", "-c", STUBS / "host.c", "-o", objects[2])
    run("g++", *objects, library, *example.libraries, "-o", into / "example")
    return into / "example"


def hold_session(program: Path, port: int) -> str:
    """What the example prints, to whom this port of the host is the server's."""
    environment = {**os.environ, "MAIL_PORT": str(port)}
    done = subprocess.run(
        [program], env=environment, stdout=subprocess.PIPE, text=True, timeout=30, check=True
    )
    return done.stdout.replace("\r\n", "\n")


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_it_fetches_mail(example, library, tmp_path):
    program = compile_for_host(example, library, tmp_path)
    prints, says = EXPECTED[example.protocol]
    with Server(example.protocol) as server:
        printed = hold_session(program, server.port)
    assert printed == f"{prints}{example.end}\n"
    assert server.heard == [line.format(user=example.user) for line in says]


LETTER = b"From: Bob <bob@example.com>\r\nSubject: %b\r\n\r\n%b\r\n"


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_its_buffers_suffice_for_a_real_server(example, library, dovecot, tmp_path):
    """The smallest that work: 256 and 256 octets for POP3, 512 and 256 for IMAP."""
    source = example.source.read_text()
    scratch = {"pop3": "scratch[256]", "imap": "scratch[512]"}[example.protocol]
    assert scratch in source
    assert "tx[256]" in source
    subject, body = f"to {example.name}".encode(), b"x" * 70 + b"\r\n" + b"y" * 5000
    dovecot.deliver(example.user, [LETTER % (subject, body)])
    program = compile_for_host(example, library, tmp_path)
    port = dovecot.ports.pop3 if example.protocol == "pop3" else dovecot.ports.imap
    printed = hold_session(program, port)
    head = f"From: Bob <bob@example.com>\nSubject: to {example.name}\n\n"
    text = f"{body.decode()}\n".replace("\r\n", "\n") if example.protocol == "pop3" else ""
    assert printed.endswith(f"{head}{text}{example.end}\n")

"""The CMake files link the library that fits the chip and the configuration, or say what is missing. ESP-IDF's and
Zephyr's functions are replaced by ones that print what they are called with."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conftest import package

HERE = Path(__file__).parent


def cmake(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    words = [f"-D{name}={value}" for name, value in variables.items()]
    command = ["cmake", *words, "-P", str(HERE / script)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def linked(script: str, place: Path, **variables: str) -> str | None:
    """What is linked, from the package's directory; None if the build stops."""
    done = cmake(script, PACKAGE=str(place), **variables)
    if done.returncode != 0:
        assert "mailproto" in done.stderr
        return None
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("library: ")]
    file = Path(line.removeprefix("library: ")).resolve()
    assert file.is_file()
    return str(file.relative_to(place))


IMC = "lib/riscv32imc-unknown-none-elf"
IMAC = "lib/riscv32imac-unknown-none-elf"


@pytest.mark.parametrize(
    ("target", "options", "library"),
    [
        ("esp32c3", {}, f"{IMC}/libmailproto.a"),
        ("esp32c2", {"CONFIG_MAILPROTO_SET_EVERYTHING": "y"}, f"{IMC}/libmailproto.a"),
        ("esp32c3", {"CONFIG_MAILPROTO_SET_POP3": "y"}, f"{IMC}/pop3/libmailproto.a"),
        (
            "esp32c6",
            {"CONFIG_MAILPROTO_SET_IMAP_MINIMAL": "y"},
            f"{IMAC}/imap-minimal/libmailproto.a",
        ),
        ("esp32h2", {"CONFIG_MAILPROTO_SET_IMAP_FULL": "y"}, f"{IMAC}/imap-full/libmailproto.a"),
        ("esp32", {}, None),  # nobody has built it
        ("esp32p4", {}, None),
    ],
)
def test_esp_idf_links_what_fits(target, options, library):
    assert linked("esp_idf.cmake", package("esp-idf"), IDF_TARGET=target, **options) == library


def test_esp_idf_is_not_asked_for_a_library_before_there_is_a_configuration():
    done = cmake("esp_idf.cmake", PACKAGE=str(package("esp-idf")), CMAKE_BUILD_EARLY_EXPANSION="1")
    assert done.returncode == 0
    assert "library: " not in done.stderr


@pytest.mark.parametrize("target", ["esp32", "esp32s2", "esp32s3"])
def test_esp_idf_links_what_somebody_has_built_for_xtensa(target, tmp_path):
    place = tmp_path / "mailproto"
    place.mkdir()
    (place / "CMakeLists.txt").write_bytes((package("esp-idf") / "CMakeLists.txt").read_bytes())
    own = place / f"lib/xtensa-{target}-none-elf/libmailproto.a"
    own.parent.mkdir(parents=True)
    own.touch()
    found = linked("esp_idf.cmake", place, IDF_TARGET=target)
    assert found == f"lib/xtensa-{target}-none-elf/libmailproto.a"


IMC_CORE = ["RISCV", "RISCV_ISA_RV32I", "RISCV_ISA_EXT_M", "RISCV_ISA_EXT_C"]


@pytest.mark.parametrize(
    ("core", "triple"),
    [
        (["CPU_CORTEX_M0PLUS"], "thumbv6m-none-eabi"),
        (["CPU_CORTEX_M23"], "thumbv6m-none-eabi"),
        (["CPU_CORTEX_M3"], "thumbv7m-none-eabi"),
        (["CPU_CORTEX_M4"], "thumbv7em-none-eabi"),
        (["CPU_CORTEX_M4", "FPU", "FP_SOFTABI"], "thumbv7em-none-eabi"),
        (["CPU_CORTEX_M4", "FPU", "FP_HARDABI"], "thumbv7em-none-eabihf"),
        (["CPU_CORTEX_M7", "FPU", "FP_HARDABI"], "thumbv7em-none-eabihf"),
        (["CPU_CORTEX_M33"], "thumbv8m.main-none-eabi"),
        (["CPU_CORTEX_M33", "FPU", "FP_HARDABI"], "thumbv8m.main-none-eabihf"),
        (IMC_CORE, "riscv32imc-unknown-none-elf"),
        ([*IMC_CORE, "RISCV_ISA_EXT_A"], "riscv32imac-unknown-none-elf"),
    ],
)
def test_zephyr_links_what_fits_the_core(core, triple):
    options = {f"CONFIG_{name}": "y" for name in ["MAILPROTO", "MAILPROTO_SET_POP3", *core]}
    found = linked("zephyr.cmake", package("zephyr"), **options)
    assert found == f"lib/{triple}/pop3/libmailproto.a"


@pytest.mark.parametrize(
    "core",
    [
        [*IMC_CORE, "64BIT"],
        [*IMC_CORE, "FLOAT_HARD"],
        [*IMC_CORE, "RISCV_ISA_RV32E"],
        ["RISCV", "RISCV_ISA_EXT_M"],
        ["RISCV", "RISCV_ISA_EXT_C"],
        ["X86"],
    ],
)
def test_zephyr_stops_where_nothing_fits(core):
    options = {f"CONFIG_{name}": "y" for name in ["MAILPROTO", *core]}
    assert linked("zephyr.cmake", package("zephyr"), **options) is None


def test_zephyr_links_nothing_unless_it_is_told_to():
    done = cmake("zephyr.cmake", PACKAGE=str(package("zephyr")), CONFIG_CPU_CORTEX_M3="y")
    assert done.returncode == 0
    assert "library: " not in done.stderr


def test_zephyr_compiles_the_features_that_are_chosen():
    names = ["MAILPROTO", "MAILPROTO_SET_CUSTOM", "CPU_CORTEX_M3", "MAILPROTO_FEATURE_IMAP"]
    options = {f"CONFIG_{name}": "y" for name in [*names, "MAILPROTO_FEATURE_IMAP_ENVELOPE"]}
    done = cmake("zephyr.cmake", PACKAGE=str(package("zephyr")), **options)
    assert done.returncode == 0, done.stderr
    assert "xtask chip thumbv7m-none-eabi --features imap,imap-envelope" in done.stderr


@pytest.mark.parametrize("fast", [True, False])
def test_zephyr_tells_the_header_of_the_feature_that_makes_objects_larger(fast):
    names = ["MAILPROTO", "MAILPROTO_SET_CUSTOM", "CPU_CORTEX_M3", "MAILPROTO_FEATURE_IMAP"]
    options = {f"CONFIG_{name}": "y" for name in names}
    if fast:
        options["CONFIG_MAILPROTO_FEATURE_FAST"] = "y"
    done = cmake("zephyr.cmake", PACKAGE=str(package("zephyr")), **options)
    assert done.returncode == 0, done.stderr
    assert ("defined: MAILPROTO_FAST" in done.stderr) == fast

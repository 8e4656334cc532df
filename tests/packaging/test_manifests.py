"""What each ecosystem reads first is what its own tool accepts, and says what is true."""

from __future__ import annotations

import configparser
import importlib.util
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import kconfiglib
import pytest
import yaml
from idf_component_tools.manager import ManifestManager, UploadMode
from platformio.package.manifest.parser import ManifestParserFactory
from platformio.package.manifest.schema import ManifestSchema
from platformio.package.pack import PackagePacker

from conftest import ROOT, package, version


@pytest.mark.parametrize("name", ["esp-idf", "zephyr", "platformio"])
def test_the_archive_holds_the_package_in_one_directory(name):
    place = package(name)
    with tarfile.open(place.with_name(f"{place.name}.tar.gz")) as archive:
        names = {entry.name for entry in archive if entry.isfile()}
    for file in ("README.md", "LICENSE-MIT", "include/mailproto.h"):
        assert f"{place.name}/{file}" in names


# ESP-IDF: the component manager's own check, and Espressif's checker of Kconfig.


def test_the_component_manager_takes_the_component():
    manager = ManifestManager(package("esp-idf"), "mailproto", upload_mode=UploadMode.component)
    assert manager.validation_errors == []
    manifest = manager.load()
    assert str(manifest.version) == version()
    assert [example["path"] for example in manifest.examples] == ["examples/fetch_mail"]


def test_the_component_manager_takes_the_example():
    place = package("esp-idf") / "examples/fetch_mail/main"
    assert ManifestManager(place, "main").validation_errors == []


def test_the_kconfig_files_of_esp_idf_are_as_espressif_wants_them():
    files = [str(file) for file in package("esp-idf").rglob("Kconfig*")]
    assert len(files) == 2
    subprocess.run([sys.executable, "-m", "kconfcheck", *files], check=True)


# Zephyr: the keys that its documentation has (develop/modules.rst), and Kconfig by the parser that it uses.

MODULE = {"name": str, "build": dict, "samples": list, "tests": list, "boards": list}
BUILD = {"cmake": str, "kconfig": str, "depends": list, "settings": dict}


def unknown(given: dict, known: dict[str, type]) -> list[str]:
    return [key for key, value in given.items() if not isinstance(value, known.get(key, ()))]


def test_the_module_says_what_zephyr_knows():
    module = yaml.safe_load((package("zephyr") / "zephyr/module.yml").read_text())
    assert unknown(module, MODULE) == []
    assert unknown(module["build"], BUILD) == []
    assert (package("zephyr") / module["build"]["cmake"] / "CMakeLists.txt").is_file()
    assert (package("zephyr") / module["build"]["kconfig"]).is_file()
    for directory in module["samples"]:
        assert list((package("zephyr") / directory).glob("*/sample.yaml"))


def zephyr_kconfig(tmp_path: Path, *assignments: str) -> kconfiglib.Kconfig:
    """The module's options as Zephyr's build sees them, with these lines of a prj.conf."""
    top = tmp_path / "Kconfig"
    top.write_text(f'source "{package("zephyr")}/zephyr/Kconfig"\n')
    configuration = kconfiglib.Kconfig(str(top))
    project = tmp_path / "prj.conf"
    project.write_text("\n".join(assignments))
    configuration.load_config(str(project))
    assert configuration.warnings == []
    return configuration


def chosen(configuration: kconfiglib.Kconfig, prefix: str) -> list[str]:
    symbols = configuration.unique_defined_syms
    names = [symbol.name for symbol in symbols if symbol.str_value == "y"]
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


@pytest.mark.parametrize("name", ["POP3", "IMAP_MINIMAL", "IMAP_FULL", "EVERYTHING", "CUSTOM"])
def test_one_set_is_chosen_in_zephyr(tmp_path, name):
    line = f"CONFIG_MAILPROTO_SET_{name}=y"
    configuration = zephyr_kconfig(tmp_path, "CONFIG_MAILPROTO=y", line)
    assert chosen(configuration, "MAILPROTO_SET_") == [name]


def test_everything_is_chosen_in_zephyr_unless_something_else_is(tmp_path):
    configuration = zephyr_kconfig(tmp_path, "CONFIG_MAILPROTO=y")
    assert chosen(configuration, "MAILPROTO_SET_") == ["EVERYTHING"]
    assert chosen(configuration, "MAILPROTO_FEATURE_") == []


def test_zephyr_has_an_option_for_each_feature(tmp_path):
    """All but those that only name others, and the panic handler, which a library always has."""
    lines = ["CONFIG_MAILPROTO=y", "CONFIG_MAILPROTO_SET_CUSTOM=y"]
    symbols = zephyr_kconfig(tmp_path, *lines).unique_defined_syms
    prefix = "MAILPROTO_FEATURE_"
    names = [symbol.name for symbol in symbols if symbol.name.startswith(prefix)]
    options = {name.removeprefix(prefix).lower().replace("_", "-") for name in names}
    manifest = (ROOT / "ffi/Cargo.toml").read_text()
    section = manifest.split("[features]\n")[1].split("\n[")[0]
    features = set(re.findall(r"^([a-z0-9-]+) = ", section, re.MULTILINE))
    assert options == features - {"default", "panic-handler", "imap-full", "imap-all", "sasl-all"}


def test_a_feature_of_imap_needs_imap_in_zephyr(tmp_path):
    lines = ["CONFIG_MAILPROTO=y", "CONFIG_MAILPROTO_SET_CUSTOM=y"]
    envelope = "CONFIG_MAILPROTO_FEATURE_IMAP_ENVELOPE=y"
    imap = "CONFIG_MAILPROTO_FEATURE_IMAP=y"
    with_imap = zephyr_kconfig(tmp_path, *lines, imap, envelope)
    assert chosen(with_imap, "MAILPROTO_FEATURE_") == ["POP3", "IMAP", "IMAP_ENVELOPE"]
    without = kconfiglib.Kconfig(str(tmp_path / "Kconfig"), warn=False)
    (tmp_path / "prj.conf").write_text("\n".join([*lines, envelope]))
    without.load_config(str(tmp_path / "prj.conf"))
    assert chosen(without, "MAILPROTO_FEATURE_") == ["POP3"]


# PlatformIO: its own schema, and its own packer.


@pytest.fixture
def no_network(monkeypatch):
    """The schema asks a site for the identifiers of licences: these are two of them."""
    known = {"licenses": [{"licenseId": "MIT"}, {"licenseId": "Apache-2.0"}]}
    monkeypatch.setattr(ManifestSchema, "load_spdx_licenses", staticmethod(lambda: known))


def test_platformio_takes_the_library(no_network):
    place = package("platformio")
    parsed = ManifestParserFactory.new_from_file(str(place / "library.json")).as_dict()
    manifest = ManifestSchema().load_manifest(parsed)
    assert manifest["version"] == version()
    (example,) = manifest["examples"]
    for file in example["files"]:
        assert (place / example["base"] / file).is_file()
    for header in manifest["headers"]:
        assert (place / "include" / header).is_file()


def test_platformio_packs_the_library(no_network, tmp_path):
    archive = PackagePacker(str(package("platformio"))).pack(str(tmp_path / "packed.tar.gz"))
    with tarfile.open(archive) as packed:
        names = packed.getnames()
    for name in ("library.json", "link.py", "lib/thumbv7m-none-eabi/pop3/libmailproto.a"):
        assert name in names


def link_script():
    """link.py, without PlatformIO."""
    specification = importlib.util.spec_from_file_location(
        "link", package("platformio") / "link.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("mcu", "cpu", "flags", "triple"),
    [
        ("esp32c3", "", [], "riscv32imc-unknown-none-elf"),
        ("esp32c6", "", [], "riscv32imac-unknown-none-elf"),
        ("esp32s3", "", [], "xtensa-esp32s3-none-elf"),
        ("stm32f030r8t6", "cortex-m0", [], "thumbv6m-none-eabi"),
        ("stm32f103c8t6", "cortex-m3", [], "thumbv7m-none-eabi"),
        ("stm32f407vgt6", "cortex-m4", ["-mfloat-abi=softfp"], "thumbv7em-none-eabi"),
        ("stm32f407vgt6", "cortex-m4", ["-mfloat-abi=hard"], "thumbv7em-none-eabihf"),
        ("nrf9160", "cortex-m33", [], "thumbv8m.main-none-eabi"),
        ("stm32u585aii6q", "cortex-m33", ["-mfloat-abi=hard"], "thumbv8m.main-none-eabihf"),
        ("atmega328p", "", [], None),
    ],
)
def test_the_board_decides_what_platformio_links(mcu, cpu, flags, triple):
    assert link_script().triple(mcu, cpu, flags) == triple
    if triple is not None and not triple.startswith("xtensa"):
        place = package("platformio") / "lib" / triple
        assert (place / "libmailproto.a").is_file()
        assert (place / "SIZE.md").is_file()


def test_platformio_is_given_the_set_that_the_project_names():
    script, lib = link_script(), package("platformio") / "lib"
    triple = "thumbv7m-none-eabi"
    assert script.directory(lib, triple, "everything") == lib / triple
    assert script.directory(lib, triple, "pop3") == lib / triple / "pop3"
    for name, chosen in [(triple, "pop4"), (None, "pop3"), ("xtensa-esp32-none-elf", "pop3")]:
        with pytest.raises(SystemExit):
            script.directory(lib, name, chosen)


# Arduino: the fields that its specification of libraries requires (docs/library-specification.md of arduino-cli).

REQUIRED = [
    "name",
    "version",
    "author",
    "maintainer",
    "sentence",
    "paragraph",
    "category",
    "url",
    "architectures",
]
OPTIONAL = ["depends", "dot_a_linkage", "includes", "precompiled", "ldflags"]
CATEGORIES = [
    "Display",
    "Communication",
    "Signal Input/Output",
    "Sensors",
    "Device Control",
    "Timing",
    "Data Storage",
    "Data Processing",
    "Other",
]


def properties() -> dict[str, str]:
    parser = configparser.ConfigParser(delimiters="=", interpolation=None)
    parser.read_string("[library]\n" + (package("arduino") / "library.properties").read_text())
    return dict(parser["library"])


def test_the_arduino_library_says_what_the_specification_requires():
    given = properties()
    assert [name for name in REQUIRED if not given.get(name)] == []
    assert set(given) <= {*REQUIRED, *OPTIONAL}
    assert given["version"] == version()
    assert given["category"] in CATEGORIES
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_. -]*", given["name"])
    assert given["precompiled"] == "full"
    assert given["ldflags"] == "-lmailproto"
    for header in given["includes"].split(","):
        assert (package("arduino") / "src" / header).is_file()


def test_the_arduino_library_lies_as_the_specification_says():
    place = package("arduino")
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", place.name)
    for sketch in (place / "examples").iterdir():
        assert (sketch / f"{sketch.name}.ino").is_file()
    found = {str(file.parent.relative_to(place / "src")) for file in place.rglob("*.a")}
    assert {"cortex-m0plus", "cortex-m4", "cortex-m4/fpv4-sp-d16-hard", "esp32c3"} <= found
    for line in (place / "keywords.txt").read_text().splitlines():
        assert re.fullmatch(r"\w+\t(KEYWORD[12]|LITERAL1)", line)


def test_arduino_s_archive_holds_the_library_in_one_directory():
    place = package("arduino")
    with zipfile.ZipFile(place.with_name(f"{place.name}.zip")) as archive:
        names = archive.namelist()
        dates = {entry.date_time[:3] for entry in archive.infolist()}
    files = [file for file in place.rglob("*") if file.is_file()]
    assert sorted(names) == sorted(f"{place.name}/{file.relative_to(place)}" for file in files)
    assert dates == {(1980, 1, 1)}


def test_every_keyword_is_in_the_headers():
    place = package("arduino")
    headers = "".join(header.read_text() for header in (place / "src").glob("*.h"))
    words = [line.split("\t")[0] for line in (place / "keywords.txt").read_text().splitlines()]
    assert [word for word in words if word not in headers] == []


def test_the_json_of_platformio_says_the_version_of_the_headers():
    header = (package("platformio") / "include/mailproto.h").read_text()
    numbers = [
        re.search(rf"MAILPROTO_VERSION_{part} (\d+)", header)[1]
        for part in ("MAJOR", "MINOR", "PATCH")
    ]
    manifest = json.loads((package("platformio") / "library.json").read_text())
    assert manifest["version"] == ".".join(numbers)

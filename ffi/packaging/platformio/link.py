"""Links the library that fits the board, when PlatformIO builds a project with it.

`custom_mailproto_set` in platformio.ini chooses a smaller set: pop3, imap-minimal or imap-full.
"""

from pathlib import Path

SETS = ("everything", "pop3", "imap-minimal", "imap-full")

# build.mcu of ESP boards.
ESP = {
    **dict.fromkeys(("esp32c2", "esp32c3"), "riscv32imc-unknown-none-elf"),
    **dict.fromkeys(("esp32c5", "esp32c6", "esp32c61", "esp32h2"), "riscv32imac-unknown-none-elf"),
    **{mcu: f"xtensa-{mcu}-none-elf" for mcu in ("esp32", "esp32s2", "esp32s3")},
}

# build.cpu of ARM boards: without and with floats in registers.
ARM = {
    **dict.fromkeys(("cortex-m0", "cortex-m0plus", "cortex-m23"), ("thumbv6m-none-eabi", None)),
    "cortex-m3": ("thumbv7m-none-eabi", None),
    **dict.fromkeys(("cortex-m4", "cortex-m7"), ("thumbv7em-none-eabi", "thumbv7em-none-eabihf")),
    "cortex-m33": ("thumbv8m.main-none-eabi", "thumbv8m.main-none-eabihf"),
}


def triple(mcu, cpu, flags):
    """What Rust calls the core, or None if it is not covered."""
    if mcu in ESP:
        return ESP[mcu]
    soft, hard = ARM.get(cpu, (None, None))
    return hard if "-mfloat-abi=hard" in flags else soft


def directory(lib, name, chosen):
    """Where the library is; tells what is wrong otherwise."""
    if chosen not in SETS:
        raise SystemExit(f"custom_mailproto_set = {chosen}: not one of {', '.join(SETS)}")
    if name is None:
        raise SystemExit("mailproto has no library for this board")
    place = lib / name if chosen == "everything" else lib / name / chosen
    if not (place / "libmailproto.a").is_file():
        raise SystemExit(f"mailproto: no libmailproto.a in {place}: see README.md")
    return place


if "Import" in globals():  # run by PlatformIO, and not taken in by a test
    Import("env", "pio_lib_builder")  # noqa: F821
    board = env.BoardConfig()  # noqa: F821
    flags = env.Flatten([env.get("CCFLAGS", []), env.get("LINKFLAGS", [])])  # noqa: F821
    name = triple(board.get("build.mcu", ""), board.get("build.cpu", ""), flags)
    chosen = env.GetProjectOption("custom_mailproto_set", "everything")  # noqa: F821
    place = directory(Path(pio_lib_builder.path) / "lib", name, chosen)  # noqa: F821
    env.Append(LIBPATH=[str(place)], LIBS=["mailproto"])  # noqa: F821

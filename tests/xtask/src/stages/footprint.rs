//! The footprint on chips: of one target of each family, that the file says what is measured.

use crate::chip;
use crate::footprint;
use crate::library;
use crate::setup::Need;
use crate::shell::Outcome;

pub(crate) const NEEDS: &[Need] = &[
    Need::Debian(library::PACKAGES),
    Need::Debian(chip::PACKAGES),
    Need::Debian(&["qemu-system-arm"]),
];

/// That of the budgets, and RISC-V. The rest differ in the compiler's options: `cargo xtask footprint`.
const TARGETS: [&str; 2] = [footprint::CORTEX_M4, "riscv32imc-unknown-none-elf"];

pub(crate) fn test() -> Outcome {
    footprint::footprint(&[&["--check"], TARGETS.as_slice()].concat())
}

//! Puts `memory.x` where the linker script of `cortex-m-rt` looks for it.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let into = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(into.join("memory.x"), include_bytes!("memory.x")).expect("a directory of ours");
    println!("cargo:rustc-link-search={}", into.display());
    println!("cargo:rerun-if-changed=memory.x");
}

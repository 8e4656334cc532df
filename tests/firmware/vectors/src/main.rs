//! Prints the verdicts: on a computer to standard output, in an image over semihosting.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod image;

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    let passed = mailproto_vectors::run(&mut |line| println!("{line}"));
    if passed { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}

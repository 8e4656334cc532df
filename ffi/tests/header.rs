//! `include/mailproto.h` is what cbindgen makes of the sources. With `MAILPROTO_WRITE_HEADER=1`,
//! which `cargo xtask header` sets, it is written instead of compared.

use std::path::Path;
use std::{env, fs};

use cbindgen::{Builder, Config};

#[test]
fn the_header_is_fresh() {
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/mailproto.h");
    let made = make();
    if env::var_os("MAILPROTO_WRITE_HEADER").is_some() {
        fs::create_dir_all(header.parent().expect("a directory")).expect("include/");
        return fs::write(header, made).expect("the header can be written");
    }
    let committed = fs::read_to_string(header).expect("include/mailproto.h is there");
    let first = made.lines().zip(committed.lines()).find(|(made, committed)| made != committed);
    assert!(made == committed, "stale: run `cargo xtask header`; first difference: {first:?}");
}

fn make() -> String {
    let ffi = Path::new(env!("CARGO_MANIFEST_DIR"));
    let part = |name: &str| fs::read_to_string(ffi.join(name)).expect("a part of the header");
    let mut config = Config::from_file(ffi.join("cbindgen.toml")).expect("cbindgen.toml");
    let licence = config.header.take().unwrap_or_default();
    config.header = Some(format!("{licence}\n{}", part("header_begin.h").trim_end()));
    config.after_includes = Some(part("header_after_includes.h").trim_end().to_owned());
    let bindings = Builder::new().with_crate(ffi).with_config(config).generate().expect("bindings");
    let mut text = Vec::new();
    bindings.write(&mut text);
    finish(&String::from_utf8(text).expect("UTF-8"), &part("header_end.h"))
}

/// The masks of 64 bits.
fn large(line: &str) -> String {
    const MASKS: [&str; 2] =
        ["#define MAILPROTO_IMAP_CAPABILITY_", "#define MAILPROTO_IMAP_TOLERATE_"];
    let mask = MASKS.iter().any(|mask| line.starts_with(mask));
    let number = line.trim_end().rsplit_once(' ').filter(|_| mask);
    let number = number.and_then(|(name, number)| Some((name, number.parse::<u64>().ok()?)));
    number.map_or_else(
        || line.to_owned(),
        |(name, number)| format!("{name} UINT64_C(0x{number:x})\n"),
    )
}

/// What cbindgen cannot do: definitions inside the include guard's end, unsigned and large constants.
fn finish(header: &str, end: &str) -> String {
    let header = header.replace(" 4294967295\n", " 0xffffffffu\n");
    let header: String = header.split_inclusive('\n').map(large).collect();
    let (body, guard) = header.rsplit_once("#endif").expect("an include guard");
    format!("{body}{}\n\n#endif{guard}", end.trim_end())
}

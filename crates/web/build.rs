//! Packs `static/` into the binary: joins the style sheets, names each file by its content and
//! compresses it once, so that a request copies bytes and does nothing else.
//! What the files are called on the wire and how they are served is `src/assets.rs`.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// The first half of these files is `base.css`, which is never served on its own.
const WITH_BASE: [&str; 2] = ["hosted.css", "console.css"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=static");
    println!("cargo::rerun-if-changed=templates");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir("static")? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut table = String::from("&[\n");
    for name in names.iter().filter(|name| *name != "base.css" && !name.starts_with('.')) {
        println!("cargo::rerun-if-changed=static/{name}");
        pack(Path::new(&out), name, &mut table)?;
    }
    println!("cargo::rerun-if-changed=static/base.css");
    table.push(']');
    fs::write(Path::new(&out).join("assets.in"), table)
}

/// Writes the three encodings of one file and its line of the table.
fn pack(out: &Path, name: &str, table: &mut String) -> io::Result<()> {
    let plain = content(name)?;
    let hash = Sha256::digest(&plain).iter().take(4).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let (stem, ext) = name.rsplit_once('.').ok_or_else(|| io::Error::other(name.to_owned()))?;
    fs::write(out.join(name), &plain)?;
    fs::write(out.join(format!("{name}.gz")), gzip(&plain)?)?;
    fs::write(out.join(format!("{name}.br")), brotli(&plain)?)?;
    let file = |suffix: &str| format!("include_bytes!({:?})", out.join(format!("{name}{suffix}")));
    let _ = writeln!(
        table,
        "Asset {{ name: {name:?}, file: \"{stem}.{hash}.{ext}\", content_type: {:?}, plain: {}, gzip: {}, brotli: {} }},",
        content_type(ext)?,
        file(""),
        file(".gz"),
        file(".br"),
    );
    Ok(())
}

fn content(name: &str) -> io::Result<Vec<u8>> {
    let own = fs::read(Path::new("static").join(name))?;
    if !name.ends_with(".css") {
        return Ok(own);
    }
    let mut sheet = Vec::new();
    if WITH_BASE.contains(&name) {
        sheet.extend(fs::read("static/base.css")?);
    }
    sheet.extend(own);
    String::from_utf8(sheet).map(|text| slim(&text).into_bytes()).map_err(io::Error::other)
}

/// Takes comments, indentation and empty lines out of a style sheet, and leaves strings alone.
fn slim(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let (mut rest, mut quote) = (css, None);
    while let Some(letter) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            _ => {}
        }
        kept.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    let lines: Vec<&str> = kept.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn content_type(ext: &str) -> io::Result<&'static str> {
    match ext {
        "css" => Ok("text/css; charset=utf-8"),
        "js" => Ok("text/javascript; charset=utf-8"),
        "svg" => Ok("image/svg+xml"),
        "png" => Ok("image/png"),
        "txt" => Ok("text/plain; charset=utf-8"),
        other => Err(io::Error::other(format!("static file with unknown extension .{other}"))),
    }
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}

fn brotli(mut plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        mode: brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut plain, &mut packed, &params)?;
    Ok(packed)
}

//! What a file is, by its first and last bytes and its header, before anything decodes it. The name
//! and the type that came with it are not looked at: anybody can write there what they like.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

/// Largest file, in bytes: 512 KB.
pub const MAX_BYTES: usize = 512 * 1024;
/// Longest side, in pixels.
pub const MAX_SIDE: u32 = 2048;
/// Most pixels: 4 million.
pub const MAX_PIXELS: u64 = 4_000_000;

/// Why a file is not taken: a code, and a sentence with the cure.
pub(super) type Refusal = (&'static str, String);

fn refuse<T>(code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err((code, message.into()))
}

/// What kind of image a file is, if it is one we decode.
pub(super) fn check(bytes: &[u8]) -> Result<ImageFormat, Refusal> {
    if bytes.is_empty() {
        return refuse("empty", "The file is empty. Choose a PNG, JPEG or WebP image.");
    }
    if bytes.len() > MAX_BYTES {
        return refuse(
            "too_large",
            format!(
                "The file has {} KB; at most {} KB are taken. Save it smaller: logos are shown \
                 32 pixels high.",
                bytes.len().div_ceil(1024),
                MAX_BYTES / 1024
            ),
        );
    }
    let format = kind(bytes)?;
    if ends_early_or_late(bytes, format) {
        return refuse(
            "trailing",
            "There is something else in this file after the end of the image, or the end is \
             missing. Open it in an image editor and save it anew.",
        );
    }
    check_size(bytes, format)?;
    Ok(format)
}

fn kind(bytes: &[u8]) -> Result<ImageFormat, Refusal> {
    const TAKEN: &str = "Export it as PNG, JPEG or WebP.";
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(ImageFormat::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(ImageFormat::Jpeg);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(ImageFormat::WebP);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    if start.contains("<svg") {
        return refuse("svg", format!("SVG files can carry scripts and are not taken. {TAKEN}"));
    }
    if start.contains("<html") || start.contains("<!doctype") || start.contains("<script") {
        return refuse("not_an_image", format!("This is a web page, not an image. {TAKEN}"));
    }
    for (magic, name) in [
        (&b"GIF8"[..], "a GIF"),
        (b"BM", "a BMP"),
        (b"II*\0", "a TIFF"),
        (b"MM\0*", "a TIFF"),
        (b"\0\0\x01\0", "an icon"),
        (b"%PDF", "a PDF"),
    ] {
        if bytes.starts_with(magic) {
            return refuse("format", format!("This is {name}. {TAKEN}"));
        }
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return refuse("format", format!("This is an AVIF, HEIC or video file. {TAKEN}"));
    }
    refuse("not_an_image", format!("This is no image that can be read. {TAKEN}"))
}

/// Whether the file goes on after its image ends: with a page, an archive, a program.
fn ends_early_or_late(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => png_end(bytes) != Some(bytes.len()),
        ImageFormat::WebP => {
            let size = bytes.get(4..8).and_then(|b| <[u8; 4]>::try_from(b).ok());
            let end = size.map_or(0, |b| u64::from(u32::from_le_bytes(b)) + 8);
            // Writers may leave out the byte that makes the length even.
            !(bytes.len() as u64..=bytes.len() as u64 + 1).contains(&end)
        }
        _ => {
            let end = bytes.windows(2).rposition(|pair| pair == [0xff, 0xd9]);
            end.is_none_or(|at| bytes[at + 2..].iter().any(|byte| *byte != 0))
        }
    }
}

/// Where the last chunk of a PNG ends (PNG specification, 5.3 and 11.2.5).
fn png_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 8usize;
    loop {
        let head = bytes.get(at..at + 8)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = at.checked_add(12)?.checked_add(length)?;
        if end > bytes.len() {
            return None;
        }
        if &head[4..] == b"IEND" {
            return Some(end);
        }
        at = end;
    }
}

/// The size that the header states: a small file can state a huge image.
fn check_size(bytes: &[u8], format: ImageFormat) -> Result<(), Refusal> {
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let Ok((width, height)) = reader.into_dimensions() else {
        return refuse("broken", BROKEN);
    };
    if width == 0 || height == 0 {
        return refuse("broken", BROKEN);
    }
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return refuse(
            "too_many_pixels",
            format!(
                "The image is {width} × {height} pixels; at most {MAX_SIDE} × {MAX_SIDE} and 4 \
                 million pixels are taken. Scale it down: logos are shown 32 pixels high."
            ),
        );
    }
    Ok(())
}

/// What is said of a file that begins like an image and is none.
pub(super) const BROKEN: &str =
    "The image is damaged or cut off. Open it in an image editor and save it anew.";

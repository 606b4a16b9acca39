//! Files that are images and files that only look like one.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use super::{draw, id_of, sniff};

fn picture(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |x, y| {
        let inside = (x / 8 + y / 8) % 2 == 0;
        if inside { Rgba([13, 122, 95, 255]) } else { Rgba([0, 0, 0, 0]) }
    }))
}

fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 1u32;
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgba([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8, 255])
    }))
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(image.to_rgb8()),
        _ => image.clone(),
    };
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn take(bytes: &[u8]) -> Result<draw::Drawn, (&'static str, String)> {
    sniff::check(bytes).and_then(|format| draw::anew(bytes, format))
}

fn refused(bytes: &[u8]) -> &'static str {
    take(bytes).expect_err("a refusal").0
}

#[test]
fn images_are_drawn_anew_as_small_pngs() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let drawn = take(&file(&picture(960, 320), format)).unwrap();
        assert_eq!(sniff::check(&drawn.png), Ok(ImageFormat::Png), "{format:?}");
        assert!(drawn.width <= 480 && drawn.height <= 160, "{format:?}");
        assert!(drawn.png.len() <= 10 * 1024, "{format:?}: {}", drawn.png.len());
        assert_eq!(drawn.width, drawn.height * 3, "{format:?}");
    }
    let drawn = take(&file(&picture(120, 40), ImageFormat::Png)).unwrap();
    assert_eq!((drawn.width, drawn.height), (120, 40), "a small one is not blown up");
}

#[test]
fn a_photograph_is_brought_down_to_what_a_page_can_carry() {
    let drawn = take(&file(&noise(300, 300), ImageFormat::Png)).unwrap();
    assert!(drawn.png.len() <= 40 * 1024, "{}", drawn.png.len());
}

#[test]
fn what_cannot_be_seen_does_not_bleed_into_edges() {
    // Green islands in transparent black: no pixel of the result is darker than the green.
    let drawn = take(&file(&picture(960, 320), ImageFormat::Png)).unwrap();
    let image = image::load_from_memory(&drawn.png).unwrap().into_rgba8();
    let seen = image.pixels().filter(|p| p.0[3] > 40);
    assert!(seen.clone().count() > 1000);
    assert!(seen.clone().all(|p| p.0[1] > 90), "an edge went dark");
}

#[test]
fn files_that_are_no_image_are_named() {
    let svg = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    assert_eq!(refused(svg), "svg");
    assert_eq!(refused(b"<!DOCTYPE html><html><script>alert(1)</script>"), "not_an_image");
    assert_eq!(refused(b"GIF89a/*<svg onload=alert(1)>*/=1;"), "svg");
    assert_eq!(refused(b"GIF89a\x01\0\x01\0"), "format");
    assert_eq!(refused(b"%PDF-1.7"), "format");
    assert_eq!(refused(b"\0\0\0\x1cftypavif"), "format");
    assert_eq!(refused(b"just some text"), "not_an_image");
    assert_eq!(refused(b""), "empty");
    assert_eq!(refused(&vec![0u8; sniff::MAX_BYTES + 1]), "too_large");
    for (_, message) in [svg.as_slice(), b"GIF89a", b"text"].map(|b| take(b).unwrap_err()) {
        assert!(message.contains("PNG, JPEG or WebP"), "no cure: {message}");
    }
}

#[test]
fn cut_off_and_damaged_images_are_refused() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = file(&picture(200, 80), format);
        for part in [12, whole.len() / 2, whole.len() - 3] {
            let cut = &whole[..part];
            assert!(take(cut).is_err(), "{format:?} cut at {part}");
        }
        let mut damaged = whole.clone();
        damaged[20..].iter_mut().take(60).for_each(|byte| *byte ^= 0x5a);
        assert!(take(&damaged).is_err(), "{format:?} damaged");
    }
}

#[test]
fn a_file_that_is_two_things_is_refused() {
    let page = b"<html><script>alert(document.domain)</script></html>";
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let mut both = file(&picture(64, 64), format);
        both.extend_from_slice(page);
        assert_eq!(refused(&both), "trailing", "{format:?}");
    }
}

#[test]
fn what_stands_in_a_comment_does_not_come_through() {
    // A PNG text chunk between header and data, with a checksum nobody asks for.
    let plain = file(&picture(64, 64), ImageFormat::Png);
    let text = b"tEXtComment\0<script>alert(1)</script>";
    let mut bytes = plain[..33].to_vec();
    bytes.extend_from_slice(&(text.len() as u32 - 4).to_be_bytes());
    bytes.extend_from_slice(text);
    bytes.extend_from_slice(&crc(text).to_be_bytes());
    bytes.extend_from_slice(&plain[33..]);
    let drawn = take(&bytes).unwrap();
    assert!(!drawn.png.windows(7).any(|part| part == b"<script"));
}

#[test]
fn a_header_that_states_a_huge_image_is_refused_before_decoding() {
    let plain = file(&picture(64, 64), ImageFormat::Png);
    for (width, height) in [(60_000u32, 60_000u32), (2049, 1), (2048, 2048)] {
        let mut bytes = plain.clone();
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(refused(&bytes), "too_many_pixels", "{width} × {height}");
    }
}

#[test]
fn sizes_keep_their_proportions() {
    assert_eq!(draw::fit(480, 160, 480, 160), (480, 160));
    assert_eq!(draw::fit(960, 320, 480, 160), (480, 160));
    assert_eq!(draw::fit(2000, 10, 480, 160), (480, 2));
    assert_eq!(draw::fit(1, 2000, 480, 160), (1, 160));
    assert_eq!(draw::fit(20, 20, 480, 160), (20, 20));
}

#[test]
fn the_same_bytes_have_the_same_id() {
    assert_eq!(id_of(b"a"), id_of(b"a"));
    assert_ne!(id_of(b"a"), id_of(b"b"));
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
        }
        sum
    })
}

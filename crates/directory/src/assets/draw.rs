//! Decoding an image under limits and drawing it anew: small, PNG, nothing of the file left in it.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::{self, FilterType as Scaling};
use image::{ExtendedColorType, ImageEncoder, ImageFormat, ImageReader, Limits, RgbaImage};

use super::sniff::{BROKEN, MAX_SIDE, Refusal};

/// Greatest width that is kept, in pixels.
pub const MAX_WIDTH: u32 = 480;
/// Greatest height that is kept, in pixels.
pub const MAX_HEIGHT: u32 = 160;
/// What a logo may weigh on a hosted page, in bytes.
const WANTED: usize = 10 * 1024;
/// What is refused, in bytes.
const MOST: usize = 40 * 1024;
/// Memory for decoding one image, in bytes.
const MEMORY: u64 = 64 * 1024 * 1024;

/// Sizes and bits per channel, tried in this order until the file is light enough. Logos are shown
/// 32 pixels high, so that the last still has more than one for each.
const LADDER: [(u32, u32, u32); 7] = [
    (MAX_WIDTH, MAX_HEIGHT, 8),
    (360, 120, 8),
    (360, 120, 5),
    (288, 96, 5),
    (240, 80, 5),
    (192, 64, 5),
    (192, 64, 4),
];

/// An image drawn anew.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) png: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Decodes and draws anew.
pub(super) fn anew(bytes: &[u8], format: ImageFormat) -> Result<Drawn, Refusal> {
    let broken = || ("broken", BROKEN.to_owned());
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let image = reader.decode().map_err(|_| broken())?.into_rgba8();
    let mut last = None;
    for (width, height, bits) in LADDER {
        let drawn = draw(&image, width, height, bits).ok_or_else(broken)?;
        if drawn.png.len() <= WANTED {
            return Ok(drawn);
        }
        last = Some(drawn);
    }
    last.filter(|drawn| drawn.png.len() <= MOST).ok_or_else(|| {
        let message = "The image is too rich in detail for a logo. Use one with plain areas.";
        ("too_detailed", message.to_owned())
    })
}

fn draw(image: &RgbaImage, most_wide: u32, most_high: u32, bits: u32) -> Option<Drawn> {
    let (width, height) = fit(image.width(), image.height(), most_wide, most_high);
    let mut drawn = if (width, height) == image.dimensions() {
        image.clone()
    } else {
        let mut whole = image.clone();
        multiply(&mut whole);
        let mut small = imageops::resize(&whole, width, height, Scaling::CatmullRom);
        divide(&mut small);
        small
    };
    coarsen(&mut drawn, bits);
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive)
        .write_image(drawn.as_raw(), width, height, ExtendedColorType::Rgba8)
        .ok()?;
    Some(Drawn { png, width, height })
}

/// The greatest size of these proportions that fits; never greater than the image is.
pub(super) fn fit(width: u32, height: u32, most_wide: u32, most_high: u32) -> (u32, u32) {
    if width <= most_wide && height <= most_high {
        return (width, height);
    }
    let scale =
        (f64::from(most_wide) / f64::from(width)).min(f64::from(most_high) / f64::from(height));
    let side = |length: u32, most: u32| {
        let scaled = (f64::from(length) * scale).round();
        // Within 1 and `most`, so the conversion is exact.
        (scaled as u32).clamp(1, most)
    };
    (side(width, most_wide), side(height, most_high))
}

/// Colours weighted by how opaque they are: else the colour of what cannot be seen bleeds into
/// edges when the image is scaled.
fn multiply(image: &mut RgbaImage) {
    for pixel in image.pixels_mut() {
        let [.., alpha] = pixel.0;
        for channel in &mut pixel.0[..3] {
            *channel = byte((u32::from(*channel) * u32::from(alpha) + 127) / 255);
        }
    }
}

fn divide(image: &mut RgbaImage) {
    for pixel in image.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        for channel in &mut pixel.0[..3] {
            let whole = (u32::from(*channel) * 255 + alpha / 2).checked_div(alpha);
            *channel = byte(whole.unwrap_or_default());
        }
    }
}

/// Fewer shades compress better, and nobody sees it at this size.
fn coarsen(image: &mut RgbaImage, bits: u32) {
    if bits >= 8 {
        return;
    }
    let steps = (1u32 << bits) - 1;
    for pixel in image.pixels_mut() {
        for channel in &mut pixel.0 {
            let step = (u32::from(*channel) * steps + 127) / 255;
            *channel = byte((step * 255 + steps / 2) / steps);
        }
    }
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

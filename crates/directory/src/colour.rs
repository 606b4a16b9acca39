//! How a colour reads: its contrast with a page and of text upon it (WCAG 2.2, 1.4.3), and the
//! nearest colour that reads well. What pages make of a colour is their style sheet's.

/// The ratio that text needs for level AA (WCAG 2.2, 1.4.3).
pub const AA: f64 = 4.5;

/// A colour of three bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// Which pages a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Light ones.
    Light,
    /// Dark ones.
    Dark,
}

impl Scheme {
    /// The surface of hosted pages.
    fn surface(self) -> Colour {
        match self {
            Scheme::Light => WHITE,
            Scheme::Dark => Colour([0x1a, 0x19, 0x17]),
        }
    }
}

const WHITE: Colour = Colour([0xff; 3]);
const INK: Colour = Colour([0x1b, 0x1a, 0x18]);

/// What is to be said of a colour.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Reading {
    /// Contrast of the colour with the page, 1 to 21: of links, and of the edge of a button.
    pub on_page: f64,
    /// Contrast of the text on a button of the colour, 1 to 21.
    pub on_colour: f64,
    /// That text: `white` or `black`, whichever reads better.
    pub text: &'static str,
    /// Whether both reach [`AA`].
    pub passes: bool,
    /// The nearest colour of the same hue that passes; nothing where this one does.
    pub nearest: Option<String>,
}

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Colour> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6)?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Colour([byte(0)?, byte(2)?, byte(4)?]))
    }

    /// Written as `#rrggbb`.
    #[must_use]
    pub fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// How it reads on pages of a scheme.
    #[must_use]
    pub fn read(self, scheme: Scheme) -> Reading {
        let on_page = self.contrast(scheme.surface());
        let (white, ink) = (self.contrast(WHITE), self.contrast(INK));
        let passes = on_page >= AA && white.max(ink) >= AA;
        Reading {
            on_page,
            on_colour: white.max(ink),
            text: if white >= ink { "white" } else { "black" },
            passes,
            nearest: (!passes).then(|| self.nearest(scheme).hex()),
        }
    }

    /// Contrast with another colour, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance (WCAG 2.2, definitions).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Steps in lightness, away from the page, until it reads.
    fn nearest(self, scheme: Scheme) -> Colour {
        let (lightness, a, b) = self.oklab();
        let step = if scheme == Scheme::Light { -0.005 } else { 0.005 };
        let reads = |c: &Colour| {
            c.contrast(scheme.surface()) >= AA && c.contrast(WHITE).max(c.contrast(INK)) >= AA
        };
        let tries = (1..=200).map(|n| from_oklab(lightness + step * f64::from(n), a, b));
        tries.into_iter().find(reads).unwrap_or(match scheme {
            Scheme::Light => INK,
            Scheme::Dark => WHITE,
        })
    }

    /// The colour in Oklab: lightness and two axes of hue.
    fn oklab(self) -> (f64, f64, f64) {
        let [r, g, b] = self.0.map(linear);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        (
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        )
    }
}

fn linear(byte: u8) -> f64 {
    let part = f64::from(byte) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

/// The colour of this lightness; where screens cannot show it, a paler one of the same hue.
fn from_oklab(lightness: f64, a: f64, b: f64) -> Colour {
    let lightness = lightness.clamp(0.0, 1.0);
    let inside = |c: &[f64; 3]| c.iter().all(|part| (-0.0005..=1.0005).contains(part));
    let shades = (0..=20).map(|n| 1.0 - f64::from(n) / 20.0);
    let found = shades.map(|pale| channels(lightness, a * pale, b * pale)).find(inside);
    let [r, g, b] = found.unwrap_or([lightness; 3]);
    Colour([r, g, b].map(encoded))
}

fn channels(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

fn encoded(part: f64) -> u8 {
    let part = part.clamp(0.0, 1.0);
    let encoded =
        if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
    // Between 0 and 255.
    (encoded * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(hex: &str) -> Colour {
        Colour::parse(hex).unwrap()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let on_white = |hex: &str| (colour(hex).contrast(WHITE) * 10.0).round();
        assert_eq!(on_white("#000000"), 210.0);
        assert_eq!(on_white("#FFFFFF"), 10.0);
        assert_eq!(on_white("#777777"), 45.0);
        for bad in ["", "#fff", "2f47b0", "#2f47bg", "#2f47b0x", "#é7a5f", "#+12345", "red"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn oklab_there_and_back_is_the_same_colour() {
        for hex in ["#000000", "#ffffff", "#0d7a5f", "#ffdd00", "#2f47b0", "#ff0000"] {
            let (l, a, b) = colour(hex).oklab();
            assert_eq!(from_oklab(l, a, b).hex(), hex);
        }
    }

    #[test]
    fn text_upon_a_colour_is_chosen() {
        assert_eq!(colour("#0d7a5f").read(Scheme::Light).text, "white");
        assert_eq!(colour("#ffdd00").read(Scheme::Light).text, "black");
        assert!(colour("#0d7a5f").read(Scheme::Light).passes);
        assert!(colour("#ffdd00").read(Scheme::Dark).passes);
    }

    #[test]
    fn the_nearest_colour_passes_and_keeps_its_hue() {
        for hex in ["#ffdd00", "#ffffff", "#f06292", "#7fd1ae", "#808080", "#000000", "#101080"] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                let reading = colour(hex).read(scheme);
                let Some(nearest) = reading.nearest else {
                    assert!(reading.passes, "{hex}");
                    continue;
                };
                assert!(colour(&nearest).read(scheme).passes, "{hex} {scheme:?}: {nearest}");
            }
        }
        let darker = colour("#ffdd00").read(Scheme::Light).nearest.unwrap();
        let Colour([red, green, blue]) = colour(&darker);
        assert!(red > blue && green > blue, "still a yellow: {darker}");
    }
}

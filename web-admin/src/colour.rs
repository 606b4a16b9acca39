//! How a brand colour reads on the pages of people who sign in: its contrast with white and with
//! black (WCAG 2.2, relative luminance), and what the pages make of it.

/// A colour of three bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour([u8; 3]);

/// What is said below the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// `ok` or `warn`.
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

impl Colour {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Colour> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        Some(Colour([byte(0)?, byte(2)?, byte(4)?]))
    }

    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with white, 1 to 21.
    pub(crate) fn on_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    /// Whether the colour reads as it is, or what the pages do about it.
    pub(crate) fn advice(self) -> Advice {
        let white = self.on_white();
        if white >= 4.5 {
            let text = format!("White text on it reads well ({white:.1}:1).");
            return Advice { class: "ok", text };
        }
        let text = format!(
            "White text on it would be hard to read ({white:.1}:1, 4.5:1 is needed). Buttons get \
             a darker tone of it, or dark text."
        );
        Advice { class: "warn", text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let contrast = |hex: &str| Colour::parse(hex).map(|c| (c.on_white() * 10.0).round());
        assert_eq!(contrast("#000000"), Some(210.0));
        assert_eq!(contrast("#FFFFFF"), Some(10.0));
        assert_eq!(contrast("#777777"), Some(45.0));
        assert_eq!(Colour::parse("#2f47b0").map(|c| c.advice().class), Some("ok"));
        assert_eq!(Colour::parse("#ffdd00").map(|c| c.advice().class), Some("warn"));
        for bad in ["", "#fff", "2f47b0", "#2f47bg", "#2f47b0x", "#é7a5f"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }
}

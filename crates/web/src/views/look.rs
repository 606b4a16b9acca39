//! A tenant's look as pages get it: a style sheet of typed values whose name is its content, and a
//! logo with its size.
//!
//! Nothing but colours and numbers can come out of here, whatever goes in: no address, no rule, no
//! markup (security rule on style injection). Which values are good is `directory`'s.

use std::fmt::Write as _;

use store::settings::Branding;

/// The colour of a tenant that has chosen none; `base.css` begins with it, so that no further style
/// sheet is asked for.
pub const BRAND: &str = "#2f47b0";

/// Greatest roundness of corners, in pixels.
const MAX_RADIUS: u8 = 16;

/// A logo on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Where it is; on our own origin.
    pub url: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Colours and roundness. What is no colour is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    brand: String,
    brand_dark: Option<String>,
    radius: Option<u8>,
}

impl Look {
    /// A brand colour, `#rrggbb`, and nothing else.
    #[must_use]
    pub fn of(brand: &str) -> Look {
        Look::new(brand, None, None)
    }

    /// The brand colour of light pages, that of dark ones, and the roundness of corners in pixels.
    #[must_use]
    pub fn new(brand: &str, brand_dark: Option<&str>, radius: Option<u8>) -> Look {
        Look {
            brand: hex(brand).unwrap_or_else(|| BRAND[1..].to_owned()),
            brand_dark: brand_dark.and_then(hex),
            radius: radius.map(|radius| radius.min(MAX_RADIUS)),
        }
    }

    /// The look of a tenant, in the colour of an application where that has its own. Its colour is
    /// for dark pages too, else they would be in the tenant's.
    #[must_use]
    pub fn dressed(brand: &str, house: &Branding, own: Option<&str>) -> Look {
        match own {
            Some(own) => Look::new(own, None, house.radius),
            None => Look::new(brand, house.brand_dark.as_deref(), house.radius),
        }
    }

    /// `theme.{what}.css`: the name is the content, so it may be kept for ever and needs no hash.
    /// Nothing where pages look like that anyway.
    #[must_use]
    pub fn file(&self) -> Option<String> {
        if self.brand == BRAND[1..] && self.brand_dark.is_none() && self.radius.is_none() {
            return None;
        }
        let mut name = format!("theme.{}", self.brand);
        if let Some(dark) = &self.brand_dark {
            let _ = write!(name, "-{dark}");
        }
        if let Some(radius) = self.radius {
            let _ = write!(name, "-r{radius}");
        }
        name.push_str(".css");
        Some(name)
    }

    /// Reads the middle of a file's name.
    fn parse(what: &str) -> Option<Look> {
        let mut parts = what.split('-');
        let colour = |part: &str| hex(&format!("#{part}")).filter(|_| part.len() == 6);
        let mut look = Look { brand: colour(parts.next()?)?, ..Look::default() };
        for part in parts {
            match part.strip_prefix('r') {
                Some(radius) if look.radius.is_none() => {
                    let plain = radius.bytes().all(|b| b.is_ascii_digit());
                    let radius: u8 = radius.parse().ok().filter(|_| plain)?;
                    look.radius = Some(radius).filter(|radius| *radius <= MAX_RADIUS);
                    look.radius?;
                }
                None if look.brand_dark.is_none() && look.radius.is_none() => {
                    look.brand_dark = Some(colour(part)?);
                }
                _ => return None,
            }
        }
        Some(look)
    }

    fn css(&self) -> String {
        let mut rules = format!("--brand:#{}", self.brand);
        if let Some(radius) = self.radius {
            let large = u32::from(radius) * 5 / 3;
            let small = u32::from(radius) / 2;
            let _ = write!(rules, ";--r-1:{small}px;--r-2:{radius}px;--r-3:{large}px");
        }
        let mut css = format!(":root{{{rules}}}\n");
        if let Some(dark) = &self.brand_dark {
            let _ = writeln!(
                css,
                "@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{--brand:#{dark}}}}}\n\
                 :root[data-theme=dark]{{--brand:#{dark}}}"
            );
        }
        css
    }
}

/// The style sheet behind a name; `None` unless it is one that [`Look::file`] makes.
#[must_use]
pub fn theme_css(what: &str) -> Option<String> {
    Look::parse(what).map(|look| look.css())
}

/// The six digits of a colour, in lower case.
fn hex(colour: &str) -> Option<String> {
    let hex = colour.strip_prefix('#')?;
    let good = hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    good.then(|| hex.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Frame;

    #[test]
    fn the_usual_look_needs_no_style_sheet_of_its_own() {
        let theme = |brand: &str| Frame::tenant("Acme", "id.example.com", "/t/acme", brand).theme;
        assert_eq!(theme("#0d7a5f").as_deref(), Some("/t/acme/theme.0d7a5f.css"));
        assert_eq!(theme(BRAND), None);
        let base = include_str!("../../static/base.css");
        assert!(base.contains(&format!("--brand: {BRAND};")));
    }

    #[test]
    fn a_name_is_its_content() {
        let looks = [
            (Look::of("#0D7a5f"), "theme.0d7a5f.css"),
            (Look::new("#0d7a5f", Some("#9be7c4"), None), "theme.0d7a5f-9be7c4.css"),
            (Look::new("#0d7a5f", None, Some(0)), "theme.0d7a5f-r0.css"),
            (Look::new("#0d7a5f", Some("#9be7c4"), Some(99)), "theme.0d7a5f-9be7c4-r16.css"),
        ];
        for (look, name) in looks {
            let file = look.file().unwrap();
            assert_eq!(file, name);
            let what = file.strip_prefix("theme.").unwrap().strip_suffix(".css").unwrap();
            assert_eq!(Look::parse(what), Some(look));
            assert!(theme_css(what).unwrap().starts_with(":root{--brand:#0d7a5f"));
        }
    }

    #[test]
    fn a_theme_is_colours_and_numbers_and_nothing_else() {
        assert_eq!(theme_css("0d7a5f").as_deref(), Some(":root{--brand:#0d7a5f}\n"));
        for bad in [
            "",
            "0d7a5",
            "0d7a5g",
            "#0d7a5f",
            "0d7a5f-",
            "0d7a5f-r",
            "0d7a5f-r17",
            "0d7a5f-r+1",
            "0d7a5f-r1-r2",
            "0d7a5f-r1-9be7c4",
            "0d7a5f-9be7c4-9be7c4",
            "}*{}//",
            "0d7a5f}</style><script>",
            "0d7a5f-r1;background:url(//evil)",
            "@import",
        ] {
            assert_eq!(theme_css(bad), None, "{bad}");
        }
        for hostile in ["#fff}</style><script>", "url(//evil)", "#é7a5f", "red"] {
            assert_eq!(Look::new(hostile, Some(hostile), None), Look::of(BRAND), "{hostile}");
        }
    }

    #[test]
    fn one_logo_is_shown_on_both_and_two_each_on_its_own() {
        let logo = |n: u32| Some(Logo { url: format!("/{n}"), width: n, height: 1 });
        let frame = |light, dark| {
            let frame = Frame::tenant("Acme", "id.example.com", "", "").with_logo(light, dark);
            (frame.logo.map(|l| l.width), frame.logo_dark.map(|l| l.width))
        };
        assert_eq!(frame(logo(1), logo(2)), (Some(1), Some(2)));
        assert_eq!(frame(logo(1), None), (Some(1), None));
        assert_eq!(frame(None, logo(2)), (Some(2), None));
        assert_eq!(frame(logo(1), logo(1)), (Some(1), None));
    }
}

//! The HTML of a mail: no tables, no pictures, no foreign address; light and dark. Mail programs
//! know little of style sheets, so what matters stands on the elements themselves. Every value is
//! escaped here and nowhere else.

use std::fmt::Write;

use super::render::{Filled, Setting};
use super::texts::FrameWords;

const SHEET: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
@media (prefers-color-scheme:dark){\
body{background:#121110!important;color:#f2f0ed!important}\
.slab{background:#1a1917!important;border-color:#2f2c29!important}\
.note,.foot,.full{color:#b9b4ac!important}\
.note{border-color:#45413d!important}\
.code{background:#141312!important}\
.full a{color:#b9b4ac!important}}\
@media (max-width:480px){.slab{margin:0!important;border-radius:0!important;padding:24px 20px!important}}";

const BODY: &str = "margin:0;padding:0 0 32px;background:#f5f4f1;color:#1b1a18;\
font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
const SLAB: &str = "max-width:560px;margin:32px auto 0;padding:32px;background:#fff;\
border:1px solid #e5e2dd;border-radius:10px";
const BRAND: &str = "margin:0 0 24px;font-weight:600";
const PARAGRAPH: &str = "margin:0 0 16px;overflow-wrap:anywhere";
const NOTE: &str = "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #cfcac3;color:#544f49;\
font-size:14px;overflow-wrap:anywhere";
const CODE: &str = "margin:0 0 16px;padding:12px 16px;background:#f6f5f2;border-radius:6px;\
font:15px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere";
const BUTTON: &str = "display:inline-block;padding:12px 22px;border-radius:6px;font-weight:600;\
text-decoration:none";
const FULL: &str =
    "margin:0 0 24px;color:#6a655e;font-size:12px;line-height:1.4;overflow-wrap:anywhere";
const FOOT: &str = "max-width:560px;margin:16px auto 0;padding:0 32px;color:#6a655e;font-size:12px";

/// The whole document.
pub(super) fn document(
    on: &Setting,
    words: &FrameWords,
    subject: &str,
    blocks: &[Filled],
    foot: &[String],
) -> String {
    let mut out = String::with_capacity(4096);
    let direction = if words.direction == "rtl" { "rtl" } else { "ltr" };
    let title = escape(subject);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>\
         <style>{SHEET}</style></head>\n<body style=\"{BODY}\">\n\
         <div class=\"slab\" style=\"{SLAB}\">\n<p style=\"{BRAND}\">{}</p>\n",
        escape(on.language),
        escape(&on.tenant.name),
    );
    for block in blocks {
        one(&mut out, block, words, &on.tenant.brand);
    }
    let lines: Vec<String> = foot.iter().map(|line| escape(line)).collect();
    let _ = write!(
        out,
        "</div>\n<p class=\"foot\" style=\"{FOOT}\">{}</p>\n</body></html>\n",
        lines.join("<br>")
    );
    out
}

fn one(out: &mut String, block: &Filled, words: &FrameWords, brand: &str) {
    let _ = match block {
        Filled::Paragraph(text) => {
            writeln!(out, "<p style=\"{PARAGRAPH}\">{}</p>", escape(text))
        }
        Filled::Note(text) => {
            writeln!(out, "<p class=\"note\" style=\"{NOTE}\">{}</p>", escape(text))
        }
        Filled::Code(text) => {
            writeln!(out, "<p class=\"code\" style=\"{CODE}\">{}</p>", escape(text))
        }
        Filled::Button { label, link } => {
            let (fill, ink) = colours(brand);
            let (link, label) = (escape(link), escape(label));
            writeln!(
                out,
                "<p style=\"margin:24px 0\"><a href=\"{link}\" rel=\"noopener\" \
                 style=\"{BUTTON};background:{fill};color:{ink}\">{label}</a></p>\n\
                 <p class=\"full\" style=\"{FULL}\">{}<br>\
                 <a href=\"{link}\" rel=\"noopener\" style=\"color:#6a655e\">{link}</a></p>",
                escape(&words.link),
            )
        }
    };
}

/// Fill and text of a button: the brand, and whichever of black and white reads better on it.
fn colours(brand: &str) -> (String, &'static str) {
    let digits = brand.strip_prefix('#').filter(|hex| hex.len() == 6);
    let value = digits.and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(value) = value else { return ("#2f47b0".to_owned(), "#ffffff") };
    let channel = |shift: u32| {
        let part = f64::from((value >> shift) & 0xff) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    // WCAG 2.2, relative luminance; contrast with white is 1.05 / (l + 0.05), with black its rest.
    let light = 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0);
    let ink = if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 { "#ffffff" } else { "#000000" };
    (format!("#{value:06x}"), ink)
}

/// Text as it may stand in HTML, attributes included.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(
            escape("<a href='x'>&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;"
        );
    }

    #[test]
    fn a_button_reads_on_any_brand() {
        assert_eq!(colours("#2f47b0"), ("#2f47b0".into(), "#ffffff"));
        assert_eq!(colours("#ffee00").1, "#000000");
        assert_eq!(colours("#FFFFFF").1, "#000000");
        assert_eq!(colours("red;x:y").0, "#2f47b0");
    }
}

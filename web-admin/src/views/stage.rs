//! The live preview of a sign-in page beside a form, and the fields that go with it.

/// The preview: one page, shown four times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stage {
    /// Its address.
    pub(crate) url: String,
}

/// A frame of it.
pub(crate) struct Screen {
    pub(crate) class: &'static str,
    pub(crate) word: &'static str,
    pub(crate) url: String,
}

impl Stage {
    pub(crate) fn screens(&self) -> [Screen; 4] {
        let screen =
            |class, word, query: &str| Screen { class, word, url: format!("{}{query}", self.url) };
        [
            screen("wide", "Wide, light", ""),
            screen("slim", "Phone, light", ""),
            screen("wide", "Wide, dark", "?dark=1"),
            screen("slim", "Phone, dark", "?dark=1"),
        ]
    }
}

/// How a colour reads on pages of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) title: &'static str,
    pub(crate) colour: String,
    pub(crate) passes: bool,
    pub(crate) on_page: String,
    pub(crate) on_colour: String,
    /// `white` or `black`.
    pub(crate) text: &'static str,
    /// The field, and the nearest colour that passes.
    pub(crate) fix: Option<(&'static str, String)>,
}

/// An image beside its field.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) url: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A field that takes an image.
#[derive(Debug, Clone)]
pub(crate) struct ImageField {
    /// Name of the file field; `{name}_id` is the one that holds what was taken before.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) id: String,
    pub(crate) image: Option<Image>,
    /// Whether it is shown on the colour of dark pages.
    pub(crate) dark: bool,
}

/// One way in, in the order of the page.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) monogram: String,
    /// Why it is not shown, or nothing.
    pub(crate) remark: &'static str,
    pub(crate) on: bool,
}

/// A field that may be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) on: bool,
}

/// One thing that people will see differently.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) what: &'static str,
    pub(crate) before: String,
    pub(crate) after: String,
}

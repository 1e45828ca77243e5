//! What a person sees: colours where they are wanted, and each side of a mixed line isolated.

use crate::choice::{Bidi, Colour};
use crate::options::General;
use anstream::{AutoStream, ColorChoice};
use dhakira::Lang;
use std::io::StdoutLock;

/// U+2067 RIGHT-TO-LEFT ISOLATE.
const RLI: &str = "\u{2067}";
/// U+2066 LEFT-TO-RIGHT ISOLATE.
const LRI: &str = "\u{2066}";
/// U+2068 FIRST STRONG ISOLATE.
const FSI: &str = "\u{2068}";
/// U+2069 POP DIRECTIONAL ISOLATE.
const PDI: &str = "\u{2069}";

/// What a piece of text is, told by its colour and, for those who see no colours, by its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What the eye should find first.
    Strong,
    /// What is there if one looks for it.
    Dim,
    /// The same word in another form.
    Form,
    /// Of the stored sentence, not in the new one: struck through.
    Gone,
    /// Of the new sentence, not in the stored one: underlined.
    New,
    /// Of the stored sentence, where the new one has something else: struck through.
    Replaced,
    /// What the new sentence has there: underlined.
    Replacing,
}

impl Style {
    /// Select Graphic Rendition (ECMA-48 §8.3.117).
    fn codes(self) -> &'static str {
        match self {
            Style::Strong => "1",
            Style::Dim => "2",
            Style::Form => "33",
            Style::Gone => "31;9",
            Style::New => "32;4",
            Style::Replaced => "35;9",
            Style::Replacing => "36;4",
        }
    }
}

/// How text is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    isolate: bool,
    coloured: bool,
}

impl Look {
    pub fn new(general: &General) -> Look {
        let coloured = match general.color {
            Colour::Auto => AutoStream::choice(&std::io::stdout()) != ColorChoice::Never,
            Colour::Always => true,
            Colour::Never => false,
        };
        Look { isolate: general.bidi == Bidi::On, coloured }
    }

    /// Whether colours are shown.
    pub fn coloured(&self) -> bool {
        self.coloured
    }

    /// Text of a language in a line of another: between isolates (Unicode Bidirectional Algorithm, UAX #9 §2.1.4), so that
    /// neither side's punctuation and digits wander. Nothing in the text itself is changed.
    pub fn side(&self, lang: Lang, text: &str) -> String {
        if !self.isolate {
            return text.to_owned();
        }
        let open = match lang {
            Lang::Ar => RLI,
            Lang::En => LRI,
        };
        // An isolate ends with its paragraph: a stored line break would let the rest of the line out.
        let line = text.replace(['\n', '\r', '\u{2029}'], " ");
        format!("{open}{line}{PDI}")
    }

    /// A piece of one text inside another, whatever its direction: between isolates, so that it moves nothing around it.
    pub fn inserted(&self, text: &str) -> String {
        if self.isolate && !text.trim().is_empty() { format!("{FSI}{text}{PDI}") } else { text.to_owned() }
    }

    /// A sentence about texts, each quoted “text” of it that is not in the sentence's own script between isolates.
    pub fn message(&self, message: &str) -> String {
        let mut parts = message.split('“');
        let mut shown = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            shown.push('“');
            match part.split_once('”') {
                Some((text, rest)) if Lang::of_script(text) == Some(Lang::Ar) => {
                    shown.push_str(&self.side(Lang::Ar, text));
                    shown.push('”');
                    shown.push_str(rest);
                }
                _ => shown.push_str(part),
            }
        }
        shown.replace(['\n', '\r'], " ")
    }

    /// Text of either language, told by its letters.
    pub fn text(&self, text: &str) -> String {
        self.side(Lang::of_script(text).unwrap_or(Lang::En), text)
    }

    /// Text in a style, where styles are shown.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.coloured { format!("\u{1b}[{}m{text}\u{1b}[0m", style.codes()) } else { text.to_owned() }
    }

    /// Stdout for text from [`Look::paint`].
    pub fn stdout(&self) -> AutoStream<StdoutLock<'static>> {
        let choice = if self.coloured { ColorChoice::Always } else { ColorChoice::Never };
        AutoStream::new(std::io::stdout().lock(), choice)
    }
}

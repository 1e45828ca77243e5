//! Draws what a terminal shows as an SVG: coloured output on stdin, the picture on stdout.
//!
//! ```text
//! dhakira match 'افتتحت الهيئة المرسى' --color always | cargo run --example picture "dhakira match …" > docs/terminal.svg
//! ```
//!
//! Each line is one `<text>` element, its colours `<tspan>`s inside, so that whoever draws it (a browser) runs the Unicode
//! Bidirectional Algorithm over the whole line and shapes the Arabic: nothing is reordered or shaped here.

use std::io::Read;

const WIDTH: usize = 1080;
const LINE: usize = 26;
const MARGIN: usize = 22;
const BAR: usize = 34;

/// The classes of the Select Graphic Rendition codes (ECMA-48 §8.3.117) that the program uses.
fn class(code: &str) -> Option<&'static str> {
    Some(match code {
        "1" => "b",
        "2" => "d",
        "3" => "i",
        "4" => "u",
        "9" => "s",
        "31" | "91" => "red",
        "32" | "92" => "green",
        "33" | "93" => "yellow",
        "34" | "94" => "blue",
        "35" | "95" => "magenta",
        "36" | "96" => "cyan",
        _ => return None,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// One line with its escape sequences as spans.
fn spans(line: &str, classes: &mut Vec<&'static str>) -> String {
    let mut svg = String::new();
    let mut parts = line.split("\u{1b}[");
    let mut text = parts.next().unwrap_or_default();
    loop {
        if !text.is_empty() {
            svg += &format!("<tspan class=\"{}\">{}</tspan>", classes.join(" "), escape(text));
        }
        let Some(part) = parts.next() else { return svg };
        let (codes, rest) = part.split_once('m').unwrap_or(("", part));
        for code in codes.split(';') {
            match class(code) {
                Some(class) => classes.push(class),
                None => classes.clear(),
            }
        }
        text = rest;
    }
}

/// A command as typed, what stands in quotes isolated (U+2068 first strong isolate … U+2069 pop directional isolate).
fn prompt(command: &str) -> String {
    let parts = command.split('\'').enumerate();
    let isolated =
        parts.map(|(n, part)| if n % 2 == 1 { format!("'\u{2068}{part}\u{2069}'") } else { part.to_owned() });
    format!("<tspan>{}</tspan>", escape(&isolated.collect::<String>()))
}

fn main() -> std::io::Result<()> {
    let prompts: Vec<String> = std::env::args().skip(1).collect();
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input)?;
    let mut classes = Vec::new();
    let mut lines: Vec<String> =
        prompts.iter().map(|p| format!("<tspan class=\"green b\">$ </tspan>{}", prompt(p))).collect();
    lines.extend(input.lines().map(|line| spans(line, &mut classes)));
    let height = BAR + MARGIN + lines.len() * LINE + MARGIN / 2;
    println!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="dhakira in a terminal">
<style>
text {{ font: 16px "DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Arabic", "DejaVu Sans", monospace; fill: #e6e6e6; white-space: pre; }}
.b {{ font-weight: bold }} .d {{ fill: #9a9aa5 }} .i {{ font-style: italic }} .u {{ text-decoration: underline }} .s {{ text-decoration: line-through }}
.red {{ fill: #ff8a80 }} .green {{ fill: #8fdc8f }} .yellow {{ fill: #ffd479 }} .blue {{ fill: #8ab4ff }} .magenta {{ fill: #e0a3ff }} .cyan {{ fill: #7fdfe6 }}
</style>
<rect width="{WIDTH}" height="{height}" rx="10" fill="#1e1f29"/>
<circle cx="22" cy="18" r="6" fill="#ff5f57"/><circle cx="42" cy="18" r="6" fill="#febc2e"/><circle cx="62" cy="18" r="6" fill="#28c840"/>"##
    );
    for (n, line) in lines.iter().enumerate() {
        println!(r#"<text x="{MARGIN}" y="{}" xml:space="preserve">{line}</text>"#, BAR + MARGIN + n * LINE);
    }
    println!("</svg>");
    Ok(())
}

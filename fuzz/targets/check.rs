//! All rules over any text, all reports of what they find, and the fixes: the first byte chooses text, Markdown or HTML.
#![no_main]

use copydesk::document::{Format, Origin};
use copydesk::input;
use copydesk_fuzz::{checked, mended, reported, well_formed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let (name, format) = match choice % 4 {
        0 => ("a.md", Format::Markdown),
        1 => ("a.html", Format::Html),
        _ => ("a.txt", Format::Text),
    };
    let document = input::parse(Origin { path: name.into(), ..Origin::default() }, format, text);
    well_formed(&document);
    let checked = checked(document);
    reported(&checked);
    mended(checked);
});

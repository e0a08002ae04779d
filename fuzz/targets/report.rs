//! All reports of findings anywhere in a text: three pairs of bytes say where, the rest is the text.
#![no_main]

use copydesk::document::Document;
use copydesk::finding::{Details, Edit, Finding, Fix, Label, Severity};
use copydesk::text::Span;
use copydesk::triage::Triage;
use copydesk_fuzz::reported;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((head, rest)) = data.split_at_checked(6) else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let document = Document::from_text(text);
    // Without a byte order mark.
    let text = &*document.text.clone();
    let boundary = |part: u8| text.floor_char_boundary(text.len() * usize::from(part) / 255);
    let spans =
        [[head[0], head[1]], [head[2], head[3]], [head[4], head[5]]].map(|[a, b]| Span::new(boundary(a.min(b)), boundary(a.max(b))));
    let finding = |span: Span, related: Span| {
        let fix = Fix { edits: vec![Edit { span, text: related.of(text).to_string() }], safe: true };
        let details = Details { related: vec![Label::here(related, "here")], fix: Some(fix), ..Details::default() };
        Finding::new("doubled-word", Severity::Error, span, span.of(text)).helped(related.of(text)).with(&details)
    };
    let findings = vec![finding(spans[0], spans[1]), finding(spans[1], spans[2]), finding(spans[2], spans[0])];
    reported(&Triage::default().sort(document, findings, |_| true));
});

//! Messages with placeholders: `{found} should be {expected}`.

use crate::finding::{Part, Template};
use crate::text::Span;
use crate::yaml::{Flaw, Placed, did_you_mean};

/// A message whose placeholders are known to be facts of its rule's detector; `{{` and `}}` stand for braces. A flaw names the placeholder that the detector does not give.
pub(super) fn template(source: &Placed<String>, known: &[&str]) -> Result<Template, Vec<Flaw>> {
    let (mut parts, mut flaws, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut rest = source.value.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let Some(end) = rest.find('}').filter(|_| brace == "{") else {
            flaws.push(Flaw::new(source.at, format!("a lone `{brace}` in the message"), "write it twice to mean the brace itself"));
            continue;
        };
        let name = &rest[..end];
        rest = &rest[end + 1..];
        if known.contains(&name) {
            parts.push(Part::Text(std::mem::take(&mut text)));
            parts.push(Part::Placeholder(name.to_string()));
        } else {
            let hint = if known.is_empty() {
                "this kind of detector gives no placeholders".to_string()
            } else {
                did_you_mean(name, known, "placeholders")
            };
            let flaw = Flaw::new(narrow(source, name), format!("the detector gives no `{{{name}}}`"), "unknown placeholder");
            flaws.push(flaw.help(hint));
        }
    }
    text.push_str(rest);
    parts.push(Part::Text(text));
    if flaws.is_empty() { Ok(Template(parts)) } else { Err(flaws) }
}

/// The place of the placeholder inside a plain one-line message, else that of the whole message.
fn narrow(source: &Placed<String>, name: &str) -> Span {
    match source.value.find(&format!("{{{name}}}")) {
        Some(at) if source.at.len() >= source.value.len() && source.at.len() <= source.value.len() + 2 => {
            let start = source.at.start + at + (source.at.len() - source.value.len()) / 2;
            Span::new(start, start + name.len() + 2)
        }
        _ => source.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Fact;
    use std::borrow::Cow;

    fn placed(value: &str) -> Placed<String> {
        Placed { value: value.into(), at: Span::new(10, 10 + value.len()) }
    }

    #[test]
    fn placeholders_are_filled() {
        let message = template(&placed("`{found}` should be {{`{expected}`}}"), &["found", "expected"]).unwrap();
        let facts =
            vec![(Cow::Borrowed("found"), Fact::Text("Minster".into())), (Cow::Borrowed("expected"), Fact::Text("Minister".into()))];
        assert_eq!(message.fill(&facts), "`Minster` should be {`Minister`}");
    }

    #[test]
    fn an_unknown_placeholder_is_shown_at_its_place() {
        let flaws = template(&placed("`{fond}` is wrong"), &["found"]).unwrap_err();
        assert_eq!(flaws[0].at, Span::new(11, 17));
        assert_eq!(flaws[0].help.as_deref(), Some("did you mean `found`?"));
    }

    #[test]
    fn lone_braces_are_refused() {
        assert_eq!(template(&placed("a } b"), &[]).unwrap_err().len(), 1);
        assert_eq!(template(&placed("a {b"), &["b"]).unwrap_err().len(), 1);
    }
}

//! Findings as an editor shows them: marks in the text, and what is said of them when the pointer rests there.

use super::Seen;
use crate::finding::{Finding, Severity};
use crate::text::Span;
use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Hover, HoverContents, Location, MarkupContent, MarkupKind,
    NumberOrString, Position, Uri,
};

/// Related places that are listed with a finding.
const RELATED: usize = 20;

pub(super) fn diagnostics(uri: &Uri, seen: &Seen) -> Vec<Diagnostic> {
    seen.checked.findings.iter().map(|reported| diagnostic(uri, seen, &reported.finding)).collect()
}

pub(super) fn diagnostic(uri: &Uri, seen: &Seen, finding: &Finding) -> Diagnostic {
    let document = &seen.checked.document;
    let place = |span: Span, message: &str| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), seen.lines.range(document.to_source(span))),
        message: message.to_string(),
    };
    let told = finding.told();
    let here = told.details.related.iter().filter(|label| label.elsewhere.is_none()).map(|label| place(label.span, &label.text));
    let also = finding.also().iter().map(|&span| place(span, "also here, inside a repeat"));
    let related: Vec<_> = here.chain(also).take(RELATED).collect();
    Diagnostic {
        range: seen.lines.range(document.to_source(finding.span)),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.rule.to_string())),
        source: Some("copydesk".into()),
        message: told.message,
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

/// What is wrong here, what to do, and why the rule is there.
pub(super) fn hover(seen: &Seen, position: Position, why: &dyn Fn(&str) -> Option<String>) -> Option<Hover> {
    let at = seen.lines.byte(position);
    let document = &seen.checked.document;
    let is_here = |span: Span| span.start <= at && at <= span.end;
    let found = seen.checked.findings.iter().map(|reported| &reported.finding);
    let mut found: Vec<&Finding> = found.filter(|finding| is_here(document.to_source(finding.span))).collect();
    // The narrowest says most of this very place.
    found.sort_by_key(|finding| finding.span.len());
    let range = seen.lines.range(document.to_source(found.first()?.span));
    let parts: Vec<String> = found
        .iter()
        .map(|finding| {
            let told = finding.told();
            let mut part = format!("**{}** ({})\n\n{}", finding.rule, finding.severity, told.message);
            for more in [told.help, why(&finding.rule)].into_iter().flatten() {
                part += &format!("\n\n{}", more.trim_end());
            }
            part
        })
        .collect();
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: parts.join("\n\n---\n\n") });
    Some(Hover { contents, range: Some(range) })
}

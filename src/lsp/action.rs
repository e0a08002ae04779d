//! What can be done about a finding: mend it, mend all that is certain, or accept it.

use super::{ACCEPT, FIX_ALL, Seen, show};
use crate::document::{Document, Format};
use crate::finding::{Finding, Fix};
use crate::fix::{self, Choice};
use crate::input;
use crate::text::Span;
use crate::triage::{Checked, Reported};
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Command, TextEdit, Uri, WorkspaceEdit};
use std::collections::HashMap;

/// The actions for the findings in the range that the client asks about.
pub(super) fn actions(uri: &Uri, seen: &Seen, params: &CodeActionParams, check: &dyn Fn(Document) -> Checked) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &str| {
        let only = params.context.only.as_ref();
        only.is_none_or(|only| only.iter().any(|only| kind == only.as_str() || kind.starts_with(&format!("{}.", only.as_str()))))
    };
    let range = Span::new(seen.lines.byte(params.range.start), seen.lines.byte(params.range.end));
    let document = &seen.checked.document;
    let touches = |finding: &Finding| {
        let at = document.to_source(finding.span);
        at.start <= range.end && range.start <= at.end
    };
    let mut actions = Vec::new();
    if wanted(CodeActionKind::QUICKFIX.as_str()) {
        for reported in seen.checked.findings.iter().filter(|reported| touches(&reported.finding)) {
            actions.extend(of_finding(uri, seen, reported));
        }
    }
    if wanted(FIX_ALL) {
        actions.extend(fix_all(uri, seen, check));
    }
    actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

fn of_finding(uri: &Uri, seen: &Seen, reported: &Reported) -> Vec<CodeAction> {
    let Reported { finding, fingerprint } = reported;
    let quick = |title: String| CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![show::diagnostic(uri, seen, finding)]),
        ..CodeAction::default()
    };
    let mut actions = Vec::new();
    if let Some(fix) = finding.fix() {
        let edits = fix::source_edits(&seen.checked.document, &fix);
        let edits = edits.into_iter().map(|(span, text)| TextEdit::new(seen.lines.range(span), text)).collect();
        actions.push(CodeAction {
            edit: Some(change(uri, edits)),
            is_preferred: Some(fix.safe),
            ..quick(format!("{} ({})", title(&fix), finding.rule))
        });
    }
    actions.push(CodeAction {
        command: Some(Command {
            title: "Accept".into(),
            command: ACCEPT.into(),
            arguments: Some(vec![uri.as_str().into(), fingerprint.to_string().into()]),
        }),
        ..quick(format!("Accept this {} in the side file", finding.rule))
    });
    if let Some(edit) = comment(seen, finding) {
        actions.push(CodeAction { edit: Some(change(uri, vec![edit])), ..quick(format!("Accept {} here with a comment", finding.rule)) });
    }
    actions
}

/// What a fix does, in a few words.
fn title(fix: &Fix) -> String {
    const SHOWN: usize = 40;
    let text: String = fix.edits.iter().map(|edit| edit.text.as_str()).collect();
    let what = match text.trim() {
        "" if text.is_empty() => "Remove it".to_string(),
        "" => "Mend the spacing".to_string(),
        text if text.chars().count() <= SHOWN && !text.contains('\n') => format!("Replace with “{text}”"),
        _ => "Mend it".to_string(),
    };
    if fix.safe { what } else { what + ", after a look" }
}

/// A comment before the block that the finding stands in; plain text can hold none.
fn comment(seen: &Seen, finding: &Finding) -> Option<TextEdit> {
    let document = &seen.checked.document;
    let block = &document.blocks[document.block_at(finding.span.start)?];
    let start = document.to_source(block.span).start;
    let comment = format!("<!-- copydesk-ignore {}: why -->", finding.rule);
    let (at, text) = match document.format {
        Format::Text => return None,
        Format::Markdown => (seen.lines.line_start(start), comment + "\n"),
        Format::Html => (start, comment),
    };
    Some(TextEdit::new(seen.lines.range(Span::new(at, at)), text))
}

/// All certain fixes of the document at once.
fn fix_all(uri: &Uri, seen: &Seen, check: &dyn Fn(Document) -> Checked) -> Option<CodeAction> {
    let is_certain = |reported: &Reported| reported.finding.has_fix() == Some(true);
    if !seen.checked.findings.iter().any(is_certain) {
        return None;
    }
    let old = &seen.checked.document;
    let again = check(input::parse(old.origin.clone(), old.format, std::sync::Arc::clone(old.source())));
    let mended = fix::mend(again, Choice::Safe, check);
    let text = mended.after?.document.source().to_string();
    Some(CodeAction {
        title: "Apply all certain fixes of copydesk".into(),
        kind: Some(CodeActionKind::new(FIX_ALL)),
        edit: Some(change(uri, vec![TextEdit::new(seen.lines.range(Span::new(0, seen.lines.len())), text)])),
        ..CodeAction::default()
    })
}

fn change(uri: &Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits)])), ..WorkspaceEdit::default() }
}

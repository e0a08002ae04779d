//! The language server: what `copydesk check` finds, as it is typed, with reasons, fixes and acceptances at hand.
//!
//! It knows documents and findings. How a document is checked, why a rule is there and where an acceptance is written is told
//! to it by a [`Setup`], which is made anew when the config or a rule changes.

mod action;
mod place;
mod show;

use self::place::Lines;
use crate::document::{Document, Format, Origin};
use crate::input::{self, Keeping};
use crate::triage::{Checked, Reported};
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types::notification::{self as notice, Notification as _};
use lsp_types::request::{self as ask, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, ExecuteCommandOptions, ExecuteCommandParams,
    HoverParams, HoverProviderCapability, InitializeParams, MessageType, PublishDiagnosticsParams, ServerCapabilities, ServerInfo,
    ShowMessageParams, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The command behind the action that accepts a finding: its document, and its fingerprint.
const ACCEPT: &str = "copydesk.accept";

/// The action that applies all certain fixes, for editors that do so on saving.
const FIX_ALL: &str = "source.fixAll.copydesk";

/// Checks a document.
pub type Check = Box<dyn Fn(Document) -> Checked>;
/// Tells of a rule why it is there.
pub type Why = Box<dyn Fn(&str) -> Option<String>>;
/// Writes down that a finding is right.
pub type Accept = Box<dyn Fn(&Document, &Reported) -> io::Result<()>>;

/// How documents are checked, until something of what it was made from changes.
pub struct Setup {
    pub check: Check,
    pub why: Why,
    pub accept: Accept,
    /// The files that it was made from, and those that would count if they were there.
    pub made_from: Vec<PathBuf>,
}

/// Serves until the client says goodbye. `load` makes the setup for the folder that is opened, or says why it cannot.
pub fn serve(connection: &Connection, load: impl Fn(Option<&Path>) -> Result<Setup, String>) -> Result<(), ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let capabilities = ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::new(FIX_ALL)]),
            ..CodeActionOptions::default()
        })),
        execute_command_provider: Some(ExecuteCommandOptions { commands: vec![ACCEPT.into()], ..ExecuteCommandOptions::default() }),
        ..ServerCapabilities::default()
    };
    let info = ServerInfo { name: "copydesk".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
    connection.initialize_finish(id, serde_json::json!({ "capabilities": capabilities, "serverInfo": info }))?;
    let root = root(&params);
    let load = || load(root.as_deref());
    let mut server = Server { connection, load: &load, setup: None, stamps: Vec::new(), open: BTreeMap::new() };
    server.reload();
    if watches(&params) {
        server.watch();
    }
    while let Ok(message) = connection.receiver.recv() {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    return Ok(());
                }
                server.request(request);
            }
            Message::Notification(notification) => server.notification(notification),
            Message::Response(_) => {}
        }
        // While more is typed than can be looked at, only the last text counts.
        if connection.receiver.is_empty() {
            server.look_over();
        }
    }
    Ok(())
}

/// The folder that the client has opened.
fn root(params: &InitializeParams) -> Option<PathBuf> {
    let folder = params.workspace_folders.as_ref().and_then(|folders| folders.first()).map(|folder| &folder.uri);
    #[expect(deprecated, reason = "what clients send that know no workspace folders")]
    let uri = folder.or(params.root_uri.as_ref());
    uri.and_then(place::path)
}

/// Whether the client tells of files that change.
fn watches(params: &InitializeParams) -> bool {
    let workspace = params.capabilities.workspace.as_ref();
    workspace.and_then(|workspace| workspace.did_change_watched_files).and_then(|watched| watched.dynamic_registration) == Some(true)
}

/// A document that the editor has open.
struct Open {
    uri: Uri,
    version: i32,
    text: String,
    format: Format,
    /// As the last look left it; `None` where it has changed since.
    seen: Option<Seen>,
}

/// A text with its findings, and where its lines start.
struct Seen {
    checked: Checked,
    lines: Lines,
}

struct Server<'c> {
    connection: &'c Connection,
    load: &'c dyn Fn() -> Result<Setup, String>,
    setup: Option<Setup>,
    /// When each file that the setup was made from was last changed.
    stamps: Vec<(PathBuf, Option<SystemTime>)>,
    open: BTreeMap<String, Open>,
}

impl Server<'_> {
    /// Makes the setup anew; where that fails, the old one stays and the reason is shown.
    fn reload(&mut self) {
        match (self.load)() {
            Ok(setup) => {
                self.stamps = setup.made_from.iter().map(|path| (path.clone(), changed(path))).collect();
                self.setup = Some(setup);
            }
            Err(reason) => {
                // It is tried again when something of it changes, not at every key.
                self.stamps.iter_mut().for_each(|(path, stamp)| *stamp = changed(path));
                self.notify::<notice::ShowMessage>(ShowMessageParams { typ: MessageType::ERROR, message: format!("copydesk: {reason}") });
            }
        }
        self.open.values_mut().for_each(|open| open.seen = None);
    }

    fn watch(&self) {
        let watchers: Vec<_> =
            ["**/*copydesk*.{yaml,yml,json}", "**/*.{yaml,yml}"].map(|glob| serde_json::json!({ "globPattern": glob })).into();
        let registration = serde_json::json!({ "registrations": [{
            "id": "files", "method": notice::DidChangeWatchedFiles::METHOD, "registerOptions": { "watchers": watchers },
        }]});
        self.send(Request::new(1.into(), ask::RegisterCapability::METHOD.into(), registration));
    }

    /// Checks what has changed, and tells the client.
    fn look_over(&mut self) {
        if self.stamps.iter().any(|(path, stamp)| changed(path) != *stamp) {
            self.reload();
        }
        let Some(setup) = &self.setup else { return };
        let mut publish = Vec::new();
        for open in self.open.values_mut().filter(|open| open.seen.is_none()) {
            let path = place::path(&open.uri).map_or_else(|| open.uri.as_str().to_string(), |path| place::shown(&path));
            let document = input::parse(Origin { path, ..Origin::default() }, open.format, open.text.as_str());
            let seen = Seen { checked: (setup.check)(document), lines: Lines::new(&open.text) };
            publish.push(PublishDiagnosticsParams {
                uri: open.uri.clone(),
                version: Some(open.version),
                diagnostics: show::diagnostics(&open.uri, &seen),
            });
            open.seen = Some(seen);
        }
        publish.into_iter().for_each(|params| self.notify::<notice::PublishDiagnostics>(params));
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            notice::DidOpenTextDocument::METHOD => {
                let Some(lsp_types::DidOpenTextDocumentParams { text_document: item }) = read(params) else { return };
                let path = place::path(&item.uri).map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
                // A file of records is no text to read; it is checked from the command line.
                if !path.is_empty() && input::keeping(&path) != Keeping::Whole {
                    return;
                }
                let format = match item.language_id.as_str() {
                    "markdown" => Format::Markdown,
                    "html" => Format::Html,
                    _ => input::format_of(&path),
                };
                let key = item.uri.as_str().to_string();
                self.open.insert(key, Open { uri: item.uri, version: item.version, text: item.text, format, seen: None });
            }
            notice::DidChangeTextDocument::METHOD => {
                let Some(lsp_types::DidChangeTextDocumentParams { text_document, content_changes }) = read(params) else { return };
                let Some(open) = self.open.get_mut(text_document.uri.as_str()) else { return };
                // The whole text comes with each change, as was agreed on.
                if let Some(change) = content_changes.into_iter().next_back() {
                    *open =
                        Open { uri: text_document.uri, version: text_document.version, text: change.text, format: open.format, seen: None };
                }
            }
            notice::DidCloseTextDocument::METHOD => {
                let Some(lsp_types::DidCloseTextDocumentParams { text_document }) = read(params) else { return };
                self.open.remove(text_document.uri.as_str());
                self.notify::<notice::PublishDiagnostics>(PublishDiagnosticsParams {
                    uri: text_document.uri,
                    version: None,
                    diagnostics: Vec::new(),
                });
            }
            // A file may have come or gone that a stamp does not tell of: a new rule in a folder of rules.
            notice::DidChangeWatchedFiles::METHOD => self.reload(),
            _ => {}
        }
    }

    fn request(&mut self, request: Request) {
        // An answer is about the text as it is now.
        self.look_over();
        let Request { id, method, params } = request;
        let answer = match method.as_str() {
            ask::HoverRequest::METHOD => read(params).map(|params: HoverParams| self.hover(&params)),
            ask::CodeActionRequest::METHOD => read(params).map(|params: CodeActionParams| self.actions(&params)),
            ask::ExecuteCommand::METHOD => read(params).map(|params: ExecuteCommandParams| self.execute(&params)),
            _ => {
                let response = Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("copydesk knows no `{method}`"));
                return self.send(response);
            }
        };
        self.send(match answer {
            Some(answer) => Response::new_ok(id, answer),
            None => Response::new_err(id, ErrorCode::InvalidParams as i32, format!("the parameters of `{method}` cannot be read")),
        });
    }

    fn seen(&self, uri: &Uri) -> Option<(&Seen, &Setup)> {
        Some((self.open.get(uri.as_str())?.seen.as_ref()?, self.setup.as_ref()?))
    }

    fn hover(&self, params: &HoverParams) -> serde_json::Value {
        let place = &params.text_document_position_params;
        let hover = self.seen(&place.text_document.uri).and_then(|(seen, setup)| show::hover(seen, place.position, &setup.why));
        json(hover)
    }

    fn actions(&self, params: &CodeActionParams) -> serde_json::Value {
        let uri = &params.text_document.uri;
        json(self.seen(uri).map(|(seen, setup)| action::actions(uri, seen, params, &setup.check)).unwrap_or_default())
    }

    /// Accepts the finding that an action has named.
    fn execute(&mut self, params: &ExecuteCommandParams) -> serde_json::Value {
        let arguments: Vec<&str> = params.arguments.iter().filter_map(serde_json::Value::as_str).collect();
        if let (ACCEPT, [uri, fingerprint]) = (params.command.as_str(), arguments.as_slice())
            && let (Some(seen), Some(setup)) = (self.open.get(*uri).and_then(|open| open.seen.as_ref()), &self.setup)
            && let Some(reported) = seen.checked.findings.iter().find(|reported| reported.fingerprint.to_string() == **fingerprint)
        {
            if let Err(error) = (setup.accept)(&seen.checked.document, reported) {
                let message = format!("copydesk: the acceptance cannot be written: {error}");
                self.notify::<notice::ShowMessage>(ShowMessageParams { typ: MessageType::ERROR, message });
            }
            self.reload();
        }
        serde_json::Value::Null
    }

    fn notify<N: notice::Notification>(&self, params: N::Params) {
        self.send(Notification::new(N::METHOD.into(), params));
    }

    fn send(&self, message: impl Into<Message>) {
        // A client that is gone reads nothing more; the loop ends by itself.
        let _ = self.connection.sender.send(message.into());
    }
}

fn read<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}

fn json(value: impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// When a file was last changed; `None` where it is not there.
fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests;

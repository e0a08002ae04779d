use super::*;
use crate::finding::{Details, Edit, Finding, Fix, Label, Severity};
use crate::text::Span;
use crate::triage::Triage;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;

/// Finds `Minster`, unless `accepted` says that it is right.
fn check(document: Document) -> Checked {
    let mut findings = Vec::new();
    for (at, found) in document.text.match_indices("Minster") {
        let span = Span::new(at, at + found.len());
        let details = Details {
            related: vec![Label::here(Span::new(0, 4), "first here")],
            fix: Some(Fix { edits: vec![Edit { span, text: "Minister".into() }], safe: true }),
            ..Details::default()
        };
        let finding = Finding::new("typo", Severity::Error, span, "`Minster` should be `Minister`");
        findings.push(finding.helped("Look it up.").with(&details));
    }
    Triage::default().sort(document, findings, |_| true)
}

/// Sends the messages to a server, and gives back all that it says, the answer to `initialize` left out.
fn session(messages: Vec<Value>) -> (Vec<Value>, Vec<String>) {
    let (server, client) = Connection::memory();
    let mut all =
        vec![json!({"id": 0, "method": "initialize", "params": {"capabilities": {}}}), json!({"method": "initialized", "params": {}})];
    all.extend(messages);
    all.extend([json!({"id": 99, "method": "shutdown"}), json!({"method": "exit"})]);
    for message in all {
        client.sender.send(serde_json::from_value(message).unwrap()).unwrap();
    }
    let accepted = Rc::new(RefCell::new(Vec::new()));
    let load = |_: Option<&Path>| {
        let list = Rc::clone(&accepted);
        Ok(Setup {
            check: Box::new(check),
            why: Box::new(|rule| Some(format!("Why {rule}."))),
            accept: Box::new(move |_, reported| {
                list.borrow_mut().push(reported.fingerprint.to_string());
                Ok(())
            }),
            made_from: Vec::new(),
        })
    };
    serve(&server, load).unwrap();
    drop(server);
    let said = client.receiver.iter().map(|message| serde_json::to_value(message).unwrap()).skip(1).collect();
    (said, accepted.take())
}

fn open(uri: &str, language: &str, text: &str) -> Value {
    json!({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}}})
}

fn answer(said: &[Value], id: i32) -> &Value {
    said.iter().find(|message| message["id"] == id).unwrap()
}

const URI: &str = "file:///a.md";

#[test]
fn findings_are_shown_where_they_stand() {
    let (said, _) = session(vec![
        open(URI, "markdown", "😀 the *Minster*\n"),
        json!({"id": 1, "method": "textDocument/hover", "params":
        {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 9}}}),
    ]);
    let shown = &said[0]["params"]["diagnostics"][0];
    assert_eq!(shown["range"], json!({"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 15}}));
    assert_eq!((&shown["code"], &shown["severity"], &shown["source"]), (&json!("typo"), &json!(1), &json!("copydesk")));
    assert_eq!(shown["relatedInformation"][0]["message"], "first here");
    let hover = answer(&said, 1)["result"]["contents"]["value"].as_str().unwrap();
    assert!(hover.contains("should be `Minister`") && hover.contains("Look it up.") && hover.contains("Why typo."), "{hover}");
}

#[test]
fn a_change_is_looked_at_and_a_closed_document_is_clean() {
    let (said, _) = session(vec![
        open(URI, "markdown", "The Minster\n"),
        json!({"id": 1, "method": "textDocument/hover", "params": {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}}),
        json!({"method": "textDocument/didChange", "params": {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"text": "The Minister\n"}]}}),
        json!({"id": 2, "method": "textDocument/hover", "params": {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 5}}}),
        json!({"method": "textDocument/didClose", "params": {"textDocument": {"uri": URI}}}),
    ]);
    let counts: Vec<usize> = said.iter().filter_map(|message| message["params"]["diagnostics"].as_array()).map(Vec::len).collect();
    assert_eq!(counts, [1, 0, 0]);
    assert_eq!(answer(&said, 1)["result"], Value::Null);
}

#[test]
fn actions_mend_and_accept() {
    let range = json!({"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 5}});
    let ask = |id: i32, uri: &str, only: Value| {
        json!({"id": id, "method": "textDocument/codeAction", "params":
        {"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": [], "only": only}}})
    };
    let text = "The Minster spoke.\n\nA Minster.\n";
    let (said, _) = session(vec![
        open(URI, "markdown", text),
        open("file:///a.txt", "plaintext", text),
        ask(1, URI, Value::Null),
        ask(2, URI, json!(["source.fixAll"])),
        ask(3, "file:///a.txt", json!(["quickfix"])),
    ]);
    let titles = |id: i32| -> Vec<String> {
        answer(&said, id)["result"].as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(
        titles(1),
        [
            "Replace with “Minister” (typo)",
            "Accept this typo in the side file",
            "Accept typo here with a comment",
            "Apply all certain fixes of copydesk"
        ]
    );
    let first = &answer(&said, 1)["result"];
    assert_eq!(first[0]["edit"]["changes"][URI][0]["newText"], "Minister");
    assert_eq!(first[0]["isPreferred"], true);
    assert_eq!(first[2]["edit"]["changes"][URI][0]["newText"], "<!-- copydesk-ignore typo: why -->\n");
    assert_eq!(titles(2), ["Apply all certain fixes of copydesk"]);
    assert_eq!(answer(&said, 2)["result"][0]["edit"]["changes"][URI][0]["newText"], text.replace("Minster", "Minister"));
    assert_eq!(titles(3).len(), 2);
    let command = &first[1]["command"];
    let execute = json!({"id": 4, "method": "workspace/executeCommand", "params": {"command": command["command"], "arguments": command["arguments"]}});
    let (_, accepted) = session(vec![open(URI, "markdown", text), execute]);
    assert_eq!(accepted, [command["arguments"][1].as_str().unwrap()]);
}

#[test]
fn what_it_does_not_know_is_answered() {
    let (said, _) = session(vec![
        open("file:///a.jsonl", "json", "{\"text\":\"Minster\"}"),
        json!({"id": 1, "method": "textDocument/definition", "params": {}}),
        json!({"id": 2, "method": "textDocument/hover", "params": {"x": 1}}),
    ]);
    assert!(said.iter().all(|message| message["method"] != "textDocument/publishDiagnostics"));
    assert_eq!(answer(&said, 1)["error"]["code"], -32601);
    assert_eq!(answer(&said, 2)["error"]["code"], -32602);
}

//! Messages of an editor: one JSON message a line.
#![no_main]

use copydesk::lsp::{Setup, serve};
use copydesk_fuzz::checked;
use libfuzzer_sys::fuzz_target;
use lsp_server::{Connection, Message};
use serde_json::json;

fuzz_target!(|text: &str| {
    let (server, client) = Connection::memory();
    let start = [json!({"id": 0, "method": "initialize", "params": {"capabilities": {}}}), json!({"method": "initialized", "params": {}})];
    let end = [json!({"id": 99, "method": "shutdown"}), json!({"method": "exit"})];
    let given = text.lines().filter_map(|line| serde_json::from_str(line).ok());
    for value in start.into_iter().chain(given).chain(end) {
        let Ok(message) = serde_json::from_value::<Message>(value) else { continue };
        client.sender.send(message).expect("the server listens");
    }
    let load = |_: Option<&std::path::Path>| {
        Ok(Setup { check: Box::new(checked), why: Box::new(|_| None), accept: Box::new(|_, _| Ok(())), made_from: Vec::new() })
    };
    let _ = serve(&server, load);
});

//! The language server as an editor meets it: a scripted client over stdin and stdout.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

struct Client {
    server: Child,
    from: BufReader<ChildStdout>,
}

impl Client {
    /// Starts a server for the folder.
    fn start(folder: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["lsp", "--select", "doubled-word,unused-acceptance"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let from = BufReader::new(server.stdout.take().unwrap());
        let mut client = Self { server, from };
        let root = format!("file://{}", folder.display());
        let params = json!({"processId": null, "rootUri": root, "capabilities": {}, "workspaceFolders": [{"uri": root, "name": "a"}]});
        let answer = client.ask(1, "initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "copydesk");
        client.tell("initialized", json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let to = self.server.stdin.as_mut().unwrap();
        write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        to.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server has ended");
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", number)) => length = number.parse().unwrap(),
                _ if line == "\r\n" => break,
                _ => {}
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn ask(&mut self, id: i32, method: &str, params: Value) -> Value {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message["result"].clone();
            }
        }
    }

    /// The findings of the next document that the server speaks of.
    fn findings(&mut self) -> Vec<Value> {
        loop {
            let message = self.read();
            assert_ne!(message["method"], "window/showMessage", "{message}");
            if message["method"] == "textDocument/publishDiagnostics" {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    fn change(&mut self, uri: &str, text: &str) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]});
        self.tell("textDocument/didChange", params);
        self.findings()
    }

    fn end(mut self) {
        self.ask(99, "shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert!(self.server.wait().unwrap().success());
    }
}

#[test]
fn a_session_from_opening_to_accepting() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let (uri, text) = (format!("file://{}/a%20b.md", root.display()), "# Wall\n\nThe council raised the the wall.\n");
    std::fs::write(root.join("a b.md"), text).unwrap();
    let mut client = Client::start(&root);
    client.tell("textDocument/didOpen", json!({"textDocument": {"uri": uri, "languageId": "markdown", "version": 1, "text": text}}));
    let found = client.findings();
    assert_eq!(found[0]["code"], "doubled-word");
    assert_eq!(found[0]["range"]["start"], json!({"line": 2, "character": 19}));

    let place = json!({"line": 2, "character": 20});
    let hover = client.ask(2, "textDocument/hover", json!({"textDocument": {"uri": uri}, "position": place}));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("doubled-word"));

    let range = json!({"start": place, "end": place});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": found}});
    let actions = client.ask(3, "textDocument/codeAction", params);
    let edit = &actions[0]["edit"]["changes"][&uri][0];
    assert_eq!(edit["range"]["start"]["line"], 2);
    let command = actions.as_array().unwrap().iter().find_map(|action| action.get("command")).unwrap().clone();
    assert!(client.change(&uri, "The council raised the wall.\n").is_empty());
    assert_eq!(client.change(&uri, text).len(), 1);

    // Accepted: written down, and gone from the text at once; the command line agrees.
    client.ask(4, "workspace/executeCommand", json!({"command": command["command"], "arguments": command["arguments"]}));
    assert!(client.findings().is_empty());
    assert!(std::fs::read_to_string(root.join("copydesk.accepted.yaml")).unwrap().contains("path: \"a b.md\""));
    let check = Command::new(env!("CARGO_BIN_EXE_copydesk"))
        .args(["check", "--select", "doubled-word,unused-acceptance", "--format", "json"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&check.stdout), "");

    // A config that comes is read without a restart; a broken one is reported and changes nothing.
    std::fs::remove_file(root.join("copydesk.accepted.yaml")).unwrap();
    assert_eq!(client.change(&uri, text).len(), 1);
    std::fs::write(root.join("copydesk.yaml"), "rules:\n  doubled-word: error\n").unwrap();
    assert_eq!(client.change(&uri, text)[0]["severity"], 1);
    std::fs::write(root.join("copydesk.yaml"), "rules:\n  doubled-wrod: error\n# longer\n").unwrap();
    client.tell("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": 3}, "contentChanges": [{"text": text}]}));
    let message = client.read();
    assert_eq!(message["method"], "window/showMessage");
    assert!(message["params"]["message"].as_str().unwrap().contains("doubled-wrod"), "{message}");
    assert_eq!(client.findings()[0]["severity"], 1);
    client.end();
}

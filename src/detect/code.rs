//! Kind `code`: program code, style sheets and data of the page in the text.
//!
//! One sign of code decides nothing; a line is taken for code where several come together and little prose stands beside them.

use super::{Context, Match, Slot};
use crate::finding::Fact;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A line of program code, style rules or data.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Params {
    pub language: CodeLanguage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CodeLanguage {
    /// JavaScript and what is like it.
    Script,
    /// CSS.
    Style,
    Json,
}

#[derive(Debug)]
pub struct Code {
    language: CodeLanguage,
    literals: Vec<String>,
}

/// Longest stretch of a line in bytes that is looked at.
const MAX_LINE: usize = 4096;
/// Points that make a line code.
const ENOUGH: usize = 3;

/// What hardly stands outside of JavaScript: two points each.
const STRONG: [&str; 40] = [
    "function(",
    "function (",
    "document.",
    "window.",
    "=> {",
    "=>{",
    "||{}",
    "|| {}",
    "||[]",
    "|| []",
    ".push(",
    "addEventListener",
    "getElement",
    "createElement",
    "querySelector",
    "googletag",
    "dataLayer",
    "gtag(",
    "fbq(",
    "ga('",
    "ga(\"",
    "_gaq",
    "adsbygoogle",
    "jQuery",
    "$(",
    "console.log",
    "typeof ",
    "JSON.parse",
    "setTimeout(",
    "!function",
    "<![CDATA[",
    ".async",
    "use strict",
    "new Date(",
    ".prototype",
    "module.exports",
    "require(",
    "export default",
    "=> ",
    "__NEXT_DATA__",
];
/// What stands in JavaScript and may stand elsewhere: one point each.
const WEAK: [&str; 28] = [
    "();",
    "});",
    "})",
    "==",
    "!==",
    "&&",
    "||",
    "return ",
    "if (",
    "if(",
    "else {",
    "else{",
    "try {",
    "try{",
    "catch(",
    "catch (",
    "for (",
    "for(",
    "+=",
    "};",
    "= function",
    "null",
    "true",
    "false",
    "');",
    "\");",
    "this.",
    "://",
];
/// Without one of these a line is not looked at for code.
const SCRIPT_GATE: [&str; 8] = ["();", ");", "})", "};", "={", "var ", "const ", " = "];
const PROPERTIES: &str = "margin|padding|border|color|background|font|display|position|width|height|top|left|right|bottom|float|clear|overflow|text-align|text-decoration|text-transform|text-indent|line-height|letter-spacing|z-index|opacity|content|visibility|max-width|min-width|max-height|min-height|list-style|vertical-align|white-space|cursor|box-shadow|box-sizing|transform|transition|animation|flex|grid|align-items|justify-content|src|fill|-webkit-[a-z-]+|-moz-[a-z-]+|mso-[a-z-]+|--[a-z][a-z-]*";
const STYLE_GATE: [&str; 28] = [
    ":root",
    "mso-",
    "margin",
    "padding",
    "border-",
    "border:",
    "color:",
    "color :",
    "background",
    "font-",
    "font:",
    "display:",
    "display :",
    "position:",
    "width:",
    "height:",
    "float:",
    "text-align",
    "text-decoration",
    "line-height",
    "overflow:",
    "z-index",
    "opacity:",
    "@media",
    "@import",
    "@font-face",
    "keyframes",
    "!important",
];

/// A line that is one statement: a call, an assignment, an import.
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r#"^(?:(?:[0-9A-Za-z_$]+\.)*[0-9A-Za-z_$]+\(.*\);|(?:var|let|const) [0-9A-Za-z_$]+ ?=.*|[0-9A-Za-z_$]+(?:\.[0-9A-Za-z_$]+)+ ?=[^=].*;|import [0-9A-Za-z_${}*, ]+ from ['"].*|import ['"].*['"];?)$"#,
    )
});
static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| expression(r"(?-u:\b)(?:var|let|const) +[0-9A-Za-z_$]+ *="));
static DECLARATION: LazyLock<Regex> = LazyLock::new(|| {
    expression(&format!(r#"(?:^|[\s{{;"'*/])(?:{PROPERTIES})(?:-[a-z-]{{1,24}})?\s*:\s*(?P<value>[^;:{{}}]{{1,120}})(?:;|\}}|$)"#))
});
/// What a property is set to, as far as it is no word of English alone.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r"[0-9.](?:px|em|rem|pt|vh|vw|ex|s|ms)(?-u:\b)|[0-9]%|#[0-9a-fA-F]{3,8}(?-u:\b)|(?-u:\b)(?:none|block|inline(?:-block)?|flex|grid|auto|inherit|hidden|absolute|relative|fixed|bold|normal|italic|center|both|solid|url|rgba?|hsla?|var|uppercase|underline|pointer|important|serif|sans-serif|initial|unset|transparent)(?-u:\b)|^\s*[0-9.]+\s*$|Arial|Helvetica|Georgia|Verdana|Times",
    )
});
static AT_RULE: LazyLock<Regex> = LazyLock::new(|| {
    expression(
        r#"@(?:media\s+[^{}]{0,120}\{|font-face\s*\{|(?:-webkit-)?keyframes\s+[A-Za-z_-]+\s*\{|import\s+(?:url|['"])|charset\s+["']|page\s*\{|supports\s*\()"#,
    )
});

/// Compiles one of the expressions above.
fn expression(source: &str) -> Regex {
    Regex::new(source).expect("the expressions of this file are constant, and tested")
}

impl Code {
    pub const PLACEHOLDERS: [&'static str; 1] = ["signs"];

    pub fn new(params: &Params) -> Self {
        let literals: Vec<&str> = match params.language {
            CodeLanguage::Script => STRONG.iter().chain(&SCRIPT_GATE).copied().collect(),
            CodeLanguage::Style => STYLE_GATE.to_vec(),
            CodeLanguage::Json => vec!["\":", "\" :", "':", "&quot;:"],
        };
        Self { language: params.language, literals: literals.into_iter().map(str::to_string).collect() }
    }

    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    pub fn detect(&self, slot: Slot, cx: &Context<'_>) -> Vec<Match> {
        let text = &*cx.document.text;
        let mut found = Vec::new();
        for line in cx.hit_lines(slot) {
            let span = line.trim(text);
            let line = span.of(text);
            let mut end = line.len().min(MAX_LINE);
            while !line.is_char_boundary(end) {
                end -= 1;
            }
            let points = match self.language {
                CodeLanguage::Script => script(&line[..end]),
                CodeLanguage::Style => style(&line[..end]),
                CodeLanguage::Json => json(&line[..end]),
            };
            if points >= ENOUGH {
                let mut hit = Match::at(span);
                hit.facts.push((Cow::Borrowed("signs"), Fact::Count(points)));
                found.push(hit);
            }
        }
        found
    }
}

fn script(line: &str) -> usize {
    // In prose one character in a hundred is a bracket or an operator, in code one in ten.
    let symbols = line
        .bytes()
        .filter(|byte| {
            matches!(byte, b'(' | b')' | b'{' | b'}' | b'[' | b']' | b';' | b'=' | b'|' | b'&' | b'$' | b'_' | b'<' | b'>' | b'+')
        })
        .count();
    let statement = STATEMENT.is_match(line);
    if !statement && (symbols * 25 < line.len() || symbols < 2) {
        return 0;
    }
    let strong: usize = STRONG.iter().map(|sign| line.matches(sign).take(2).count() * 2).sum();
    let weak: usize = WEAK.iter().filter(|sign| line.contains(*sign)).count();
    let assigned = ASSIGNMENT.find_iter(line).take(2).count() * 2;
    strong + weak + assigned + if statement { ENOUGH } else { 0 }
}

fn style(line: &str) -> usize {
    let at_rule = AT_RULE.is_match(line);
    let mut count = 0;
    for captures in DECLARATION.captures_iter(line).take(4) {
        let whole = captures.get(0).map_or("", |whole| whole.as_str());
        // A property of a word processor, or one that the page defines, is like no word of English.
        let named = whole.contains("mso-") || whole.contains("--");
        let styled = named || captures.name("value").is_some_and(|part| VALUE.is_match(part.as_str()));
        // The last one in a list may lack its semicolon, a lone one may not.
        count += usize::from(styled && (whole.ends_with([';', '}']) || count > 0));
    }
    let braces = line.contains('{') || line.contains('}');
    if at_rule || (count >= 1 && braces) || count >= 2 || (count == 1 && line.ends_with(';')) { ENOUGH } else { 0 }
}

/// Names with values in JSON's own writing; the quotes may be escaped for a string or for HTML.
fn json(line: &str) -> usize {
    let line = &line.replace("&quot;", "\"");
    let bytes = line.as_bytes();
    let mut pairs = 0;
    for colon in memchr::memchr_iter(b':', bytes) {
        let before = line[..colon].trim_end();
        let Some(quote) = before.chars().next_back().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let name = before[..before.len() - 1].trim_end_matches('\\');
        let Some(open) = name.rfind(quote) else { continue };
        let name = &name[open + 1..];
        let is_name =
            !name.is_empty() && name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-@$.:/#".contains(&byte));
        let value = line[colon + 1..].trim_start().trim_start_matches('\\');
        let is_value = value.starts_with(['"', '{', '[', '\'', '-'])
            || value.starts_with(|c: char| c.is_ascii_digit())
            || ["true", "false", "null"].iter().any(|word| value.starts_with(word));
        pairs += usize::from(is_name && is_value);
        if pairs == ENOUGH {
            break;
        }
    }
    let braced = line.contains('{') || line.contains('[');
    let whole = line.starts_with(['{', '[']) && line.ends_with(['}', ']', ',', ';']);
    let one_of_many = line.starts_with('"') && (line.ends_with("\",") || line.ends_with(": {") || line.ends_with(": ["));
    match pairs {
        0 => 0,
        1 if whole || one_of_many => ENOUGH,
        2.. if braced || line.ends_with(',') || line.starts_with('"') => ENOUGH,
        _ => pairs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_of_many_kinds_is_told_from_prose() {
        for line in [
            "var _gaq = _gaq || []; _gaq.push(['_setAccount', 'UA-0']);",
            "!function(f,b,e,v,n){if(f.fbq)return;n=f.fbq=function(){}}(window, document);",
            "(adsbygoogle = window.adsbygoogle || []).push({});",
            "twttr.widgets.load();",
            "document.write('<div id=\"ad\"></div>');",
            "try{Typekit.load();}catch(e){}",
            "var disqus_shortname = 'harbour';",
            "if (typeof showAd === 'function') { showAd('728'); }",
            "import Vue from 'vue'",
            "const wall = document.querySelector('.wall');",
            "setTimeout(function(){ location.reload(); }, 300000);",
        ] {
            assert!(script(line) >= ENOUGH, "{line}");
        }
        for line in [
            "The function (he said) returns true if the wall holds; otherwise it is null and void.",
            "If (and only if) it rains, let the water run (as in 1953).",
            "Smith 3-1 (4), Jones 2-2 (5); Brown 1-0 (6).",
        ] {
            assert!(script(line) < ENOUGH, "{line}");
        }
    }

    #[test]
    fn style_rules_are_told_from_remarks() {
        for line in [
            "#ad{width:300px;height:250px}",
            "@import url('main.css');",
            "a:hover { color: #c00 !important; }",
            "p.lead{font:bold 14px/1.4 Georgia,serif}",
            "margin: 0 auto;",
            ":root { --brand: #036; --gap: 1rem; }",
            r#"table.MsoNormalTable {mso-style-name:"Plain Table"; mso-style-noshow:yes;}"#,
        ] {
            assert!(style(line) >= ENOUGH, "{line}");
        }
        for line in ["The width: 3 metres; the height: 2 metres.", "content: a lot; position: left back;", "font: a place for baptism"] {
            assert!(style(line) < ENOUGH, "{line}");
        }
    }

    #[test]
    fn data_is_told_from_quotes() {
        for line in [
            r#"{"id":1}"#,
            r#""id": 4711, "tags": ["a"],"#,
            r#"{\"headline\":\"Wall\",\"id\":3}"#,
            "{&quot;id&quot;:1,&quot;b&quot;:true}",
            "{'page': 'story', 'id': 12}",
            r#""dateline": "TOWN","#,
        ] {
            assert!(json(line) >= ENOUGH, "{line}");
        }
        for line in [r#"He called it "the wall": "a must", she said."#, r#"“Yes”: 3, "No": 4"#] {
            assert!(json(line) < ENOUGH, "{line}");
        }
    }
}

//! Pages and what is seen of them.

use super::*;
use crate::document::{Document, Format, Meta, Origin};
use proptest::prelude::*;

fn document(html: &str) -> Document {
    Document::with_source(Origin::default(), Format::Html, html.into(), read(html))
}

/// Each block as `kind: text`.
fn blocks(html: &str) -> Vec<String> {
    let document = document(html);
    document.blocks.iter().map(|block| format!("{}: {}", block.kind.name(), block.span.of(&document.text))).collect()
}

#[test]
fn a_page_is_read_as_blocks() {
    let html = "<!doctype html><html><head><title>T</title><style>p{}</style><script>if (a<b) '</p>'</script></head><body>
        <h1>Harbour  wall</h1><p>The <b>may</b>or spoke.<p>All&nbsp;went &amp; home.<br>Late.
        <ul><li>One<li>Two</ul><blockquote><p>Never.</p></blockquote>
        <figure><img alt=x><figcaption>The wall</figcaption></figure>
        <pre>a  b\n c</pre><table><tr><td>1<td>2</table>loose<!-- no --> end<select><option>x</select></body></html>";
    assert_eq!(
        blocks(html),
        [
            "heading: Harbour wall",
            "paragraph: The mayor spoke.",
            "paragraph: All\u{a0}went & home.\nLate.",
            "list-item: One",
            "list-item: Two",
            "quote: Never.",
            "caption: The wall",
            "code: a  b\n c",
            "table-cell: 1",
            "table-cell: 2",
            "paragraph: loose end",
        ]
    );
}

#[test]
fn two_line_breaks_part_paragraphs() {
    assert_eq!(blocks("<div>One.<br><br/>Two.<br>Three.</div>"), ["paragraph: One.", "paragraph: Two.\nThree."]);
}

#[test]
fn what_is_hidden_is_not_read() {
    let html = "<p>A<span hidden>no <span>no</span> no</span>B</p><div style='display: none'><p>no<div>no</div></div><p>C\
        <svg><text>no</text></svg><p hidden>no<p>D<noscript><p>no</p></noscript>";
    assert_eq!(blocks(html), ["paragraph: AB", "paragraph: C", "paragraph: D"]);
}

#[test]
fn paragraphs_that_nobody_sees_are_none() {
    assert_eq!(blocks("<p>A<p>&#65279;<p>&nbsp;<p>\u{200b}<p>B"), ["paragraph: A", "paragraph: B"]);
}

#[test]
fn tag_soup_keeps_its_text() {
    assert_eq!(
        blocks("</p></div>a<div></td>b</span></div></div>c<a href=x>d<div>e</a>f</div>g").join("|"),
        "paragraph: a|paragraph: b|paragraph: cd|paragraph: ef|paragraph: g"
    );
    assert_eq!(
        blocks("<table><tr><td><div>a</td></table></div><p>b<table><tr><td>c</p>d").join("|"),
        "table-cell: a|paragraph: b|table-cell: c|table-cell: d"
    );
    assert_eq!(blocks("a < b <3 <"), ["paragraph: a < b <3 <"]);
    assert!(blocks("").is_empty());
}

#[test]
fn places_are_those_of_the_file() {
    let html = "<p>Caf&eacute; <b>Mins</b>ter\r\n  said</p>";
    let document = document(html);
    assert_eq!(&*document.text, "Café Minster said\n");
    let at = |word: &str| {
        let start = document.text.find(word).unwrap();
        Span::new(start, start + word.len())
    };
    assert_eq!(document.to_source(at("Café")).of(html), "Caf&eacute;");
    assert_eq!(document.to_source(at("é")).of(html), "&eacute;");
    assert_eq!(document.to_source(at("Minster")).of(html), "Mins</b>ter");
    let parts: Vec<&str> = document.source_parts(at("Minster")).iter().map(|part| part.of(html)).collect();
    assert_eq!(parts, ["Mins", "ter"]);
    assert_eq!(document.source_position(document.to_source(at("said")).start).line, 2);
}

#[test]
fn the_head_says_what_the_page_is_about() {
    let html = "<title>Wall &amp; sea | Ems Post</title><meta name=author content='Eva Bruun'>\
        <meta property='og:title' content='Wall  and sea'><meta property=article:published_time content=2026-03-01>";
    let expected = Meta { title: Some("Wall and sea".into()), date: Some("2026-03-01".into()), author: Some("Eva Bruun".into()) };
    assert_eq!(document(html).meta, expected);
    assert_eq!(document("<title>Wall\n &amp; sea</title>").meta.title.as_deref(), Some("Wall & sea"));
}

#[test]
fn the_article_is_told_from_the_page() {
    let prose = "The council, which met on Monday, voted to raise the harbour wall by a metre, the mayor said after the meeting.";
    let html = format!(
        "<body><div class=top><ul class=menu><li><a href=/>Home</a><li><a href=/news>News</a></ul></div>
        <div class=wrap><div class=story><h1>Harbour wall</h1><p>{prose}</p><div class=share-bar>Share this story now</div>
        <p>{prose}</p><h2>Costs</h2><p>{prose}</p><h3>Read more</h3><ul><li><a href=/1>Another story of the day</a></ul></div>
        <div class=sidebar><p>{prose}</p></div></div><footer><p>All rights reserved, 2026, by the Ems Post and its editors.</p></footer>"
    );
    let document = document(&html);
    let main: Vec<&str> = document.blocks.iter().filter(|block| block.main).map(|block| block.span.of(&document.text)).collect();
    assert_eq!(main, ["Harbour wall", prose, prose, "Costs", prose]);
    let zone = |text: &str| document.blocks.iter().find(|block| block.span.of(&document.text).starts_with(text)).map(|block| block.zone);
    assert_eq!(zone("Home"), Some(Zone::Navigation));
    assert_eq!(zone("Share"), Some(Zone::Share));
    assert_eq!(zone("All rights"), Some(Zone::Footer));
}

#[test]
fn deep_and_unclosed_elements_cost_no_more_than_others() {
    let deep = format!("{}x{}y", "<div><a>".repeat(50_000), "</div>".repeat(50_000));
    assert_eq!(blocks(&deep), ["paragraph: x", "paragraph: y"]);
    let items = "<li>a".repeat(50_000);
    assert_eq!(blocks(&items).len(), 50_000);
    assert_eq!(blocks(&"</b></i></p>".repeat(50_000)).len(), 0);
    assert_eq!(blocks(&format!("<p {}>x", "a=b ".repeat(50_000))), ["paragraph: x"]);
}

/// The text that html5gum sees, without what is not shown.
fn tokens(html: &str) -> String {
    let mut text = String::new();
    for Ok(token) in Tokenizer::new(html) {
        if let html5gum::Token::String(string) = token {
            text.push_str(&String::from_utf8_lossy(&string));
        }
    }
    text
}

proptest! {
    /// Nothing is lost and nothing doubled: the letters are those that the tokenizer delivers.
    #[test]
    fn the_letters_are_those_of_the_tokens(html in "(<(/?(p|div|b|a|li|ul|td|tr|table|h1|pre|span)|br|img)( (class|id|x)=[\"']?[a-z ]{0,4}[\"']?)?/?>|[a-zé ,\r\n]|&amp;|&eacute|&|<!--[a-z>-]{0,3}-->|<|>){0,60}") {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let document = document(&html);
        prop_assert_eq!(letters(&document.text), letters(&tokens(&html)));
        for word in &document.words {
            let source = document.to_source(word.span());
            prop_assert!(html.is_char_boundary(source.start) && html.is_char_boundary(source.end));
            let whole: String = document.source_parts(word.span()).iter().map(|part| part.of(&html)).collect();
            prop_assert_eq!(letters(&tokens(&whole)), word.of(&document.text));
        }
        for pair in document.blocks.windows(2) {
            prop_assert!(pair[0].span.end < pair[1].span.start);
        }
    }

    #[test]
    fn any_text_is_a_page(html in "\\PC{0,200}") {
        let _ = document(&html);
    }
}

#[test]
fn a_tag_that_the_file_breaks_off_in_is_no_text() {
    assert_eq!(blocks("<p>a<p class=\">b"), ["paragraph: a"]);
    assert_eq!(blocks("a <!-- b"), ["paragraph: a"]);
}

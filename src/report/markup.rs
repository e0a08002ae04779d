//! Text inside HTML and XML: nothing of it is markup, nothing of it is hidden.

use super::visible::clusters;

/// For element content and quoted attributes alike. Control characters, which XML 1.0 cannot hold at all, are spelled out.
pub(super) fn escaped(text: &str) -> String {
    let mut markup = String::with_capacity(text.len() + 16);
    for cluster in clusters(text) {
        match cluster.text {
            "\t" | "\n" | "\r\n" | "\r" => markup.push(' '),
            _ => push(&cluster.shown(), &mut markup),
        }
    }
    markup
}

/// The text of an article for HTML: white space is kept, what is hidden is spelled out and set apart.
pub(super) fn article(text: &str, markup: &mut String) {
    for cluster in clusters(text) {
        match cluster.text {
            "\t" | "\n" => markup.push_str(cluster.text),
            "\r" | "\r\n" | "\u{2028}" | "\u{2029}" => markup.push('\n'),
            plain if plain.is_ascii() && !plain.as_bytes()[0].is_ascii_control() => push(plain, markup),
            other => {
                let shown = cluster.shown();
                if shown == other {
                    push(other, markup);
                } else {
                    markup.push_str("<span class=\"hidden\">");
                    push(&shown, markup);
                    markup.push_str("</span>");
                }
            }
        }
    }
}

fn push(text: &str, markup: &mut String) {
    for c in text.chars() {
        match c {
            '&' => markup.push_str("&amp;"),
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '"' => markup.push_str("&quot;"),
            '\'' => markup.push_str("&#39;"),
            c => markup.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_and_hidden_characters_become_text() {
        assert_eq!(escaped("<a href='x'>\"&\u{0}\n"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&lt;U+0000&gt; ");
        let mut markup = String::new();
        article("a\u{200b}\tb\r\n<i>", &mut markup);
        assert_eq!(markup, "a<span class=\"hidden\">&lt;U+200B&gt;</span>\tb\n&lt;i&gt;");
    }

    proptest! {
        #[test]
        fn no_text_is_markup(text in any::<String>()) {
            let safe = escaped(&text);
            prop_assert!(!safe.contains(['<', '>', '"', '\'']) && !safe.chars().any(char::is_control));
        }
    }
}

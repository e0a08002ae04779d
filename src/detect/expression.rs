//! What must be known of a rule's expression before it is compiled: the literals that it needs, and the names of its groups.
//!
//! To parse the expressions of all built-in rules takes longer than to check a small file. What is known of them therefore
//! stands in a table, written anew when a rule changes (`UPDATE=1 cargo test`) and held current by a test; an expression
//! that the table does not know, one of a user's rule, is parsed when the rule is loaded.

use super::literal;
use regex_automata::Input;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::meta::{self, Regex};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, HirKind};
use std::collections::HashMap;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::LazyLock;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Lines of a hash in hexadecimal, a tab, and the [`Outline`] in JSON.
static BUILT_IN: LazyLock<HashMap<u64, &str>> = LazyLock::new(|| {
    let line = |line: &'static str| Some((u64::from_str_radix(line.get(..16)?, 16).ok()?, line.get(17..)?));
    include_str!("expressions.tsv").lines().filter_map(line).collect()
});

/// How an expression is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Unicode, as the kind `pattern` has it.
    Text { ignore_case: bool },
    /// Bytes in either case, as the kind `furniture` has it.
    Line,
}

/// What a compiled expression is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Much text: literals are searched for before it is tried.
    Text,
    /// A line or a block in which the gate has found such a literal already. To find out which they are takes half of the time that it
    /// takes to compile it.
    Once,
}

impl Syntax {
    fn config(self) -> syntax::Config {
        match self {
            Self::Text { ignore_case } => syntax::Config::new().case_insensitive(ignore_case),
            Self::Line => syntax::Config::new().unicode(false).utf8(false).case_insensitive(true),
        }
    }
}

/// Compiles an expression that [`Outline::of`] could read as text. `limit` are the bytes that it may take.
///
/// # Errors
/// It takes more than that.
pub fn compile(source: &str, ignore_case: bool, limit: usize, search: Search) -> Result<Regex, String> {
    let config = meta::Config::new().nfa_size_limit(Some(limit)).auto_prefilter(search == Search::Text);
    let built = meta::Builder::new().syntax(Syntax::Text { ignore_case }.config()).configure(config).build(source);
    built.map_err(|error| told(error.size_limit(), &error))
}

fn told(limit: Option<usize>, error: &dyn std::fmt::Display) -> String {
    limit.map_or_else(|| error.to_string(), |limit| format!("it takes more than {limit} bytes"))
}

/// An expression that was read as [`Syntax::Line`]: says of a line whether it matches, and no more. To build a [`Regex`] takes twice as
/// long, and most are tried on few lines.
#[derive(Debug)]
pub struct LineTest {
    dfa: DFA,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync + UnwindSafe + RefUnwindSafe>>,
}

impl LineTest {
    /// Of an expression that [`Outline::of`] could read. `limit` are the bytes that it may take.
    ///
    /// # Errors
    /// It takes more than that.
    pub fn new(source: &str, limit: usize) -> Result<Self, String> {
        let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(limit)).which_captures(WhichCaptures::None);
        let nfa = NFA::compiler().syntax(Syntax::Line.config()).configure(config).build(source);
        let nfa = nfa.map_err(|error| told(error.size_limit(), &error))?;
        // The states that the longest lines need are fewer than fill the cache; it is cleared where they are not.
        let dfa = DFA::builder().configure(DFA::config().skip_cache_capacity_check(true)).build_from_nfa(nfa);
        let dfa = dfa.map_err(|error| error.to_string())?;
        let of = dfa.clone();
        Ok(Self { dfa, caches: Pool::new(Box::new(move || of.create_cache())) })
    }

    pub fn is_match(&self, line: &[u8]) -> bool {
        // It neither gives up nor stops at a byte that it cannot read: nobody has asked it to.
        let found = self.dfa.try_search_fwd(&mut self.caches.get(), &Input::new(line).earliest(true));
        found.is_ok_and(|found| found.is_some())
    }
}

/// What is known of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// In lower case (ASCII): every match holds one of them, for [`Syntax::Line`] as the text of the document may have it. `None` where
    /// there are none of two bytes or more.
    pub literals: Option<Vec<String>>,
    /// The named groups, in the order of the expression.
    pub groups: Vec<String>,
}

impl Outline {
    /// # Errors
    /// What is wrong with the expression.
    pub fn of(source: &str, syntax: Syntax) -> Result<Self, Box<regex_syntax::Error>> {
        let known = BUILT_IN.get(&key(source, syntax)).and_then(|line| serde_json::from_str(line).ok());
        known.map_or_else(|| Self::parsed(source, syntax), |(literals, groups)| Ok(Self { literals, groups }))
    }

    fn parsed(source: &str, syntax: Syntax) -> Result<Self, Box<regex_syntax::Error>> {
        let hir = syntax::parse_with(source, &syntax.config())?;
        Ok(Self { literals: literal::required(&hir, syntax == Syntax::Line), groups: groups(&hir) })
    }
}

/// The table of what is known of these expressions; those that cannot be read are left out.
pub fn table<'e>(expressions: impl Iterator<Item = (&'e str, Syntax)>) -> String {
    let line = |(source, syntax)| {
        let Outline { literals, groups } = Outline::parsed(source, syntax).ok()?;
        Some(format!("{:016x}\t{}\n", key(source, syntax), serde_json::json!([literals, groups])))
    };
    let mut lines: Vec<String> = expressions.filter_map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

fn key(source: &str, syntax: Syntax) -> u64 {
    let seed = match syntax {
        Syntax::Text { ignore_case } => u64::from(ignore_case),
        Syntax::Line => 2,
    };
    xxh3_64_with_seed(source.as_bytes(), seed)
}

fn groups(hir: &Hir) -> Vec<String> {
    let mut names = Vec::new();
    let mut open = vec![hir];
    while let Some(hir) = open.pop() {
        match hir.kind() {
            HirKind::Capture(capture) => {
                names.extend(capture.name.as_ref().map(ToString::to_string));
                open.push(&capture.sub);
            }
            HirKind::Repetition(repetition) => open.push(&repetition.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => open.extend(parts.iter().rev()),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_parsing_says() {
        assert!(BUILT_IN.len() > 50);
        let (source, syntax) = (r"(?P<who>\w+) commented on (?P<mark>this)", Syntax::Text { ignore_case: true });
        let outline = Outline::of(source, syntax).unwrap();
        assert_eq!(outline.groups, ["who", "mark"]);
        let table = table([(source, syntax), ("(", syntax)].into_iter());
        let (hash, line) = table.trim_end().split_once('\t').unwrap();
        assert_eq!(hash, format!("{:016x}", key(source, syntax)));
        assert_eq!(serde_json::from_str::<(Option<Vec<String>>, Vec<String>)>(line).unwrap(), (outline.literals, outline.groups));
    }

    #[test]
    fn the_same_text_read_otherwise_is_another_expression() {
        let keys = [Syntax::Line, Syntax::Text { ignore_case: false }, Syntax::Text { ignore_case: true }].map(|syntax| key("a", syntax));
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
    }
}

//! What stands below the options in `--help`: examples of each command.

pub(super) const CHECK: &str = "\
Examples:
  copydesk check                          the folder you are in
  copydesk check articles/ --fail-on warning
  copydesk check night.jsonl.gz --format json > findings.jsonl
  copydesk check articles/ --diff         what would be fixed
  copydesk check articles/ --fix --ledger .copydesk-ledger.jsonl
  cat draft.md | copydesk check - --stdin-filename draft.md";

pub(super) const RULES: &str = "\
Examples:
  copydesk rules
  copydesk rules --select residue --format json > rules.jsonl";

pub(super) const EXPLAIN: &str = "\
Examples:
  copydesk explain stray-paragraph
  copydesk explain stray-paragraph draft.md     how near each part of it came to firing";

pub(super) const ACCEPT: &str = "\
Examples:
  copydesk accept letters/1911.txt doubled-word --line 14 --why \"as printed\"
  copydesk accept night.jsonl repeated-block --line 12     the record in line 12";

pub(super) const BASELINE: &str = "\
Examples:
  copydesk baseline                       everything below this folder
  copydesk baseline articles/             only these; what is known of others stays
  copydesk check --no-baseline            the old findings, too";

pub(super) const LSP: &str = "\
An editor starts it; docs/editors.md says how in VS Code, Neovim, Helix, Zed and Emacs.";

pub(super) const INIT: &str = "\
Examples:
  copydesk init
  copydesk init --pre-commit --github";

pub(super) const CLEAN: &str = "\
Examples:
  copydesk clean night.jsonl.gz -o cleaned
  copydesk clean articles/ -o cleaned --unsafe-fixes --language en
  copydesk clean night.jsonl.gz -o cleaned --across --reject near-duplicate-document
  copydesk restore cleaned -o originals

What is written:
  cleaned/clean/      the documents as they are now, each file in its own format
  cleaned/review/     those with something left that only a person can mend; the reasons are in review.jsonl
  cleaned/rejected/   those that are no article, as they were; the reasons are in rejected.jsonl
  cleaned/packed/     of tar archives: packed files of records in them that were changed, as they were
  cleaned/ledger.jsonl, report.txt, report.json, journal.jsonl

A run that was stopped or killed goes on when the same command is given again.";

pub(super) const RESTORE: &str = "\
Examples:
  copydesk restore .copydesk-ledger.jsonl         what check --fix --ledger changed, in place
  copydesk restore cleaned --output originals     what clean read";

pub(super) const TEST: &str = "\
Examples:
  copydesk test                           the built-in rules, and those of the config
  copydesk test my-rules/";

pub(super) const EVAL: &str = "\
Examples:
  copydesk eval labelled.jsonl
  copydesk eval labelled.jsonl --select residue --show false";

pub(super) const INDEX: &str = "\
Examples:
  copydesk index archive/ -o archive.index
  copydesk index --merge one.index two.index -o both.index
  copydesk check night.jsonl.gz --corpus archive.index";

pub(super) const TABLES: &str = "\
Examples:
  copydesk tables build lists/ -o our-tables --bigrams-from 3 --trigrams-from 4
  copydesk tables build --corpus archive/ night.jsonl.gz -o our-tables

Lists are words.tsv, unigrams.tsv, bigrams.tsv, trigrams.tsv, web-bigrams.tsv and typos.tsv, plain or
gzipped. A config names the folder under `tables`.";

pub(super) const SCHEMA: &str = "\
Examples:
  copydesk schema > rule.schema.json
  copydesk schema --config > config.schema.json";

pub(super) const COMPLETIONS: &str = "\
Examples:
  copydesk completions bash > ~/.local/share/bash-completion/completions/copydesk
  copydesk completions fish > ~/.config/fish/completions/copydesk.fish";

pub(super) const MAN: &str = "\
Example:
  copydesk man > copydesk.1 && man ./copydesk.1";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn every_command_has_its_examples() {
        let mut leaves: Vec<clap::Command> = vec![super::super::Cli::command()];
        let mut bare = Vec::new();
        while let Some(command) = leaves.pop() {
            let parts: Vec<_> = command.get_subcommands().cloned().collect();
            if parts.is_empty() && command.get_after_help().is_none() {
                bare.push(command.get_name().to_string());
            }
            leaves.extend(parts);
        }
        assert!(bare.is_empty(), "{bare:?}");
    }
}

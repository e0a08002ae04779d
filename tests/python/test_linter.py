"""One text at a time."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path

import pytest

import copydesk

STORY = "The council met on Monday to hear why the wall has not been raised, and voted to raise it by a metre.\n"


def test_offsets_count_characters_and_bytes_stand_beside(linter: copydesk.Linter) -> None:
    text = "“Überfahrt” – " + STORY.replace("the wall", "the the wall")
    (found,) = [finding for finding in linter.check(text) if finding.rule == "doubled-word"]
    assert text[found.start : found.end] == "the the"
    assert text.encode()[found.start_byte : found.end_byte] == b"the the"
    assert found.start_byte > found.start
    assert (found.line, found.column) == (1, found.start + 1)
    assert found.severity == "warning"
    assert str(found).startswith(f":1:{found.column}: warning[doubled-word] ")


def test_a_fix_applied_by_hand_is_the_one_that_clean_applies(linter: copydesk.Linter) -> None:
    text = "“Die Überfahrt”: " + STORY.replace("the wall", "the the wall")
    fixes = [finding.fix for finding in linter.check(text) if finding.fix and finding.fix.safe]
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: -edit.start)
    by_hand = text
    for edit in edits:
        by_hand = by_hand[: edit.start] + edit.text + by_hand[edit.end :]
    cleaned = linter.clean(text)
    assert cleaned.text == by_hand != text
    assert cleaned.fixes == len(fixes)


def test_what_was_cleaned_comes_back(linter: copydesk.Linter) -> None:
    text = (STORY.replace("the wall", "the the wall") + "Share this article on Facebook\n") * 2 + "It’s â€œtrueâ€\x9d."
    cleaned = linter.clean(text, fixes="all", reject=[], review=None)
    assert cleaned.ledger and cleaned.text != text
    assert copydesk.restore(cleaned.text, cleaned.ledger) == text
    with pytest.raises(copydesk.Error, match="not as the ledger left it"):
        copydesk.restore("another text", cleaned.ledger)


def test_what_is_no_article_is_rejected_as_it_is(linter: copydesk.Linter) -> None:
    text = "404 Not Found\n\nThe the page is gone.\n"
    cleaned = linter.clean(text)
    assert (cleaned.verdict, cleaned.text, cleaned.ledger) == ("rejected", text, [])
    assert cleaned.reasons[0]["rule"] == "blocked-page"


def test_the_ending_or_the_argument_says_what_the_text_is(linter: copydesk.Linter) -> None:
    page = f"<html><body><p>{STORY.replace('the wall', 'the <b>the</b> wall')}</p></body></html>"
    for found in (linter.check(page, "a.html"), linter.check(page, format="html")):
        assert [page[finding.start : finding.end] for finding in found if finding.rule == "doubled-word"] == ["the <b>the"]
    with pytest.raises(copydesk.Error, match="no format `pdf`"):
        linter.check(page, format="pdf")  # type: ignore[arg-type]


def test_rules_are_chosen_as_on_the_command_line() -> None:
    text = STORY.replace("the wall", "the the wall")
    assert copydesk.Linter(ignore=["doubled-word"]).check(text) == []
    assert [finding.rule for finding in copydesk.Linter(select=["doubled-word"]).check(text)] == ["doubled-word"]
    assert copydesk.Linter({"rules": {"doubled-word": "info"}}).check(text)[0].severity == "info"
    with pytest.raises(copydesk.Error, match="no rule or group `doubled-wrd`\n  help: did you mean `doubled-word`?"):
        copydesk.Linter(select=["doubled-wrd"])


def test_mistakes_in_the_config_carry_their_place(tmp_path: Path) -> None:
    config = tmp_path / "copydesk.yaml"
    config.write_text("# über\nrules:\n  doubled-word: of\n", encoding="utf-8")
    with pytest.raises(copydesk.ConfigError) as caught:
        copydesk.Linter(config)
    (flaw,) = caught.value.flaws
    assert str(caught.value).startswith(f"{config}:3:17: ")
    assert (flaw["line"], flaw["column"]) == (3, 17)
    assert config.read_text("utf-8")[flaw["start"] :].startswith("of")
    with pytest.raises(copydesk.Error, match="cannot be read"):
        copydesk.Linter(tmp_path / "none.yaml")


RULE = """id: desk
summary: s
severity: error
message: the desk
detect:
  phrases:
    any: [copy desk]
tests:
  invalid: [{text: '[[copy desk]]'}]
  valid: [desk]
"""


def test_rules_of_ones_own_and_their_mistakes(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(RULE)
    (tmp_path / "words.txt").write_text("Torvikshavn\n")
    linter = copydesk.Linter({"word-lists": [str(tmp_path / "words.txt")]}, tmp_path)
    assert "desk" in linter.rules
    pickled = pickle.dumps(linter)
    # The files go with it: it is opened where they are not.
    (tmp_path / "desk.yaml").write_text(RULE.replace("[[copy desk]]", "[[news desk]]"))
    (tmp_path / "words.txt").unlink()
    again = pickle.loads(pickled)
    assert again.rules == linter.rules
    assert [finding.rule for finding in again.check("To the copy desk.\n")] == ["desk"]
    with pytest.raises(copydesk.RuleError, match="desk.yaml:9:") as caught:
        copydesk.Linter(rules=[tmp_path / "desk.yaml"])
    assert caught.value.flaws[0]["line"] == 9


def test_other_threads_run_while_rules_do(linter: copydesk.Linter) -> None:
    text = "".join(f"{STORY[:-2]} on day {day}.\n" for day in range(4_000))
    ticks, done = [0], threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    linter.check(text)
    done.set()
    thread.join()
    assert ticks[0] > 1


@pytest.mark.parametrize("text", ["", "\n", "\x00\x1b[31m", "\ufeffOne.", "a" * 100_000, "“" * 10_000, "👩‍👩‍👧 " * 5_000])
def test_hostile_texts_do_no_harm(linter: copydesk.Linter, text: str) -> None:
    for finding in linter.check(text):
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end].encode() == text.encode()[finding.start_byte : finding.end_byte]

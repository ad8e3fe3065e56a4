"""What a person's decision does to the rows of one article, without a model: which rows it aims at, what moves with them."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.corrections import aims, correct_mentions, correct_quotes
from pipeline.extract.outcomes import outcomes
from pipeline.nlp.passages import Found
from pipeline.schema import CORRECTIONS, conform

TEXT = "Gen. Bell spoke. “We left,” said Kell, “and we came back.” A witness said that “nobody” slept."
Row = dict[str, Any]


def decision(kind: str, text: str, value: str | None = None, **more: str) -> Row:
    return dict.fromkeys(CORRECTIONS.names) | {"decision": kind, "text": text, "value": value, **more}


def mention(words: str, **more: Any) -> Row:
    start = TEXT.index(words)
    row = {"mention_id": f"m_{words}", "start": start, "end": start + len(words), "name": words, "label": "PERSON"}
    return row | {"rule": "model", "title": None, "role": None, **more}


def quote(words: str, kind: str = "direct", **more: Any) -> Row:
    start = TEXT.index(words)
    row = {"quote_id": f"q_{words}", "start": start, "end": start + len(words), "kind": kind, "speaker_basis": "none"}
    return row | {"within_quote_id": None, "continues_quote_id": None, "speaker_mention_id": None, **more}


def test_what_is_relabelled_loses_what_only_people_have() -> None:
    found = Found([mention("Bell", title="Gen.", role="head")])
    correct_mentions(TEXT, [decision("relabel", "bell", "ORG")], found)
    (row,) = found.rows
    assert (row["label"], row["title"], row["role"], row["rule"]) == ("ORG", None, None, "correction")


def test_what_goes_on_with_a_quotation_follows_its_speaker() -> None:
    """Where it had its speaker from it, and no decision of its own."""
    mentions = [mention("Bell"), mention("Kell")]
    first, rest = quote("We left"), quote("and we came back", continues_quote_id="q_We left", speaker_basis="continued")
    correct_quotes(TEXT, [decision("speaker", "we left", "Bell")], [first, rest], mentions)
    assert [row["speaker_mention_id"] for row in (first, rest)] == ["m_Bell", "m_Bell"]
    first, rest = quote("We left"), quote("and we came back", continues_quote_id="q_We left", speaker_basis="continued")
    both = [decision("speaker", "we left", "Bell"), decision("speaker", "came back", "Kell")]
    correct_quotes(TEXT, both, [first, rest], mentions)
    assert [row["speaker_mention_id"] for row in (first, rest)] == ["m_Bell", "m_Kell"]


def test_a_reported_clause_and_the_words_quoted_in_it_are_one_statement() -> None:
    clause = quote("“nobody” slept", "indirect")
    inside = quote("nobody", "mixed", within_quote_id="q_“nobody” slept")
    (aim,) = aims(TEXT, [decision("speaker", "nobody", "Kell")], "quotes", [clause, inside], [mention("Kell")])
    assert (aim.state, aim.rows) == ("", [clause, inside])


def test_the_speaker_is_the_occurrence_nearest_to_the_words() -> None:
    """And one name in full where the value fits several is asked for."""
    far, near = mention("Bell"), mention("Kell", name="Bell", mention_id="m_near")
    said = quote("We left")
    correct_quotes(TEXT, [decision("speaker", "We left", "Bell")], [said], [far, near])
    assert said["speaker_mention_id"] == "m_near"
    several = [mention("Gen. Bell", name="Anna Bell"), mention("said Kell", name="Ben Bell")]
    (aim,) = aims(TEXT, [decision("speaker", "We left", "Bell")], "quotes", [said], several)
    assert aim.state == "ambiguous"
    assert "'Bell' may be any of Anna Bell, Ben Bell" in aim.why


@pytest.mark.parametrize(
    ("kind", "value", "state"), [("not_a_name", None, "already_true"), ("relabel", "PERSON", "obsolete")]
)
def test_words_beside_a_name_are_no_name_to_decide_on(kind: str, value: str | None, state: str) -> None:
    """A decision that quotes a description finds no name there, and does not wait for one."""
    text = "The coastal carmaker Kestrel closed."
    rows: dict[str, list[Row]] = {
        "articles": [{"article_id": "a_1", "paths": ["a.txt"], "clean_text": text}],
        "mentions": [
            {"mention_id": "m_1", "article_id": "a_1", "start": 21, "end": 28, "text": "Kestrel", "name": "Kestrel"},
            {"mention_id": "m_2", "article_id": "a_1", "start": 4, "end": 20, "describes_mention_id": "m_1"},
        ],
        "corrections": [{"line": 2, "decision": kind, "text": "coastal carmaker", "value": value}],
    }
    rows["mentions"][1]["text"] = text[4:20]
    tables = {name: conform(name, rows.get(name, [])) for name in (*rows, "quotes", "quantities", "issues")}
    assert outcomes(tables)["issues"]["code"].to_pylist() == [f"correction_{state}"]

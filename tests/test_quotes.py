"""Quotes: pairing of marks, kinds, cues, speakers, reported clauses. The sentences and people are invented."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.mentions import find_mentions
from pipeline.extract.quotes import find_quotes
from pipeline.extract.quotes.marks import pair_marks
from pipeline.extract.quotes.speech import speech_verbs
from pipeline.nlp.passages import Found
from pipeline.settings import ExtractSettings
from tests.factories import make_article

SETTINGS = ExtractSettings()


def found(*paragraphs: str) -> tuple[str, Found]:
    article = make_article(*paragraphs)
    return article.clean_text, find_quotes(article, find_mentions(article, SETTINGS).rows, SETTINGS)


def quotes(*paragraphs: str, kinds: str = "direct mixed indirect scare") -> list[dict[str, Any]]:
    text, result = found(*paragraphs)
    return [{**row, "text": text[row["start"] : row["end"]]} for row in result.rows if row["kind"] in kinds.split()]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We left,” she said.", ["We left,"]),
        ('"We left," she said. "At once."', ["We left,", "At once."]),
        ("‘We left,’ she said.", ["We left,"]),
        ("'We left,' she said.", ["We left,"]),
        ("''We left,'' she said.", ["We left,"]),
        ("``We left,'' she said.", ["We left,"]),
        ("«We left», she said.", ["We left"]),
        ('"We left,” she said.', ["We left,"]),
        ("“He cried ‘run’ and ran,” she said.", ["He cried ‘run’ and ran,", "run"]),
        ("“He cried “run” and ran,” she said.", ["He cried “run” and ran,", "run"]),
        ("‘He cried “run” and ran,’ she said.", ["He cried “run” and ran,", "run"]),
        ("‘It’s the workers’ money,’ she said.", ["It’s the workers’ money,"]),
        ("The workers’ money and the owners’ money", []),
        ("It's the '90s and the miners' strike", []),
        ('"He is 6\'2" tall," she said.', ["He is 6'2\" tall,"]),
        ('the 6\'2" guard and a 15" screen', []),
        ("“They came at night. They broke the door.", ["They came at night. They broke the door."]),
        ("They came at night,” she said.", []),
        ("“", []),
        ("” ” “ ’ ‘ \" '", []),
        ("", []),
    ],
)
def test_quotation_marks_are_paired_within_a_paragraph(text: str, inside: list[str]) -> None:
    """Curly, straight and single marks pair, nested ones too; apostrophes, inches and decades are no marks."""
    assert [text[q.start : q.end] for q in pair_marks(text)] == inside


@pytest.mark.parametrize("text", ["“a " * 40, "” b" * 40, "\"'“" * 30, "‘x ’" * 30, "''" * 9, '"a ‘b "c’ d'])
def test_odd_marks_never_raise_and_never_cross(text: str) -> None:
    """Whatever the marks, quotations lie inside the paragraph and inside one another, or apart."""
    made = pair_marks(text)
    for q in made:
        assert 0 <= q.outer < q.start < q.end <= q.outer_end <= len(text)
        for other in made:
            apart = q.outer_end <= other.outer or other.outer_end <= q.outer
            nested = (q.outer <= other.outer and other.outer_end <= q.outer_end) or (
                other.outer <= q.outer and q.outer_end <= other.outer_end
            )
            assert apart or nested


@pytest.mark.parametrize(
    ("text", "words", "speaker", "cue"),
    [
        ("“We will not leave,” Maria Lopez said.", "We will not leave,", "Maria Lopez", "said"),
        ("“We will not leave,” said Maria Lopez, a teacher.", "We will not leave,", "Maria Lopez", "said"),
        ("“We will not leave,” she told reporters.", "We will not leave,", "she", "told"),
        (
            "“We will not leave,” a man named Peter told the Daily Post.",
            "We will not leave,",
            "a man named Peter",
            "told",
        ),
        ("Maria Lopez said: “We will not leave.”", "We will not leave.", "Maria Lopez", "said"),
        ("Maria Lopez said, “We will not leave.”", "We will not leave.", "Maria Lopez", "said"),
        ("‘We will not leave,’ Maria Lopez said.", "We will not leave,", "Maria Lopez", "said"),
        ("“Will they come back?” Maria Lopez asked.", "Will they come back?", "Maria Lopez", "asked"),
        (
            "“We will not leave,” said Anna Berg of the Health Office.",
            "We will not leave,",
            "Anna Berg of the Health Office",
            "said",
        ),
        ("“We will not leave,” the group said in a statement.", "We will not leave,", "the group", "said"),
        ("“We will not leave,” Maria Lopez, a teacher, said.", "We will not leave,", "Maria Lopez", "said"),
        ("“We will not leave.” ― Maria Lopez", "We will not leave.", "Maria Lopez", None),
    ],
)
def test_direct_quotes_find_cue_and_speaker(text: str, words: str, speaker: str, cue: str | None) -> None:
    """Quoted sentences with a cue beside them are direct; the speaker is the whole short noun phrase as written."""
    (quote,) = quotes(text)
    assert (quote["kind"], quote["text"], quote["speaker"], quote.get("cue")) == ("direct", words, speaker, cue)
    assert quote["balanced"]


def test_a_quote_split_by_its_cue_goes_on_with_the_same_speaker() -> None:
    """“A,” said X. “B.” is two quotes: the second continues the first."""
    first, second = quotes("“The road is closed,” said Maria Lopez. “Nobody can get through to the village.”")
    assert second["continues_quote_id"] == first["quote_id"]
    assert (second["kind"], second["speaker"], second["speaker_basis"]) == ("direct", "Maria Lopez", "continued")
    assert second["speaker_mention_id"] == first["speaker_mention_id"] is not None


def test_a_quote_over_paragraphs_is_one_chain() -> None:
    """A paragraph's unclosed quote is not balanced; the next paragraph that opens with a mark goes on with it."""
    text, result = found(
        "“The road is closed,” said Maria Lopez. “It has been closed since the storm.",
        "“Nobody came to help us. Nobody even called.",
        "“We are on our own.”",
    )
    first, second, third, fourth = result.rows
    assert [row["balanced"] for row in result.rows] == [True, False, False, True]
    assert (third["continues_quote_id"], fourth["continues_quote_id"]) == (second["quote_id"], third["quote_id"])
    assert {row["speaker"] for row in result.rows} == {"Maria Lopez"}
    assert [issue["code"] for issue in result.issues] == ["open_quote", "open_quote"]
    assert text[first["start"] : first["end"]] == "The road is closed,"


def test_a_quote_that_nobody_closed_does_not_leak_into_plain_paragraphs() -> None:
    """Without an opening mark the next paragraph is not part of the quote."""
    rows = quotes("“The road is closed,” said Maria Lopez. “It has been closed since", "The storm came in May.")
    assert [row["text"] for row in rows] == ["The road is closed,", "It has been closed since"]


@pytest.mark.parametrize(
    ("first", "second", "words", "balanced"),
    [
        (
            "Maria Lopez explained:",
            "“The road has been closed since the storm.”",
            "The road has been closed since the storm.",
            True,
        ),
        (
            "Maria Lopez explained:",
            "The road has been closed since the storm, and nobody came to help us.",
            "The road has been closed since the storm, and nobody came to help us.",
            False,
        ),
    ],
)
def test_a_colon_introduces_the_next_paragraph(first: str, second: str, words: str, balanced: bool) -> None:
    """“X explained:” makes the paragraph after it X's words, with marks or without."""
    (quote,) = quotes(first, second)
    assert (quote["kind"], quote["text"], quote["speaker"], quote["cue"]) == (
        "direct",
        words,
        "Maria Lopez",
        "explained",
    )
    assert quote["balanced"] is balanced


def test_a_cue_beside_the_quote_beats_the_introduction() -> None:
    """What a newspaper reports may be somebody else's words."""
    (quote,) = quotes("The Morning Post reports:", "“The road is closed,” wrote Maria Lopez.")
    assert (quote["speaker"], quote["cue"]) == ("Maria Lopez", "wrote")


@pytest.mark.parametrize(
    ("text", "words", "speaker", "cue_lemma"),
    [
        ("He called the reports “complete nonsense”.", "complete nonsense", "He", "call"),
        ("Maria Lopez described the raid as “an act of war”.", "an act of war", "Maria Lopez", "describe"),
        ("The group said that the men were “held and beaten” for a week.", "held and beaten", "The group", "say"),
        (
            "According to the ministry, the men were “held and beaten” for a week.",
            "held and beaten",
            "the ministry",
            "according to",
        ),
    ],
)
def test_quoted_words_in_a_reported_clause_are_mixed(text: str, words: str, speaker: str, cue_lemma: str) -> None:
    """The row spans the quoted words; where the clause has a row of its own, ``within_quote_id`` names it."""
    rows = quotes(text)
    (mixed,) = [row for row in rows if row["kind"] == "mixed"]
    assert (mixed["text"], mixed["speaker"], mixed["cue_lemma"]) == (words, speaker, cue_lemma)
    clauses = [row for row in rows if row["kind"] == "indirect"]
    assert mixed["within_quote_id"] == (clauses[0]["quote_id"] if clauses else None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The so-called “safe zone” was shelled on Monday.", "safe zone"),
        ("She sang “Rivers of Glass” at the wedding.", "Rivers of Glass"),
        ("The journalist worked for “Northern Star” for ten years.", "Northern Star"),
        ("He told “Good Evening” that the road was closed.", "Good Evening"),
    ],
)
def test_words_in_marks_without_speech_are_scare(text: str, words: str) -> None:
    """Short words without a cue, titles and names in marks are no statements and have no speaker."""
    (row,) = quotes(text, kinds="scare direct mixed")
    assert (row["kind"], row["text"], row.get("speaker")) == ("scare", words, None)


def test_a_quote_without_a_cue_has_no_speaker_and_says_why() -> None:
    """Nobody is guessed."""
    (quote,) = quotes("The street was empty. “Nobody has lived here since the flood came.”")
    assert (quote["kind"], quote.get("speaker"), quote["speaker_basis"]) == ("direct", None, "none")
    assert quote["unresolved_reason"] == "no words of saying beside it"
    assert quote["confidence"] == "low"


@pytest.mark.parametrize(
    ("text", "words", "speaker", "cue"),
    [
        ("The ministry said that nobody was hurt.", "nobody was hurt", "The ministry", "said"),
        ("The ministry said on Tuesday that nobody was hurt.", "nobody was hurt", "The ministry", "said"),
        ("The ministry said nobody was hurt.", "nobody was hurt", "The ministry", "said"),
        ("Maria Lopez told reporters that the road was closed.", "the road was closed", "Maria Lopez", "told"),
        ("The road was closed, Maria Lopez said.", "The road was closed", "Maria Lopez", "said"),
        ("The road, she added, was closed.", "The road, she added, was closed", "she", "added"),
        ("According to the ministry, nobody was hurt.", "nobody was hurt", "the ministry", "According to"),
        ("Nobody was hurt, according to the ministry.", "Nobody was hurt", "the ministry", "according to"),
        ("Officials promised to reopen the road.", "to reopen the road", "Officials", "promised"),
        ("Maria Lopez, who lost her house, said the road was closed.", "the road was closed", "Maria Lopez", "said"),
        ("The minister on Monday said the road was closed.", "the road was closed", "The minister", "said"),
        (
            "The ministry said the road was closed, adding that nobody was hurt.",
            "the road was closed",
            "The ministry",
            "said",
        ),
    ],
)
def test_reported_clauses_are_indirect(text: str, words: str, speaker: str, cue: str) -> None:
    """A cue with a clause and a speaker in plain sight makes an indirect quote."""
    row = quotes(text, kinds="indirect")[0]
    assert (row["text"], row["speaker"], row["cue"]) == (words, speaker, cue)


@pytest.mark.parametrize(
    ("subject", "speaker", "basis"),
    [
        ("The report of Dr Weber in Lindau", "The report of Dr Weber in Lindau", "group"),
        ("The report of Dr Weber in Lindau, which came on 2 November,", "The report of Dr Weber in Lindau", "group"),
        ("Maria Lopez in Hamburg", "Maria Lopez in Hamburg", "name"),
        ("A man near Hamburg", "A man near Hamburg", "nominal"),
        ("A study by Anna Berg", "A study by Anna Berg", "name"),
        ("Maria Lopez, who lives in Hamburg, Germany,", "Maria Lopez", "name"),
        ("The teacher who saw the raid near Hamburg", "The teacher", "nominal"),
        ("The letter that Maria Lopez sent to Peter Berg", "The letter", "nominal"),
        ("The judge who led it, Anna Berg,", "Anna Berg", "name"),
        ("The mayor who met Anna Berg,", "The mayor", "title"),
        ("In Hamburg, the mayor", "the mayor", "title"),
        ("Germany", "Germany", "name"),
    ],
)
def test_the_head_of_the_subject_speaks_not_the_name_nearest_to_the_cue(subject: str, speaker: str, basis: str) -> None:
    """A place after "in" and a name in a relative clause only describe the subject."""
    (quote,) = quotes(f"{subject} says nobody was hurt.", kinds="indirect")
    assert (quote["speaker"], quote["speaker_basis"]) == (speaker, basis)


def test_a_speaker_beside_a_direct_quote_may_be_described_by_a_place() -> None:
    """The words between quotation and cue are the subject as a whole."""
    (quote,) = quotes("“Nobody was hurt,” Maria Lopez in Hamburg said.")
    assert (quote["speaker"], quote["speaker_basis"]) == ("Maria Lopez in Hamburg", "name")


def test_white_space_is_nobody() -> None:
    """Two spaces before the cue are no subject, though a parser may take them for one."""
    (quote,) = quotes("The latest flood report  estimates that in ten years nobody will live here.", kinds="indirect")
    assert quote["speaker"] == "The latest flood report"


def test_a_second_verb_of_saying_has_the_subject_of_the_verb_it_is_joined_to() -> None:
    """Nobody in the clause between the two verbs is the speaker."""
    rows = quotes("Peter Berg admitted that rounds had been fired and said he “could not sleep”.", kinds="mixed")
    assert [(row["text"], row["speaker"]) for row in rows] == [("could not sleep", "Peter Berg")]


def test_an_inserted_remark_says_nothing_of_later_words_in_marks() -> None:
    """Whoever calls the hall so does not say when it opens."""
    (row,) = quotes("The hall, as everybody in Hamburg already calls it, will open “between May and June”.")
    assert (row["text"], row.get("speaker")) == ("between May and June", None)


@pytest.mark.parametrize(
    "text",
    [
        "The road was closed.",
        "He is said to be in hiding.",
        "The reports were long.",
        "The claims that reached the court were old.",
        "They found the car in the river.",
        "The painting that hung there showed a lake.",
    ],
)
def test_what_nobody_says_is_no_quote(text: str) -> None:
    """Passives without a speaker, nouns and objects are no reported clauses."""
    assert quotes(text) == []


@pytest.mark.parametrize(
    ("speaker", "basis", "resolved"),
    [
        ("Maria Lopez", "name", True),
        ("she", "pronoun", False),
        ("a spokesman for Maria Lopez", "nominal", False),
        ("the minister", "title", False),
        ("the authorities", "group", False),
        ("residents", "group", False),
        ("a source", "anonymous", False),
        ("one witness", "anonymous", False),
        ("a man named Peter", "name", True),
    ],
)
def test_speaker_basis(speaker: str, basis: str, resolved: bool) -> None:
    """Only a name at the head of the phrase resolves the speaker: a spokesman for X is not X."""
    (quote,) = quotes(f"“The road is closed,” {speaker} said.")
    assert (quote["speaker"], quote["speaker_basis"]) == (speaker, basis)
    assert (quote["speaker_mention_id"] is not None) is resolved
    assert bool(quote.get("unresolved_reason")) is not resolved


@pytest.mark.parametrize(
    ("text", "via"),
    [
        ("“The road is closed,” she told the Morning Post.", "told the Morning Post"),
        ("She told the Morning Post on Friday that the road was closed.", "told the Morning Post"),
        ("“The road is closed,” she said.", None),
    ],
)
def test_via_names_the_hearer(text: str, via: str | None) -> None:
    """The cue with the one who was told, as written."""
    (quote,) = quotes(text)
    assert quote.get("via") == via


ARTICLE = (
    "Two dead in flood, ministry says",
    "“The road is closed,” said Maria Lopez, head of the village council. “We told them, ‘Stay away.’",
    "“They came anyway.” The “safe zone” was under water, according to the ministry.",
    "The group claimed that the dam “was never checked” and said nobody answered its letters.",
    "It’s the owners’ fault, residents say.”",
)


def test_every_span_holds_its_words_and_no_id_repeats() -> None:
    """Words, cue and speaker stand where the row says, without their marks; ids are unique."""
    text, result = found(*ARTICLE)
    assert len({row["quote_id"] for row in result.rows}) == len(result.rows) > 5
    for row in result.rows:
        words = text[row["start"] : row["end"]]
        assert words
        assert words == words.strip()
        if row["kind"] != "indirect":
            assert words[0] not in '“"‘'
            assert words[-1] not in '”"'
        for part in ("cue", "speaker"):
            if row.get(part) is not None:
                assert text[row[f"{part}_start"] : row[f"{part}_end"]] == row[part]
        assert bool(row.get("speaker")) or row["kind"] == "scare" or row["unresolved_reason"]
        assert row["speaker_basis"] != "none" or not row.get("speaker")


def test_links_between_quotes_stay_inside_the_article() -> None:
    """``continues_quote_id`` and ``within_quote_id`` name rows that exist."""
    _, result = found(*ARTICLE)
    ids = {row["quote_id"] for row in result.rows}
    named = {row[c] for row in result.rows for c in ("continues_quote_id", "within_quote_id")} - {None}
    assert named
    assert named <= ids


def test_nested_marks_name_the_row_around_them_also_when_a_reported_clause_takes_that() -> None:
    """Words in marks become mixed inside a clause; what stands in them still names their row."""
    clause, outer, inner = quotes("The “safe ‘blue’ zone” was closed, the ministry said.")
    assert (clause["kind"], outer["kind"], inner["text"]) == ("indirect", "mixed", "blue")
    assert (outer["within_quote_id"], inner["within_quote_id"]) == (clause["quote_id"], outer["quote_id"])


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("said", "say"),
        ("tries", None),
        ("denied", "deny"),
        ("admitting", "admit"),
        ("pointed out", "point out"),
        ("wrote", "write"),
        ("urging", "urge"),
        ("published", None),
    ],
)
def test_forms_of_verbs_of_saying(form: str, lemma: str | None) -> None:
    """Regular forms are made by rule, irregular ones are listed."""
    verb = speech_verbs().get(form)
    assert (verb.lemma if verb else None) == lemma


@pytest.mark.parametrize(
    "text",
    [
        "said",
        "according to",
        "What the minister said",
        "As critics point out",
        "He told",
        "“",
        ":",
        "said:",
        "“Yes” “No” “Maybe”",
        "Maria Lopez said: “",
        "“We left,” said",
        ", said Maria Lopez.",
        "- said -",
    ],
)
def test_scraps_of_text_never_raise(text: str) -> None:
    """Headings, list items and broken lines may end anywhere."""
    source, result = found(text, text)
    assert all(0 <= row["start"] < row["end"] <= len(source) for row in result.rows)


@pytest.mark.parametrize(
    "count",
    ["at least 12 people", "up to 200 villagers", "between 10 and 15 men", "about 50 people", "nearly 50 people", "more than a dozen men", "12 people"],
)  # fmt: skip
def test_a_reported_clause_may_begin_with_a_bounded_count(count: str) -> None:
    """What the army said includes "at least": without it the number would lose its speaker."""
    article = make_article(f"The army said {count} were killed in the town.")
    [row] = find_quotes(article, find_mentions(article, ExtractSettings()).rows, ExtractSettings()).rows
    assert article.clean_text[row["start"] : row["end"]] == f"{count} were killed in the town"
    assert row["speaker"] == "The army"


def test_the_stop_of_a_numbered_name_ends_no_statement() -> None:
    """Remand Prison No. 4 is one name."""
    text = "Yusen Hadar was taken to Remand Prison No. 4 on Sunday night, the service said."
    [row] = quotes(text, kinds="indirect")
    assert row["text"] == "Yusen Hadar was taken to Remand Prison No. 4 on Sunday night"

"""``corrections.csv``: read as spreadsheets save it, followed article by article, and told what became of each row.

Runs are on a corpus of a few lines, because every run starts a process that loads the model.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.read.corrections import FILE, folded, number_of, pattern, read_corrections, spans
from pipeline.run import Summary
from pipeline.settings import ReadSettings
from tests.test_run import contents, go, table, write

HEADER = "decision,article,text,context,value,other_article,other_text,note"


def read(tmp_path: Path, data: str | bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows that are understood, and the messages of those that are not."""
    (tmp_path / FILE).write_bytes(data.encode("utf8") if isinstance(data, str) else data)
    given = read_corrections(tmp_path, ReadSettings())
    assert all(issue["path"].startswith(f"{FILE}:") for issue in given.issues)
    assert all((issue["severity"], issue["stage"]) == ("error", "corrections") for issue in given.issues)
    return given.rows, [issue["message"] for issue in given.issues]


ROW = f"{HEADER}\nmerge,a.txt,Zoé Bell,,,,Anna Bell,seen\n"


@pytest.mark.parametrize(
    "data",
    [
        ROW.encode("utf8"),
        ROW.encode("utf-8-sig"),
        ROW.encode("utf-16"),
        ROW.encode("cp1252"),
        ROW.replace(",", ";").replace("\n", "\r\n").encode("utf8"),
        ROW.replace(",", "\t").encode("utf8"),
        ROW.replace("decision,", "Decision ,").replace("other_text", "Other text").encode("utf8"),
        ROW.replace("merge", " Merge ").replace("a.txt", ".\\a.txt").encode("utf8"),
        b"what," + ROW.replace("\nmerge", "\nits colour,merge").encode("utf8"),
        ROW.encode("utf8") + b",,,,,,,\n,b.txt,Bell,,,,,not decided yet\n",
    ],
    ids=["utf8", "bom", "utf16", "cp1252", "semicolon", "tab", "header", "forms", "further_column", "undecided"],
)
def test_any_form_that_a_spreadsheet_saves(tmp_path: Path, data: bytes) -> None:
    rows, errors = read(tmp_path, data)
    assert not errors
    told = {"line": 2, "decision": "merge", "article": "a.txt", "text": "Zoé Bell", "other_text": "Anna Bell"}
    assert rows == [told | {"note": "seen"}]


@pytest.mark.parametrize("word", ["keep_apart", "keep apart", "Keep-Apart", "KEEP  APART"])
def test_decisions_are_written_freely(tmp_path: Path, word: str) -> None:
    rows, _ = read(tmp_path, f"{HEADER}\n{word},,Bell,,,,Kell,\n")
    assert [row["decision"] for row in rows] == ["keep_apart"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("join,,Bell,,,,Kell,", "'join' is no decision; known are merge, keep_apart, rename"),
        ("merge,,Bell,,,,,", "merge needs other_text; fill the column"),
        ("rename,,Bell,,,,,", "rename needs value"),
        ("rename,,Bell,,\u200b,,,", "rename needs value"),
        ('speaker,,"""",,Bell,,,', "text has no letter or digit"),
        ("publication_date,,,,2022-01-01,,,", "publication_date needs article"),
        ("value,,12,,13,,,", "value needs article"),
        ("relabel,,Bell,,CITY,,,", "'CITY' is no label; known are PERSON, NORP"),
        ("publication_date,a.txt,,,3/4/2022,,,", "can be read with either number as the day; give it as YYYY-MM-DD"),
        ("publication_date,a.txt,,,2022-13-01,,,", "'2022-13-01' is no date; give it as YYYY-MM-DD"),
        ("publication_date,a.txt,,,last week,,,", "is no date"),
        ("value,a.txt,12,,many,,,", "'many' is no value; give 24, 20-30, >= 20"),
        ("value,a.txt,12,,30-20,,,", "its first number is the larger"),
        ("merge,,Bell,Anna Kell spoke,,,Kell,", "the context does not hold the text 'Bell'"),
        ("keep_apart,a.txt,Bell,,,a.txt,bell,", "both sides are the same words"),
        ('merge,,"Bell,,,,Kell,', "unexpected end"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line_and_costs_itself_only(
    tmp_path: Path, row: str, said: str
) -> None:
    rows, errors = read(tmp_path, f"{HEADER}\nmerge,,One,,,,Two,\n{row}\n")
    assert [r["text"] for r in rows] == ["One"]
    assert len(errors) == 1
    assert errors[0].startswith("corrections.csv:3: ")
    assert said in errors[0]


def test_a_file_without_the_column_decision(tmp_path: Path) -> None:
    assert read(tmp_path, "what,text\nmerge,Bell\n")[1] == [
        f"corrections.csv:1: there is no column `decision` (columns: what, text); the header is {HEADER}"
    ]


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    rows, errors = read(tmp_path, f'{HEADER}\n\nmerge,,Bell,"He said\nBell went",,,Kell,\njoin,,x,,,,,\n')
    assert [row["line"] for row in rows] == [3]
    assert errors[0].startswith("corrections.csv:5: ")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("2022-04-03", "2022-04-03"),
        ("2022-4-3", "2022-04-03"),
        ("2022-04", "2022-04"),
        ("2022", "2022"),
        ("2022-04-03 00:00:00", "2022-04-03"),
        ("24/09/2018", "2018-09-24"),
        ("9/24/2018", "2018-09-24"),
        ("24.9.2018", "2018-09-24"),
        ("4/4/2018", "2018-04-04"),
    ],
)
def test_dates_as_spreadsheets_write_them(tmp_path: Path, given: str, value: str) -> None:
    rows, errors = read(tmp_path, f"{HEADER}\npublication_date,a.txt,,,{given},,,\n")
    assert not errors
    assert rows[0]["value"] == value


@pytest.mark.parametrize(
    ("given", "value", "low", "high", "ends", "approximator"),
    [
        ("24", 24, 24, 24, (True, True), "exact"),
        ("1,200", 1200, 1200, 1200, (True, True), "exact"),
        ("2.5", 2.5, 2.5, 2.5, (True, True), "exact"),
        ("20-30", None, 20, 30, (True, True), "between"),
        ("20 – 30", None, 20, 30, (True, True), "between"),
        ("20 to 30", None, 20, 30, (True, True), "between"),
        (">= 20", 20, 20, None, (True, None), "at_least"),
        ("≥20", 20, 20, None, (True, None), "at_least"),
        ("> 20", 20, 20, None, (False, None), "more_than"),
        ("<= 20", 20, 0, 20, (True, True), "up_to"),
        ("< 20", 20, 0, 20, (True, False), "less_than"),
        ("~20", 20, None, None, (None, None), "about"),
        ("none", None, None, None, (None, None), None),
    ],
)
def test_values(given: str, value: Any, low: Any, high: Any, ends: tuple[Any, Any], approximator: str | None) -> None:
    assert number_of(given) == {
        "value": value,
        "low": low,
        "high": high,
        "low_inclusive": ends[0],
        "high_inclusive": ends[1],
        "approximator": approximator,
    }


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("no choice", "“We had no  choice,” he said", ["no  choice"]),
        ('"we had', "He said: “We had no choice”", ["“We had"]),
        ("Bell", "Bellow, Bell's bell.", ["Bell", "bell"]),
        ("the well-known", "The well–known man", ["The well–known"]),
        ("Wait...", "Wait… he said", ["Wait…"]),
        ("1.5", "115 and 1.5", ["1.5"]),
        ("100", "1000 and 100", ["100"]),
        ("it's", "It’s late", ["It’s"]),
    ],
)
def test_quotations_are_found_as_spreadsheets_bend_them(words: str, text: str, found: list[str]) -> None:
    """Whatever the case, white space, quotation marks, dashes; whole words only."""
    assert [text[a:b] for a, b in spans(words, text)] == found
    assert pattern(words).search(text)


def test_a_context_must_hold_the_words() -> None:
    text = "Bell rose. Later Bell sat."
    assert [a for a, _ in spans("Bell", text, "later bell SAT")] == [17]
    assert not spans("Bell", text, "Kell sat")
    assert folded("“Ann–Mary”  Bell") == folded('"ann-mary" bell')


# --- followed in a run ---------------------------------------------------------------------------------------
CORPUS = {
    "a.txt": "Camp closed\n\nThe mayor of Dovrin, Anna Kell, said on Tuesday that 40 families had left the camp.\n\n"
    "“We had no choice,” said Kell.\n\nBen Orr, a lawyer, said that 12 people were killed in May and 12 people in June.\n",
    "b.md": "---\ntitle: A second look\npublished: 2022-06-01\noutlet: The Standard\n---\n"
    "Anna Kell told Radio Dovrin that more than 100 people fled Dovrin last month.\n",
    "c.md": "---\ntitle: A third look\npublished: 2022-07-01\n---\nPavel Orr, a clerk, slept in Geneva.\n",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with its tables, without a decision."""
    folder = tmp_path_factory.mktemp("plain")
    go(write(folder / "corpus", CORPUS), folder / "out")
    return folder


def decided(plain: Path, tmp_path: Path, *rows: str, **files: str) -> tuple[Summary, Path]:
    """The corpus with decisions, run once in one go."""
    corpus = write(tmp_path / "corpus", CORPUS | files)
    write(corpus, {FILE: "\n".join([HEADER, *rows]) + "\n"})
    return go(corpus, tmp_path / "out"), tmp_path / "out"


def told(out: Path) -> dict[int, tuple[str, str]]:
    """Line -> state and message."""
    issues = table(out, "issues")
    issues = issues[issues["stage"] == "corrections"]
    return {
        int(path.partition(":")[2]): (code.removeprefix("correction_"), message)
        for path, code, message in zip(issues["path"], issues["code"], issues["message"], strict=True)
    }


OUTCOMES = [
    ("not_a_name,,Radio Dovrin,,,,,", "applied", "b.md: done"),
    ("not_a_name,,camp,,,,,", "already_true", "no name is read in its words"),
    ("not_a_name,a.txt,Geneva,,,,,", "obsolete", "its words are not there"),
    ("relabel,a.txt,Dovrin,,loc,,,", "applied", "a.txt: done"),
    ("relabel,c.md,Pavel Orr,,person,,,", "already_true", "the rules came to the same"),
    ("relabel,,lawyer,,person,,,", "obsolete", "no name is read in them"),
    ("relabel,c.md,Geneva,,ORG,,,", "conflicting", "corrections.csv:9 says otherwise"),
    ("not_a_name,,Geneva,,,,,", "conflicting", "corrections.csv:8 says otherwise"),
    ("publication_date,a.txt,,,2022-05-03,,,", "applied", "a.txt: done"),
    ("publication_date,b.md,,,2022-06-01,,,", "already_true", "the rules"),
    ("publication_date,c.md,,,2022-07-02,,,", "conflicting", "corrections.csv:13 says otherwise"),
    ("publication_date,c.md,,,2022-07-03,,,", "conflicting", "corrections.csv:12 says otherwise"),
    ("publication_date,z.md,,,2022-07-03,,,", "obsolete", "no article lies at z.md"),
    ('speaker,a.txt,"“We had no choice,”",,Ben Orr,,,', "applied", "a.txt: done"),
    ("speaker,,40 families had left,,Anna Kell,,,", "already_true", "the rules"),
    ("speaker,,12 people were killed,,Pavel Orr,,,", "obsolete", "nobody there is named 'Pavel Orr'"),
    ("speaker,b.md,no choice,,Kell,,,", "obsolete", "its words are not there"),
    ("value,b.md,more than 100 people,,120-150,,,", "applied", "b.md: done"),
    ("value,a.txt,40,,40,,,", "already_true", "the rules"),
    ("value,a.txt,12 people,,13,,,", "ambiguous", "its words stand in 2 numbers"),
    ("value,a.txt,12 people,12 people were killed in May,13,,,", "applied", "a.txt: done"),
    ("value,a.txt,99,,13,,,", "obsolete", "its words are not there"),
    ("merge,,Anna Kell,,,,Pavel Orr,", "applied", "done"),
]


@pytest.fixture(scope="module")
def judged(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Path]:
    """The corpus run with all decisions of OUTCOMES at once."""
    return decided(plain, tmp_path_factory.mktemp("judged"), *(row for row, _, _ in OUTCOMES))


@pytest.mark.parametrize(("line", "row", "state", "said"), [(i, *one) for i, one in enumerate(OUTCOMES, 2)])
def test_every_decision_is_told_what_became_of_it(
    judged: tuple[Summary, Path], line: int, row: str, state: str, said: str
) -> None:
    """Applied, already true, obsolete, ambiguous or conflicting, with the place and what to do."""
    found, message = told(judged[1])[line]
    assert (found, row) == (state, row)
    assert message.startswith(f"corrections.csv:{line}: {row.split(',')[0]} ")
    assert said in message


def test_a_run_counts_its_decisions(judged: tuple[Summary, Path]) -> None:
    summary, _ = judged
    states = [state for _, state, _ in OUTCOMES]
    assert summary.corrections == {state: states.count(state) for state in sorted(set(states))}
    assert summary.exit_code == 0


def test_what_decisions_do_to_the_rows(judged: tuple[Summary, Path], plain: Path) -> None:
    """Every row that a person set says so, with the words and offsets that belong to it."""
    _, out = judged
    mentions, quotes, numbers = (table(out, name) for name in ("mentions", "quotes", "quantities"))
    articles = table(out, "articles").set_index(table(out, "articles")["paths"].str[0])
    assert "Radio Dovrin" in set(table(plain / "out", "mentions")["text"])
    assert "Radio Dovrin" not in set(mentions["text"])
    relabelled = mentions[mentions["rule"] == "correction"]
    assert set(zip(relabelled["text"], relabelled["label"], strict=True)) == {("Dovrin", "LOC")}
    assert str(articles.loc["a.txt", "published"]) == "2022-05-03"
    assert articles.loc["a.txt", "published_basis"] == "correction"
    assert articles.loc["c.md", "published_basis"] == "metadata", "where two dates are given neither holds"
    tuesday = table(out, "dates").set_index("text").loc["Tuesday", "timex_value"]
    assert tuesday == "2022-05-03", "dates count from the day that a person gave"
    (quote,) = quotes[quotes["speaker_basis"] == "correction"].to_dict("records")
    speaker = mentions.set_index("mention_id").loc[quote["speaker_mention_id"]]
    assert (quote["speaker"], speaker["text"]) == ("Ben Orr", "Ben Orr")
    assert not isinstance(quote["unresolved_reason"], str)
    assert quote["speaker_entity_id"] == speaker["entity_id"]
    text = articles.loc["a.txt", "clean_text"]
    assert text[int(quote["speaker_start"]) : int(quote["speaker_end"])] == "Ben Orr"
    changed = numbers[numbers["rule"] == "correction"].set_index("text")
    assert changed.loc["more than 100 people", ["low", "high"]].tolist() == [120, 150]
    assert changed.loc["12 people", "value"] == 13


def test_taking_a_decision_away_restores_the_rule_and_makes_nothing_else_anew(plain: Path, tmp_path: Path) -> None:
    """One article is made anew for a decision that names it or whose words it holds, and again when it goes."""
    corpus, out = write(tmp_path / "corpus", CORPUS), tmp_path / "out"
    go(corpus, out)
    assert contents(out) == contents(plain / "out")
    write(corpus, {FILE: f"{HEADER}\nvalue,b.md,100,,120,,,\nnot_a_name,,Geneva,,,,,\nmerge,,Ben Orr,,,,Pavel Orr,\n"})
    summary = go(corpus, out)
    assert (summary.remade, summary.unchanged) == (2, 3)
    assert contents(out) != contents(plain / "out")
    write(
        corpus,
        {FILE: f"{HEADER}\n\nmerge,,Ben Orr,,,,Pavel Orr,\nnot_a_name,,Geneva,,,,,\nvalue,b.md,100,,120,,,why\n"},
    )
    summary = go(corpus, out)
    assert (summary.remade, summary.published) == (0, True), "other lines and notes make no article anew"
    assert not go(corpus, out).published
    (corpus / FILE).unlink()
    assert go(corpus, out).remade == 2
    assert contents(out) == contents(plain / "out")


def test_anchors_survive_an_edited_article(plain: Path, tmp_path: Path) -> None:
    """A decision that names a path holds for what lies there, as long as its words do."""
    edited = CORPUS["b.md"].replace("last month.", "last month. Nobody knew why.").replace("A second", "Another")
    rows = ("value,b.md,100,,120,,,", "not_a_name,b.md,Radio Dovrin,,,,,", "value,a.txt,40 families,,41,,,")
    summary, out = decided(plain, tmp_path, *rows)
    assert summary.corrections == {"applied": 3}
    write(tmp_path / "corpus", {"b.md": edited, "a.txt": CORPUS["a.txt"].replace("40 families", "some families")})
    assert go(tmp_path / "corpus", out).corrections == {"applied": 2, "obsolete": 1}


def test_a_row_that_is_not_understood_ends_with_1_and_is_printed(tmp_path: Path) -> None:
    corpus = write(
        tmp_path / "corpus", {"a.txt": CORPUS["a.txt"], FILE: f"{HEADER}\njoin,,a,,,,b,\nvalue,a.txt,40,,41,,,\n"}
    )
    summary = go(corpus, tmp_path / "out")
    assert (summary.exit_code, summary.corrections) == (1, {"applied": 1})
    assert any("corrections.csv:2: 'join' is no decision" in line for line in summary.errors)
    told_by_cli = CliRunner().invoke(main, ["extract", str(corpus), "-o", str(tmp_path / "out")])
    assert told_by_cli.exit_code == 1
    assert "Decisions: 1 applied (stage corrections in" in told_by_cli.output


def test_articles_that_wait_say_so(tmp_path: Path) -> None:
    """With --limit an article keeps its rows until its turn comes; the decision on it waits."""
    corpus, out = write(tmp_path / "corpus", CORPUS), tmp_path / "out"
    go(corpus, out)
    write(corpus, {FILE: f"{HEADER}\nvalue,a.txt,40,,41,,,\nvalue,b.md,100,,120,,,\n"})
    assert go(corpus, out, limit=1).corrections == {"applied": 1, "waiting": 1}
    assert go(corpus, out).corrections == {"applied": 2}
    fresh = tmp_path / "fresh"
    assert go(corpus, fresh, limit=1).corrections == {"waiting": 2}
    assert "articles wait for the next run" in " ".join(message for _, message in told(fresh).values())
    assert go(corpus, fresh).corrections == {"applied": 2}


# --- review --------------------------------------------------------------------------------------------------
DOUBTFUL = {
    "a.txt": "Court report\n\nAnna Kell, a judge, and Ben Kell, a clerk, met in Dovrin on Monday. Kell left first, said a guard.\n",
    "b.txt": "From the town\n\nThe mayor, Ada Foxley, spoke in Arlmund. She left for Geneva on Friday, said a clerk.\n",
    "c.txt": "From the coast\n\nA singer, Ada Foxley, sang for an hour. Nobody in the harbour had slept, said a guard.\n",
}


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doubtful")
    go(write(folder / "corpus", DOUBTFUL), folder / "out")
    return folder


def reviewed(outputs: Path, to: Path, *more: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(main, ["review", str(outputs), "--to", str(to), *more])
    assert result.exit_code == 0, result.output
    with to.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_review_asks_and_gives_the_anchors(doubtful: Path, tmp_path: Path) -> None:
    """Both sides with their words, articles and sentences; a reason in a sentence; no decision."""
    rows = reviewed(doubtful / "out", tmp_path / "review.csv")
    about = {(row["text"], row["other_text"]) for row in rows}
    assert ("Kell", "Anna Kell") in about
    assert ("Ada Foxley", "Ada Foxley") in about
    row = next(row for row in rows if row["other_text"] == "Anna Kell")
    assert (row["decision"], row["article"], row["other_article"]) == ("", "a.txt", "a.txt")
    assert row["what"] == "Is 'Kell' the same as 'Anna Kell'?"
    assert row["why"] == "'Kell' and 'Anna Kell' may or may not be the same: several names fit."
    assert row["sentence"].startswith("Kell left first")
    assert row["other_sentence"].startswith("Anna Kell, a judge")
    assert reviewed(doubtful / "out", tmp_path / "again.csv") == rows
    assert reviewed(doubtful / "out", tmp_path / "one.csv", "--top", "1") == rows[:1]


def test_review_gives_a_context_where_the_words_alone_do_not_tell(tmp_path: Path) -> None:
    """Mr Orr and Mrs Orr are both "Orr" in one article: the sentence is quoted, and the decision finds the one."""
    text = "From the court\n\nThe mayor, Ada Orr, met a guard. Mr Orr came early. Mrs Orr came late.\n"
    corpus, out = write(tmp_path / "corpus", {"a.txt": text}), tmp_path / "out"
    go(corpus, out)
    (row,) = [row for row in reviewed(out, tmp_path / "review.csv") if row["sentence"].startswith("Mrs Orr")]
    assert (row["text"], row["context"]) == ("Orr", "Mrs Orr came late.")
    write(corpus, {FILE: f"{HEADER}\nmerge,{','.join(row[name] for name in HEADER.split(',')[1:])}\n"})
    assert go(corpus, out).corrections == {"applied": 1}
    mentions = table(out, "mentions").set_index("start").sort_index()["entity_id"].tolist()
    assert mentions[0] == mentions[2] != mentions[1]


def test_review_never_overwrites(doubtful: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("decided", "utf8")
    result = CliRunner().invoke(main, ["review", str(doubtful / "out"), "--to", str(tmp_path / "mine.csv")])
    assert result.exit_code == 2
    assert "is there already and may hold your decisions" in result.output
    assert (tmp_path / "mine.csv").read_text("utf8") == "decided"


def test_review_prints_without_a_file(doubtful: Path) -> None:
    result = CliRunner().invoke(main, ["review", str(doubtful / "out"), "--top", "1"])
    assert result.output.startswith(HEADER)
    assert len(result.output.splitlines()) == 2


def test_a_reviewed_file_is_a_file_of_decisions(doubtful: Path, tmp_path: Path) -> None:
    """Filled in and saved as corrections.csv it is followed, and what was decided is not asked again."""
    rows = reviewed(doubtful / "out", tmp_path / "review.csv")
    for row in rows:
        if row["text"] == "Kell":
            row["decision"] = "merge" if row["other_text"] == "Anna Kell" else "keep apart"
        elif row["text"] == "Ada Foxley":
            row["decision"] = "keep_apart"
    corpus = write(tmp_path / "corpus", DOUBTFUL)
    with (corpus / FILE).open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    summary = go(corpus, tmp_path / "out")
    assert summary.exit_code == 0
    assert summary.corrections == {"applied": 2, "already_true": 1}
    mentions = table(tmp_path / "out", "mentions")
    of = {name: set(group["entity_id"]) for name, group in mentions.groupby("name")}
    assert of["Kell"] == of["Anna Kell"] != of["Ben Kell"]
    assert len(of["Ada Foxley"]) == 2
    asked = {(row["text"], row["other_text"]) for row in reviewed(tmp_path / "out", tmp_path / "next.csv")}
    assert not asked & {("Kell", "Anna Kell"), ("Kell", "Ben Kell"), ("Ada Foxley", "Ada Foxley")}


def test_decisions_left_among_the_articles_are_not_read_as_articles(tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus", {"a.txt": CORPUS["a.txt"], "review.csv": f"{HEADER},what\n,,Bell,,,,Kell,,x\n"})
    summary = go(corpus, tmp_path / "out")
    assert summary.new == 1
    assert any("it holds decisions, no articles; name it corrections.csv" in line for line in summary.errors)

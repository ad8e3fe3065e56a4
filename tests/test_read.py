"""Reading: every accepted format ends in raw articles, and what cannot be read is one issue."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.read import corpus_files, formats, read_corpus, survey
from pipeline.settings import ReadSettings


def make_corpus(folder: Path, **files: str | bytes) -> Path:
    """A folder with the given files; ``__`` in a name stands for a dot, ``___`` for a slash."""
    for name, content in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf8") if isinstance(content, str) else content)
    return folder


def articles(corpus: Path, **settings: Any) -> list[dict[str, Any]]:
    return read_corpus(corpus, ReadSettings(**settings))[0]["raw_articles"].to_pylist()


def issues(corpus: Path, **settings: Any) -> list[tuple[str, str]]:
    rows = read_corpus(corpus, ReadSettings(**settings))[0]["issues"].to_pylist()
    return [(row["severity"], row["code"]) for row in rows]


RECORD = {
    "id": "r1",
    "text": "Ana Bel spoke.",
    "title": "A talk",
    "published": "2022-04-03",
    "url": "https://paper.example/1",
    "outlet": "The Paper",
    "authors": ["J. Doe"],
}


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a__json", json.dumps(RECORD), "a.json#r1"),
        ("a__json", json.dumps([RECORD]), "a.json#r1"),
        ("a__jsonl", json.dumps(RECORD) + "\n\n", "a.jsonl#r1"),
        ("a__csv", "id,text,title,published,url,outlet,author\r\nr1,Ana Bel spoke.,A talk,2022-04-03,https://paper.example/1,The Paper,J. Doe\r\n", "a.csv#r1"),
        ("a__csv", "ID;Text;title;published;url;outlet;authors\nr1;Ana Bel spoke.;A talk;2022-04-03;https://paper.example/1;The Paper;J. Doe\n", "a.csv#r1"),
        ("a__md", "---\ntitle: A talk\npublished: 2022-04-03\nurl: https://paper.example/1\noutlet: The Paper\nauthor: J. Doe\n---\nAna Bel spoke.", "a.md"),
    ],
)  # fmt: skip
def test_each_format_gives_the_same_fields(tmp_path: Path, name: str, content: str, place: str) -> None:
    """Text, place and what is said beside the text are the same, whatever format carries them."""
    [row] = articles(make_corpus(tmp_path, **{name: content}))
    assert row["raw_text"] == "Ana Bel spoke."
    assert row["paths"] == [place]
    given = {k: row[k] for k in ("title", "published", "url", "outlet", "authors")}
    assert given == {k: RECORD[k] for k in given}


def test_a_sidecar_says_what_the_file_does_not(tmp_path: Path) -> None:
    """name.meta.toml gives the fields of name.txt; what the record itself says wins."""
    corpus = make_corpus(
        tmp_path,
        one__txt="Ana Bel spoke.",
        one__meta__toml='outlet = "The Paper"\npublished = 2022-04-03\nauthor = "J. Doe"\n',
        two__json=json.dumps({"text": "Bo Cal spoke.", "outlet": "Own"}),
        two__meta__toml='outlet = "Other"\nlanguage = "en"\n',
    )
    by_path = {row["paths"][0]: row for row in articles(corpus)}
    assert (by_path["one.txt"]["outlet"], by_path["one.txt"]["published"], by_path["one.txt"]["authors"]) == (
        "The Paper",
        "2022-04-03",
        ["J. Doe"],
    )
    assert (by_path["two.json"]["outlet"], by_path["two.json"]["language"]) == ("Own", "en")


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("Zoë said “no”.".encode(), "Zoë said “no”.", "utf-8"),
        ("\ufeffZoë\u00a0said\u200b no.\r\n".encode(), "\ufeffZoë\u00a0said\u200b no.\r\n", "utf-8"),
        ("Zoë said no.".encode("utf-16"), "Zoë said no.", "utf-16"),
        ("The café’s owner said “no” – twice.\r\n".encode("cp1252") * 20, "The café’s owner said “no” – twice.\r\n" * 20, "cp1252"),
        (b"Zo\xc3\xab, Bj\xc3\xb6rn, Ren\xc3\xa9, Fran\xc3\xa7ois and Jos\xc3\xa9 \xff spoke.", "Zoë, Björn, René, François and José \ufffd spoke.", "utf-8"),
        (b"NUL \x00 stays", "NUL \x00 stays", "utf-8"),
    ],
)  # fmt: skip
def test_bytes_are_decoded_without_loss(tmp_path: Path, content: bytes, text: str, encoding: str) -> None:
    """Byte marks, line ends, no-break and zero-width characters stay; broken bytes do not change the encoding."""
    [row] = articles(make_corpus(tmp_path, a__txt=content))
    assert row["raw_text"].removeprefix("\ufeff") == text.removeprefix("\ufeff")
    assert row["encoding"] == encoding


@pytest.mark.parametrize(
    ("name", "content", "issue"),
    [
        ("a__png", b"PNG", ("warning", "unknown_format")),
        ("a__txt", b"", ("error", "empty")),
        ("a__txt", b" \r\n\t", ("error", "empty")),
        ("a__txt", bytes(range(256)) * 40, ("error", "not_text")),
        ("a__json", b"{", ("error", "bad_json")),
        ("a__json", b"3", ("error", "bad_json")),
        ("a__json", b"[" * 100_000, ("error", "bad_json")),
        ("a__json", b'{"body": "no text field"}', ("error", "no_text")),
        ("a__json", b'[{"text": 3}]', ("error", "no_text")),
        ("a__jsonl", b'{"text": "fine"}\nnot json\n', ("error", "bad_json")),
        ("a__csv", b"id,body\n1,x\n", ("error", "no_text_column")),
        ("a__md", b"---\n: : :\n  - bad\n---\ntext", ("error", "bad_front_matter")),
        ("a__jsonl", b'{"id": 1, "text": "one"}\n{"id": 1, "text": "two"}\n', ("warning", "same_record_id")),
        ("a__json", b'{"text": "x", "published": {"day": 3}}', ("warning", "field_not_understood")),
    ],
)
def test_what_cannot_be_read_is_one_issue_and_the_rest_goes_on(
    tmp_path: Path, name: str, content: bytes, issue: tuple[str, str]
) -> None:
    """A bad file or record never stops the others."""
    corpus = make_corpus(tmp_path, zz_good__txt="A good article.", **{name: content})
    assert issues(corpus) == [issue]
    assert "A good article." in {row["raw_text"] for row in articles(corpus)}


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """The size limit is a setting, and the issue names it."""
    corpus = make_corpus(tmp_path, a__txt="x" * 1_100_000)
    assert issues(corpus, max_megabytes=1) == [("error", "too_large")]
    assert issues(corpus, max_megabytes=2) == []


def test_a_bad_sidecar_costs_the_sidecar_only(tmp_path: Path) -> None:
    """The article is read without it."""
    corpus = make_corpus(tmp_path, a__txt="Text.", a__meta__toml="not toml")
    assert issues(corpus) == [("error", "bad_sidecar")]
    assert len(articles(corpus)) == 1


def test_one_text_in_several_places_is_one_article(tmp_path: Path) -> None:
    """Every place is kept; what the places say differently is left open and told."""
    corpus = make_corpus(
        tmp_path,
        a__json=json.dumps({"text": "Same words.", "outlet": "One", "title": "T"}),
        b__json=json.dumps({"text": "Same words.", "outlet": "Two", "title": "T"}),
    )
    [row] = articles(corpus)
    assert row["paths"] == ["a.json", "b.json"]
    assert (row["title"], row["outlet"]) == ("T", None)
    assert issues(corpus) == [("warning", "conflicting_metadata")]


def test_records_without_id_are_placed_by_their_text(tmp_path: Path) -> None:
    """A record added before them leaves their places alone."""
    before = {row["paths"][0] for row in articles(make_corpus(tmp_path, a__jsonl='{"text": "one"}\n{"text": "two"}\n'))}
    after = {
        row["paths"][0]
        for row in articles(make_corpus(tmp_path, a__jsonl='{"text": "zero"}\n{"text": "one"}\n{"text": "two"}\n'))
    }
    assert before < after


def test_lone_surrogates_become_storable(tmp_path: Path) -> None:
    """JSON may hold half a character; it is replaced one for one."""
    [row] = articles(make_corpus(tmp_path, a__json='{"text": "half \\ud83d done"}'))
    assert row["raw_text"] == "half \ufffd done"


def test_which_files_are_articles(tmp_path: Path) -> None:
    """Folders are searched through; hidden files, sidecars, README and corrections are no articles."""
    corpus = make_corpus(
        tmp_path,
        a__txt="x",
        sub___b__txt="x",
        README__md="x",
        corrections__csv="x",
        a__meta__toml="",
        __hidden="x",
        __git___c__txt="x",
    )
    assert [row["paths"] for row in articles(corpus)] == [["a.txt", "sub/b.txt"]]
    assert corpus_files(corpus / "a.txt") == ([corpus / "a.txt"], [])
    with pytest.raises(UsageError, match="no such file or folder"):
        corpus_files(corpus / "missing")


def test_the_output_folder_is_no_part_of_the_corpus(tmp_path: Path) -> None:
    """Wherever it lies."""
    corpus = make_corpus(tmp_path, a__txt="Text.", outputs___names__csv="text\nnot an article\n")
    tables, _ = read_corpus(corpus, ReadSettings(), corpus / "outputs")
    assert tables["raw_articles"].num_rows == 1


def test_odd_files_cost_themselves_only(tmp_path: Path) -> None:
    """What a library stumbles over is one issue row that names the file."""
    corpus = make_corpus(
        tmp_path,
        a__md="---\npublished: 2022-02-30\n---\nText one.",
        b__md="---\nx: " + "[" * 3000 + "\n---\nText two.",
        c__csv='id,"te\nxt\n1,"x"y\n',
        d__json='{"text": ' + "1" * 5000 + "}",
        e__json='{"\\ud83d": 1}',
        f__txt="Text.",
        f__meta__toml="a = " + "[" * 3000,
        g__meta__toml='outlet = "The Paper"\n',
        h__csv='text\n"one"x\ntwo\nthree\n',
    )
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "linked").symlink_to(tmp_path.parent)
    (tmp_path / b"Z\xfcrich.txt".decode("utf8", "surrogateescape")).write_text("A name that is no UTF-8.")
    tables, failed = read_corpus(corpus, ReadSettings())
    paths = {path.split(".")[0] for row in tables["issues"].to_pylist() for path in [row["path"]]}
    assert paths >= {"a", "b", "c", "d", "e", "g", "h", "gone", "linked"}
    assert failed >= 8
    texts = {row["raw_text"] for row in tables["raw_articles"].to_pylist()}
    assert texts >= {"Text.", "two", "three", "A name that is no UTF-8."}


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its articles are missing, and the run says so instead of taking them for removed in silence."""
    corpus = make_corpus(tmp_path, a__txt="Text.", closed___b__txt="Hidden.")
    real = os.scandir

    def scandir(path: str) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert ("error", "unreadable") in issues(corpus)


def test_a_known_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A survey that knows a file's bytes tells the same of it without reading it; its text is read when asked for."""
    corpus = make_corpus(
        tmp_path,
        a__jsonl=json.dumps(RECORD) + "\n{\n" + json.dumps({"text": "Bo Cal spoke."}) + "\n",
        b__txt="Zo\xeb spoke.",
        b__meta__toml='outlet = "The Paper"\n',
        c__txt="",
    )
    first = survey(corpus, ReadSettings(), fingerprint="one")
    known = {place: (file.key, file.as_json()) for place, file in first.files.items()}
    asked: list[str] = []
    read = formats.read_file

    def counted(path: Path, place: str, *rest: Any) -> Any:
        asked.append(place)
        return read(path, place, *rest)

    monkeypatch.setattr("pipeline.read.read_file", counted)
    again = survey(corpus, ReadSettings(), known=known, fingerprint="one")
    assert asked == []
    assert again.articles == first.articles
    assert again.issues == first.issues
    assert again.failed == first.failed == 2
    [bo] = [a for a, row in again.articles.items() if row["paths"][0].startswith("a.jsonl#a_")]
    assert again.raw_articles([bo])["raw_text"].to_pylist() == ["Bo Cal spoke."]
    assert asked == ["a.jsonl"]
    assert again.raw_articles([bo]).num_rows == 1
    assert asked == ["a.jsonl"]
    again.forget_texts()
    assert again.raw_articles([bo]).num_rows == 1
    assert asked == ["a.jsonl", "a.jsonl"]


@pytest.mark.parametrize("change", ["text", "sidecar", "no sidecar", "readers"])
def test_what_changed_is_read_again(tmp_path: Path, change: str) -> None:
    """Other bytes, another sidecar, a sidecar that is gone, or other readers: nothing is known any more."""
    corpus = make_corpus(tmp_path, b__txt="Zo\xeb spoke.", b__meta__toml='outlet = "The Paper"\n')
    first = survey(corpus, ReadSettings(), fingerprint="one")
    known = {place: (file.key, file.as_json()) for place, file in first.files.items()}
    if change == "text":
        make_corpus(tmp_path, b__txt="Zo\xeb sang.")
    elif change == "sidecar":
        make_corpus(tmp_path, b__meta__toml='outlet = "The Post"\n')
    elif change == "no sidecar":
        (tmp_path / "b.meta.toml").unlink()
    again = survey(corpus, ReadSettings(), known=known, fingerprint="two" if change == "readers" else "one")
    assert again.files["b.txt"].key != first.files["b.txt"].key
    fresh = survey(corpus, ReadSettings())
    assert again.articles == fresh.articles
    assert (again.articles == first.articles) == (change == "readers")


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    """No text is taken for another one."""
    corpus = make_corpus(tmp_path, b__txt="Zo\xeb spoke.")
    first = survey(corpus, ReadSettings())
    known = {place: (file.key, file.as_json()) for place, file in first.files.items()}
    again = survey(corpus, ReadSettings(), known=known)
    make_corpus(tmp_path, b__txt="Zo\xeb sang.")
    with pytest.raises(UsageError, match=r"b\.txt: it changed"):
        again.raw_articles(again.articles)


@pytest.mark.parametrize(
    "head", ['<meta charset="iso-8859-2">', '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">']
)
def test_a_page_may_name_its_encoding(tmp_path: Path, head: str) -> None:
    """What a page says of its bytes comes before what they look like, but not before UTF-8."""
    page = f"<html><head>{head}</head><body><p>Łukasz Żak spoke in Kraków.</p></body></html>"
    for name in ("iso-8859-2", "utf-8"):
        [row] = articles(make_corpus(tmp_path, a__html=page.encode(name)))
        assert "Łukasz Żak" in row["raw_text"]

"""Gold of speakers who are no names: who it is, or that it stays open; a wrong one counts against precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.evaluate import Report, below, evaluate
from tests.test_evaluate import Row, figures, row, write

TEXT = "Ann Bell met Jan Kolb. She said that it rained. He said that it was late."
RAIN = {"text": "it rained", "speaker": "She", "speaker_entity": "Ann Bell"}
LATE = {"text": "it was late", "speaker": "He", "speaker_entity": None}


def score(tmp_path: Path, *quotes: Row, she: str | None, he: str | None, **says: Any) -> Report:
    """The report on one passage whose table has ``she`` and ``he`` (Ann Bell, Jan Kolb or None) as speakers."""
    names = {name: row("mentions", name, raw=TEXT, label="PERSON") for name in ("Ann Bell", "Jan Kolb")}
    found = []
    for text, speaker, named in (("it rained", "She", she), ("it was late", "He", he)):
        rule = {"speaker_mention_id": names[named]["mention_id"], "speaker_rule": "speaks on"} if named else {}
        found.append(row("quotes", text, raw=TEXT, kind="indirect", speaker=speaker, **rule))
    outputs = write(
        tmp_path / "outputs",
        {"mine.json#mine-01": {"raw_text": TEXT}},
        quotes=found,
        mentions=list(names.values()),
    )
    folder = tmp_path / "gold"
    folder.mkdir(exist_ok=True)
    passage = {"id": "mine-01", "split": "dev", "text": TEXT, "quotes": quotes, **says}
    (folder / "mine.json").write_text(json.dumps([passage]), "utf8")
    return evaluate(folder, outputs)


@pytest.mark.parametrize(
    ("she", "he", "right", "rows", "wrong"),
    [
        ("Ann Bell", None, 1, 1, 0),
        ("Jan Kolb", None, 0, 1, 1),
        (None, None, 0, 0, 0),
        ("Ann Bell", "Jan Kolb", 1, 2, 1),
    ],
)
def test_a_wrong_speaker_and_an_open_one(
    tmp_path: Path, she: str | None, he: str | None, right: int, rows: int, wrong: int
) -> None:
    """Precision is over the speakers found, recall over those that the gold names; one who should be open is wrong."""
    report = score(tmp_path, RAIN, LATE, she=she, he=he)
    for kind in ("speakers", "speakers, dev"):
        got = figures(report, kind, "who it is")
        assert (got["right"], got["gold"], got["rows"]) == (right, 1, rows)
        assert figures(report, kind, "wrong (must be 0)")["count"] == wrong
    if rows:
        assert figures(report, "speakers by rule", "speaks on")["share"] == right / rows


def test_errors_are_shown_of_dev_alone(tmp_path: Path) -> None:
    """A miss says speaker, who is meant, who was found and by which rule; held is for measuring."""
    shown = score(tmp_path, RAIN, LATE, she="Jan Kolb", he=None).misses("speakers")
    assert [line.partition(" She: ")[2] for line in shown] == ["gold Ann Bell | table Jan Kolb (speaks on)"]
    assert score(tmp_path, RAIN, LATE, she="Jan Kolb", he=None, split="held").misses("speakers") == []


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"level": "hard"}, "not a passage with id, split, text and quotes alone"),
        ({"split": "test"}, "split 'test'; known are dev, held"),
        ({"quotes": [{"text": "it rained", "speaker": "She"}]}, "needs speaker and speaker_entity"),
        ({"quotes": [{**RAIN, "who": "Ann"}]}, "unknown key who"),
        ({"quotes": [{**RAIN, "text": "it snowed"}]}, "not in the article"),
    ],
)
def test_passages_that_do_not_fit(tmp_path: Path, says: Row, message: str) -> None:
    """What cannot be is refused with its place."""
    with pytest.raises(UsageError, match=message):
        score(tmp_path, RAIN, she=None, he=None, **says)


def test_floors_of_speakers(tmp_path: Path) -> None:
    """Floors of speakers are held against this report and no other."""
    floors = tmp_path / "floors.toml"
    report = score(tmp_path, RAIN, LATE, she="Ann Bell", he="Jan Kolb")
    floors.write_text('[passages]\nvalue = 60\n[speakers]\n"who it is" = 99\n"wrong (must be 0)" = 0\n')
    assert below(report, floors) == [
        "speakers: who it is: 66.7, at least 99",
        "speakers: wrong (must be 0): 1, at most 0",
    ]

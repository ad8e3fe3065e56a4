"""The tables' contract: columns, types, ids, and that a table that breaks it is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from pipeline.errors import SchemaError
from pipeline.ids import article_id, content_id
from pipeline.schema import TABLES, check, check_references, conform, ordered

PROMISED = {
    "articles": "article_id content_sha256 paths supersedes_article_id format encoding raw_text clean_text title authors outlet url language published published_precision published_basis published_earliest published_latest place agencies duplicate_group duplicate_kind similarity n_sentences n_tokens n_mentions status",
    "segments": "article_id ordinal zone raw_start raw_end start end text rule confidence",
    "sentences": "sentence_id article_id ordinal paragraph zone start end raw_start raw_end text in_quote n_tokens",
    "mentions": "mention_id article_id sentence_id zone start end raw_start raw_end text label name title role entity_id link_basis quote_id rule confidence",
    "dates": "date_id article_id sentence_id zone start end raw_start raw_end text timex_type timex_value mod edtf start_date end_date grain anchor_date anchor_basis anchor_date_id alternatives unresolved_reason rule confidence",
    "quantities": "quantity_id article_id sentence_id zone start end raw_start raw_end text number_start number_end value low high low_inclusive high_inclusive approximator kind unit counted counted_head demographic event event_text polarity modality cumulative subset_of_quantity_id date_id date_basis place_entity_id place_basis quote_id quote_basis unresolved_reason rule confidence",
    "quotes": "quote_id article_id sentence_id zone start end raw_start raw_end text kind within_quote_id continues_quote_id balanced cue cue_lemma cue_start cue_end speaker speaker_start speaker_end speaker_raw_start speaker_raw_end speaker_mention_id speaker_entity_id speaker_basis via same_as_quote_group unresolved_reason rule confidence",
    "entities": "entity_id label name variants variant_counts acronym n_mentions n_articles n_outlets first_published last_published articles weakest_link confirmed sensitivity review_reason",
    "entity_history": "entity_id event other_entity_id cause",
    "links": "link_id left_id right_id level judgement rule score reasons summary blocked_by decided_by confidence",
    "figures": "figure_id quantity_id article_id sentence_id event unit demographic counted value low high low_inclusive high_inclusive approximator polarity modality cumulative place_entity_id place_basis period_start period_end period_basis as_of as_of_basis said_by said_by_entity_id said_by_kind printed_by origin group_id not_comparable",
    "figure_groups": "group_id event unit demographic place_entity_id period_start period_end n_figures n_articles n_origins lowest highest common_low common_high agreement first_as_of last_as_of summary",
    "figure_pairs": "group_id left_figure_id right_figure_id relation reason",
    "issues": "article_id stage severity code message start end text",
    "runs": "run_id started_at finished_at version schema_version settings_sha256 model model_sha256 packages n_new n_changed n_removed n_unchanged n_failed",
}  # fmt: skip


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_column_is_there(name: str) -> None:
    """Columns may be added; none may go."""
    assert set(PROMISED[name].split()) <= set(TABLES[name].names)


def test_every_column_says_what_it_means_and_has_a_type() -> None:
    """The codebook is made from these words; no column is of type null."""
    for table in TABLES.values():
        assert len(set(table.names)) == len(table.names)
        assert all(column.meaning for column in table.columns)
        assert pa.null() not in table.schema.types


def test_an_empty_table_has_the_same_types_as_a_full_one() -> None:
    """Loading a table without rows breaks no notebook."""
    full = conform("dates", [{"date_id": "d_1", "start_date": dt.date(2022, 4, 3), "alternatives": ["2021"]}])
    assert conform("dates", []).schema == full.schema == TABLES["dates"].schema


@pytest.mark.parametrize("row", [{"unknown": 1}, {"start": "three"}, {"start_date": "2022-04-03"}, {"text": 3}])
def test_a_row_that_does_not_fit_is_refused(row: dict[str, Any]) -> None:
    """An undeclared column or a value of another type is an error that names the column."""
    with pytest.raises(SchemaError, match=next(iter(row))):
        conform("dates", [row])


def test_repeated_keys_and_lost_references_are_refused() -> None:
    """No two rows share a key, and no row names one that is not there."""
    twice = conform("quotes", [{"quote_id": "q_1"}, {"quote_id": "q_1"}])
    with pytest.raises(SchemaError, match="repeat a key"):
        check("quotes", twice)
    tables = {name: conform(name, []) for name in TABLES}
    check_references(tables)
    tables["mentions"] = conform("mentions", [{"mention_id": "m_1", "entity_id": "e_1"}])
    with pytest.raises(SchemaError, match="e_1"):
        check_references(tables)


def test_rows_are_sorted_by_article_and_place() -> None:
    """Whatever order they were made in."""
    rows = [
        {"date_id": f"d_{i}", "article_id": a, "start": s, "end": s + 1}
        for i, (a, s) in enumerate([("b", 0), ("a", 9), ("a", 1)])
    ]
    assert ordered("dates", conform("dates", rows))["date_id"].to_pylist() == ["d_2", "d_1", "d_0"]


def test_ids_are_made_of_content() -> None:
    """A known text has a known id, and parts do not run together."""
    assert article_id("") == "a_e3b0c44298fc1c14"
    assert content_id("m", "ab", "c") != content_id("m", "a", "bc")
    assert content_id("m", None) != content_id("m", "")

"""Every table Concord writes: its columns, their types and what they mean.

Nothing else in the project names a column type. ``TABLES`` maps a table's name to its
:class:`Table`; ``Table.schema`` is the explicit ``pyarrow`` schema, and :func:`conform` is the one
way from rows to a table, so that an empty table carries the same types as a full one.

One file because it is one thing: the contract with the people who load the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.errors import SchemaError

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1
"""Raised whenever a column's name, type or meaning changes; recorded in every run."""

ZONES = (
    "title", "subtitle", "byline", "dateline", "body", "heading", "caption", "credit", "teaser", "related", "comment",
    "comment_meta", "share", "notice", "correction", "timestamp", "footer", "other",
)  # fmt: skip
EXTRACTION_ZONES = ("title", "subtitle", "dateline", "body", "heading", "caption", "correction")
"""The zones whose words make up ``clean_text`` and are read for names, dates, numbers and quotes."""

MENTION_LABELS = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT")


@dataclass(frozen=True)
class Column:
    """One column: its name, its type as written in the codebook, and its meaning."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: a row stands for ``one_row``; rows are unique by ``key`` and sorted by ``order``."""

    name: str
    one_row: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        """The explicit Arrow schema of this table."""
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "bool": pa.bool_(),
            "int32": pa.int32(),
            "int64": pa.int64(),
            "float64": pa.float64(),
            "date32": pa.date32(),
            "timestamp": pa.timestamp("us", "UTC"),
            "list<string>": pa.list_(pa.string()),
            "list<int32>": pa.list_(pa.int32()),
        }
        return pa.schema([pa.field(c.name, types[c.type]) for c in self.columns])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(c.name for c in self.columns)


def _columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of ``name | type | meaning``."""
    rows = (line.split(" | ", 2) for line in text.strip().splitlines())
    return tuple(Column(name.strip(), kind.strip(), meaning.strip()) for name, kind, meaning in rows)


_CONTEXT = """
article_id | string | the article the row was read in
sentence_id | string | the sentence the row starts in; null where a row lies in no sentence
zone | string | the zone of the text: title, subtitle, dateline, body, heading, caption or correction
"""
_SPAN = """
start | int32 | first code point in clean_text
end | int32 | one past the last code point in clean_text
raw_start | int32 | first code point in raw_text
raw_end | int32 | one past the last code point in raw_text
text | string | the words themselves: clean_text[start:end]
"""
_WHY = """
rule | string | the rule or model component that made the row
confidence | string | high, medium or low, as defined for the rule
"""


def _row(identifier: str, *own: str, context: str = _CONTEXT) -> tuple[Column, ...]:
    return _columns("\n".join(part.strip() for part in (identifier, context, _SPAN, *own, _WHY)))


_SPAN_ORDER = ("article_id", "start", "end")

_ALL = (
    Table(
        "articles",
        "one distinct text",
        ("article_id",),
        ("article_id",),
        _columns("""
article_id | string | a_ and 16 hex digits of SHA-256 over raw_text
content_sha256 | string | SHA-256 over raw_text, in full
paths | list<string> | every place that held the text, under the corpus folder: file.txt, or file.jsonl#record-id
supersedes_article_id | string | the article that the same place held in an earlier run, if its text was another
format | string | txt, md, html, json, jsonl or csv
encoding | string | the encoding the bytes were decoded with
raw_text | string | the text as saved; of an HTML page, the page's visible text
clean_text | string | the words of the extraction zones: one paragraph per line pair, spaces and invisible characters folded
title | string | the article's title as given or as it stands on top of the text
authors | list<string> | authors as given or as the byline names them
outlet | string | who printed it, as given, else as its copyright line or byline says
url | string | its address, as given, else as printed on the page
language | string | ISO 639-1 code by the words of the story, else as given; null when nothing tells; only English is read further
published | date32 | publication date; with precision month or year, the first day of it
published_precision | string | day, month or year
published_basis | string | correction, metadata, byline, dateline, url, inferred or none
published_earliest | date32 | earliest day the article can have been published
published_latest | date32 | latest day the article can have been published
stated_earliest | date32 | of an undated article, earliest day by what stands on or beside it: a date that can be read in two ways
stated_latest | date32 | of an undated article, latest day by the same, or by a stamp of its last update
place | string | the place in the dateline
agencies | list<string> | news agencies named in dateline or credits
duplicate_group | string | smallest article_id among the articles that print the same text; null when there is one
duplicate_kind | string | exact, near (the same text but for edits) or reprint (printed inside, or both print the same third text)
similarity | float64 | similarity to the group's first article, 0 to 1
n_sentences | int32 | number of rows in sentences
n_tokens | int32 | number of tokens in the extraction zones, white space left out
n_mentions | int32 | number of names in mentions; words beside a name are not counted
status | string | ok, partial (something was refused, see issues) or failed (kept, but nothing was extracted)
"""),
    ),
    Table(
        "segments",
        "one stretch of raw text with one zone; every raw character belongs to exactly one",
        ("article_id", "ordinal"),
        ("article_id", "ordinal"),
        _columns(f"""
article_id | string | the article the segment is part of
ordinal | int32 | 0 for the first segment of the article
zone | string | {", ".join(ZONES)}
raw_start | int32 | first code point in raw_text; the segments of an article follow each other without gap
raw_end | int32 | one past the last code point in raw_text
start | int32 | first code point in clean_text; null outside the extraction zones
end | int32 | one past the last code point in clean_text; null outside the extraction zones
text | string | the segment's words, spaces and invisible characters folded
rule | string | the rule that decided the zone
confidence | string | high, medium or low, as defined for the rule
"""),
    ),
    Table(
        "sentences",
        "one sentence of an extraction zone",
        ("sentence_id",),
        _SPAN_ORDER,
        _columns(f"""
sentence_id | string | s_ and 16 hex digits
article_id | string | the article the sentence is part of
ordinal | int32 | 0 for the first sentence of the article
paragraph | int32 | the ordinal in segments of the paragraph that holds it
zone | string | the zone of that paragraph
{_SPAN.strip()}
in_quote | bool | whether all of it lies inside quotation marks
n_tokens | int32 | number of tokens, white space left out
"""),
    ),
    Table(
        "mentions",
        "one occurrence of a name, or of words beside it that say who or what it is",
        ("mention_id",),
        _SPAN_ORDER,
        _row(
            "mention_id | string | m_ and 16 hex digits",
            f"""
label | string | {", ".join(MENTION_LABELS)}, with their OntoNotes meanings
name | string | the text without titles, possessives and quote marks, white space folded; null of a description
title | string | the title before the name: Gen., Foreign Minister
role | string | the role beside the name: head of the Chechen Republic
describes_mention_id | string | the name beside it, of words that are no name: "U.S. automaker" before GM; else null
entity_id | string | the entity it was linked to
link_basis | string | exact, alias, acronym, surname, spelling, translit, nominal, pronoun, correction or none
quote_id | string | the quote the name lies in, if any""",
        ),
    ),
    Table(
        "dates",
        "one time expression",
        ("date_id",),
        _SPAN_ORDER,
        _row(
            "date_id | string | d_ and 16 hex digits",
            """
timex_type | string | DATE, TIME, DURATION or SET
timex_value | string | TIMEX3 value: 2017-08-25, 2017-08, 2017-W35, 199, P2W, PRESENT_REF; null when open
mod | string | TIMEX3 modifier: START, MID, END, APPROX, BEFORE, AFTER, MORE_THAN, LESS_THAN, ...
edtf | string | the same as an Extended Date/Time Format string; null where it has none
start_date | date32 | earliest day meant; null when open
end_date | date32 | latest day meant, inclusive; null when open
grain | string | what was stated: time, day, week, weekend, month, quarter, season, half, year, decade, century
anchor_date | date32 | the day that a relative expression was counted from
anchor_basis | string | none_needed, published, dateline, earlier_expression, inferred or missing
anchor_date_id | string | the earlier expression that served as the anchor
alternatives | list<string> | other TIMEX3 values that the words allow
tense | string | past: its clause tells of it as over; future: as still to come; null: neither is certain
unresolved_reason | string | why there is no value""",
        ),
    ),
    Table(
        "quantities",
        "one number expression",
        ("quantity_id",),
        _SPAN_ORDER,
        _row(
            "quantity_id | string | n_ and 16 hex digits",
            """
number_start | int32 | first code point of the number alone in clean_text
number_end | int32 | one past its last code point
value | float64 | the number as stated; null for a bare range or where none is stated
low | float64 | the least it can be; null = unbounded
high | float64 | the most it can be; null = unbounded
low_inclusive | bool | whether low itself is possible
high_inclusive | bool | whether high itself is possible
approximator | string | exact, about, at_least, more_than, up_to, less_than, nearly, between, dozens, hundreds, ...
kind | string | count, money, percent, ratio, age, ordinal, duration, measure, rank or other
unit | string | normalised: person, household, house, USD, percent, day, km, ...; null when unknown
counted | string | the counted noun phrase as written
counted_head | string | its head's lemma
demographic | string | children, women, men, civilians, journalists, ...
event | string | what befell them: killed, injured, missing, detained, displaced, fled, evacuated, arrested, ..., other
event_text | string | the word that says so
polarity | string | asserted or negated
modality | string | certain, possible, alleged, conditional or future
cumulative | bool | true: a total so far; false: newly added; null: not said
subset_of_quantity_id | string | the quantity that this one is a part of
date_id | string | the time expression it holds for
date_basis | string | same_clause, same_sentence, paragraph, headline, ...
place_mention_id | string | the mention of the place it holds for
place_entity_id | string | the place it holds for
place_basis | string | same_clause, same_sentence, paragraph, headline, ...
quote_id | string | the quote it stands in
quote_basis | string | same_clause, same_sentence, paragraph, headline, ...
unresolved_reason | string | why value or unit is missing""",
        ),
    ),
    Table(
        "quotes",
        "one attributed statement, direct or reported",
        ("quote_id",),
        _SPAN_ORDER,
        _row(
            "quote_id | string | q_ and 16 hex digits",
            """
kind | string | direct, indirect, mixed or scare
within_quote_id | string | of a mixed quote, the reported clause that holds it
continues_quote_id | string | the quote that this one goes on with: split by the cue, or over paragraphs
balanced | bool | whether both quotation marks are there
cue | string | the word of saying, as written
cue_lemma | string | its lemma
cue_start | int32 | first code point of the cue in clean_text
cue_end | int32 | one past its last code point
speaker | string | the speaker as written: she, the group, a spokesman for the ministry
speaker_start | int32 | first code point of the speaker in clean_text
speaker_end | int32 | one past its last code point
speaker_raw_start | int32 | first code point of the speaker in raw_text
speaker_raw_end | int32 | one past its last code point
speaker_mention_id | string | the mention that names the speaker
speaker_entity_id | string | the entity of that mention
speaker_basis | string | name, pronoun, nominal, title, group, continued, anonymous, correction or none
speaker_rule | string | how a speaker that is no name here was found to be whom (rules below); null where it is a name or open
speaker_confidence | string | high, medium or low, as defined for that rule
via | string | to whom it was said, as written: told Crime Russia
same_as_quote_group | string | smallest quote_id among quotes with the same words in several articles
unresolved_reason | string | why there is no speaker""",
        ),
    ),
    Table(
        "entities",
        "one linked name",
        ("entity_id",),
        ("entity_id",),
        _columns("""
entity_id | string | e_ and 16 hex digits of SHA-256 over the entity's kind and fullest name
label | string | the label most of its mentions have
name | string | its fullest name as most often written
variants | list<string> | every form its name takes, most frequent first
variant_counts | list<int32> | how often each form occurs
acronym | string | its acronym, if one occurs
n_mentions | int32 | number of mentions; words beside a name are not counted
n_articles | int32 | number of articles that name it
n_outlets | int32 | number of different outlets among them
first_published | date32 | earliest publication date among them
last_published | date32 | latest publication date among them
articles | list<string> | the articles that name it
weakest_link | string | confidence of the weakest link that holds it together: high, medium or low
confirmed | bool | whether a correction confirmed it
sensitivity | list<string> | why a name may need care: minor, victim, commenter, ...
review_reason | string | why a person should look at it, in words
kb_id | string | the record of the knowledge base that it is, where names, kind and a second sign say so; else null
kb_reason | string | why it is that record; or why it is none, though records of its kind bear its name
"""),
    ),
    Table(
        "entity_history",
        "one thing that happened to an entity between two runs",
        ("entity_id", "event", "other_entity_id"),
        ("entity_id", "event", "other_entity_id"),
        _columns("""
entity_id | string | the entity
event | string | created, merged_into, split_from, renamed or removed
other_entity_id | string | the entity it merged into, split from or goes on as
cause | string | why, in words
"""),
    ),
    Table(
        "links",
        "one pair of names that was compared and mattered",
        ("link_id",),
        ("link_id",),
        _columns("""
link_id | string | l_ and 16 hex digits
left_id | string | the mention, or name key, on the left
right_id | string | the mention, or entity, on the right
level | string | within_article or across_articles
judgement | string | positive, negative or unsure
rule | string | the rule that judged
score | float64 | 0 to 1, as the rule defines it
reasons | list<string> | short texts, one per sign
summary | string | the same in one plain sentence
blocked_by | string | type_clash, cannot_link or chain_guard
decided_by | string | rule or correction
confidence | string | high, medium or low, as defined for the rule
"""),
    ),
    Table(
        "figures",
        "one comparable claim about a number",
        ("figure_id",),
        ("article_id", "figure_id"),
        _columns("""
figure_id | string | f_ and 16 hex digits
quantity_id | string | the number it was made from
article_id | string | the article that prints it
sentence_id | string | the sentence that prints it
event | string | as in quantities
unit | string | as in quantities
demographic | string | as in quantities
counted | string | as in quantities
value | float64 | as in quantities
low | float64 | as in quantities
high | float64 | as in quantities
low_inclusive | bool | as in quantities
high_inclusive | bool | as in quantities
approximator | string | as in quantities
polarity | string | as in quantities
modality | string | as in quantities
cumulative | bool | as in quantities
place_entity_id | string | the place it holds for
place_basis | string | how the place was found
period_start | date32 | first day in which it happened
period_end | date32 | last day in which it happened
period_basis | string | how the period was found
as_of | date32 | the day on which it was true or said
as_of_basis | string | how that day was found
said_by | string | who says so, as written
said_by_entity_id | string | the entity that says so
said_by_kind | string | government, military, un, ngo, media, eyewitness, anonymous, ...
printed_by | string | the outlet
origin | string | one key for the same claim carried by several outlets
group_id | string | the group of comparable figures
not_comparable | list<string> | why it is in no group
"""),
    ),
    Table(
        "figure_groups",
        "figures of the same scope",
        ("group_id",),
        ("group_id",),
        _columns("""
group_id | string | g_ and 16 hex digits
event | string | as in quantities
unit | string | as in quantities
demographic | string | as in quantities
place_entity_id | string | the place they hold for
period_start | date32 | first day in which it happened
period_end | date32 | last day in which it happened
n_figures | int32 | number of figures
n_articles | int32 | number of articles that print them
n_origins | int32 | number of separate sources behind them
lowest | float64 | the least that any of them allows
highest | float64 | the most that any of them allows
common_low | float64 | lower end of what all of them allow; null if there is none
common_high | float64 | upper end of what all of them allow; null if there is none
agreement | string | single, same_origin, agree, compatible, differ, contradict or updates
first_as_of | date32 | earliest day among them
last_as_of | date32 | latest day among them
summary | string | one plain sentence
"""),
    ),
    Table(
        "figure_pairs",
        "how two figures of one group stand to each other",
        ("group_id", "left_figure_id", "right_figure_id"),
        ("group_id", "left_figure_id", "right_figure_id"),
        _columns("""
group_id | string | the group
left_figure_id | string | the one figure
right_figure_id | string | the other
relation | string | identical, rounding, bound_contains, overlap, conflict, later_update, subset, different_period, ...
reason | string | why, in words
"""),
    ),
    Table(
        "issues",
        "one thing refused or doubtful",
        (),
        ("article_id", "stage", "start", "end", "code", "message"),
        _columns("""
article_id | string | the article; null when a file gave none
path | string | the file or record, where an article does not say it; of a decision corrections.csv:LINE
stage | string | read, clean, extract, window, corrections, link or compare
severity | string | error (something was lost), warning (something is open) or info (something was refused)
code | string | short name of the kind of issue
message | string | what, where, why, and what to do
start | int32 | first code point in clean_text
end | int32 | one past the last code point in clean_text
text | string | the words in question
"""),
    ),
    Table(
        "runs",
        "one run; the only table with a clock",
        ("run_id",),
        ("started_at", "run_id"),
        _columns("""
run_id | string | r_ and 16 hex digits
started_at | timestamp | when it began
finished_at | timestamp | when its tables were written
version | string | Concord's version
schema_version | int32 | version of the tables' contract
settings_sha256 | string | SHA-256 over all settings
model | string | name and version of the language model
model_sha256 | string | SHA-256 over the model's files
packages | string | versions of the packages that shape the rows, as JSON
n_new | int32 | articles not seen before
n_changed | int32 | places whose text changed
n_removed | int32 | articles gone since the last run
n_unchanged | int32 | articles kept as they were
n_failed | int32 | articles or files that could not be worked on
row_counts | string | rows per table, as JSON
seconds | string | seconds per stage, as JSON
"""),
    ),
)

RAW_ARTICLES = Table(
    "raw_articles",
    "one distinct text as read, before anything is decided about it (never written to disk)",
    ("article_id",),
    ("article_id",),
    _columns("""
article_id | string | as in articles
paths | list<string> | as in articles
format | string | as in articles
encoding | string | as in articles
raw_text | string | as in articles
markup | string | the source of an HTML page; null for other formats
title | string | as given by record, front matter, sidecar file or page metadata
authors | list<string> | as given
outlet | string | as given
url | string | as given
language | string | as given
published | string | publication date as given, in whatever form
published_correction | string | publication date that a correction gives: YYYY, YYYY-MM or YYYY-MM-DD
repeated | list<string> | keys of those of its lines that other texts of the outlet print too (read.repeated.line_key)
"""),
)

LINK_UNITS = Table(
    "link_units",
    "one distinct name of one article, as linking within the article left it (kept beside the tables, for the next run)",
    ("article_id", "ordinal"),
    ("article_id", "ordinal"),
    _columns("""
article_id | string | the article
ordinal | int32 | 0 for its first name
node | int64 | number of the fullest name that it stands for there
short | int64 | number that it would have as a fullest name
name | string | the name as read, in one string
root | bool | whether it is the fullest name itself
local | bool | whether nothing outside the article may join the fullest name
stays | bool | whether a rule says so of this name
known | bool | whether nothing else bears the fullest name
last | int64 | number of the surname by which a person is sought in other articles; null if there is none
basis | string | as link_basis
confidence | string | of the link to the fullest name
gender | string | m or f, as titles tell
words | int32 | words that carry weight
by_gender | bool | whether titles of both genders part the name
doubtful | bool | whether it takes a second article to hold an acronym
notes | list<string> | what a person should look at
decided | bool | whether a decision of a person was on a name of the article
mentions | list<string> | its mentions in text order
labels | list<string> | the label of each
names | list<string> | each as read, in one string
entity_id | string | the entity it was linked to
"""),
)

LINK_BLOCKS = Table(
    "link_blocks",
    "one key of one full name, by which names that may be alike are found (kept beside the tables)",
    (),
    ("key", "node"),
    _columns("""
key | int64 | number of the key
finer | string | letters that cut a large block finer
node | int64 | number of the name
"""),
)

LINK_PAIRS = Table(
    "link_pairs",
    "two full names that are the same or alike (kept beside the tables)",
    ("left", "right"),
    ("left", "right"),
    _columns("""
left | int64 | number of a name
right | int64 | number of another
"""),
)

KEPT = Table(
    "kept",
    "one article whose rows are those of the last run (never written to disk)",
    ("article_id",),
    ("article_id",),
    _columns("""
article_id | string | the article
"""),
)

MEMORY = {table.name: table for table in (LINK_UNITS, LINK_BLOCKS, LINK_PAIRS)}
"""What stages leave for the next run; written beside the tables of a snapshot, and no part of the contract."""

KNOWLEDGE = Table(
    "knowledge",
    "one record of a knowledge base that the user gave (never written to disk)",
    ("kb_id",),
    ("kb_id",),
    _columns("""
kb_id | string | the record's id
label | string | its main name
aliases | list<string> | its other names
description | string | what it is, in words
kinds | list<string> | the kinds of thing that its types plainly are, as names.KINDS has them; empty: not known
"""),
)
CORRECTIONS = Table(
    "corrections",
    "one decision of a person; where an article is named, as it concerns that article (never written to disk)",
    (),
    ("article_id", "line"),
    _columns("""
article_id | string | the article whose rows it concerns, where it was assigned to one
line | int32 | its line in corrections.csv; null where it was assigned to an article
decision | string | merge, keep_apart, rename, not_a_name, relabel, publication_date, speaker, value or alias
article | string | the article that holds the words: a path as in articles.paths, or an article_id; null: any
text | string | the words of the name, quote or number
context | string | a longer quotation that holds the words; null: any
value | string | the name, label, date, speaker or number to set, in the form that the decision asks for
other_article | string | the article that holds the other words; null: any
other_text | string | the words of the other name
note | string | what the person noted; read by nobody else
"""),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}
"""The published tables by name, in the order in which data flows."""


_DECLARED: Mapping[str, Table] = {
    t.name: t for t in (*_ALL, *MEMORY.values(), RAW_ARTICLES, CORRECTIONS, KEPT, KNOWLEDGE)
}


def declared(name: str) -> Table:
    """The table of this name, whether it is published, kept beside the tables or never written."""
    return _DECLARED[name]


REFERENCES = (
    *((table, "article_id", "articles") for table in ("segments", "sentences", "issues", "figures")),
    *((table, "article_id", "articles") for table in ("mentions", "dates", "quantities", "quotes")),
    *((table, "sentence_id", "sentences") for table in ("mentions", "dates", "quantities", "quotes")),
    ("mentions", "entity_id", "entities"),
    ("mentions", "quote_id", "quotes"),
    ("mentions", "describes_mention_id", "mentions"),
    ("dates", "anchor_date_id", "dates"),
    ("quantities", "date_id", "dates"),
    ("quantities", "quote_id", "quotes"),
    ("quantities", "place_mention_id", "mentions"),
    ("quantities", "place_entity_id", "entities"),
    ("quantities", "subset_of_quantity_id", "quantities"),
    ("quotes", "speaker_mention_id", "mentions"),
    ("quotes", "speaker_entity_id", "entities"),
    ("quotes", "within_quote_id", "quotes"),
    ("quotes", "continues_quote_id", "quotes"),
    ("figures", "quantity_id", "quantities"),
)
"""(table, column, table whose key it holds): no such column names a row that is not there."""


def conform(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows (dicts; a missing column is null) as table ``name`` with its declared schema.

    Raises:
        SchemaError: a row has a column that the table does not declare, or a value of another type.
    """
    import pyarrow as pa

    table, rows = declared(name), list(rows)
    known = set(table.names)
    for row in rows:
        if extra := row.keys() - known:
            raise SchemaError(f"table {name}: undeclared column(s) {sorted(extra)}; declare them in schema.py")
    arrays = []
    for field in table.schema:
        try:
            arrays.append(pa.array([row.get(field.name) for row in rows], field.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise SchemaError(f"table {name}, column {field.name} ({field.type}): {error}") from error
    return pa.Table.from_arrays(arrays, schema=table.schema)


def filled(name: str, **columns: Any) -> pa.Table:
    """Whole columns (arrays, Arrow or NumPy) as table ``name`` with its declared schema."""
    import pyarrow as pa

    schema = declared(name).schema
    return pa.Table.from_arrays([pa.array(columns[f.name], f.type) for f in schema], schema=schema)


def ordered(name: str, table: pa.Table) -> pa.Table:
    """``table`` sorted as the contract of table ``name`` says, nulls last; ties by all other columns."""
    keys = [*declared(name).order, *declared(name).key]
    return table.combine_chunks().sort_by([(key, "ascending") for key in dict.fromkeys(keys)])


def check(name: str, table: pa.Table) -> None:
    """Raise SchemaError unless ``table`` has the declared schema and no two rows share a key."""
    contract = declared(name)
    if table.schema != contract.schema:
        raise SchemaError(f"table {name}: the columns differ from schema.py: {table.schema}")
    keys = list(contract.key)
    if keys and table.num_rows:
        distinct = table.group_by(keys).aggregate([]).num_rows
        if distinct != table.num_rows:
            raise SchemaError(f"table {name}: {table.num_rows - distinct} row(s) repeat a key ({', '.join(keys)})")


def check_references(tables: Mapping[str, pa.Table]) -> None:
    """Raise SchemaError if a row of ``tables`` names a row of another table that is not there."""
    import pyarrow.compute as pc

    for name, column, other in REFERENCES:
        named = tables[name][column].drop_null()
        there = pc.is_in(named, value_set=tables[other][TABLES[other].key[0]].combine_chunks())
        if not pc.all(there, min_count=0).as_py():
            lost = named.filter(pc.invert(there))
            raise SchemaError(f"table {name}: {len(lost)} {column} name no row of {other}, {lost[0].as_py()} for one")

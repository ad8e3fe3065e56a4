"""Names: what the model found, trimmed and repaired by rules whose words are data.

Order of work: take the model's entities, trim each to the bare name (titles, articles, possessives,
quotation marks and brackets go), widen it to what belongs to it, refuse what is no name, add what is plainly
one (nationalities, exact repeats of a person's full name), then settle the label by the other signs in the
same article and refuse what the network was hardly sure of.

Confidence, where the network says how certain it is (``name_certainty`` in the Doc's user data):

* ``high``: certainty high, or medium and agreed by a title or the word lists;
* ``medium``: certainty medium, or low and agreed by a title, the word lists or the same name with the same
  label elsewhere in the article; a name of an all-capital passage is never better;
* ``low``: the rest, and labels that other occurrences overruled.

Of names in newspapers of many countries (30,063 rows) 95.8 in 100 were right at high (53 rows in 100), 78.4 at
medium (34) and 48.0 at low (13). Without certainty: ``high`` when any of those signs agrees with the model;
``low`` for a single word in lower case, in capitals or of an odd shape, or in an all-capital passage;
``medium`` otherwise.

One file because the steps hand one list of names from each to the next, in the order above.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.ids import content_id
from pipeline.nlp.passages import Article, Found, Passage, Row
from pipeline.schema import MENTION_LABELS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from pipeline.settings import ExtractSettings

LABELS = {**{label: label for label in MENTION_LABELS}, "PER": "PERSON", "FACILITY": "FAC", "LOCATION": "LOC"}
"""Labels of spaCy pipelines -> ours. MISC is settled by the word lists or dropped; DATE, MONEY ... are not names."""

_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:jan|febr)uary|march|april|may|june|july|august"
    r"|(?:sept|nov|dec)ember|october|(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
    r"|spring|summer|autumn|winter|today|yesterday|tomorrow|tonight",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,:/$£€%°–-]+(?:st|nd|rd|th|s|m|bn|k|am|pm)?", re.IGNORECASE)
_NUMBER_WORD = re.compile(
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundreds?"
    r"|thousands?|millions?|billions?|dozens?|first|second|third|fourth|fifth",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[#@]\w|https?:|www\.|\S@\S+\.|\w\.(?:com|org|net|co|gov|info)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"i|me|my|mine|we|us|our|you|your|he|him|his|she|her|hers|it|its|they|them|their|who|this|that|these|those"
    r"|there|here|what|which|when|where|why|how|and|but|or|if|so|yes|no|not|also|the|a|an|in|on|at|of|for|to",
)
_ABBREVIATION = re.compile(r"(?:\w\.){2,}|(?:Jr|Sr|Inc|Corp|Ltd|Co|Bros|Mt|St)\.")
_LEADING = re.compile(
    r"(?:the|a|an|another|this|that|amid|among|and|as|at|but|by|despite|for|from|if|in|like|meanwhile|on|since|though"
    r"|unlike|when|while|with)\s+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s+(?:of|and|in|on|at|for|the|to|by|with|from|as|or|is|was|has|who)$")
_PREFIX = re.compile(r"(?<![\w-])(?:ultra|sub)-$", re.IGNORECASE)
_DIRECTION = re.compile(r"(?<![\w’'-])(?:North|South|East|West|Central)(?:ern)?\s$")
_POSSESSED = re.compile(r"(?:['’]s|(?<=s)['’])(?: [A-Z][\w-]+)+")
_AMOUNT = re.compile(
    r"(?:\d|\b(?:hundred|thousand|million|billion|trillion|crore|lakh|bn|m)s?(?: of| in)?)\s$", re.IGNORECASE
)
_CURRENCY = re.compile(r"\s(?:dollars?|cents|pounds?|rupees?|francs?|pesos?|shillings?|dinars?|riyals?|won|yen)\b")
_MONEYED = frozenset({"GPE", "LOC", "ORG"})
_NO_NAME = {
    "common": "a common noun without a name",
    "short": "a general abbreviation",
    "sick": "a disease, for which there is no label",
}
_HARDLY_SURE = {"PERSON": 0.3, "ORG": 0.3, "FAC": 0.5}
_OVERRULED = frozenset({"model+majority", "model+surname", "repeat", "heading"})
_OPENERS, _POSSESSIVES = "\"“”„‘’'`«»([{<*#@–—-…,;:.!?/|~•", ("'s", "’s", "'S", "’S", "'", "’")


@functools.cache
def title_words() -> dict[str, frozenset[str]]:
    """Part (honorific, rank, office, modifier, role, group, anonymous) -> its words in lower case."""
    parts: dict[str, set[str]] = defaultdict(set)
    for row in resources.rows("titles.csv"):
        parts[row["part"]].add(row["word"])
    return {part: frozenset(words) for part, words in parts.items()}


@functools.cache
def demonyms() -> frozenset[str]:
    """Words for people and things of a place, people or creed, plurals in -s included."""
    forms = [form for row in resources.rows("demonyms.csv") for form in row["forms"].split(";") if form]
    plurals = {f"{form}s" for form in forms if not form.endswith(("s", "sh", "ch", "ese", "men"))}
    return frozenset(forms) | (plurals - set(places()))


@functools.cache
def places() -> dict[str, str]:
    """Names of countries, regions and well-known places -> GPE or LOC."""
    return {row["place"]: row["label"] for row in resources.rows("demonyms.csv") if row["place"]}


@functools.cache
def name_heads() -> dict[tuple[str, str], str]:
    """(word or words, position in or beside a name) -> the label of that name."""
    return {(row["word"], row["position"]): row["label"] for row in resources.rows("name_heads.csv")}


@functools.cache
def no_names() -> dict[str, str]:
    """What is no name alone -> its kind (common, short or sick); "short" in its own case, the others in lower."""
    return {row["word"]: row["kind"] for row in resources.rows("no_names.csv")}


@dataclass(frozen=True)
class _Name:
    """A candidate: characters ``start``..``end`` of one passage; ``source`` is that passage's text, joined once."""

    passage: Passage
    source: str
    start: int
    end: int
    label: str
    rule: str
    title: str | None = None
    sure: float | None = None
    certainty: str | None = None

    @property
    def text(self) -> str:
        return self.source[self.start : self.end]

    @property
    def name(self) -> str:
        return " ".join(re.sub(r"[\"“”„«»]", "", self.text).split())


def find_mentions(article: Article, settings: ExtractSettings) -> Found:
    """Rows of table ``mentions`` in ``article``, and an issue for every rejected candidate.

    Spans never touch a title, a leading article, a possessive ending or a line break. Linking columns
    and ``quote_id`` are left to later stages.
    """
    found = Found()
    names: list[_Name] = []
    texts = {passage.start: passage.doc.text for passage in article.passages}
    for passage in article.passages:
        source = texts[passage.start]
        own: list[_Name] = []
        for entity, sure, certainty in _entities(passage.doc):
            label = LABELS.get(entity.label_, "MISC" if entity.label_ == "MISC" else None)
            if label is None:
                continue
            name = _trimmed(_Name(passage, source, entity.start_char, entity.end_char, label, "model"))
            name = replace(_facility(_whole(name)), sure=sure, certainty=certainty)
            reason = _refusal(name)
            if reason:
                found.issues.append(_rejected(*passage.span(entity), entity.text, reason))
            else:
                own.append(name)
        kept, covered = _apart(own)
        for name in covered:
            start, end = passage.start + name.start, passage.start + name.end
            found.issues.append(_rejected(start, end, name.text, "it lies in or across a longer name"))
        kept += _demonym_names(passage, source, kept)
        kept += _place_of_dateline(passage, source, kept)
        names += kept
    names = _spelt_out(_settled(_widened(names)))
    names, doubtful = _sifted(names)
    for name in doubtful:
        start, end = name.passage.start + name.start, name.passage.start + name.end
        found.issues.append(_rejected(start, end, name.text, "the model is hardly sure, and no other sign agrees"))
    names = _settled(names + _repeats(article, texts, names))
    counts = Counter((name.name, name.label) for name in names)
    labels = defaultdict(set)
    for name in names:
        labels[name.name].add(name.label)
    for name in sorted(names, key=lambda n: (n.passage.start + n.start, n.end)):
        found.rows.append(
            _row(article, name, repeated=counts[name.name, name.label] > 1 and len(labels[name.name]) == 1)
        )
    return found


def _rejected(start: int, end: int, text: str, reason: str) -> Row:
    message = f"{text!r}: {reason}; not kept as a name"
    return {"severity": "info", "code": "rejected_name", "message": message, "start": start, "end": end}


def _entities(doc: Doc) -> list[tuple[Span, float | None, str | None]]:
    """The model's entities, each with its probability and certainty, which only our own network gives."""
    told = doc.user_data
    columns = (told.get(f"name_{column}", ()) for column in ("spans", "probabilities", "certainty"))
    known = {span: (sure, certainty) for span, sure, certainty in zip(*columns, strict=True)}
    return [(entity, *known.get((entity.start, entity.end), (None, None))) for entity in doc.ents]


def _row(article: Article, name: _Name, *, repeated: bool) -> Row:
    start, end = name.passage.start + name.start, name.passage.start + name.end
    return {
        "mention_id": content_id("m", article.article_id, start, end),
        "start": start,
        "end": end,
        "label": name.label,
        "name": name.name,
        "title": name.title,
        "role": _role(name) if name.label == "PERSON" else None,
        "rule": name.rule,
        "confidence": _confidence(name, repeated=repeated),
    }


def _confidence(name: _Name, *, repeated: bool) -> str:
    """The module's docstring says which of the network's certainty and the second signs give which level."""
    repeated = repeated and (name.rule != "repeat" or " " in name.text)
    agreed = bool(name.title) or _listed_label(name.text) == name.label
    if name.certainty is None:
        return "high" if agreed or repeated else "low" if _odd_shape(name) else "medium"
    if name.certainty == "low" or name.rule in _OVERRULED:
        return "medium" if agreed or (repeated and name.rule not in _OVERRULED) else "low"
    return "medium" if _all_capitals(name.passage) or (name.certainty == "medium" and not agreed) else "high"


def _odd_shape(name: _Name) -> bool:
    """Whether a single word is in lower case, in capitals, or mixes them; or the whole passage is in capitals."""
    word = name.text
    if _all_capitals(name.passage):
        return True
    return " " not in word and (word.islower() or (word.isupper() and len(word) > 5) or not word[0].isalnum())


def _all_capitals(passage: Passage) -> bool:
    words = [token.text for token in passage.doc if token.is_alpha and len(token) > 1]
    return len(words) > 2 and all(word.isupper() for word in words)


def _listed_label(text: str) -> str | None:
    """The label that the word lists give to a whole name; None when they say nothing."""
    if text in demonyms():
        return "NORP"
    words = text.split()
    if label := places().get(text) or (places().get(text.title()) if text.isupper() and len(text) > 3 else None):
        return label
    if len(words) < 2:
        return None
    heads = name_heads()
    return heads.get((" ".join(words[-2:]), "last")) or heads.get((words[-1], "last")) or heads.get((words[0], "first"))


def _trimmed(name: _Name) -> _Name:
    """``name`` cut to the bare name, with the title that stands before it or was taken into it."""
    doc, start, end = name.passage.doc, name.start, name.end
    text = name.source
    bracket = re.search(r"\s*[(\[\n]", text[start + 1 : end])
    if bracket:
        end = start + 1 + bracket.start()
    while start < end:
        words = text[start:end]
        leading, trailing = _LEADING.match(words), _TRAILING.search(words)
        if words[0] in _OPENERS or words[0].isspace():
            start += 1
        elif leading and not (name.label == "WORK_OF_ART" and words[0].isupper()):
            start += leading.end()
        elif trailing:
            end = start + trailing.start()
        elif words.endswith(_POSSESSIVES):
            end -= 2 if words[-1] in "sS" else 1
        elif (
            words[-1].isspace()
            or not (words[-1].isalnum() or words[-1] in ".%+" or unicodedata.category(words[-1]).startswith("M"))
            or (words[-1] == "." and not _ABBREVIATION.fullmatch(words.split()[-1]))
        ):
            end -= 1
        else:
            break
    if start >= end:
        return replace(name, start=start, end=max(start, end))
    title_start, name_start = _title(doc, start, end)
    title, label = None, name.label
    if title_start < name_start:
        before = text[title_start:name_start].split()
        personal = plain(before[-1]) in title_words()["honorific"] | title_words()["rank"]
        if label == "PERSON" or name_start > start or personal:
            if label != "PERSON" and personal and text[name_start:end].count(" ") < 3:
                label = "PERSON"
            if label == "PERSON":
                title, start = " ".join(before), name_start
    return replace(name, start=start, end=end, label=label, title=title)


def _whole(name: _Name) -> _Name:
    """``name`` with what belongs to it on either side and the model left out.

    That is the prefix of a group or region ("ultra-Orthodox", "sub-Saharan Africa"), a capitalised direction
    before a people or the rest of a listed one ("Costa Ricans"), and the body or building that people with a
    capital possess ("Rundu Magistrate's Court").
    """
    before = name.source[: name.start]
    if name.label in {"NORP", "GPE", "LOC"} and (match := _PREFIX.search(before)):
        name = replace(name, start=match.start())
    for match in _demonym_pattern().finditer(name.source) if name.label == "NORP" else ():
        if match.start() <= name.start and name.end <= match.end():
            name = replace(name, start=match.start(), end=match.end())
    if name.label == "NORP" and name.text in demonyms() and (match := _DIRECTION.search(before)):
        name = replace(name, start=match.start())
    owner = (name.text.split()[-1:] or [""])[0]
    if (owner, "owner") in name_heads() and (match := _POSSESSED.match(name.source, name.end)):
        head = match[0].split()[-1]
        if label := name_heads().get((head, "last")) or name_heads().get((head, "owned")):
            name = replace(name, end=match.end(), label=label, title=None)
    return name


def _facility(name: _Name) -> _Name:
    """``name`` with the small noun of a facility right behind it: "Vell Nagar prison" is one name.

    Not behind "a" or "in", an adjective's people or a listed country: "a Vell jail", "in Vell jail" and "the US
    prison" only say where it stands.
    """
    if name.label not in {"GPE", "LOC", "FAC"} or _listed_label(name.text) in {"GPE", "NORP"}:
        return name
    match = re.match(r" ((?:[a-z]+ )?[a-z]+)\b", name.source[name.end :])
    words = match[1].split() if match else []
    if re.search(r"\b(?:an?|in)\s$", name.source[: name.start], re.IGNORECASE):
        return name
    for noun in (" ".join(words), words[0] if words else ""):
        if label := name_heads().get((noun, "noun")):
            return replace(name, end=name.end + 1 + len(noun), label=label)
    return name


def _apart(names: list[_Name]) -> tuple[list[_Name], list[_Name]]:
    """The names of one passage that touch no longer one, in text order, and those that lie in or across one."""
    kept: list[_Name] = []
    covered: list[_Name] = []
    for name in sorted(names, key=lambda n: (n.start - n.end, n.start)):
        (covered if any(k.start < name.end and name.start < k.end for k in kept) else kept).append(name)
    return sorted(kept, key=lambda n: n.start), covered


def plain(word: str) -> str:
    """``word`` as the list of titles has it."""
    return word.lower().rstrip(".")


def _title(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Characters (title start, name start) of the title inside or right before ``start``..``end``; equal if none."""
    parts = title_words()
    heads = parts["honorific"] | parts["rank"] | parts["office"]
    chain = heads | parts["modifier"]
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return start, start
    first = span.start
    while first < span.end - 1 and plain(doc[first].text) in chain | {"of", "-", "."} and _can_be_title(doc, first):
        first += 1
    while first > span.start and doc[first - 1].text in {"of", "-"}:
        first -= 1
    left = first
    while left > 0:
        token = doc[left - 1]
        word = plain(token.text)
        if (
            (token.text == "." and left > 1 and plain(doc[left - 2].text) in parts["rank"] | parts["honorific"])
            or word in heads
            or (
                word in chain
                and (left < first or (word in {"state", "justice", "staff"} and doc[left - 2].text == "of"))
            )
            or (token.text in {"of", "-"} and left < first and left > 1 and plain(doc[left - 2].text) in chain)
        ):
            left -= 1
        else:
            break
    while left < first and (doc[left].is_punct or doc[left].text == "of"):
        left += 1
    if left == first or not any(plain(t.text) in heads for t in doc[left:first]):
        return start, start
    return doc[left].idx, max(start, doc[first].idx)


def _can_be_title(doc: Doc, i: int) -> bool:
    """Whether a word of an office, found inside a name, is one here: "King" in "Martin Luther King" is not."""
    return bool(doc[i].text[0].isupper() or doc[i].is_lower or doc[i].is_punct)


def _refusal(name: _Name) -> str | None:
    """Why ``name`` is no name; None if it may be one."""
    text = name.text
    if not any(ch.isalpha() for ch in text):
        return "nothing but numbers or marks"
    if _ADDRESS.search(text) or (name.start and name.source[name.start - 1] in "#@"):
        return "a hashtag, handle or address"
    words = [word for word in re.split(r"[\s,]+", text) if word]
    if re.fullmatch(r"\d+[A-Z]", text):
        return "a position in a picture"
    if all(_CALENDAR.fullmatch(w) or _NUMBER.fullmatch(w) or _NUMBER_WORD.fullmatch(w) for w in words):
        # "May" and "April" are given names, too: a title or a second part in the name keeps them.
        if name.title and name.label == "PERSON":
            return None
        return "a day, month, season or number"
    if _PRONOUN.fullmatch(text.lower()) and not (text.isupper() and len(text) > 1):
        return "a pronoun or function word"
    parts = title_words()
    heads = parts["honorific"] | parts["rank"] | parts["office"]
    if plain(words[-1]) in heads and (len(words) == 1 or all(plain(w) in heads | parts["modifier"] for w in words)):
        return "a title without a name"
    kind = no_names().get(text) or no_names().get(text.lower(), "")
    if kind in _NO_NAME and not (name.title and name.label == "PERSON"):  # "Senator Church"
        return _NO_NAME[kind]
    if name.label in _MONEYED and _of_amount(name):
        return "part of an amount of money"
    if len(text) == 1 and text != "X":
        return "a single letter"
    if text.islower() and name.label in {"PERSON", "ORG", "GPE", "LOC"} and not name.source.islower():
        return "a word in lower case"
    if name.label == "PERSON" and name.title is None and len(words) == 1 and _stands_for_a_noun(name):
        return "a single word behind an article, which a person's name never is"
    if name.label == "MISC" and _listed_label(text) is None:
        return "the model does not say what kind of name it is"
    if text.islower() and len(words) == 1 and name.label in {"GPE", "LOC", "ORG", "FAC", "PERSON"} and len(text) < 4:
        return "a short word in lower case"
    return None


def _of_amount(name: _Name) -> bool:
    """Whether the place ``name`` tells the currency: "US$4 million", "4 million US dollars"."""
    before, behind = name.source[: name.start], name.source[name.end :]
    return behind.startswith("$") or bool(_AMOUNT.search(before) and _CURRENCY.match(behind))


def _stands_for_a_noun(name: _Name) -> bool:
    """Whether "the" or "The" stands before ``name`` and no noun or name behind it: "the Amir said"."""
    doc = name.passage.doc
    span = doc.char_span(name.start, name.end, alignment_mode="expand")
    if span is None or span.start == 0 or doc[span.start - 1].lower_ != "the":
        return False
    return span.end == len(doc) or doc[span.end].pos_ in {"PUNCT", "VERB", "AUX", "ADP", "CCONJ", "SCONJ"}


def _demonym_names(passage: Passage, source: str, names: list[_Name]) -> list[_Name]:
    """Nationalities, peoples and creeds that the model left out."""
    taken = [(n.start, n.end) for n in names if n.passage is passage]
    made = []
    for match in _demonym_pattern().finditer(source):
        start, end = match.span()
        given_name = match[0] == "Christian" and re.match(r"\s[A-Z]", source[end:])
        if not given_name and not any(s < end and start < e for s, e in taken):
            made.append(_Name(passage, source, start, end, "NORP", "demonym"))
    return made


@functools.cache
def _demonym_pattern() -> re.Pattern[str]:
    forms = sorted(demonyms(), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, forms))})(?![\w])")


def _settled(names: list[_Name]) -> list[_Name]:
    """``names`` with their labels settled within the article; what has no label of ours then is left out."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for name in names:
        votes[name.name][name.label] += 1 if name.sure is None else name.sure**2
    surnames = {name.name.split()[-1] for name in names if name.label == "PERSON" and " " in name.name}
    settled = [_relabelled(name, votes[name.name], surnames) for name in names]
    return [name for name in settled if name.label != "MISC"]


def _sifted(names: list[_Name]) -> tuple[list[_Name], list[_Name]]:
    """``names`` parted into those to keep and those under the limit of their label wherever the article has them.

    A title or a place in the word lists keeps a name whatever its probability. The limits are where fewer
    than four in ten were right (buildings: two in ten).
    """
    best: dict[str, float] = defaultdict(float)
    for name in names:
        best[name.name] = max(best[name.name], 1.0 if name.sure is None else name.sure)
    kept: list[_Name] = []
    doubtful: list[_Name] = []
    for name in names:
        unsure = best[name.name] < _HARDLY_SURE.get(name.label, 0)
        (doubtful if unsure and not name.title and not _listed_label(name.text) else kept).append(name)
    return kept, doubtful


def _spelt_out(names: list[_Name]) -> list[_Name]:
    """``names`` where an abbreviation in brackets behind its words has their label: "Bank of Arland (BoA)"."""
    labels = {}
    for words, short in itertools.pairwise(names):
        between = words.source[words.end : short.start] if words.passage is short.passage else ""
        if (
            between.strip() == "("
            and short.source[short.end : short.end + 1] == ")"
            and _abbreviates(short.name, words.name)
        ):
            labels[short.name] = words.label
    return [
        replace(name, label=labels[name.name], rule="model+abbreviation")
        if labels.get(name.name, name.label) != name.label
        else name
        for name in names
    ]


def _abbreviates(short: str, words: str) -> bool:
    """Whether ``short`` has two capitals or more, which are the first letters of the capitalised ``words``."""
    capitals = [ch for ch in short if ch.isupper()]
    firsts = [word[0] for word in re.split(r"[\s-]+", words) if word and word[0].isupper()]
    return len(capitals) > 1 and " " not in short and capitals == firsts


def _relabelled(name: _Name, votes: dict[str, float], surnames: set[str]) -> _Name:
    """``name`` with the label that the word lists, its other occurrences or a full name in the article give it.

    A label of the same name elsewhere wins with more than half of the squared probabilities; without
    probabilities, with two thirds of at least three occurrences.
    """
    if name.passage.zone == "dateline":
        return _in_dateline(name)
    listed, single = _listed_label(name.name), " " not in name.name
    label, most = max(votes.items(), key=lambda vote: vote[1])
    total = sum(votes.values())
    outvoted = total >= 3 and most >= 0.66 * total if name.sure is None else most > 0.5 * total
    unsure = name.label in {"MISC", "WORK_OF_ART", "PRODUCT", "GPE", "LOC", "EVENT", "LAW", "FAC"}
    if (
        listed
        and listed != name.label
        and (single or unsure or listed == "NORP" or (name.name.split()[0], "first") in name_heads())
        and (listed, name.label) != ("GPE", "LOC")
    ):
        return replace(name, label=listed, rule="model+list" if name.rule == "model" else name.rule)
    if name.label != label and outvoted and not listed:
        return replace(name, label=label, rule="model+majority")
    if single and name.label != "PERSON" and name.name in surnames and not listed:
        return replace(name, label="PERSON", rule="model+surname")
    return name


def _in_dateline(name: _Name) -> _Name:
    """A dateline names places, and in brackets the agency: "TESHKA, Orsania, Aug. 29 (KPA) -"."""
    before = name.source[: name.start]
    label = "ORG" if before.count("(") > before.count(")") else "GPE"
    return replace(name, label=label, rule="dateline") if name.label != label else name


def _place_of_dateline(passage: Passage, source: str, names: list[_Name]) -> list[_Name]:
    """The capitals that open a dateline, where the model saw no name in them."""
    match = re.match(r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+)*(?![\w])", source) if passage.zone == "dateline" else None
    if match is None or any(n.passage is passage and n.start < match.end() for n in names):
        return []
    return [_Name(passage, source, 0, match.end(), "GPE", "dateline")]


def _known(names: list[_Name]) -> dict[str, str]:
    """What may be added where it is untagged -> its label: full names, and persons' surnames.

    A surname counts only while the model gives the word no other label in the article. (Other single words
    that it found twice were tried, too: of organisations so added, one in four was right.)
    """
    known = {n.name: n.label for n in names if " " in n.name and n.name == n.text and n.label != "NORP"}
    others = {n.name for n in names if n.label != "PERSON"}
    parts = title_words()
    for name in names:
        word = name.name.split()[-1]
        listed = (word, "last") in name_heads() or plain(word) in parts["office"] | parts["role"] or word in others
        if name.label == "PERSON" and word != name.name and len(word) > 2 and word.istitle() and not listed:
            known.setdefault(word, "PERSON")
    return known


def _widened(names: list[_Name]) -> list[_Name]:
    """Where the model found one end of a person's name that the article gives in full elsewhere: the whole of it."""
    full = sorted({n.name for n in names if n.label == "PERSON" and " " in n.name}, key=lambda f: (-len(f), f))
    made = []
    for name in names:
        others = [(n.start, n.end) for n in names if n.passage is name.passage and n is not name]
        for whole in full if name.label == "PERSON" and name.title is None else ():
            if whole.endswith(" " + name.text):
                start, end = name.end - len(whole), name.end
            elif whole.startswith(name.text + " "):
                start, end = name.start, name.start + len(whole)
            else:
                continue
            outside = name.source[max(0, start - 1) : max(0, start)] + name.source[end : end + 1]
            free = not any(s < end and start < e for s, e in others)
            if start >= 0 and name.source[start:end] == whole and free and not re.search(r"[\w-]", outside):
                name = replace(name, start=start, end=end, rule="model+full")  # noqa: PLW2901
                break
        made.append(name)
    return made


def _repeats(article: Article, texts: dict[int, str], names: list[_Name]) -> list[_Name]:
    """Untagged exact repeats of known persons; in all-capital passages, of all known names and in any case."""
    known = _known(names)
    if not known:
        return []
    ordered = sorted(known, key=lambda name: (-len(name), name))
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])")
    capitals = re.compile(pattern.pattern, re.IGNORECASE)
    folded = {name.casefold(): label for name, label in sorted(known.items())}
    made = []
    certainty = "low" if any(name.certainty for name in names) else None
    for passage in article.passages:
        taken = [(n.start, n.end) for n in names if n.passage is passage]
        loud = _all_capitals(passage)
        for match in (capitals if loud else pattern).finditer(texts[passage.start]):
            start, end = match.span()
            label = folded.get(match[0].casefold())  # "İ" matches "i" and folds to more than that
            person = label == "PERSON" and not re.search(
                r"\b[Tt]he\s$", texts[passage.start][:start]
            )  # "the Sarn" flows
            if label and (loud or person) and not any(s < end and start < e for s, e in taken):
                rule = "heading" if loud else "repeat"
                made.append(_Name(passage, texts[passage.start], start, end, label, rule, certainty=certainty))
    return [_trimmed(name) for name in made]


def _role(name: _Name) -> str | None:
    """The role beside a person: ", head of the agency," after the name, or "agency founder" before it."""
    doc = name.passage.doc
    span = doc.char_span(name.start, name.end, alignment_mode="expand")
    if span is None:
        return None
    after = role_after(doc, span.end)
    if after is not None:
        return " ".join(after.text.split())
    return None if name.title else _role_before(doc, span.start)


def _role_before(doc: Doc, first: int) -> str | None:
    if first == 0 or doc[first - 1].tag_ not in {"NN", "NNP"} or not _is_role(doc[first - 1]):
        return None
    left = first - 1
    while left > 0 and first - left < 8 and may_stand_in_role(doc[left - 1]):
        left -= 1
    while left < first - 1 and doc[left].tag_ in {"POS", "HYPH", "CC", "DT", "PRP$"}:
        left += 1
    return " ".join(doc[left:first].text.split())


def may_stand_in_role(token: Token) -> bool:
    """Whether ``token`` may be part of a noun phrase that says what somebody is."""
    return token.tag_ in {"NN", "NNP", "NNPS", "NNS", "JJ", "HYPH", "POS", "AFX"} and not token.is_space


def _is_role(token: Token) -> bool:
    return plain(token.text) in title_words()["role"] and token.text.islower()


def role_after(doc: Doc, end: int) -> Span | None:
    """The role that stands between commas behind a person's name, which ends before token ``end``."""
    if end + 1 >= len(doc) or doc[end].text != ",":
        return None
    i = end + 1
    if doc[i].text.isdigit() and i + 2 < len(doc) and doc[i + 1].text == ",":  # the age
        i += 2
    if i < len(doc) and doc[i].tag_ in {"DT", "PRP$"}:
        i += 1
    first = i
    while i < len(doc) and may_stand_in_role(doc[i]):
        i += 1
    head = doc[i - 1]
    known = title_words()["role"] | title_words()["office"]
    if i == first or not any(plain(t.text) in known for t in doc[first:i]) or head.tag_ == "POS":
        return None
    while (
        i + 1 < len(doc)
        and i - first < 14
        and doc[i].tag_ in {"IN", "CC"}
        and doc[i].lower_ in {"of", "for", "at", "and", "with"}
    ):
        j = i + 1
        while j < len(doc) and j - first < 16 and (may_stand_in_role(doc[j]) or doc[j].tag_ in {"DT", "PRP$", "CD"}):
            j += 1
        if j == i + 1 or (j < len(doc) and doc[j].pos_ in {"VERB", "AUX"} and doc[i].lower_ == "and"):
            break
        i = j
    if i < len(doc) and not doc[i].is_punct and doc[i].tag_ not in {"WP", "WDT", "VBN", "VBG", "IN", "TO"}:
        return None
    if (
        i < len(doc)
        and doc[i].text == ","
        and head.tag_.startswith("NNP")
        and not any(t.is_lower for t in doc[first:i])
    ):
        return None  # "Kim, President Park, and others": a list of people
    return doc[first:i]

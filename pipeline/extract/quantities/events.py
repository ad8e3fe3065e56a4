"""What befell those a number counts: the event, and how the statement about it is coloured.

The predicate is looked for where English puts it: right before the number ("killed 12", "the deaths
of 12"), right behind its noun ("12 dead", "people displaced by"), or in the verb group that follows
("people were forced to flee"); only where word order says nothing are the heads of the parse asked.

One file because these places are tried in turn for one number, and what one refuses another must not take.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline import resources

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


@dataclass(frozen=True)
class Meaning:
    """An event class, who of a verb's participants is counted (patient, agent, both), and their unit."""

    event: str
    role: str
    unit: str | None


@dataclass(frozen=True)
class Event:
    """What was found: the class, the words ``start:end`` of the Doc (characters) that say so, and how."""

    name: str
    start: int
    end: int
    unit: str | None
    rule: str
    confidence: str
    tokens: tuple[int, int]


@functools.cache
def _words() -> dict[str, dict[str, Meaning]]:
    table: dict[str, dict[str, Meaning]] = {part: {} for part in ("verb", "adjective", "noun", "head", "group")}
    for row in resources.rows("events.csv"):
        table[row["part"]][row["word"]] = Meaning(row["event"], row["role"], row["unit"] or None)
    return table


@functools.cache
def _phrases() -> dict[str, Any]:
    return resources.toml("event_phrases.toml")


@functools.cache
def _patterns(side: str) -> list[tuple[re.Pattern[str], dict[str, str]]]:
    end = r"\s*(?:(?:about|some|around|the)\s+)?$" if side == "before" else r"(?![\w-])"
    start = r"(?<![\w-])" if side == "before" else r"\s*"
    return [(re.compile(f"{start}({entry['pattern']}){end}", re.IGNORECASE), entry) for entry in _phrases()[side]]


@functools.cache
def _any_pattern(side: str) -> re.Pattern[str]:
    """All patterns of one side in one: where it fails, none of them holds."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _patterns(side)), re.IGNORECASE)


@functools.cache
def _forms() -> dict[str, tuple[str, str]]:
    """Every inflected form of the listed verbs: its lemma and whether it is base, past or ing."""
    return {form: entry for (form, particle), entry in _inflected().items() if not particle}


@functools.cache
def _inflected() -> dict[tuple[str, str], tuple[str, str]]:
    """The same under form and particle, which is empty for most: ("tore", "down") of "tear down"."""
    forms: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in _words()["verb"]:
        verb, _, particle = entry.partition(" ")
        stem = verb.removesuffix("e")
        doubled = verb + verb[-1] if re.search(r"[^aeiou][aeiou][^aeiouwxy]$", verb) else verb
        for form in {verb, verb + "s", verb + "es"}:
            forms.setdefault((form, particle), (entry, "base"))
        for base in {stem, verb, doubled}:
            forms.setdefault((base + "ing", particle), (entry, "ing"))
            forms.setdefault((base + "ed", particle), (entry, "past"))
        if verb.endswith("y"):
            forms.setdefault((verb[:-1] + "ied", particle), (entry, "past"))
        for form, base in _phrases()["irregular"].items():
            if base == verb:
                forms[form, particle] = (entry, "past")
    forms["dying", ""] = ("die", "ing")
    return forms


def _verb_at(doc: Doc, j: int) -> tuple[Meaning, str, int] | None:
    """The listed verb at token ``j`` with its particle: what it means, its form, and the token behind it."""
    low = doc[j].lower_
    after = doc[j + 1].lower_ if j + 1 < len(doc) else ""
    for particle, end in ((after, j + 2), ("", j + 1)):
        if (particle or end == j + 1) and (entry := _inflected().get((low, particle))):
            meaning = _words()["verb"][entry[0]]
            if meaning.role == "passive" and after not in _grammar("stays"):
                return None  # "held in Dovrin", but not "held up", "held a vigil", "held responsible"
            return meaning, entry[1], end
    return None


@functools.cache
def _grammar(name: str) -> frozenset[str]:
    return frozenset(_phrases()["grammar"][name])


def find_event(
    doc: Doc,
    text: str,
    first: int,
    noun: tuple[int, int] | None,
    after: int,
    head: int | None,
    skip: Collection[tuple[int, int]],
) -> Event | None:
    """The event of a number whose expression is tokens ``first:after``, with the noun phrase ``noun`` in it.

    ``head`` is the token of the counted noun or of the number; ``skip`` holds the token spans of the
    sentence's other numbers, over which the search may step.
    """
    limit = doc[max(first, after - 1)].sent.end
    found = (
        _named_by_head(doc, noun, head)
        or _number_of(doc, text, first, doc[first].sent.start)
        or _left(doc, first, doc[first].sent.start, noun)
        or _right(doc, text, after, limit, skip)
        or _inside(doc, noun, head)
        or _ill(doc, noun, head)
        or _by_heads(doc, first if head is None else head)
        or _before(doc, text, first, noun, after)
        or _purpose(doc, after, limit, skip)
        or _group(doc, noun, head)
    )
    return _both(doc, found) if found else None


def behind_participle(doc: Doc, after: int) -> int:
    """The token behind a participle clause at ``after``: it says what befell the whole and not its part.

    That of "had" in "19 of the 25 miners trapped there had been rescued".
    """
    if after < len(doc) and doc[after].dep_ == "acl" and doc[after].tag_ == "VBN":
        return 1 + max(int(t.i) for t in doc[after].subtree)
    return after


def _both(doc: Doc, event: Event) -> Event:
    """The number is of both together, so that neither class alone is true: "killed or wounded"."""
    first, last = event.tokens[0], event.tokens[1]
    for low, high in ((last, last + 1), (first - 2, first - 1)):
        if low < 0 or high >= len(doc) or doc[low if low == last else high].lower_ not in ("or", "and", "and/or"):
            continue
        other, link = (doc[high], doc[low]) if low == last else (doc[low], doc[high])
        entry = _forms().get(other.lower_)
        name = (
            _words()["verb"][entry[0]].event
            if entry
            else _words()["adjective"][other.lower_].event
            if other.lower_ in _words()["adjective"]
            else None
        )
        if name is None or name == event.name or (link.lower_ == "and" and {name, event.name} != {"killed", "injured"}):
            continue
        begin, end = min(other.i, first), max(other.i + 1, last)
        return replace(
            event, name="other", start=doc[begin].idx, end=doc[end - 1].idx + len(doc[end - 1]), tokens=(begin, end)
        )
    return event


def _event(doc: Doc, meaning: Meaning, i: int, rule: str, confidence: str = "high", end: int | None = None) -> Event:
    last = end or i + 1
    stop = doc[last - 1].idx + len(doc[last - 1])
    return Event(meaning.event, doc[i].idx, stop, meaning.unit, rule, confidence, (i, last))


def _lemma(token: Token) -> str:
    from pipeline.extract.quantities.counted import singular

    return singular(token)


def _named_by_head(doc: Doc, noun: tuple[int, int] | None, head: int | None) -> Event | None:
    """The counted noun is the event: "46 deaths", "38,000 displacements"."""
    if noun is None or head is None:
        return None
    meaning = _words()["head"].get(_lemma(doc[head]))
    return _event(doc, meaning, head, "counted_event") if meaning else None


def _ill(doc: Doc, noun: tuple[int, int] | None, head: int | None) -> Event | None:
    """Cases or patients of a named disease: "40 cases of cholera", "two dengue patients"."""
    if noun is None or head is None or _lemma(doc[head]) not in _grammar("cases"):
        return None
    behind = (
        range(head + 1, min(head + 6, doc[head].sent.end))
        if head + 1 < len(doc) and doc[head + 1].lower_ == "of"
        else ()
    )
    for i in (*range(noun[0], head), *behind):
        if doc[i].lower_ in _grammar("diseases") or doc[i].lower_.startswith("covid"):
            return _event(doc, Meaning("infected", "", None), head, "case_of", "medium")
    return None


def _group(doc: Doc, noun: tuple[int, int] | None, head: int | None) -> Event | None:
    """What they are called says what befell them: "7,000 IDPs", "hundreds of protesters"."""
    if noun is None or head is None:
        return None
    meaning = _words()["group"].get(_lemma(doc[head]))
    return _event(doc, meaning, head, "counted_group", "medium") if meaning else None


def _left(doc: Doc, first: int, begin: int, noun: tuple[int, int] | None) -> Event | None:
    """An active verb or a noun with "of" right before the number."""
    k = first - 1
    while k >= begin and (
        (doc[k].tag_ == "RB" and doc[k].lower_ not in _forms())
        or doc[k].lower_ in ("(", "“", '"', "the", "all", "up", "also", "her", "his", "their", "its", "our", "my")
    ):
        k -= 1
    if k < begin:
        return None
    if k > begin + 1 and doc[k].lower_ == "of" and doc[k - 1].lower_ in ("any", "all", "each", "most", "some", "both"):
        k -= 2  # "have not arrested any of the 30 men"
    low = doc[k].lower_
    if low in ("of", "to", "for") and k > begin:
        meaning = _words()["noun"].get(_lemma(doc[k - 1])) or _words()["noun"].get(doc[k - 1].lower_)
        if meaning and (low == "of" or (meaning.event == "damaged" and low == "to")):
            return _event(doc, meaning, k - 1, "noun_of")
        return None
    if with_particle := k > begin and (doc[k - 1].lower_, low) in _inflected():
        k -= 1
    if (found := _verb_at(doc, k)) and found[2] <= first and (with_particle or not doc[k].tag_.startswith("NN")):
        meaning, form, end = found
        passive = form == "past" and k > begin and doc[k - 1].lower_ in _grammar("be")
        if meaning.role in ("patient", "both") and not passive:
            return _event(doc, meaning, k, "verb_object", end=end)
    return None


def _inside(doc: Doc, noun: tuple[int, int] | None, head: int | None) -> Event | None:
    """A participle or adjective between number and noun: "displaced people", "collapsed houses"."""
    if noun is None or head is None:
        return None
    for i in range(noun[0], head):
        low = doc[i].lower_
        if low in _words()["adjective"]:
            return _event(doc, _words()["adjective"][low], i, "modifier")
        if low in _forms() and _forms()[low][1] == "past":
            meaning = _words()["verb"][_forms()[low][0]]
            return _event(doc, meaning, i, "modifier")
    return None


def _right(doc: Doc, text: str, i: int, limit: int, skip: Collection[tuple[int, int]]) -> Event | None:
    """What follows the noun: an adjective or participle, a fixed phrase, or a verb group with its event."""
    if i >= limit:
        return None
    offset = doc[i - 1].idx + len(doc[i - 1]) if i else 0
    gap = re.match(r"\s*,?\s*(?:(?:who|that|which|have|also|already)\s+)*", text[offset : offset + 60])
    for at in sorted({offset, offset + (gap.end() if gap else 0)}):
        if found := _phrase_at(doc, text, at, limit):
            return found
    passive = auxiliary = relative = stepped = infinitive = elsewhere = False
    j, plain = i, True
    spans = {span[0]: span[1] for span in skip}
    while j < min(limit, i + 32):
        token, low = doc[j], doc[j].lower_
        if j in spans and j > i:
            if any(doc[k].lower_ in ("whom", "them") for k in range(j, min(spans[j] + 1, limit))):
                return None
            j, stepped = max(spans[j], j + 1), True
            continue
        if low in ("—", "–"):
            # An aside between dashes is stepped over; a single dash ends the search.
            close = next((k for k in range(j + 1, min(j + 10, limit)) if doc[k].text in ("—", "–")), None)
            if close is None:
                return None
            j, stepped = close + 1, True
            continue
        if low in (";", ":"):
            return None
        if token.is_space:
            j += 1
            continue
        if low == "(":
            close = next((k for k in range(j, limit) if doc[k].text == ")"), None)
            if close is None:
                return None
            j = close + 1
            continue
        if low in ("including", "among"):
            stepped, plain = True, False
            j += 1
            continue
        ready = plain and not stepped
        elsewhere = elsewhere or low in ("where", "when", "because", "whose")
        if (
            low in ("and", "but")
            and j + 1 < limit
            and j + 1 not in spans
            and doc[j + 1].tag_[:1] not in ("V", "R", "M")
        ):
            elsewhere = True  # another subject begins
        if low in ("a", "an", "the") and (j == i or doc[j - 1].tag_ not in ("IN", ",", "PDT", "DT", "CC")):
            elsewhere = True
        if stepped and token.tag_.startswith("V") and _of_another(doc, i, j):
            return None
        if (
            j > i
            and not elsewhere
            and token.tag_.startswith("V")
            and (found := _phrase_at(doc, text, token.idx, limit))
        ):
            return found
        if low in _words()["adjective"] and not token.tag_.startswith("V") and (ready or passive or auxiliary):
            return _event(doc, _words()["adjective"][low], j, "adjective_after")
        if j + 2 < limit and doc[j + 1].text in ("-", "‑") and not token.whitespace_ and not doc[j + 1].whitespace_:
            j += 2  # "pre-emptively", "newly-displaced": the last part of a compound is the word
            continue
        verb = _verb_at(doc, j)
        if verb and not (token.tag_.startswith("NN") and (verb[1] == "base" or not (auxiliary or passive))):
            meaning, form, end = verb
            if low in _words()["adjective"] and ready:
                return _event(doc, meaning, j, "participle_after")
            if _counts(
                doc, j, form, meaning.role, passive=passive, auxiliary=auxiliary, infinitive=infinitive, ready=ready
            ):
                return _event(doc, meaning, j, "verb_after" if auxiliary or passive else "participle_after", end=end)
            if not (form == "past" and plain is False and not auxiliary and token.tag_ == "VBN"):
                return None
        saying = token.tag_ in ("VBZ", "VBP", "VBD") and token.lemma_.lower() in _phrases()["colour"]["sayings"]
        if saying and j > i and not auxiliary and doc[j - 1].lower_ in (",", "and", "but"):
            return None  # "has interviewed 126 witnesses, says ...": the counted are not what it says it of
        if low in _grammar("be"):
            passive = auxiliary = True
        elif low in _grammar("have"):
            auxiliary = True
        elif low == "to" and (auxiliary or (j == i and _wanted(doc, j))):
            infinitive, auxiliary, passive = True, True, False
        elif low in ("who", "that", "which"):
            relative, plain = True, True
        elif token.tag_ == "MD" or (
            token.tag_.startswith("V") and token.lemma_.lower() in _phrases()["colour"]["carriers"]
        ):
            auxiliary = True
            if (
                token.lemma_.lower() in ("force", "order", "leave", "flee", "remain")
                and not passive
                and token.tag_ in ("VBD", "VBN")
            ):
                passive = token.lemma_.lower() in ("leave", "remain")
        elif token.tag_ in ("VBD", "VBP", "VBZ") or (token.tag_.startswith("V") and auxiliary):
            if not relative or auxiliary:
                return None
            relative = False
        elif token.tag_ == "VBN" and ready and not relative and _has_object(doc, j):
            return None  # a past tense taken for a participle: "37 described what they had seen"
        elif token.tag_ in ("RB", "RBR", "PDT", ",", "``", "''"):
            pass
        elif (
            low in ("when", "because", "while", "after", "before", "if", "as", "but", "until", "that")
            and j > i
            and not auxiliary
        ):
            return None
        else:
            plain = False
        j += 1
    return None


def _wanted(doc: Doc, j: int) -> bool:
    """Whether the infinitive at ``j`` is what somebody expects or asks of the counted: "expect 300 people to march"."""
    verb = doc[j].head
    return verb.dep_ in ("xcomp", "ccomp") and verb.head.i < j and verb.head.lemma_ in _grammar("wanting")


def _of_another(doc: Doc, i: int, j: int) -> bool:
    """Whether the verb at ``j`` has a subject of its own behind token ``i``: "took 14 boys, and four came back"."""
    verb = doc[j] if not doc[j].dep_.startswith(("aux", "cop")) else doc[j].head
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubj:pass"):
            begin = min(int(t.i) for t in child.subtree)
            listed = all(doc[k].lower_ in (",", "and", "&") for k in range(i, begin))
            return begin >= i and not (listed and (i == 0 or doc[i - 1].head.i == verb.i))
    return False


def _phrase_at(doc: Doc, text: str, at: int, limit: int) -> Event | None:
    """The fixed phrase that begins at character ``at``: "shot dead", "lost their homes", "are in custody"."""
    end = doc[limit - 1].idx + len(doc[limit - 1])
    if not _any_pattern("after").match(text, at, end):
        return None
    for pattern, entry in _patterns("after"):
        m = pattern.match(text, at, end)
        if m and m[1].strip() and (span := doc.char_span(m.start(1), m.end(1), alignment_mode="expand")) is not None:
            unit, tokens = entry["unit"] or None, (span.start, span.end)
            return Event(entry["event"], m.start(1), m.end(1), unit, "phrase_after", "high", tokens)
    return None


def _purpose(doc: Doc, after: int, limit: int, skip: Collection[tuple[int, int]]) -> Event | None:
    """What the counted came for: "hundreds gathered at the gate to protest against the dam"."""
    numbers = {k for begin, end in skip for k in range(begin, end)}
    for j in range(after, limit - 1):
        if doc[j].text in (";", ":") or j in numbers:
            return None
        if doc[j].lower_ in ("to", "in") and doc[j + 1].lower_ in _grammar("purposes"):
            meaning = _words()["verb"][doc[j + 1].lower_]
            return _event(doc, meaning, j + 1, "purpose", "medium")
    return None


def _number_of(doc: Doc, text: str, first: int, begin: int) -> Event | None:
    """What "the number of" before the number names: "the number of people detained has risen to 31"."""
    m = _NUMBER_OF.search(text[doc[begin].idx : doc[first].idx])
    if not m:
        return None
    at = doc[begin].idx + m.start(1)
    for i in range(begin, first):
        if doc[i].idx < at:
            continue
        if doc[i].lower_ in _words()["adjective"]:
            return _event(doc, _words()["adjective"][doc[i].lower_], i, "number_of")
        if (verb := _verb_at(doc, i)) and not doc[i].tag_.startswith("NN") and verb[2] <= first:
            return _event(doc, verb[0], i, "number_of", end=verb[2])
        lemma = _lemma(doc[i])
        meaning = _words()["head"].get(lemma) or _words()["noun"].get(lemma) or _words()["group"].get(lemma)
        if meaning:
            return _event(doc, meaning, i, "number_of")
    return None


_NUMBER_OF = re.compile(
    r"(?i)\bnumber\s+of\s+((?:(?!number\s+of\b)[^\d.;:]){1,100}?)"
    r"(?:\b(?:at|to|as|is|was|be|now|hit|reached|exceeded|exceeds|passed|topped|numbered)|:)\s+"
    r"(?:(?:now|about|around|nearly|almost|some|over|more\s+than|at\s+least)\s+)*$"
)


def _counts(
    doc: Doc, j: int, form: str, role: str, *, passive: bool, auxiliary: bool, infinitive: bool, ready: bool
) -> bool:
    """Whether a listed verb at token ``j`` says what befell the noun before it, not what it did to others."""
    if form == "ing":
        return (passive and role == "patient" and doc[j - 1].lower_ == "being") or (
            role in ("agent", "both") and (ready or auxiliary)
        )
    if form == "base":
        return role in ("agent", "both") and (infinitive or auxiliary or (ready and doc[j].tag_ == "VBP"))
    if passive:
        return True
    if auxiliary:
        return role in ("agent", "both") or doc[j - 1].lower_ not in (*_grammar("have"), "also", "already")
    if role in ("agent", "both"):
        return ready or doc[j].tag_ == "VBD"
    return ready and not _has_object(doc, j)


def _has_object(doc: Doc, j: int) -> bool:
    """Whether an object follows the verb at ``j``, which makes it active: "12 gunmen killed five soldiers"."""
    k = j + 1
    while k < len(doc) and doc[k].tag_ == "RB":
        k += 1
    if k >= len(doc) or doc[k].lower_ in _grammar("no_object") or doc[k].is_punct:
        return False
    if doc[k].tag_ == "JJ" and (
        k + 1 >= len(doc) or doc[k + 1].tag_ not in ("JJ", "NN", "NNS", "NNP", "NNPS", "HYPH", "CC", ",")
    ):
        return False  # "trapped underground had been"
    objects = ("DT", "PRP", "PRP$", "CD", "NN", "NNS", "NNP", "NNPS", "JJ")
    return doc[k].tag_ in objects and doc[k].ent_type_ not in ("DATE", "TIME")


def _by_heads(doc: Doc, head: int) -> Event | None:
    """What the parse says: the counted noun is the subject or object of a listed verb, in UD or CLEAR labels."""
    token = doc[head]
    for _ in range(3):
        relation, governor = token.dep_, token.head
        if (
            relation in ("nummod", "compound", "quantmod", "conj", "appos", "nmod:npmod", "flat", "amod")
            and governor.i != token.i
            and governor.pos_ in ("NOUN", "PROPN", "NUM", "PRON")
        ):
            token = governor
            continue
        break
    low = governor.lower_
    if low not in _forms() or governor.i == token.i or not governor.tag_.startswith(("V", "J")):
        return None
    meaning = _words()["verb"][_forms()[low][0]]
    subject_passive = relation in ("nsubj:pass", "nsubjpass")
    subject, thing = relation == "nsubj", relation in ("obj", "dobj")
    if ((subject_passive or thing) and meaning.role in ("patient", "both")) or (
        (subject or subject_passive) and meaning.role in ("agent", "both")
    ):
        return _event(doc, meaning, governor.i, "parse", "medium")
    return None


def _before(doc: Doc, text: str, first: int, noun: tuple[int, int] | None, after: int) -> Event | None:
    """A fixed phrase ahead of the number: "the death toll rose to", "number of displaced:"."""
    here = doc[first].idx
    words = re.split(r"[.;!?]\s", text[max(0, here - 120) : here])[-1]
    left = here - len(words)
    following = text[doc[first].idx : doc[min(after + 6, len(doc)) - 1].idx + 12].lower()
    if not _any_pattern("before").search(words):
        return None
    for pattern, entry in _patterns("before"):
        if m := pattern.search(words):
            if (needs := entry.get("needs")) and not any(w in following for w in needs.split("|")):
                continue
            span = doc.char_span(left + m.start(1), left + m.end(1), alignment_mode="expand")
            if span is not None:
                return Event(
                    entry["event"],
                    left + m.start(1),
                    left + m.end(1),
                    entry["unit"] or None,
                    "phrase_before",
                    "medium",
                    (span.start, span.end),
                )
    return None

"""What the parse says about a time expression: is it one, and does its clause look forward or back.

Tags, heads and names come from the model and may be wrong or absent; every question here has an
answer without them.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline import resources
from pipeline.extract.dates import grammar

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_QUOTED = re.compile(r'“[^”]*(?:”|$)|"[^"]*(?:"|$)|«[^»]*(?:»|$)')
"""Quoted words; a mark that is not closed holds to the end of the paragraph."""
_CLAUSE_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD", "WDT", "WP", "WRB", "CC"})
"""Tags of the words at which another clause begins."""
_NAMES = {"PERSON", "ORG", "EVENT", "LAW", "WORK_OF_ART", "PRODUCT", "FAC", "LOC", "GPE", "NORP"}
_DAY_NAMES = {"sun", "sat", "mon", "wed", "fri"}


class Syntax:
    """The parse of one passage, asked by character offsets."""

    def __init__(self, doc: Doc, text: str, cues: Mapping[str, frozenset[str]], surnames: frozenset[str]) -> None:
        self._doc, self._text = doc, text
        self._cues = cues
        self._surnames = surnames
        self.refused: list[tuple[int, int, str]] = []

    @functools.cached_property
    def _quoted(self) -> list[tuple[int, int]]:
        return [match.span() for match in _QUOTED.finditer(self._text)]

    @functools.cached_property
    def _starts(self) -> list[int]:
        return list(self._doc.to_array("IDX"))

    def token(self, offset: int) -> Token | None:
        """The model's token that holds the character at ``offset``."""
        i = bisect.bisect_right(self._starts, offset) - 1
        return self._doc[i] if i >= 0 else None

    def _near(self, token: Token, step: int) -> Token | None:
        i = token.i + step
        return self._doc[i] if 0 <= i < len(self._doc) else None

    def blocked(self, start: int, end: int, classes: frozenset[str]) -> bool:
        """Whether the word at ``start`` is no part of a time expression; if so, the reason is kept in ``refused``."""
        token = self.token(start)
        if token is None or token.idx + len(token) < end:
            return False
        reason = self._why_not(token, classes)
        if reason:
            self.refused.append((start, end, reason))
        return reason is not None

    def _why_not(self, token: Token, classes: frozenset[str]) -> str | None:
        before, after = self._near(token, -1), self._near(token, 1)
        word = token.lower_
        numbered = (before is not None and before.like_num) or (after is not None and after.text[:1].isdigit())
        if classes & {"MONTH", "SEASON"} and not numbered:
            if token.tag_ == "MD":
                return "a modal verb"
            if token.tag_.startswith("VB") and word in ("may", "march", "spring", "fall"):
                return "a verb"
            if before is not None and before.lower_.rstrip(".") in self._cues["name_titles"]:
                return "a person's name"
            if token.ent_type_ == "PERSON" or (
                before is not None and before.ent_type_ == "PERSON" and word in self._surnames
            ):
                return "a person's name"
            if word in self._surnames and (before is None or before.lower_ not in self._cues["before_month"]):
                return "a person's name"
        if word in _DAY_NAMES and before is not None and before.tag_ == "NNP" and before.text[:1].isupper():
            return "part of a name"
        if "ADVERB_SET" in classes:
            beside = [t for t in (before, after) if t is not None and t.tag_.startswith("NNP")]
            return "part of a name" if token.is_title and not token.is_sent_start and beside else None
        if word == "christmas":
            if token.ent_type_ == "PERSON":
                return "a person's name"
            named = after is not None and after.text[:1].isupper() and after.lower_ not in ("day", "eve")
            return "part of a name" if named else None
        if token.ent_type_ in _NAMES and token.ent_type_ != "PERSON" and self._inside_name(token, classes):
            return f"part of a name ({token.ent_type_})"
        return None

    def _inside_name(self, token: Token, classes: frozenset[str]) -> bool:
        name = next(e for e in self._doc.ents if e.start <= token.i < e.end)
        beside = [
            t for t in (self._near(token, -1), self._near(token, 1)) if t is not None and name.start <= t.i < name.end
        ]
        if "YEAR" in classes:
            if token.i == name.start and name.label_ == "EVENT":
                return False  # the 2012 games
            before = self._near(token, -1)
            dated = before is not None and (
                before.is_punct or before.text[:1].isdigit() or before.lower_ in self._cues["months"]
            )
            return not dated and any(t.text[:1].isupper() for t in beside)
        return len(name) > 1 and all(t.text[:1].isupper() or t.is_punct for t in beside)

    def plausible_year(self, start: int, end: int) -> str | None:
        """Why the four digits at ``start``, standing alone, are no year; None where they may be one."""
        token = self.token(start)
        if token is None:
            return None
        before, after = self._near(token, -1), self._near(token, 1)
        if before is not None and before.lower_.rstrip(".") in self._cues["no_year_before"]:
            return "a number, not a year"
        number = int(token.text) if token.text.isdigit() else 0
        if (
            before is not None
            and before.tag_ == "NNP"
            and before.is_alpha
            and before.lower_ not in self._cues["months"]
        ):
            return "part of a name"
        if self.counted(end):
            return "a count, not a year"
        introduced = before is None or before.lower_ in self._cues["before_year"] or before.is_punct
        if after is not None and after.lower_ == "levels" and 1900 <= number <= 2049:
            return None  # measured against 2000 levels
        if after is not None and after.tag_ == "NNS" and number % 50 == 0 and after.text.islower():
            return "a count, not a year"
        if not introduced and not 1800 <= number <= 2049:
            return "a number, not a year"
        if (
            after is not None
            and after.is_alpha
            and after.text.islower()
            and not 1700 <= number <= 2099
            and after.tag_[:2] in ("NN", "JJ")
        ):
            return "a count, not a year"
        return None

    def counted(self, end: int) -> bool:
        """Whether the word behind the number that ends at ``end`` is what it counts: people, votes."""
        token = self.token(end - 1)
        after = self._near(token, 1) if token is not None else None
        return after is not None and (after.lower_ in self._cues["counted"] or after.text == "+")

    def plausible_month(self, start: int) -> str | None:
        """Why the month's name at ``start``, standing alone, is none; None where it may be one."""
        token = self.token(start)
        if token is None or token.lower_ not in self._cues["name_months"]:
            return None
        before, after = self._near(token, -1), self._near(token, 1)
        joined = before is not None and before.lower_ in ("and", "or")
        if before is not None and before.lower_ in self._cues["before_month"] and not joined:
            return None
        if (
            before is not None
            and before.lower_ in ("the", "a", "'s", "’s", "long")
            and (after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ"))
        ):
            return "no sign that it is the month"
        if after is not None and (after.tag_[:2] in ("VB", "MD") or after.ent_type_ == "PERSON"):
            return "a person's name"
        if (
            token.lower_ in ("may", "march")
            and (before is None or token.is_sent_start)
            and after is not None
            and after.is_alpha
        ):
            return "no sign that it is the month"
        return None

    def plausible_part(self, start: int, end: int) -> str | None:
        """Why Friday Night is none: in capitals before a further capital, in words that are no headline, it is a name."""
        last = self.token(end - 1)
        after = self._near(last, 1) if last is not None else None
        if last is None or after is None or not (last.is_title and after.is_title and after.is_alpha):
            return None
        if after.lower_ in self._cues["months"] or not any(t.is_lower and len(t) > 3 for t in last.sent):
            return None
        return "part of a name"

    def plausible_clock(self, start: int) -> str | None:
        """Why digits such as 16:30, without am, pm or a zone, are no time of day; None where they may be one."""
        token = self.token(start)
        before = self._near(token, -1) if token is not None else None
        if before is not None and before.lower_ in self._cues["before_clock"]:
            return None
        return "a score, ratio or running time"

    def quotation(self, start: int) -> tuple[int, int] | None:
        """The quotation that holds the character at ``start``, marks and all."""
        return next(((a, b) for a, b in self._quoted if a <= start < b), None)

    def says_when(self, start: int, end: int, quotation: tuple[int, int]) -> bool:
        """Whether the span, outside of quotations, dates the verb of saying of the sentence around ``quotation``."""
        first = self.token(start)
        if first is None or self.quotation(start):
            return False
        begin, end_of_sentence = first.sent.start_char, first.sent.end_char
        runs_on = self._text[quotation[1] - 2 : quotation[1] + 1].strip('”"» ') in (",", "?", "!", "?,", "!,")
        near = begin - 1 if runs_on else begin  # “Who did it?” she asked on Monday.
        if not any(near <= edge <= end_of_sentence for edge in quotation):
            return False
        if self._said_then(first, self.token(end - 1) or first):
            return True
        verb = first
        for _ in range(6):
            if verb.pos_ == "VERB" and not start <= verb.idx < end and not self.quotation(verb.idx):
                return verb.lemma_ in self._cues["speech"] and verb.tag_ != "VB"
            if verb.head.i == verb.i:
                break
            verb = verb.head
        return False

    def spoken(self, start: int) -> bool:
        """Whether the words at ``start`` are somebody's talk: the sentence has an I, we or you, or it asks.

        A passage without quotation marks is one talk as a whole: an interview, a column.
        """
        token = self.token(start)
        if token is None:
            return False
        where = token.sent if any(t.is_quote for t in self._doc) else self._doc
        return any(t.lower_ in self._cues["speakers"] for t in where) or token.sent.text.rstrip(" \"'”’").endswith("?")

    def tense(self, start: int, end: int, headline: bool) -> str:
        """``past``, ``present`` or ``future``: the tense of the verb that governs the span; "" if there is none."""
        first = self.token(start)
        if first is None:
            return "past"
        if any(token.lower_ in self._cues["notices"] for token in self._doc[max(0, first.i - 2) : first.i]):
            return "present"
        tense = self.governing_tense(start, end, headline=headline)
        if tense == "present":
            last = self.token(end - 1) or first
            after = self._near(last, 1)
            owns = after is not None and after.tag_ == "POS"  # Friday's announcement is over, whatever it now is
            return "past" if owns or any(t.tag_ == "VBD" for t in first.sent) else tense
        return tense

    def governing_tense(self, start: int, end: int, *, headline: bool = False) -> str:
        """The same by that verb alone, whatever else the sentence tells."""
        first = self.token(start)
        if first is None:
            return "past"
        last = self.token(end - 1) or first
        head = first
        for token in self._doc[first.i : last.i + 1]:
            if not first.i <= token.head.i <= last.i or token.head.i == token.i:
                head = token
                break
        before = self._near(first, -1)
        if before is not None and before.lower_ in ("until", "till"):
            return "future"
        if self._doc[max(0, first.i - 3) : first.i].text.lower() == "no earlier than":
            return "future"
        if first.lower_ in ("until", "till"):
            return "future"
        if self._said_then(first, last):
            return "past"
        if not self._doc.has_annotation("DEP"):
            return ""  # and to ask such a Doc for children may crash the process (spaCy 3.8)
        verb = head
        for _ in range(8):
            if (
                verb.pos_ in ("VERB", "AUX")
                and not first.i <= verb.i <= last.i
                and (verb.tag_ != "VBG" or self._finite(verb))
            ):
                return self._verb_tense(verb, headline)
            copula = next((t for t in verb.children if t.dep_ == "cop" and not first.i <= t.i <= last.i), None)
            if copula is not None:
                return self._copula_tense(verb, copula)
            if verb.head.i == verb.i:
                break
            verb = verb.head
        sentence = first.sent
        near = [t for t in sentence if t.pos_ in ("VERB", "AUX") and not first.i <= t.i <= last.i and self._finite(t)]
        if not near:
            return ""
        return self._verb_tense(min(near, key=lambda t: (abs(t.i - first.i), t.i)), headline)

    def _said_then(self, first: Token, last: Token) -> bool:
        """Whether the span tells when something was said: "... ", she told the council on Sunday.

        The parse often gives such a time to the verb of the words that were said.
        """
        after = self._near(last, 1)
        if after is not None and (after.tag_ in ("POS", "MD") or after.tag_.startswith("VB")):
            return False
        before = self._near(first, -1)
        if before is not None and before.lower_ in self._cues["not_said"]:
            return False
        for token in reversed(self._doc[max(first.sent.start, first.i - 10) : first.i]):
            if token.lemma_ in self._cues["speech"] and token.tag_ == "VBD":
                return True
            if (token.is_punct and token.text not in "()'’") or token.tag_ in _CLAUSE_TAGS or token.lower_ == "that":
                return False
        return False

    def _copula_tense(self, predicate: Token, copula: Token) -> str:
        """The tense of "was ready", "will be ready", "is due"."""
        if any(t.lower_ in self._cues["future_auxiliaries"] for t in predicate.children if t.dep_.startswith("aux")):
            return "future"
        if copula.tag_ not in ("VBZ", "VBP"):
            return "past"
        return "future" if predicate.lemma_ in self._cues["future_verbs"] else "present"

    def _finite(self, verb: Token) -> bool:
        """Whether the verb tells a tense of its own: neither "opening" nor "to open"."""
        if any(t.dep_.startswith("aux") and t.lower_ != "to" for t in verb.children):
            return True
        return verb.tag_ != "VBG" and not (verb.tag_ == "VB" and verb.i > 0 and self._doc[verb.i - 1].lower_ == "to")

    def _verb_tense(self, verb: Token, headline: bool) -> str:
        helpers = {t.lower_ for t in verb.children if t.dep_.startswith("aux") or (t.dep_, t.lower_) == ("mark", "to")}
        if verb.pos_ == "AUX":
            helpers.add(verb.lower_)
        if helpers & {"will", "shall", "'ll", "’ll", "wo"}:
            return "future"
        if "to" in helpers and helpers & {"is", "are", "am", "'s", "’s", "'re", "’re"}:
            return "future"
        if helpers & {"have", "has", "had", "did", "was", "were", "'d"} and verb.tag_ in ("VBN", "VBD", "VBG"):
            if (
                verb.lemma_ in self._cues["future_verbs"]
                and not helpers & {"had", "did"}
                and verb.tag_ == "VBN"
                and "was" not in helpers
            ):
                return "future"
            return "past"
        if helpers & self._cues["future_auxiliaries"]:
            return "future" if not helpers & {"have"} else "past"
        if verb.lemma_ in self._cues["future_verbs"] and verb.tag_ != "VBD":
            return "future"
        if verb.tag_ == "VB" and (verb.i == 0 or self._doc[verb.i - 1].lower_ == "to" or "to" in helpers):
            above = verb.head.lemma_ if verb.head.i != verb.i else ""
            if verb.dep_ == "advcl":  # what it was done for: the day is that of the deed
                return self._verb_tense(verb.head, headline)
            return self._verb_tense(verb.head, headline) if above in self._cues["past_infinitives"] else "future"
        if verb.tag_ in ("VBD", "VBN"):
            return "past"
        if headline:
            return "past"
        takes_effect = verb.lemma_ == "take" and any(t.lower_ == "effect" for t in verb.children)
        return "future" if verb.lemma_ in self._cues["scheduled"] or takes_effect else "present"


@functools.cache
def cues() -> Mapping[str, frozenset[str]]:
    """The cue words of ``resources/dates.toml``."""
    resource = resources.toml(grammar.RESOURCE)
    months = [*resource["classes"]["MONTH"], *resource["classes"]["MONTH_SHORT"]]
    return {name: frozenset(words) for name, words in {**resource["cues"], "months": months}.items()}

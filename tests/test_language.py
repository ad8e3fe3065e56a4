"""Which language an article is in: its own words decide, and every doubt is English's."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from pipeline.clean import Cleaned, clean_article
from pipeline.clean.articles import clean as clean_stage
from pipeline.clean.language import code, identify
from pipeline.extract.article import WRITES, extract
from pipeline.schema import conform
from pipeline.settings import CleanSettings, ExtractSettings
from tests.factories import MODEL, ROOT

ENGLISH = (
    "The river rose by two metres overnight and flooded the lower part of the town, the mayor's office said. "
    "Rescue teams took more than forty people from their homes by boat, and a school was opened as a shelter."
)
FOREIGN = {
    "de": "Der Fluss stieg über Nacht um zwei Meter und überflutete den unteren Teil der Stadt, teilte das Rathaus mit. Die Feuerwehr brachte mehr als vierzig Menschen in Sicherheit.",
    "fr": "La rivière est montée de deux mètres pendant la nuit et a inondé le bas de la ville, a indiqué la mairie. Les secours ont évacué plus de quarante personnes en bateau.",
    "es": "El río subió dos metros durante la noche e inundó la parte baja de la ciudad, informó el ayuntamiento. Los equipos de rescate sacaron en barca a más de cuarenta personas.",
    "pt": "O rio subiu dois metros durante a noite e inundou a parte baixa da cidade, informou a prefeitura. As equipes de resgate retiraram mais de quarenta pessoas de barco.",
    "it": "Il fiume è salito di due metri durante la notte e ha allagato la parte bassa della città, ha detto il comune. I soccorritori hanno portato via in barca più di quaranta persone.",
    "nl": "De rivier steeg 's nachts twee meter en zette het lage deel van de stad onder water, zei het stadhuis. Reddingswerkers haalden meer dan veertig mensen met boten uit hun huizen.",
    "pl": "Rzeka podniosła się w nocy o dwa metry i zalała dolną część miasta, poinformował urząd. Ratownicy wywieźli łodziami ponad czterdzieści osób, a szkołę otwarto jako schronienie.",
    "tr": "Nehir gece boyunca iki metre yükseldi ve kentin aşağı kesimini su bastı, belediye açıkladı. Kurtarma ekipleri kırktan fazla kişiyi evlerinden tekneyle aldı, bir okul sığınak oldu.",
    "ru": "Река поднялась за ночь на два метра и затопила нижнюю часть города, сообщили в мэрии. Спасатели вывезли на лодках более сорока человек, а в школе открыли пункт размещения.",
    "uk": "Річка піднялася за ніч на два метри й затопила нижню частину міста, повідомили в мерії. Рятувальники вивезли човнами понад сорок людей, а в школі відкрили притулок.",
    "ar": "ارتفع منسوب النهر مترين خلال الليل وغمر الجزء السفلي من المدينة، بحسب مكتب رئيس البلدية. ونقلت فرق الإنقاذ أكثر من أربعين شخصا من منازلهم بالقوارب وفتحت مدرسة ملجأ.",
    "id": "Sungai naik dua meter pada malam hari dan membanjiri bagian bawah kota, kata kantor wali kota. Tim penyelamat membawa lebih dari empat puluh orang dari rumah mereka dengan perahu.",
    "sw": "Mto uliongezeka kwa mita mbili usiku na kufurika sehemu ya chini ya mji, ofisi ya meya ilisema. Vikosi vya uokoaji viliwatoa watu zaidi ya arobaini kutoka nyumba zao kwa mashua.",
}


def clean(*paragraphs: str, **given: Any) -> Cleaned:
    text = "\n\n".join(paragraphs)
    raw = {"article_id": "a_0", "paths": ["x.txt"], "format": "txt", "encoding": "utf-8", "raw_text": text} | given
    return clean_article(raw, CleanSettings())


def codes(cleaned: Cleaned) -> set[str]:
    return {issue["code"] for issue in cleaned.issues}


@pytest.mark.parametrize("language", FOREIGN)
def test_two_sentences_tell_their_language(language: str) -> None:
    """Whatever the script; what the page said of itself is not needed."""
    found = identify([FOREIGN[language]])
    assert found is not None
    assert found[0] == language
    assert clean("Flood", FOREIGN[language]).article["language"] == language


@pytest.mark.parametrize(
    "paragraphs",
    [
        [ENGLISH],
        [ENGLISH.upper()],
        [("Ramzan Achmetov, Djambulat Umarkhanov, Zelimkhan Okuyev and Gulnara Satbayeva of the Sarn Valley Network in "
         "Mirepol met Governor Tsiklauri and Minister Øyvind Strømsø at Château d'Aubigny on Friday, officials said.")],
        ["Floods hit valley; forty rescued", "Minister denies dam was unsafe", "Why bread costs more this spring",
         "United beat City in the last minute", "Letters: the school and the bridge"],
        ["In Kalvesta the slogan on the wall read:", FOREIGN["es"], ENGLISH],
        [ENGLISH, FOREIGN["ru"]],
        [("Naira don fall again and market women dey complain about the price of tomatoes, but government people say "
         "that the new policy will help farmers and that everybody should wait until the end of the year.")],
    ],
    ids=["plain", "capitals", "foreign names", "headlines", "Spanish quotation", "Russian half", "West African"],
)  # fmt: skip
def test_english_is_never_called_foreign(paragraphs: list[str]) -> None:
    """Capitals, names from everywhere, lists of headlines and foreign quotations do not make a text foreign."""
    found = identify(paragraphs)
    assert found is None or found[0] == "en"


@pytest.mark.parametrize(
    "text", ["", "12,4 % · 1.300", "Anna Kell trat im März zurück.", "— — —", "10:45 12:30 14:15 " * 40]
)
def test_too_little_text_tells_nothing(text: str) -> None:
    """What was given counts then, and without it the language stays open."""
    assert identify([text]) is None
    assert clean(text, language="de-AT").article["language"] == "de"
    assert clean(text).article["language"] is None


def test_the_words_win_over_what_was_given() -> None:
    """A page in English on a German site is English, and the other way round; an issue says so."""
    page = clean("Flood", ENGLISH, language="de")
    assert page.article["language"] == "en"
    assert "language_contradicted" in codes(page)
    page = clean("Flut", FOREIGN["de"], language="en")
    assert page.article["language"] == "de"
    assert "language_contradicted" in codes(page)
    assert "language_contradicted" not in codes(clean("Flood", ENGLISH, language="en-GB"))


def test_comments_and_furniture_do_not_count() -> None:
    """A story in English with a Russian thread below it is English."""
    thread = ["Ivan P", "Ivan P8 days ago", FOREIGN["ru"], "Olga S", "Olga S9 days ago", FOREIGN["ru"]]
    assert clean("Flood hits the lower town", ENGLISH, ENGLISH, *thread).article["language"] == "en"


@pytest.mark.parametrize(
    ("given", "want"), [("en-US", "en"), (" PT_br", "pt"), ("English", None), ("", None), (None, None)]
)
def test_codes_have_two_letters(given: str | None, want: str | None) -> None:
    """The region is left out; what is no ISO 639-1 code is none."""
    assert code(given) == want


def test_a_long_text_costs_no_more_than_a_short_one() -> None:
    """Only the first characters are looked at."""
    assert identify([ENGLISH * 3, *[FOREIGN["ru"]] * 5_000]) == identify([ENGLISH * 3, *[FOREIGN["ru"]] * 50])


def test_the_identifier_is_loaded_when_needed() -> None:
    """Importing the stage loads no model."""
    told = "import sys, pipeline.clean.language; print('py3langid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


def test_an_article_that_is_not_english_passes_through() -> None:
    """It keeps its text and segments; nothing is extracted from it, and an issue says which language it is in."""
    raw = [
        {"article_id": name, "paths": [name], "format": "txt", "raw_text": f"Flood\n\n{text}"}
        for name, text in (("a_en", ENGLISH), ("a_fr", FOREIGN["fr"]))
    ]
    cleaned = clean_stage({"raw_articles": conform("raw_articles", raw)}, CleanSettings())
    made = extract(cleaned, ExtractSettings(model=MODEL))
    status = dict(zip(*(made["articles"][c].to_pylist() for c in ("article_id", "status")), strict=True))
    assert status == {"a_en": "ok", "a_fr": "partial"}
    for name in WRITES:
        assert "a_fr" not in made[name]["article_id"].to_pylist()
    assert "a_en" in made["sentences"]["article_id"].to_pylist()
    issue = next(i for i in made["issues"].to_pylist() if i["code"] == "not_english")
    assert (issue["article_id"], issue["severity"]) == ("a_fr", "warning")
    assert "'fr'" in issue["message"]

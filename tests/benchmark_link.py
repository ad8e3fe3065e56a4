"""Benchmark, no test: how long linking takes, and how much memory, as names grow.

    python tests/benchmark_link.py 10000 100000 1000000

For each number of distinct names it links an invented corpus anew, then adds one per cent of new names in new
articles, once alone and once among mentions of names that were there, and prints seconds of processor time, peak
memory and what the addition costs in proportion. Names are made of syllables, with a long tail: most stand in one
article, some in hundreds; one in ten persons is also named by the surname alone, one in fifty only so, one body in
twenty by its acronym. Every size runs in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_PER_ARTICLE = 12
_SYLLABLES = [
    a + b for a in ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "sh", "dr") for b in "aeiou"
]
_HEADS = (
    "Office", "Council", "Network", "Committee", "Agency", "Union", "Institute", "Fund", "Centre", "Group",
    "Service", "Board", "Commission", "Front", "Movement", "Alliance", "Bureau", "Trust", "Society", "League",
    "Forum", "Authority", "Assembly", "Federation", "Bank", "Press", "Party", "Clinic", "School", "Watch",
)  # fmt: skip
_FIELDS = (
    "Rivers", "Rights", "Health", "Border", "Press", "Water", "Labour", "Transport", "Housing", "Energy",
    "Farmers", "Women", "Youth", "Justice", "Peace", "Trade", "Forest", "Mining", "Harbour", "Railway", "Aid",
    "Relief", "Refugee", "Election", "Media", "Legal", "Medical", "Island", "Valley", "Mountain", "Northern",
    "Southern", "Eastern", "Western", "Central", "National", "Regional", "Coastal", "Civic", "Popular", "Green",
    "Liberal", "Social", "People", "Free", "New",
)  # fmt: skip


def _word(rng: random.Random, least: int = 2, most: int = 4) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(least, most))).capitalize()


def _names(count: int, rng: random.Random) -> list[tuple[str, str]]:
    """Distinct (label, name): three in five persons, a quarter bodies, the others places."""
    given = [_word(rng, 1, 3) for _ in range(3000)]
    family = [_word(rng, 2, 4) for _ in range(max(500, count // 8))]
    found: dict[tuple[str, str], None] = {}
    while len(found) < count:
        kind = rng.random()
        if kind < 0.6:
            name = "PERSON", f"{given[int(3000 * rng.random() ** 2)]} {family[int(len(family) * rng.random() ** 2)]}"
        elif kind < 0.85:
            name = "ORG", f"{_word(rng, 2, 3)} {rng.choice(_FIELDS)} {rng.choice(_HEADS)}"
        else:
            name = "GPE", _word(rng, 3, 5)
        found[name] = None
    return list(found)


def _occurrences(names: list[tuple[str, str]], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every name once, and as many again that favour a few."""
    again = [names[int(len(names) * rng.random() ** 6)] for _ in range(len(names) // 2)]
    told = [*names, *again]
    rng.shuffle(told)
    yield from told


def corpus(
    count: int, seed: int, *, known: list[tuple[str, str]] | None = None
) -> tuple[dict[str, pa.Table], list[tuple[str, str]]]:
    """Tables ``articles, mentions, quotes, quantities`` with ``count`` distinct names; half as many more are of ``known``."""
    from pipeline.schema import conform

    rng = random.Random(seed)
    fresh = _names(count, rng)
    told = list(_occurrences(fresh, rng))
    if known:
        told += [known[int(len(known) * rng.random() ** 3)] for _ in range(count // 2)]
        rng.shuffle(told)
    articles: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for number, begin in enumerate(range(0, len(told), _PER_ARTICLE)):
        article, text, at = f"a_{seed}_{number:08d}", [], 0
        for label, name in told[begin : begin + _PER_ARTICLE]:
            forms = [name]
            if label == "PERSON" and (part := rng.random()) < 0.12:
                forms = [name.split()[-1]] if part < 0.02 else [name, name.split()[-1]]
            elif label == "ORG" and rng.random() < 0.05:
                forms = [name, "".join(w[0] for w in name.split())]
            for form in forms:
                mentions.append(
                    {
                        "mention_id": f"m_{seed}_{len(mentions):08d}", "article_id": article, "zone": "body", "start": at, "end": at + len(form),
                        "raw_start": at, "raw_end": at + len(form), "text": form, "label": label, "name": form, "rule": "model", "confidence": "high",
                    }
                )  # fmt: skip
                text.append(form)
                at += len(form) + 2
        articles.append(
            {
                "article_id": article,
                "clean_text": ". ".join(text),
                "outlet": f"outlet {rng.randint(1, 40)}",
                "published": dt.date(2020, 1, 1) + dt.timedelta(days=rng.randint(0, 1500)),
            }
        )
    tables = {"articles": articles, "mentions": mentions, "quotes": [], "quantities": []}
    return {name: conform(name, rows) for name, rows in tables.items()}, fresh


def main(sizes: list[int]) -> None:
    """Run every size in a process of its own, so that each has its own peak of memory."""
    for size in sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)


def one(size: int) -> None:
    """Link ``size`` names anew, then one per cent more: new names alone, and among mentions of known ones."""
    import pyarrow as pa

    from pipeline.link import link
    from pipeline.schema import MEMORY
    from pipeline.settings import LinkSettings

    tables, names = corpus(size, 1)
    added = {
        "alone": corpus(max(1, size // 100), 2)[0],
        "with known names": corpus(max(1, size // 100), 3, known=names)[0],
    }
    del names
    began = time.process_time()
    found = link(tables, LinkSettings())
    whole = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    told = [f"{size} names: {whole:.1f} s, {peak:.2f} GB, {found['entities'].num_rows} entities"]
    for how, more in added.items():
        grown = {
            **{name: pa.concat_tables([tables[name], more[name]]) for name in ("articles", "quotes", "quantities")},
            **{name: found[name] for name in MEMORY},
            "mentions": pa.concat_tables([found["mentions"], more["mentions"]]),
            "kept": tables["articles"].select(["article_id"]),
            "last_entities": found["entities"],
            "last_links": found["links"],
        }
        began = time.process_time()
        link(grown, LinkSettings())
        part = time.process_time() - began
        told.append(f"{size // 100} more {how}: {part:.2f} s, {100 * part / whole:.1f} %")
    print("; ".join(told), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]])

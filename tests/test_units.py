"""The names of measures are those of pint's registry, so that whoever uses it can reckon with them."""

from __future__ import annotations

import re

import pint
import pytest

from pipeline import resources

NOT_OF_PINT = {"basis point", "part per million", "part per billion", "g-force"}
"""Shares of a whole, and a word that pint has under its symbol only."""
MEASURES = sorted({row["unit"] for row in resources.rows("units.csv") if row["kind"] == "measure"} - NOT_OF_PINT)


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    return pint.UnitRegistry()


@pytest.mark.parametrize("unit", MEASURES)
def test_a_measure_is_a_unit_of_pint(registry: pint.UnitRegistry, unit: str) -> None:
    """square kilometre is kilometre ** 2, kilometre per hour a quotient, pound-foot a product."""
    words = re.sub(r"\bsquare (\w+)", r"\1 ** 2", unit)
    words = re.sub(r"\bcubic (\w+)", r"\1 ** 3", words)
    words = words.replace(" per ", " / ").replace("pound-foot", "pound_force * foot").replace("pound-mass", "pound")
    try:
        found = registry.Unit(words.replace(" ", "_") if "*" not in words and "/" not in words else words)
    except pint.UndefinedUnitError:
        found = registry.Unit(words.replace(" ", " * "))
    assert str(found)

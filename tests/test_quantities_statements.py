"""What is said of the counted: the event in many wordings, denial, doubt, claims, conditions and plans."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extract.quantities import find_quantities
from pipeline.settings import ExtractSettings

from .factories import make_article


def rows(text: str) -> list[dict[str, Any]]:
    return find_quantities(make_article(text), [], ExtractSettings()).rows


WORDINGS = {
    "killed": [
        "The remains of 12 migrants were found.",
        "The fire that killed 12 began in a kitchen.",
        "The army lost 12 men in the ambush.",
        "The state put 12 men to death last year.",
        "With 12 dead, it is the worst accident in years.",
        "Twelve people suffocated in the hold.",
        "Among the dead were 12 children.",
        "The toll was put at 12 by the ministry.",
    ],
    "injured": [
        "Twelve people are in hospital.",
        "Medics treated 12 people for smoke inhalation.",
        "Twelve officers needed hospital treatment.",
        "Twelve teenagers were stabbed.",
        "Twelve people were burned.",
    ],
    "missing": ["Twelve sailors have not been accounted for.", "Twelve people were swept away."],
    "detained": [
        "Rebels captured 12 soldiers.",
        "Twelve men were remanded in custody.",
        "Police hold 12 people in the fort.",
        "The prison population has reached 3,000.",
    ],
    "arrested": ["Officers took 12 men into custody.", "Twelve men were picked up by police."],
    "abducted": ["Gunmen seized 12 pupils.", "Bandits made off with 12 women.", "Twelve people were taken hostage."],
    "displaced": ["Fighting forced 3,000 people from their homes.", "Some 3,000 people have been uprooted."],
    "fled": [
        "Some 3,000 villagers have left their homes.",
        "Twelve prisoners broke out of jail.",
        "Some 3,000 people left Dorvan in the drought.",
    ],
    "evacuated": ["Officials ordered 3,000 people to leave.", "Helicopters airlifted 300 people from roofs."],
    "sheltered": ["The camp houses 3,000 people.", "Some 300 people are sleeping in a school gym."],
    "relocated": ["The council will rehouse 48 families."],
    "deported": ["Some 300 migrants were sent back to Kesh."],
    "returned": ["Some 3,000 refugees came home.", "A plane flew 300 workers home."],
    "released": ["Twelve men walked free.", "Twelve men were let go."],
    "rescued": ["Twelve people were pulled alive from the rubble.", "A tanker picked up 12 survivors."],
    "trapped": ["Some 300 people are cut off by the snow."],
    "charged": ["Twelve men went on trial.", "Twelve men appeared in court."],
    "convicted": ["A court found 12 men guilty."],
    "protested": ["Some 300 teachers went on strike.", "The march drew 300 people.", "Students held a vigil; 300 students joined the march."],
    "destroyed": ["Rioters set fire to 12 cars.", "Twelve houses were reduced to rubble."],
    "damaged": ["The storm tore the roofs off 12 houses.", "Twelve houses were hit."],
    "infected": ["Twelve cases of cholera were confirmed.", "Twelve nurses tested positive."],
}  # fmt: skip


@pytest.mark.parametrize(("event", "text"), [(event, text) for event, texts in WORDINGS.items() for text in texts])
def test_wordings(event: str, text: str) -> None:
    """Each class of event is known in the wordings of the news, active, passive, as noun and as phrase."""
    assert rows(text)[-1]["event"] == event


@pytest.mark.parametrize(
    "text",
    [
        "Some 3,000 people attended the concert.",
        "Twelve gunmen killed the mayor.",
        "Twelve people survived.",
        "Police seized 12 guns.",
        "He saved 12 documents.",
        "None of the prisoners has seen a lawyer.",
        "The court heard 12 witnesses.",
        "There were 12 cases of theft.",
    ],
)
def test_no_event(text: str) -> None:
    """What they did, what they lived through and what is done to things is nothing that befell the counted."""
    assert [row["event"] for row in rows(text)] == [None]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("“They took 14 boys, and four came back,” she said.", [None, "returned"]),
        ("Nineteen of the 25 miners trapped underground had been brought out alive.", ["rescued", "trapped"]),
        ("Scores of houses were flattened and two dozen people buried.", ["destroyed", None]),
        ("Fifty houses in Karsh and 80 in Orl were hit.", ["damaged", "damaged"]),
        ("The rain drowned 18 herders and thousands of their goats.", ["killed", "killed"]),
    ],
)
def test_whose_event(text: str, events: list[str | None]) -> None:
    """A verb with a subject of its own, a participle of the whole and a verb for things befall no one else."""
    assert [row["event"] for row in rows(text)] == events


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Officials expect 300 people to be uprooted if the dam fails.", "conditional"),
        ("If the siege goes on, 300 people would go hungry.", "conditional"),
        ("Had the dam burst, 300 people would have drowned.", "conditional"),
        ("The tax would raise $40m a year.", "conditional"),
        ("The ministry said that 300 prisoners would be freed.", "future"),
        ("The mayor promised that 300 people would be rehoused.", "future"),
        ("The council plans to evict 300 families.", "future"),
        ("Officials ordered 300 people to leave.", "future"),
        ("Three hundred houses must be pulled down.", "future"),
        ("The bank will close 85 branches and invest €200m.", "future"),
        ("Relatives allege that 300 men were tortured.", "alleged"),
        ("He is accused of killing 12 people.", "alleged"),
        ("She was charged with the murder of two rivals.", "alleged"),
        ("Some 300 people reportedly fled.", "alleged"),
        ("He stands accused of the murder of 12 people.", "alleged"),
        ("According to unconfirmed reports, 12 people died.", "alleged"),
        ("The alleged murder of 12 people led to a trial.", "alleged"),
        ("Some 300 families are to be rehoused.", "future"),
        ("Organisers expect 300 people to march.", "future"),
        ("A plan to evict 300 families drew protests.", "future"),
        ("The flood threatens to displace 300 people.", "possible"),
        ("The army admitted killing 12 villagers.", "certain"),
        ("Some 300 people may have fled.", "possible"),
        ("Some 300 people are feared dead.", "possible"),
        ("Perhaps 300 people fled.", "possible"),
        ("There are 12 suspected cases of measles.", "possible"),
        ("Twelve officers are accused of beating him.", "certain"),
        ("The flood claimed 12 lives.", "certain"),
        ("Only 3% of reported rapes led to a conviction.", "certain"),
        ("The police said that 12 people had been killed.", "certain"),
        ("A spokesman said 12 people were killed, and said no more.", "certain"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    """Each verb over the number colours it with its auxiliaries, and one that takes a clause with its meaning."""
    assert rows(text)[-1]["modality"] == modality if "and invest" in text else rows(text)[0]["modality"] == modality


def test_the_size_of_the_whole_is_certain() -> None:
    """ "Will close 85 of its 230 branches": the closing is to come, the branches are there."""
    assert [row["modality"] for row in rows("The bank will close 85 of its 230 branches.")] == ["future", "certain"]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("The ministry denied that 200 soldiers had been captured.", "negated"),
        ("Neither of the two pilots was injured.", "negated"),
        ("Police have not arrested any of the 30 men.", "negated"),
        ("It is not true that 500 people drowned.", "negated"),
        ("Reports of 70 deaths were wrong.", "negated"),
        ("“We never held 60 people there,” he said.", "negated"),
        ("The ministry rejected claims that 12 people had died.", "negated"),
        ("Claims that 12 people died are false.", "negated"),
        ("The state refused to free 12 prisoners.", "negated"),
        ("Zero deaths were reported.", "negated"),
        ("Another four people have not been accounted for.", "asserted"),
        ("Only 12 people were killed.", "asserted"),
        ("Fewer than 12 people were killed.", "asserted"),
        ("He did not say why 12 people were killed.", "asserted"),
    ],
)
def test_polarity(text: str, polarity: str) -> None:
    """A denied event is negated, and so is a zero; an event that says "not" itself is asserted."""
    assert rows(text)[0]["polarity"] == polarity


@pytest.mark.parametrize(
    ("text", "cumulative"),
    [
        ("Two bodies were found, taking the number of dead to 16.", [None, True]),
        ("The toll rose to 45 from 38.", [True, True]),
        ("She shares a cell with 30 other women.", [None]),
        ("Lightning killed 13 people; eight others were hurt.", [None, None]),
        ("Youth unemployment stands at 34%.", [None]),
        ("Police held 30 people. Another 12 were held on Tuesday.", [None, False]),
    ],
)
def test_totals_and_additions(text: str, cumulative: list[bool | None]) -> None:
    """A total so far, also the earlier one, is true; an addition false; other people and shares are neither."""
    assert [row["cumulative"] for row in rows(text)] == cumulative


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Two civilian drivers were killed.", "civilians"),
        ("Twelve female victims were named.", "women"),
        ("Twelve drivers were hurt.", "workers"),
        ("Some 5,100 were women and children.", "women and children"),
        ("Police arrested 18 suspects.", None),
        ("The gang holds 12 hostages.", None),
    ],
)
def test_groups(text: str, group: str | None) -> None:
    """The noun names the group, or an adjective beside a noun that names none; nobody is in a group by inference."""
    assert rows(text)[0]["demographic"] == group


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("All but 12 of the detainees have now been freed.", "negated"),
        ("All but five were released.", "negated"),
        ("All but 12 of the detainees were not freed.", "asserted"),
        ("But 12 of the detainees have been freed.", "asserted"),
    ],
)
def test_all_but_a_number_is_said_of_the_others(text: str, polarity: str) -> None:
    """The number counts those of whom it is not true."""
    row = next(r for r in rows(text) if r["event"] == "released")
    assert row["polarity"] == polarity

"""Zones of flattened text: whole pages, threads, captions, teasers, repeated lines, and texts out of shape."""

from __future__ import annotations

import textwrap

import pytest

from pipeline.clean.lines import lines_of
from pipeline.clean.rules import load
from pipeline.clean.zones import Labelled, label

HEAD = "Flood Hits the Lower Town"
STORY = [
    "The river rose by two metres overnight and flooded the lower part of the town, the mayor's office said.",
    "Rescue teams took more than forty people from their homes by boat, and a school was opened as a shelter.",
    "Anna Keller, who has lived by the bridge for thirty years, said she had never seen the water so high.",
    "The regional government promised to repair the dyke before the winter and to pay for the damage.",
]
MORE = [
    "The dyke along the river was last repaired eleven years ago, the regional government said in its statement.",
    "Rescue teams expected the water to fall overnight, but the school will stay a shelter until the weekend.",
]
MENU = ["Home", "World", "Sport", "Culture", "Weather", "Contact", "Sign in", "Search", "Jobs", "Share", "Subscribe"]
FOOT = [
    "About us",
    "Jobs",
    "Advertise",
    "Privacy Policy",
    "Terms of Use",
    "Weather",
    "Archive",
    "© 2019 The Lower Paper",
]
OTHERS = [
    ("Bakers Ask for Longer Hours", "The bakers' union wants shops to stay open on Sundays, and its chairman wrote to the ministry about it."),
    ("Team Wins Third Game in a Row", "A late penalty decided the match on Saturday, and the coach praised the patience of his young defenders."),
    ("Museum Shows Forgotten Painter", "Forty landscapes from private collections hang on two floors, most of them never exhibited in public."),
]  # fmt: skip


def labelled(
    *lines: str, break_: str = "\n", repeated: frozenset[str] = frozenset(), title: str | None = None
) -> Labelled:
    return label(lines_of(break_.join(lines), join_wrapped=True), title, load(), repeated)


def zones(*lines: str, **given: object) -> list[tuple[str, str]]:
    return [(line.zone, line.text) for line in labelled(*lines, **given).lines]  # type: ignore[arg-type]


def texts(zone: str, *lines: str, **given: object) -> list[str]:
    return [text for found, text in zones(*lines, **given) if found == zone]


def line_of(text: str, *lines: str, **given: object) -> tuple[str, str]:
    """(zone, rule) of the one line that reads ``text``."""
    found = [(x.zone, x.rule) for x in labelled(*lines, **given).lines if x.text == text]  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


# --- whole pages -------------------------------------------------------------------------------------------------
def teasers(*between: str) -> list[str]:
    """Other articles below the story: headline, what stands ``between``, summary, and a link."""
    return [line for head, summary in OTHERS for line in (head, *between, summary, "Read More")]


@pytest.mark.parametrize("between", [("By Ben Ott", "November 4, 2019"), ("By Ben Ott",), ("Culture", "Valley")])
def test_summaries_of_other_articles_are_not_the_story(between: tuple[str, ...]) -> None:
    """A paragraph that stands apart, with words the story does not have, is another article's."""
    page = [*MENU, HEAD, "By Ada Lund", *STORY, *MORE, "Most Popular", *teasers(*between), *FOOT]
    assert texts("body", *page) == [*STORY, *MORE]


def test_long_summaries_are_told_by_their_words() -> None:
    """Shape alone would take them for the story's next paragraphs; the story's own words are in none of them."""
    long = [line for head, summary in OTHERS for line in (head, "Share", f"{summary} {summary}")]
    assert texts("body", *MENU, HEAD, "By Ada Lund", *STORY, *MORE, *long, *FOOT) == [*STORY, *MORE]
    own = [line for part in MORE for line in ("What the government says", "Share", f"{part} {part}")]
    assert texts("body", *MENU, HEAD, "By Ada Lund", *STORY, *own, *FOOT) == [
        *STORY,
        *(f"{part} {part}" for part in MORE),
    ]


def test_a_paragraph_below_furniture_that_speaks_of_the_story_is_the_story() -> None:
    """What stands between the paragraphs does not end a story that goes on in the same words."""
    box = [
        "Most Popular",
        "Bakers Ask for Longer Hours",
        "Team Wins Third Game",
        "Museum Shows Painter",
        "Share",
        "Subscribe",
    ]
    page = [*MENU, HEAD, "By Ada Lund", *STORY, *box, *MORE, *FOOT]
    assert texts("body", *page) == [*STORY, *MORE]


def test_a_story_begins_below_the_pages_own_title() -> None:
    """A ticker of other news above the headline, however long, is not of the story."""
    ticker = [f"{head}: {summary}" for head, summary in OTHERS] * 3
    page = [f"{HEAD} | The Lower Paper", *MENU, *ticker, HEAD, "By Ada Lund", *STORY, *MORE, *FOOT]
    assert texts("body", *page) == [*STORY, *MORE]
    assert (("title", HEAD)) in zones(*page)


def test_the_headline_of_a_page_has_words_of_the_story() -> None:
    """Of several short lines above a story, the headline is the one that speaks of it."""
    page = [
        *MENU,
        "Bakers Ask for Longer Hours",
        HEAD,
        "Sign up now to win a trip",
        "Follow this page",
        *STORY,
        *MORE,
        *FOOT,
    ]
    assert texts("title", *page) == [HEAD]


def test_a_list_of_days_below_the_last_paragraph_belongs_to_the_story() -> None:
    """Many short lines in a row that each begin with a day are no menu."""
    days = [f"June {n} – Town Hall, Street {n}" for n in range(4, 16)]
    page = [*MENU, HEAD, "By Ada Lund", *STORY, "Where help is given", *days, *FOOT]
    rows = {text: zone for zone, text in zones(*page)}
    assert {rows[day] for day in days} <= {"body", "heading"}
    assert rows["Archive"] == "other"


def test_headlines_in_a_row_under_related_are_related() -> None:
    """A box of other headlines in the flow, up to the next paragraph."""
    box = [head for head, _ in OTHERS]
    rows = zones(HEAD, *STORY[:2], "Read More", *box, *STORY[2:])
    assert [zone for zone, _ in rows] == ["title", "body", "body", "teaser", *["related"] * 3, "body", "body"]


def test_a_subheading_after_a_teaser_stays_a_heading() -> None:
    """One short line under "Read more" is the story's next subheading."""
    assert line_of("What comes next", HEAD, *STORY[:2], "Read More", "What comes next", *STORY[2:])[0] == "heading"


def test_a_headline_that_is_there_twice_on_end_is_a_teaser() -> None:
    """A picture's alternative text and the link beside it leave the same line twice."""
    rows = zones(HEAD, *STORY[:2], *["Bakers ask for longer hours again"] * 2, *STORY[2:])
    assert [zone for zone, _ in rows] == ["title", "body", "body", "teaser", "teaser", "body", "body"]


# --- headline and standfirst -------------------------------------------------------------------------------------
def test_a_sentence_between_headline_and_byline_is_the_standfirst() -> None:
    """Above the byline stands no story yet."""
    lead = "Dozens of families have left their homes after the dyke by the old bridge gave way."
    assert line_of(lead, HEAD, lead, "By Ada Lund", "3 April, 2019", *STORY) == ("subtitle", "subtitle.above_byline")
    assert line_of(lead, HEAD, "By Ada Lund", lead, *STORY)[0] == "body"


def test_a_sentence_that_the_lead_tells_again_is_the_standfirst() -> None:
    """Headline, one sentence and a longer paragraph with the same words: two leads in a row."""
    lead = "Rescue teams say that more than forty families fled the flooded lower town."
    again = "The regional rescue teams say in a statement that forty-two families fled the flooded lower town on Monday night."
    head = "Forty Families Fled Flooded Lower Town"
    assert line_of(lead, head, lead, again, *STORY, break_="\n\n") == ("subtitle", "subtitle.told_twice")
    assert line_of(STORY[0], head, *STORY, break_="\n\n")[0] == "body"


# --- captions and credits ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "zone", "rule"),
    [
        ("Image caption Boats were still moored at the school on Tuesday", "caption", "caption.label"),
        ("Photo: Buses with families leave the valley on Sunday", "caption", "caption.sentence"),
        ("Image copyright Ivo Brandt", "credit", "credit.label"),
        ("Photo: Ivo Brandt, AP", "credit", "credit.name"),
        ("Ivo Brandt/Lens via VPA", "credit", "credit.slash"),
        ("Anna Keller at her door. Submitted photo", "caption", "caption.handout"),
    ],
)
def test_labels_of_pictures(line: str, zone: str, rule: str) -> None:
    """Words that only pictures have."""
    assert line_of(line, HEAD, *STORY[:2], line, *STORY[2:]) == (zone, rule)


@pytest.mark.parametrize(
    ("line", "credit", "rule"),
    [
        ("Volunteers and their boats at the school", "Ivo Brandt/AFP", "caption.above_credit"),
        (
            "Anna Keller, left, and her neighbour are seen at the school on Tuesday, June 4, 2019, after the flood.",
            "Photo: Ivo Brandt, AP",
            "caption.above_credit",
        ),
    ],
)
def test_words_above_a_credit_are_a_caption(line: str, credit: str, rule: str) -> None:
    """A line without sentence end, or a sentence that points into a picture."""
    assert line_of(line, HEAD, *STORY[:2], line, credit, *STORY[2:]) == ("caption", rule)


def test_a_paragraph_above_a_credit_stays_in_the_story() -> None:
    """A picture without caption stands between paragraphs, too."""
    rows = zones(HEAD, STORY[0], "Ivo Brandt/AFP", *STORY[1:])
    assert [zone for zone, _ in rows] == ["title", "body", "credit", "body", "body", "body"]


def test_a_caption_that_is_there_twice_is_a_caption() -> None:
    """Galleries print the words of a picture once with its credit and once without."""
    caption = "Volunteers carry sandbags to the broken dyke by the old bridge while the water is still rising."
    rows = zones(HEAD, caption + " The dyke broke at night.", caption, "Photo: Ivo Brandt, AP", *STORY)
    assert [zone for zone, _ in rows][:4] == ["title", "caption", "caption", "credit"]


def test_a_name_between_paragraphs_twice_is_a_caption() -> None:
    """The name under two pictures, though no paragraph beside them has it."""
    name = "Dora Ek"
    rows = zones(HEAD, STORY[0], name, STORY[1], STORY[2], name, STORY[3])
    assert [zone for zone, text in rows if text == name] == ["caption", "caption"]
    assert line_of(name, HEAD, STORY[0], name, *STORY[1:])[0] == "heading"


def test_an_article_in_one_line_with_a_credit_is_no_caption() -> None:
    """So many words before a credit are a story."""
    rows = zones(" ".join(STORY * 3) + " (Photo by Ivo Brandt/AFP via Getty Images)")
    assert [zone for zone, _ in rows] == ["body", "credit"]


# --- bylines and days --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("April 3, 2019 / 1:07 AM / Lower Valley News", "timestamp"),
        ("| April 3, 2019 12:01 PM", "timestamp"),
        ("Wednesday April 3, 2019 7:45 am PST by Ada Lund", "timestamp"),
        ("5:45 AM PST 4/3/2019 by Ada Lund", "timestamp"),
        ("Ada Lund - Apr 3, 2019, 10:31 pm CST", "byline"),
        ("By Ada Lund.", "byline"),
        ("From our own correspondent in Oslo", "byline"),
        ("By Ada Lund and Ben Ott of The Lower Paper.", "byline"),
    ],
)
def test_who_wrote_it_and_when(line: str, zone: str) -> None:
    """Names and days in the shapes that pages give them."""
    assert line_of(line, HEAD, line, *STORY)[0] == zone


@pytest.mark.parametrize(
    "line", ["By Friday the water had gone.", "By night they had left.", "BY NIGHT THEY HAD LEFT."]
)
def test_a_sentence_that_begins_with_by_is_no_byline(line: str) -> None:
    """A byline that ends in a full stop holds names alone."""
    assert line_of(line, HEAD, *STORY[:2], line, *STORY[2:])[0] == "body"


# --- comment threads ---------------------------------------------------------------------------------------------
THREADS = {
    "name, day": ["Ben Ott", "June 4, 2019 at 3:17 pm", "How sad this is.", "Dora Ek", "June 5, 2019 at 9:02 am", "I agree with that."],
    "heading, name, day": ["2 Comments", "Ben Ott", "June 4, 2019 at 3:17 pm", "How sad", "Dora Ek", "June 5, 2019", "I agree"],
    "says": ["Ben Ott says:", "June 4, 2019 at 3:17 pm", "How sad this is.", "Dora Ek says:", "June 5, 2019", "I agree with that."],
    "reply": ["Ben Ott", "2 days ago", "How sad this is.", "Reply", "Dora Ek", "1 day ago", "I agree with that.", "Reply"],
    "nested": ["Ben Ott", "2 days ago", "How sad this is.", "Reply", "Dora Ek replied to Ben Ott", "1 day ago", "I agree.", "3 likes"],
    "buttons alone": ["Ben Ott", "How sad this is.", "Reply", "Like", "Dora Ek", "I agree with that.", "Reply", "Like"],
    "short ages": ["Ben Ott", "Ben Ott · 2d", "How sad this is.", "Dora Ek", "Dora Ek · 1d", "I agree with that."],
}  # fmt: skip


@pytest.mark.parametrize("thread", THREADS.values(), ids=THREADS.keys())
def test_threads_in_many_shapes(thread: list[str]) -> None:
    """Who wrote and when is comment_meta, what they wrote comment; nothing of it is story."""
    rows = labelled(HEAD, *STORY, *thread).lines
    assert [row.zone for row in rows[:5]] == ["title", *["body"] * 4]
    words = {"How sad this is.", "How sad", "I agree with that.", "I agree.", "I agree"}
    for row in rows[5:]:
        if row.text in words:
            assert row.zone == "comment"
    assert {row.zone for row in rows[5:]} == {"comment", "comment_meta"}


def test_a_comment_of_one_word_is_no_name() -> None:
    """What stands under the writer's line is the comment; a name stands under the buttons of the one before."""
    rows = labelled(
        HEAD, *STORY, "Ben Ott", "2 days ago", "Horrific", "Reply", "Dora Ek", "1 day ago", "Sad", "Reply"
    ).lines
    assert [row.text for row in rows if row.zone == "comment"] == ["Horrific", "Sad"]


def test_who_says_something_in_the_story_opens_no_thread() -> None:
    """Subheadings and the words before a quotation name speakers, too."""
    for line in ("What the government says", "The minister says:"):
        rows = zones(HEAD, *STORY, line, STORY[0], line, *STORY[1:], break_="\n\n")
        assert not {zone for zone, _ in rows} - {"title", "body", "heading"}


def test_ages_of_other_articles_are_no_thread() -> None:
    """A writer and an age under a headline are a teaser's."""
    items = ["Bakers Ask for Longer Hours", "By Ben Ott 2 days ago", "Team Wins Third Game", "Posted 4 hours ago"]
    assert not texts("comment", HEAD, *STORY, *items)


def test_menus_below_the_thread_of_a_page_are_no_comments() -> None:
    """The last comment ends where the page's furniture begins."""
    thread = THREADS["name, day"]
    rows = {text: zone for zone, text in zones(*MENU, HEAD, "By Ada Lund", *STORY, *MORE, *thread, *FOOT)}
    assert rows["How sad this is."] == "comment"
    assert rows["Archive"] == "other"


# --- notices and footers -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("If you enjoyed this article, consider becoming a member of our club for local reporting.", "footer"),
        ("No spam, we promise, and you can leave the list whenever you like.", "footer"),
        (
            "Sometimes we link to shops; if you click on one and make a purchase we may receive a small commission.",
            "notice",
        ),
        ("This article is more than 3 years old", "notice"),
        ("Editor's note: This story was first told on the radio.", "notice"),
    ],
)
def test_notices(line: str, zone: str) -> None:
    """What a paper says of itself and its shop."""
    assert line_of(line, HEAD, *STORY, line)[0] == zone


# --- lines that an outlet repeats --------------------------------------------------------------------------------
LETTER = "Every evening the editors of this paper send the news of the valley to all who ask them for it."


@pytest.mark.parametrize("place", [0, 1, 3, 5])
def test_a_short_line_that_other_articles_have_is_furniture(place: int) -> None:
    """Wherever it stands, under the name of the rule."""
    lines = [HEAD, *STORY]
    lines.insert(place, "All the news from the valley")
    repeated = frozenset(["All the news from the valley"])
    assert line_of("All the news from the valley", *lines, repeated=repeated) == ("other", "repeated.line")
    assert texts("title", *lines, repeated=repeated) == [HEAD]


@pytest.mark.parametrize(("place", "zone"), [(1, "notice"), (5, "footer"), (3, "body")])
def test_prose_that_other_articles_have_is_furniture_at_the_edges(place: int, zone: str) -> None:
    """Between lines of the story it is background, which papers print in many stories."""
    lines = [HEAD, *STORY]
    lines.insert(place, LETTER)
    assert line_of(LETTER, *lines, repeated=frozenset([LETTER]))[0] == zone


def test_repetition_never_takes_a_whole_article_nor_what_a_rule_knows() -> None:
    """A text of repeated lines alone, datelines, bylines, numbered headings and the given title stay what they are."""
    assert texts("body", *STORY, repeated=frozenset(STORY)) == STORY
    lines = [HEAD, "By Ada Lund", "OSLO, June 4 (Reuters) - " + STORY[0], "1. First the dyke", *STORY[1:]]
    rows = labelled(*lines, repeated=frozenset([HEAD, "By Ada Lund", "1. First the dyke"]), title=HEAD).lines
    assert [row.zone for row in rows] == ["title", "byline", "dateline", "body", "heading", "body", "body", "body"]


# --- texts out of shape ------------------------------------------------------------------------------------------
def wrapped(paragraphs: list[str]) -> list[str]:
    return [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, 68)]


@pytest.mark.parametrize(
    "lines",
    [wrapped(STORY * 2), [line.upper() for line in wrapped(STORY * 2)]],
    ids=["small letters", "capitals"],
)
@pytest.mark.parametrize("break_", ["\n", "\n\n"], ids=["lines", "every line a paragraph"])
def test_wrapped_lines_are_paragraphs_again(lines: list[str], break_: str) -> None:
    """Also without blank lines between paragraphs, with one after each line, and in capitals."""
    rows = zones(lines[0][:25].strip() + "\n", *lines, break_=break_)
    assert {zone for zone, _ in rows[1:]} == {"body"}
    assert [text.casefold() for _, text in rows[1:]] == [paragraph.casefold() for paragraph in STORY * 2]


def test_a_paragraph_that_alone_would_not_show_it_is_wrapped_like_the_others() -> None:
    """Two lines, the second with a capital: broken, as all others of the text are."""
    two = "Anton Rehn, who speaks for the dyke board, said the men go on to\nUpper Town after the weekend."
    text = "\n\n".join([HEAD, *("\n".join(wrapped([paragraph])) for paragraph in STORY), two])
    assert zones(text)[-1] == ("body", " ".join(two.split()))


def test_short_paragraphs_with_blank_lines_stay_paragraphs() -> None:
    """Lines that end like sentences are whole."""
    lines = [HEAD, *(f"The boat came back at {hour} and took {hour + 2} people away." for hour in range(3, 12))]
    assert len(zones(*lines, break_="\n\n")) == len(lines)


@pytest.mark.parametrize(
    "text",
    [
        " ".join([HEAD, *STORY]),
        " ".join([HEAD, "By Ada Lund", *STORY]),
        " ".join([HEAD, *STORY[:2], "READ MORE: Bakers Ask for Longer Hours", *STORY[2:]]),
        "".join(STORY),
    ],
    ids=["one line", "byline inside", "teaser inside", "glued"],
)
def test_a_text_in_one_line_is_body(text: str) -> None:
    """Nothing is lost from a line that holds everything."""
    assert texts("body", text) == [text]


def test_a_text_without_blank_lines_has_its_zones() -> None:
    """Line breaks are enough."""
    rows = zones(HEAD, "By Ada Lund", "3 April 2019", *STORY, "READ MORE: Bakers Ask for Longer Hours", "Share")
    assert [zone for zone, _ in rows] == ["title", "byline", "timestamp", *["body"] * 4, "teaser", "share"]


def test_capitals_say_nothing_in_a_text_of_capitals() -> None:
    """No sentence becomes headline, dateline, caption or byline because all is in capitals."""
    dash = "THE DYKE BROKE - 'WE LOST ALL', SAID THE MAYOR OF THE TOWN AT NOON ON THE OLD BRIDGE."
    short = "NOBODY WAS HURT."
    lines = [*STORY, dash, short, "THE DYKE", *STORY]
    rows = zones(*(line.upper() for line in [HEAD, dash, *lines]), break_="\n\n")
    assert [zone for zone, _ in rows] == ["title", *["body"] * 7, "heading", *["body"] * 4]


def test_every_line_names_its_rule() -> None:
    """A zone is never set without the rule that set it."""
    page = [*MENU, HEAD, "By Ada Lund", *STORY, *MORE, "Most Popular", *teasers(), *THREADS["nested"], *FOOT]
    assert all(line.zone and line.rule and line.confidence for line in labelled(*page).lines)


def test_the_work_grows_with_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times the comments cost ten times the rules held against them, no more."""
    from pipeline.clean.rules import Rules

    asked = 0
    match = Rules.match

    def counted(self: Rules, *args: object, **given: object) -> object:
        nonlocal asked
        asked += 1
        return match(self, *args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(Rules, "match", counted)
    counts = []
    for size in (100, 1000):
        asked = 0
        labelled(HEAD, *STORY, *(THREADS["reply"] * size))
        counts.append(asked)
    assert counts[1] < 11 * counts[0]


@pytest.mark.parametrize(
    "number", ["Bulletin 19", "Newsletter No. 7", "Vol. 3, No. 2", "Issue #12, May 2019", "The Bulletin 4"]
)
def test_a_masthead_is_no_headline(number: str) -> None:
    """What stands above the number of an issue names who prints it; the headline comes below."""
    found = zones("Lower Valley Network", number, HEAD, *STORY)
    assert [zone for zone, _ in found[:3]] == ["other", "other", "title"]
    assert line_of(number, "Lower Valley Network", number, HEAD, *STORY)[1] == "masthead.issue"


def test_a_numbered_issue_in_the_story_is_no_masthead() -> None:
    """Issue 4 may be what the story is about."""
    assert line_of("Issue 4", HEAD, STORY[0], "Issue 4", STORY[1])[0] == "heading"


def test_a_heading_of_markdown_is_a_heading() -> None:
    """Wherever it stands."""
    assert line_of("## Shelters open until Sunday", HEAD, STORY[0], "## Shelters open until Sunday", *STORY[1:]) == (
        "heading",
        "heading.markdown",
    )

from ablations.judging.verdict import VERDICTS
from reports.cards import MARKS, MEANINGS, WORDS, in_words, make_card
from reports.counts import RANKS


def test_every_verdict_has_a_mark_a_meaning_and_a_rank():
    assert (
        set(MARKS)
        == set(MEANINGS)
        == set(WORDS)
        == set(RANKS)
        == {*VERDICTS, "incomplete"}
    )


def test_lists_say_where_it_holds_where_it_fails_and_what_is_open(
    standing, outcome, empty_evidence
):
    outcomes = (
        outcome("small", outcome="fails"),
        outcome("large"),
        outcome("medium", outcome="undecided"),
        outcome("full", outcome="untested", details={"no_room": True}),
        outcome("why", role="beside"),
        outcome("check", role="control"),
    )
    card = make_card(standing(outcomes=outcomes), empty_evidence)
    assert [(w.heading, w.labels) for w in card.lists] == [
        ("It holds", ("large",)),
        ("It fails", ("small",)),
        ("It is open", ("medium",)),
        ("No effect could have shown", ("full",)),
    ]


def test_a_long_list_is_cut_and_says_how_many_more(standing, outcome, empty_evidence):
    outcomes = tuple(outcome(f"number {n}") for n in range(9))
    (where,) = make_card(standing(outcomes=outcomes), empty_evidence).lists
    assert (where.labels[-1], where.num_more) == ("number 5", 3)


def test_the_boundary_is_told_unless_answer_or_lists_do(
    standing, outcome, empty_evidence
):
    where = "holds from width 8 on, fails up to 4"
    told = [
        make_card(standing(boundary=where, answer=answer), empty_evidence).boundary
        for answer in ("It depends.", f"It depends: it {where}.")
    ]
    assert told == [f"It {where}.", ""]
    assert make_card(standing(), empty_evidence).boundary == ""
    words = standing(boundary=where, outcomes=(outcome(value="a"),))
    assert make_card(words, empty_evidence).boundary == ""


def test_what_is_published_stands_while_figures_are_of_the_runs_at_hand(
    standing, verdict, evidence
):
    published = verdict(answer="As published.", arms=())
    card = make_card(standing(published, preset="quick", figure="curves"), evidence)
    assert card.verdict.answer == "As published."
    assert [picture.name for picture in card.pictures] == ["curves"]


def test_what_is_published_stands_beside_what_was_run_here(
    standing, verdict, empty_evidence
):
    published = verdict(verdict="refuted")
    both = make_card(standing(published, preset="quick"), empty_evidence)
    assert both.beside == (
        ("Published", "refuted"),
        ("Your runs, preset quick", "supported"),
    )
    assert make_card(standing(), empty_evidence).beside == ()


def test_the_lists_say_numbers_that_mean_something_alone(
    standing, outcome, empty_evidence
):
    outcomes = (
        outcome("a share", estimate=0.9, n=20),
        outcome("points", estimate=-0.0213, unit="test accuracy"),
        outcome("a ratio", estimate=3.0, unit="ratio"),
        outcome("log10 of the norm", estimate=None),
    )
    (where,) = make_card(standing(outcomes=outcomes), empty_evidence).lists
    numbers = ("18 of 20", "\N{MINUS SIGN}2.1 points", "3 times", "")
    assert where.numbers == numbers
    assert where.labels[-1] == "norm"
    assert in_words("depth") == "depth"


def test_tiles_stand_in_the_order_of_what_holds_to_what_was_not_tested(
    standing, empty_evidence
):
    words = ("not tested", "refuted", "supported")
    cards = [
        make_card(standing(verdict=w), empty_evidence, n) for n, w in enumerate(words)
    ]
    ordered = sorted(cards, key=lambda card: card.place)
    assert [card.verdict.verdict for card in ordered] == list(reversed(words))

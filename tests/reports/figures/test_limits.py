from reports.figures.limits import Factor, Limits, Recipe, title

RATE = Factor("rate", "rate_limits", "learning rate", "rate {}")


def test_places_are_said_as_the_factor_has_it():
    assert (
        Factor("depth", "limits", "layers", "{} layers").say(1000.0) == "1,000 layers"
    )


def test_the_title_counts_recipes_at_the_last_place_that_most_of_them_share():
    plain = Recipe("plain", {0.1: 1.0, 0.6: 0.05}, {0.1: 20, 0.6: 20})
    norm = Recipe("norm", {0.6: 1.0, 1.8: 1.0}, {0.6: 20, 1.8: 20})
    told = title(Limits(RATE, "learn", (plain, norm)))
    assert told == "At rate 0.6, most networks learn by 1 of 2 recipes"

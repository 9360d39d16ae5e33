from reports.figures import stuck


def test_endings_name_the_plateaus_and_count_every_run(source):
    endings = stuck.read(source)
    assert endings.counts == {
        "every row right": 24,
        "½ everywhere": 16,
        "0 and 1 for equal inputs, 0 and 1 for mixed": 8,
    }
    assert endings.icons == dict(zip(endings.counts, (50, 33, 17), strict=True))


def test_icons_are_a_hundred_whatever_the_counts():
    for counts in ([1], [1, 1, 1], [9_999, 1, 0], [7, 0, 3, 1_000]):
        shown = stuck.shares_of(100, counts)
        assert sum(shown) == 100
        for icons, count in zip(shown, counts, strict=True):
            assert abs(icons - 100 * count / sum(counts)) < 1


def test_every_icon_is_drawn_with_the_letter_of_its_ending(source, texts):
    picture = stuck.draw(stuck.read(source))
    written = texts(picture.svg)
    # Each letter stands once more beside its meaning.
    assert (written.count("A"), written.count("B")) == (34, 18)
    assert "33: outputs ½ everywhere" in written


def test_the_words_say_how_the_runs_ended(source):
    picture = stuck.draw(stuck.read(source))
    assert "50.0 % every row right; 33.3 % ½ everywhere" in picture.alternative
    assert picture.title.startswith("Of 100 networks, 50 get every row right")


def test_runs_that_diverge_or_end_elsewhere_have_names(source):
    endings = stuck.Endings(
        "many", 10, 50, {stuck.SOLVED: 0, stuck.DIVERGED: 9, "x": 1}
    )
    picture = stuck.draw(endings)
    assert "90.0 % no number: they diverged" in picture.alternative
    assert "Of 100 networks, 0 get" in picture.title


def test_without_runs_there_is_nothing_to_draw(empty_source):
    assert stuck.read(empty_source) is None

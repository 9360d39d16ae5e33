"""What can be explored of regularization: penalties, kept units, rows."""

from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.penalties import ADAM, NO_TECHNIQUE, STRENGTHS
from ablations.rigs.regularization.readings import TIE, accuracy
from reports.explorers.declared import ExplorerConfig, control, reading

PENALTIES = {"none": 0.0} | {f"{strength:g}": strength for strength in STRENGTHS}
ROWS = {f"{rows:,} rows": rows for rows in (80, 320, 640, 2560)}
LABELS = {"15 % false labels": "false labels", "true labels": "true labels"}
KEPT = {"all": 100, "four fifths": 80, "three fifths": 60, "two fifths": 40}
FEWER = {words: kept for words, kept in KEPT.items() if kept > 40}
IN_CELL = ScoreConfig(
    quantity="test_accuracy_at_{hidden}_{inputs}", words="test accuracy"
)

EXPLORERS = (
    ExplorerConfig(
        id="penalty",
        question="How strong should an L2 penalty be?",
        claim="l2_prevents_overfitting",
        controls=(control("penalty", "Strength of the penalty", PENALTIES, "slider"),),
        score=accuracy(),
        where={"setting": ADAM},
        chart="columns",
        axis="test accuracy, a dot per seed",
        says={
            "base": "Without a penalty, networks get {mean} of new rows right.",
            "more": "A penalty of {penalty} adds {change} percentage points of test"
            " accuracy.",
            "less": "A penalty of {penalty} takes {change} percentage points of test"
            " accuracy away.",
            "same": "A penalty of {penalty} changes test accuracy by less than one"
            " percentage point.",
        },
        base=("none",),
        margin=TIE,
        first=("0.03",),
        starts={"a common default": ("0.0001",), "too much": ("0.1",)},
    ),
    ExplorerConfig(
        id="more_rows",
        question="How much do more rows help?",
        claim="more_data_is_the_best_way_to_generalize",
        controls=(
            control("labels", "Labels", LABELS),
            control(
                "rows",
                "Rows to learn from",
                ROWS,
                "slider",
                shorts={words: f"{rows:,}" for words, rows in ROWS.items()},
            ),
        ),
        score=NO_TECHNIQUE,
        chart="columns",
        axis="test accuracy, a dot per seed",
        says={
            "base": "With {rows}, networks get {mean} of new rows right.",
            "more": "With {rows}, test accuracy is {change} percentage points higher"
            " than with eighty.",
            "less": "With {rows}, test accuracy is {change} percentage points lower"
            " than with eighty.",
            "same": "With {rows}, test accuracy is as with eighty, to one"
            " percentage point.",
        },
        base=("80 rows",),
        margin=TIE,
        first=("15 % false labels", "2,560 rows"),
        starts={
            "few rows, false labels": ("15 % false labels", "80 rows"),
            "few rows, true labels": ("true labels", "80 rows"),
        },
    ),
    ExplorerConfig(
        id="dropout",
        question="How many units and inputs should dropout keep?",
        claim="keeping_sixty_and_eighty_percent_suits_dropout",
        controls=(
            control("task", "Task", {"clusters": "clusters", "digits": "digits"}),
            reading("hidden", "Hidden units kept", KEPT, fills="hidden", short="{} %"),
            reading("inputs", "Inputs kept", FEWER, fills="inputs", short="{} %"),
        ),
        score=IN_CELL,
        chart="grid",
        axis="test accuracy, mean of twenty seeds",
        says={
            "base": "With all units and inputs kept, networks get {mean} of new rows"
            " right.",
            "more": "Keeping {hidden} of the hidden units and {inputs} of the inputs"
            " adds {change} percentage points of test accuracy.",
            "less": "Keeping {hidden} of the hidden units and {inputs} of the inputs"
            " costs {change} percentage points of test accuracy.",
            "same": "Keeping {hidden} of the hidden units and {inputs} of the inputs"
            " changes test accuracy by less than one percentage point.",
        },
        base=("all", "all"),
        margin=TIE,
        first=("clusters", "three fifths", "four fifths"),
        starts={
            "nothing dropped": ("clusters", "all", "all"),
            "images": ("digits", "three fifths", "four fifths"),
        },
    ),
)
"""The chapter's explorers."""

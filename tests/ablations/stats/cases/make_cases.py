"""Compute the stored cases with SciPy and statsmodels, without any of our own code.

Run `python tests/ablations/stats/cases/make_cases.py` to write `python.json` anew; the
cases of `r.json` come from `make_cases.R` beside it. Each case names the function that
gave its numbers and the version. Where our definition differs from that of a library,
the case holds the quantity that both define: the comment beside it says which.
"""

import itertools
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats import contingency_tables, multitest, power, proportion

SCIPY = f"scipy {scipy.__version__}"
STATSMODELS = f"statsmodels {statsmodels.__version__}"
# Darwin's maize, crossed minus self-fertilized, in eighths of an inch: Fisher (1935).
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
# The sample that a sign-flip test of 95 % needs has six pairs.
DIFFERENCES = {
    "two pairs, the fewest SciPy takes": [0.4, 1.1],
    "five pairs, too few to reject": [1.0, 2.0, 3.0, 4.0, 5.0],
    "six pairs, the fewest that reject": [1.0, 2.0, 3.0, 4.0, 5.0, 6.5],
    "seven with a zero": [0.3, 1.0, 2.0, -1.0, 0.7, 0.0, 4.0],
    "eight with ties": [1.0, 1.0, -1.0, 2.0, 2.0, 3.0, -2.0, 3.0],
    "ten, mostly zeros": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, -1.0, 3.0],
    "nine, no effect": [0.25, -0.5, 0.75, -1.0, 1.25, -1.5, 1.75, -2.0, 1.0],
}
ALTERNATIVES = ("two-sided", "greater", "less")

cases: list[dict] = []


def add(call: str, name: str, inputs: dict, expected: dict, source: str) -> None:
    """Keep one case; `inputs` are the keyword arguments of our function `call`."""
    cases.append(
        {
            "call": call,
            "name": name,
            "inputs": plain(inputs),
            "expected": plain(expected),
            "source": source,
        }
    )


def plain(value: object) -> object:
    """Turn a value into what strict JSON has; infinities become words."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def flip_p(differences: np.ndarray, alternative: str = "two-sided") -> float:
    """Compute the p-value over all 2^n signs."""
    result = stats.permutation_test(
        (np.asarray(differences, dtype=float),),
        np.mean,
        permutation_type="samples",
        n_resamples=np.inf,
        alternative=alternative,
        vectorized=True,
    )
    return float(result.pvalue)


FLIP = f"scipy.stats.permutation_test(permutation_type='samples'), {SCIPY}"


def invert(p_value: Callable[[float], float], inside: float, outside: float) -> float:
    """Bisect to the value between the two at which p falls to 0.05 or below."""
    if p_value(outside) > 0.05:
        return math.copysign(math.inf, outside - inside)
    # 2^-60 of the distance is below the last digit.
    for _ in range(60):
        middle = (inside + outside) / 2
        if p_value(middle) > 0.05:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2


def add_rates() -> None:
    """Clopper-Pearson, the binomial test and Wilson."""
    counts = [(0, 1), (1, 1), (0, 7), (5, 5), (3, 10), (10, 10), (57, 100), (1, 1000)]
    for (k, n), alternative in itertools.product(counts, ALTERNATIVES):
        test = stats.binomtest(k, n, 0.3, alternative=alternative)
        # The roots of the two tails, which SciPy finds by iteration, in closed form.
        interval = [0.0, 1.0]
        tail = 0.025 if alternative == "two-sided" else 0.05
        if alternative != "less" and k > 0:
            interval[0] = stats.beta.ppf(tail, k, n - k + 1)
        if alternative != "greater" and k < n:
            interval[1] = stats.beta.isf(tail, k + 1, n - k)
        iterated = test.proportion_ci(0.95, method="exact")
        np.testing.assert_allclose(interval, iterated, rtol=0, atol=1e-9)
        p_value = test.pvalue
        if alternative == "two-sided":
            # Ours is twice the smaller tail, which is what the interval inverts.
            tails = (stats.binomtest(k, n, 0.3, alternative=a) for a in ALTERNATIVES)
            p_value = min(1.0, 2 * min(test.pvalue for test in list(tails)[1:]))
        add(
            "clopper_pearson",
            f"{k} of {n}, {alternative}",
            {"successes": k, "n": n, "null": 0.3, "alternative": alternative},
            {"low": interval[0], "high": interval[1], "p_value": p_value},
            f"scipy.stats.binomtest and scipy.stats.beta, {SCIPY}",
        )
    for k, n in counts:
        for confidence in (0.9, 0.95, 0.99):
            low, high = proportion.proportion_confint(
                k, n, alpha=1 - confidence, method="wilson"
            )
            add(
                "wilson",
                f"{k} of {n} at {confidence}",
                {"successes": k, "n": n, "confidence": confidence},
                {"low": low, "high": high},
                f"statsmodels proportion_confint(method='wilson'), {STATSMODELS}",
            )


def add_two_rates() -> None:
    """Newcombe's interval."""
    tables = [
        (0, 1, 1, 1),
        (3, 10, 8, 10),
        (0, 5, 5, 5),
        (0, 6, 0, 9),
        (6, 6, 9, 9),
        (2, 6, 3, 9),
        (56, 70, 48, 80),
        (1, 30, 9, 25),
    ]
    for table in tables:
        low, high = proportion.confint_proportions_2indep(
            *table, method="newcomb", compare="diff"
        )
        k_1, n_1, k_2, n_2 = table
        arms = {"successes_1": k_1, "n_1": n_1, "successes_2": k_2, "n_2": n_2}
        add(
            "newcombe_limits",
            f"{table}",
            arms,
            {"low": low, "high": high},
            f"statsmodels confint_proportions_2indep(method='newcomb'), {STATSMODELS}",
        )


def add_paired_rates() -> None:
    """McNemar's test, its mid-p, and Newcombe's paired limits."""
    for b, c in [(0, 0), (1, 0), (5, 0), (6, 0), (1, 7), (5, 5), (40, 22), (9, 2)]:
        arms = {"only_treatment": b, "only_control": c}
        test = contingency_tables.mcnemar([[3, b], [c, 4]], exact=True)
        add(
            "mcnemar_p_value",
            f"{b} against {c}",
            arms | {"mid_p": False},
            {"p_value": test.pvalue},
            f"statsmodels mcnemar(exact=True), {STATSMODELS}",
        )
        # All rarer tables, and half of those that are as rare as this one.
        chances = stats.binom(b + c, 0.5).pmf(np.arange(b + c + 1))
        distances = np.abs(2 * np.arange(b + c + 1) - b - c)
        rarer = chances[distances > abs(b - c)].sum()
        as_rare = chances[distances == abs(b - c)].sum()
        add(
            "mcnemar_p_value",
            f"{b} against {c}, mid-p",
            arms | {"mid_p": True},
            {"p_value": rarer + as_rare / 2 if b + c else 1.0},
            f"scipy.stats.binom, {SCIPY}; Fagerland, Lydersen and Laake (2013)",
        )
    tables = [
        (1, 0, 0, 0),
        (0, 3, 0, 0),
        (59, 6, 16, 80),
        (36, 12, 2, 0),
        (2, 3, 1, 4),
        (0, 4, 4, 0),
        (7, 0, 0, 5),
        (50, 40, 0, 10),
    ]
    for both, b, c, neither in tables:
        n = both + b + c + neither
        (k_1, l_1, u_1), (k_2, l_2, u_2) = (
            (k, *proportion.proportion_confint(k, n, method="wilson"))
            for k in (both + b, both + c)
        )
        cross = both * neither - b * c
        if cross > 0:
            cross = max(cross - n / 2, 0)
        product = k_1 * (n - k_1) * k_2 * (n - k_2)
        phi = cross / math.sqrt(product) if product else 0.0
        p_1, p_2 = k_1 / n, k_2 / n

        def reach(x: float, y: float, phi: float = phi) -> float:
            return math.sqrt(max(x * x - 2 * phi * x * y + y * y, 0.0))

        add(
            "newcombe_paired_limits",
            f"{both}, {b}, {c}, {neither}",
            {
                "both": both,
                "only_treatment": b,
                "only_control": c,
                "neither": neither,
                "confidence": 0.95,
            },
            {
                "low": p_1 - p_2 - reach(p_1 - l_1, u_2 - p_2),
                "high": p_1 - p_2 + reach(u_1 - p_1, p_2 - l_2),
            },
            f"Newcombe (1998), method 10, over proportion_confint, {STATSMODELS}",
        )


def add_sign_flips() -> None:
    """Sign flips of differences and of ratios."""
    for name, values in DIFFERENCES.items():
        for alternative in ALTERNATIVES:
            add(
                "sign_flip_p_value",
                f"{name}, {alternative}",
                {"differences": values, "alternative": alternative},
                {"p_value": flip_p(values, alternative)},
                FLIP,
            )
        data = np.array(values)
        center, reach = data.mean(), 2 * np.abs(data).max() + 1
        expected = {"estimate": center, "p_value": flip_p(data)}
        for side, outside in (("low", center - reach), ("high", center + reach)):
            expected[side] = invert(lambda d: flip_p(data - d), center, outside)  # noqa: B023
        add(
            "paired_mean_difference",
            f"{name}, inverted",
            {"differences": values},
            expected,
            f"{FLIP}, bisected",
        )
    for null in (0.0, 10.0, -15.0):
        add(
            "paired_mean_difference",
            f"Darwin's maize, {null:g}",
            {"differences": DARWIN, "null": null},
            {"p_value": flip_p(np.array(DARWIN) - null)},
            FLIP,
        )
    # Resampling all equal numbers is no work for a library: p(delta) = 2 / 2^n except
    # at the number itself, where it is 1.
    add(
        "paired_mean_difference",
        "eight equal",
        {"differences": [0.5] * 8},
        {"estimate": 0.5, "low": 0.5, "high": 0.5, "p_value": flip_p([0.5] * 8)},
        FLIP,
    )
    arms = {
        "seven pairs": ([3.1, 2.2, 5.0, 4.1, 2.9, 3.3, 6.0], [2, 3, 3, 3, 2, 2.5, 3.5]),
        "six pairs": ([1.5, 2.5, 3, 4, 5, 6.5], [1, 2, 2.5, 3, 4.5, 5]),
        "eight with ties": ([1, 2, 2, 3, 3, 4, 8, 8], [1, 2, 1, 3, 2, 4, 2, 4]),
    }
    for name, (treatment, control) in arms.items():
        first, second = np.array(treatment, float), np.array(control, float)
        ratio = first.mean() / second.mean()
        expected = {"estimate": ratio, "p_value": flip_p(first - second)}
        for side, outside in (("low", ratio / 100), ("high", ratio * 100)):
            expected[side] = invert(
                lambda r: flip_p(first - r * second),  # noqa: B023
                ratio,
                outside,
            )
        add(
            "flip_ratio",
            name,
            {"numerators": treatment, "denominators": control},
            expected,
            f"{FLIP}, bisected",
        )


def add_ranks() -> None:
    """Wilcoxon's signed ranks."""
    everything = stats.PermutationMethod(n_resamples=np.inf)
    for name, values in DIFFERENCES.items():
        test = stats.wilcoxon(values, zero_method="pratt", method=everything)
        add(
            "signed_rank_p_value",
            name,
            {"effects": values},
            {"p_value": test.pvalue},
            f"scipy.stats.wilcoxon(method=PermutationMethod()), {SCIPY}",
        )
    for n in (1, 6, 12, 40):
        values = np.round(np.random.default_rng(n).normal(0.3, 1, n), 6)
        test = stats.wilcoxon(values, method="exact")
        add(
            "signed_rank_p_value",
            f"{n} without ties",
            {"effects": values},
            {"p_value": test.pvalue},
            f"scipy.stats.wilcoxon(method='exact'), {SCIPY}",
        )


def add_families() -> None:
    """Holm's adjustment."""
    families = {
        "one test": [0.01],
        "with a tie": [0.04, 0.01, 0.03, 0.03],
        "all equal": [0.2, 0.2, 0.2],
        "zero and one": [1.0, 0.9, 0.0],
        "twenty": np.round(np.random.default_rng(0).beta(0.3, 1, 20), 9),
    }
    for name, p_values in families.items():
        adjusted = multitest.multipletests(p_values, method="holm")[1]
        add(
            "holm",
            name,
            {"p_values": p_values},
            {"adjusted": adjusted},
            f"statsmodels multipletests(method='holm'), {STATSMODELS}",
        )


def add_resampled() -> None:
    """The corrected resampled t test."""
    samples = {
        "two splits": ([0.1, 0.3], 0.25),
        "ten folds": ([0.2, 0.1, 0.0, 0.4, -0.1, 0.2, 0.2, 0.3, 0.1, 0.5], 1 / 9),
        "with ties": ([0.5, 0.5, 0.5, 0.25, 0.25], 0.5),
        "a negative mean": ([-3.0, -1.0, -2.5, 0.5, -4.0, -2.0], 0.25),
    }
    for name, (values, ratio) in samples.items():
        data, count = np.array(values), len(values)
        error = math.sqrt((1 / count + ratio) * data.var(ddof=1))
        for confidence in (0.95, 0.8):
            low, high = stats.t.interval(confidence, count - 1, data.mean(), error)
            add(
                "corrected_resampled_t",
                f"{name} at {confidence}",
                {
                    "differences": values,
                    "test_to_train": ratio,
                    "confidence": confidence,
                },
                {
                    "estimate": data.mean(),
                    "low": low,
                    "high": high,
                    "p_value": 2 * stats.t.sf(abs(data.mean()) / error, count - 1),
                },
                f"scipy.stats.t, {SCIPY}; Nadeau and Bengio (2003)",
            )


def add_survival() -> None:
    """Kaplan-Meier; the limits are Wilson's at the size that Greenwood stands for."""
    samples = {
        "ties and censoring at events": (
            [3, 3, 5, 5, 7, 8, 8, 12, 15, 15],
            [1, 1, 1, 0, 1, 0, 1, 1, 0, 0],
        ),
        "no censoring but the last": ([1, 2, 4, 4, 9], [1, 1, 1, 1, 0]),
        "two runs": ([2.5, 4.0], [1, 0]),
        "censored before every event": ([1, 2, 3, 4, 5, 6, 7], [0, 0, 1, 1, 0, 1, 0]),
        "all at one time": ([5.0, 5.0, 5.0, 6.0], [1, 1, 1, 0]),
    }
    for name, (times, reached) in samples.items():
        curve = SurvfuncRight(times, reached)
        events = np.asarray(curve.n_events) > 0
        share, error = curve.surv_prob[events], curve.surv_prob_se[events]
        size = share * (1 - share) / error**2
        low, high = proportion.proportion_confint(share * size, size, method="wilson")
        add(
            "kaplan_meier",
            name,
            {"times": times, "reached": reached},
            {
                "times": np.asarray(curve.surv_times)[events],
                "survival": share,
                "at_risk": np.asarray(curve.n_risk)[events],
                "events": np.asarray(curve.n_events)[events],
                "low": low,
                "high": high,
            },
            f"statsmodels SurvfuncRight and proportion_confint, {STATSMODELS}",
        )


def add_trends() -> None:
    """Slopes by seed."""
    scores = np.random.default_rng(0).integers(0, 9, (8, 4)).astype(float)
    levels = [1.0, 2.0, 4.0, 8.0]
    slopes = np.array([stats.linregress(levels, row).slope for row in scores])
    add(
        "linear_trend",
        "eight seeds, four levels",
        {"scores": scores, "levels": levels},
        {"estimate": slopes.mean(), "p_value": flip_p(slopes)},
        f"scipy.stats.linregress; {FLIP}",
    )


def add_power() -> None:
    """The power of a mean and of a rate."""
    plans = [(0.0, 60), (0.2, 60), (0.4, 50), (0.8, 60), (0.5, 12), (0.3, 9)]
    for (effect, n), (num_tests, confidence) in itertools.product(
        plans, [(1, 0.95), (5, 0.9)]
    ):
        # Below 50 pairs the level is the largest that the 2^n signs can attain.
        level = (1 - confidence) / num_tests
        if n < 50:
            level = math.floor(level * 2 ** (n - 1) + 1e-9) / 2 ** (n - 1)
        if effect * math.sqrt(n) < 3:
            promised = power.TTestPower().power(effect, n, level)
        else:
            # Ours leaves out the far tail, which is no larger than rounding here.
            promised = power.TTestPower().power(
                effect, n, level / 2, alternative="larger"
            )
        add(
            "power_of_mean",
            f"{effect} with {n}, {num_tests} at {confidence}",
            {
                "effect_size": effect,
                "n": n,
                "num_tests": num_tests,
                "confidence": confidence,
            },
            {"power": promised},
            f"statsmodels TTestPower, {STATSMODELS}",
        )
    for rate, bound, n in [(0.8, 0.5, 3), (0.8, 0.5, 10), (0.2, 0.5, 40), (1, 0.9, 40)]:
        counts = np.arange(n + 1)
        low, high = proportion.proportion_confint(counts, n, method="beta")
        decided = low > bound if rate > bound else high < bound
        add(
            "power_of_rate",
            f"{rate} against {bound} with {n}",
            {"rate": rate, "bound": bound, "n": n},
            {"power": stats.binom.pmf(counts[decided], n, rate).sum()},
            f"statsmodels proportion_confint(method='beta'), {STATSMODELS}",
        )
    settings = [(0.9, 0.2, 6, 0.95), (0.8, 0.5, 20, 0.95), (1.0, 0.6, 15, 0.95)]
    settings += [(0.5, 0.5, 20, 0.95), (0.6, 0.5, 9, 0.1), (0.6, 0.3, 14, 0.4)]
    for treatment, control, n, confidence in settings:
        wins, losses = treatment * (1 - control), control * (1 - treatment)
        tables = [(b, c) for b in range(n + 1) for c in range(n + 1 - b) if b > c]
        chances = stats.multinomial(n, [wins, losses, 1 - wins - losses])
        add(
            "power_of_paired_rates",
            f"{treatment} against {control} with {n} at {confidence}",
            {
                "treatment": treatment,
                "control": control,
                "n": n,
                "confidence": confidence,
            },
            {
                "power": math.fsum(
                    chances.pmf([b, c, n - b - c])
                    for b, c in tables
                    if contingency_tables.mcnemar([[0, b], [c, 0]]).pvalue
                    <= 1 - confidence
                )
            },
            f"statsmodels mcnemar, {STATSMODELS}; scipy.stats.multinomial, {SCIPY}",
        )


def main() -> None:
    """Write `python.json` beside this file, one case per line."""
    add_rates()
    add_two_rates()
    add_paired_rates()
    add_sign_flips()
    add_ranks()
    add_families()
    add_resampled()
    add_survival()
    add_trends()
    add_power()
    lines = [json.dumps(case, allow_nan=False) for case in cases]
    path = Path(__file__).with_name("python.json")
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

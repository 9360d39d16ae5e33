# Computes the stored cases with R, whose exact tests are those that textbooks cite.
#
# Run `Rscript tests/ablations/stats/cases/make_cases.R` to write `r.json` anew. It
# needs R alone, with no package. Each case names the function that gave its numbers.

version <- paste("R", getRversion())
cases <- character()

# JSON, with every digit of a number; a vector within I() stays one at length 1.
json <- function(value) {
  if (is.list(value)) {
    items <- paste0("\"", names(value), "\": ", sapply(value, json))
    return(paste0("{", paste(items, collapse = ", "), "}"))
  }
  if (is.character(value)) {
    items <- paste0("\"", value, "\"")
  } else {
    items <- sprintf("%.17g", value)
  }
  if (length(value) == 1 && !inherits(value, "AsIs")) {
    return(items)
  }
  paste0("[", paste(items, collapse = ", "), "]")
}

add <- function(call, name, inputs, expected, source) {
  case <- list(call = call, name = name, inputs = inputs, expected = expected,
               source = paste0(source, ", ", version))
  cases <<- c(cases, json(case))
}

for (k in list(c(0, 1), c(1, 1), c(0, 7), c(5, 5), c(3, 10), c(10, 10), c(57, 100))) {
  inputs <- list(successes = k[1], n = k[2])
  # A two-sided interval inverts both tails; R's p-value adds up the rarer tables, so
  # that only the one-sided p-values are comparable.
  test <- binom.test(k[1], k[2])
  add("clopper_pearson", paste(k[1], "of", k[2]), inputs,
      list(low = test$conf.int[1], high = test$conf.int[2]), "binom.test")
  for (side in c("greater", "less")) {
    test <- binom.test(k[1], k[2], 0.8, alternative = side)
    add("clopper_pearson", paste0(k[1], " of ", k[2], ", ", side),
        c(inputs, list(null = 0.8, alternative = side)),
        list(low = test$conf.int[1], high = test$conf.int[2], p_value = test$p.value),
        "binom.test")
  }
  # Warns where the normal p-value is poor; the interval does not need it.
  score <- suppressWarnings(prop.test(k[1], k[2], correct = FALSE))
  add("wilson", paste(k[1], "of", k[2]), inputs,
      list(low = score$conf.int[1], high = score$conf.int[2]),
      "prop.test(correct = FALSE)")
}

for (d in list(c(5, 0), c(6, 0), c(1, 7), c(5, 5), c(40, 22))) {
  add("mcnemar_p_value", paste(d, collapse = " against "),
      list(only_treatment = d[1], only_control = d[2]),
      list(p_value = binom.test(d[1], sum(d))$p.value), "binom.test")
}

families <- list("one test" = 0.01, "a tie" = c(0.04, 0.01, 0.03, 0.03),
                 "all equal" = c(0.2, 0.2, 0.2), "zero and one" = c(1, 0.9, 0),
                 "seven" = c(0.3, 0.001, 0.02, 0.0081, 0.7, 0.0049, 0.05))
for (name in names(families)) {
  add("holm", name, list(p_values = I(families[[name]])),
      list(adjusted = I(p.adjust(families[[name]], "holm"))), "p.adjust('holm')")
}

# Without ties and zeros, for which R turns to the normal distribution.
samples <- list(
  "Hollander, Wolfe and Chicken, table 3.1" =
    c(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30) -
    c(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29),
  "six, the fewest that reject" = c(0.5, 1.25, 2, 3, 4.5, 7),
  "seven of both signs" = c(-0.5, 1.25, 2, -3, 4.5, 7, 0.75),
  "twelve" = c(-4, 1, 2.25, 3.5, -0.5, 6, 7.75, 8.5, -2, 9.25, 10, 12)
)
for (name in names(samples)) {
  add("signed_rank_p_value", name, list(effects = I(samples[[name]])),
      list(p_value = wilcox.test(samples[[name]], exact = TRUE)$p.value), "wilcox.test")
}

# With nearly no test data the corrected t is the plain one.
for (name in names(samples)) {
  test <- t.test(samples[[name]])
  add("corrected_resampled_t", name,
      list(differences = I(samples[[name]]), test_to_train = 1e-15),
      list(estimate = unname(test$estimate), low = test$conf.int[1],
           high = test$conf.int[2], p_value = test$p.value), "t.test")
}

# The ranks 1 .. n are differences without ties: their signs have R's distribution.
for (n in c(6, 9, 15)) {
  for (negative in c(0, 3)) {
    differences <- seq_len(n) * ifelse(seq_len(n) == negative, -1, 1)
    p <- 2 * psignrank(negative, n)
    add("sign_flip_p_value", paste("ranks to", n, "less", negative),
        list(differences = differences), list(p_value = p), "psignrank")
  }
}

arguments <- commandArgs(trailingOnly = FALSE)
file <- sub("--file=", "", grep("^--file=", arguments, value = TRUE))
path <- file.path(dirname(file), "r.json")
writeLines(c("[", paste0(cases, c(rep(",", length(cases) - 1), "")), "]"), path)

# %% [markdown]
# # One case by hand
#
# Loads the tables of this run, draws one lane again, and works out the size of one case from the table
# of pairs. It stops with an error if that differs from the table of cases. Needs R alone.

# %%
run <- Sys.getenv("COUNTERFLOW_RUN", "..")
as_text <- c(commodity = "character", related_commodity = "character", period = "character", start = "character", end = "character")
load_table <- function(name) {
  path <- file.path(run, "tables", paste0(name, ".csv"))
  header <- names(read.csv(path, nrows = 1, check.names = FALSE))
  read.csv(path, na.strings = "", colClasses = as_text[intersect(names(as_text), header)], encoding = "UTF-8")
}
cases <- load_table("cases")
claims <- load_table("claims")
pairs <- load_table("pairs")
cat(nrow(cases), "cases,", nrow(claims), "claims,", nrow(pairs), "pairs\n")

# %% [markdown]
# ## The lanes and windows of the cases

# %%
first_month <- function(period) ifelse(grepl("-", period), period, paste0(period, "-01"))
last_month <- function(period) ifelse(grepl("-", period), period, paste0(period, "-12"))
lane_of <- function(case) {
  lane <- pairs[which(pairs$commodity == case$commodity & pairs$exporter == case$exporter & pairs$importer == case$importer), ]
  lane[order(lane$period), ]
}
window_of <- function(case) {
  lane <- lane_of(case)
  lane[case$start <= first_month(lane$period) & last_month(lane$period) <= case$end, ]
}
months <- function(start, end) {
  12 * (as.integer(substr(end, 1, 4)) - as.integer(substr(start, 1, 4))) + as.integer(substr(end, 6, 7)) - as.integer(substr(start, 6, 7)) + 1
}

# %% [markdown]
# ## The size by hand
#
# With a history (monthly data): what one side declares beyond the other over the window, a side that spoke
# and declared nothing counting as zero, less what the explanations account for. Without one (annual
# data): M - X exp(e) where the importer records more, X - M exp(-e) where the exporter does.
#
# Tolerance: weights are rounded to a gram in the tables, so a sum of n of them may be off by n/2 grams.

# %%
by_claims <- function(case, window, explained) {
  x <- ifelse(window$state == "import_only", 0, window$x_kg)
  m <- ifelse(window$state == "export_only", 0, window$m_kg)
  known <- !is.na(x) & !is.na(m) & !(window$state %in% c("exporter_silent", "importer_silent"))
  gap <- sum(if (case$kind == "missing_export") (m - x)[known] else (x - m)[known])
  rest <- sum(explained$kg[explained$explanation != "unexplained"])
  list(size = gap - rest, tolerance = 0.0005 * (2 * sum(known) + nrow(explained) + 1) + 1e-9 * abs(gap))
}
by_expectation <- function(pair) {
  size <- if (pair$z > 0) pair$m_kg - pair$x_kg * exp(pair$expected) else pair$x_kg - pair$m_kg * exp(-pair$expected)
  list(size = size, tolerance = 0.002 + 1e-9 * max(pair$x_kg, pair$m_kg))
}
chosen <- NULL
for (i in order(cases$rank)) {
  case <- cases[i, ]
  if (!(case$kind %in% c("missing_export", "missing_import")) || is.na(case$excess_kg)) next
  if (grepl("estimated_weight", case$caveats)) next # compared in weights that the table of pairs does not have
  window <- window_of(case)
  explained <- claims[which(claims$case_id == case$case_id), ]
  if (nrow(explained) > 0 && nrow(window) == months(case$start, case$end)) {
    chosen <- c(list(case = case), by_claims(case, window, explained))
  } else if (nrow(explained) == 0 && nrow(window) == 1 && isTRUE(window$measure == "weight") && !is.na(window$z)) {
    chosen <- c(list(case = case), by_expectation(window))
  }
  if (!is.null(chosen)) break
}
if (is.null(chosen)) {
  cat("no case of this run can be worked out from pairs alone\n")
} else {
  cat(sprintf("%s: %.3f kg by hand, %.3f kg in the table, tolerance %.3f kg\n", chosen$case$case_id, chosen$size, chosen$case$excess_kg, chosen$tolerance))
  stopifnot(abs(chosen$size - chosen$case$excess_kg) <= chosen$tolerance)
  cat("equal within the tolerance\n")
}

# %% [markdown]
# ## The lane again

# %%
drawn <- if (!is.null(chosen)) chosen$case else if (nrow(cases) > 0) cases[which.min(cases$rank), ] else NULL
if (!is.null(drawn)) {
  lane <- lane_of(drawn)
  if (nrow(lane) > 0 && any(!is.na(c(lane$x_kg, lane$m_kg)))) {
    tonnes <- cbind(lane$x_kg, lane$m_kg) / 1000
    matplot(seq_len(nrow(lane)), tonnes, type = "b", pch = c(19, 0), lty = 1, col = c("#1b4f8c", "#e07b00"), xaxt = "n", xlab = "", ylab = "tonnes",
      main = paste0(drawn$case_id, ": ", drawn$exporter, " to ", drawn$importer, ", ", drawn$commodity))
    axis(1, at = seq_len(nrow(lane)), labels = lane$period)
    legend("topleft", legend = c(paste(drawn$exporter, "declares as exported"), paste(drawn$importer, "declares as imported")),
      pch = c(19, 0), lty = 1, col = c("#1b4f8c", "#e07b00"), bty = "n")
  }
}

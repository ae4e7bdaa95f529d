# %% [markdown]
# # One case by hand
#
# Loads the tables of this run, draws one lane again, and works out the size of one case from the table
# of pairs. It stops with an error if that differs from the table of cases. Needs CSV and DataFrames;
# Plots for the figure.

# %%
using CSV, DataFrames, Printf

const RUN = get(ENV, "COUNTERFLOW_RUN", "..")
const AS_TEXT = Dict(:commodity => String, :related_commodity => String, :period => String, :start => String, :end => String)
load_table(name) = CSV.read(joinpath(RUN, "tables", name * ".csv"), DataFrame; missingstring = "", types = AS_TEXT, validate = false)
cases, claims, pairs = load_table("cases"), load_table("claims"), load_table("pairs")
println(nrow(cases), " cases, ", nrow(claims), " claims, ", nrow(pairs), " pairs")

# %% [markdown]
# ## The lanes and windows of the cases

# %%
first_month(period) = occursin("-", period) ? period : period * "-01"
last_month(period) = occursin("-", period) ? period : period * "-12"
function lane_of(case)
    mine = isequal.(pairs.commodity, case.commodity) .& isequal.(pairs.exporter, case.exporter) .& isequal.(pairs.importer, case.importer)
    sort(pairs[mine, :], :period)
end
function window_of(case)
    lane = lane_of(case)
    lane[(case.start .<= first_month.(lane.period)) .& (last_month.(lane.period) .<= case.end), :]
end
function months(from, to)
    12 * (parse(Int, to[1:4]) - parse(Int, from[1:4])) + parse(Int, to[6:7]) - parse(Int, from[6:7]) + 1
end

# %% [markdown]
# ## The size by hand
#
# With a history (monthly data): what one side declares beyond the other over the window, a side that spoke
# and declared nothing counting as zero, less what the explanations account for. Without one (annual
# data): M - X exp(e) where the importer records more, X - M exp(-e) where the exporter does.
#
# Tolerance: weights are rounded to a gram in the tables, so a sum of n of them may be off by n/2 grams.

# %%
function by_claims(case, window, explained)
    gap, known = 0.0, 0
    for p in eachrow(window)
        p.state in ("exporter_silent", "importer_silent") && continue
        x = p.state == "import_only" ? 0.0 : p.x_kg
        m = p.state == "export_only" ? 0.0 : p.m_kg
        (ismissing(x) || ismissing(m)) && continue
        gap += case.kind == "missing_export" ? m - x : x - m
        known += 1
    end
    rest = sum(explained.kg[explained.explanation .!= "unexplained"])
    gap - rest, 0.0005 * (2known + nrow(explained) + 1) + 1e-9 * abs(gap)
end
function by_expectation(p)
    size = p.z > 0 ? p.m_kg - p.x_kg * exp(p.expected) : p.x_kg - p.m_kg * exp(-p.expected)
    size, 0.002 + 1e-9 * max(p.x_kg, p.m_kg)
end
function checked()
    for case in eachrow(sort(cases, :rank))
        (case.kind in ("missing_export", "missing_import") && !ismissing(case.excess_kg)) || continue
        occursin("estimated_weight", string(case.caveats)) && continue # compared in weights that the table of pairs does not have
        window = window_of(case)
        explained = claims[isequal.(claims.case_id, case.case_id), :]
        if nrow(explained) > 0 && nrow(window) == months(case.start, case.end)
            return (case, by_claims(case, window, explained)...)
        elseif nrow(explained) == 0 && nrow(window) == 1 && isequal(window.measure[1], "weight") && !ismissing(window.z[1])
            return (case, by_expectation(window[1, :])...)
        end
    end
    nothing
end
found = checked()
if found === nothing
    println("no case of this run can be worked out from pairs alone")
else
    case, size, tolerance = found
    @printf("%s: %.3f kg by hand, %.3f kg in the table, tolerance %.3f kg\n", case.case_id, size, case.excess_kg, tolerance)
    abs(size - case.excess_kg) <= tolerance || error("the table of cases does not follow from the table of pairs")
    println("equal within the tolerance")
end

# %% [markdown]
# ## The lane again

# %%
if found !== nothing && Base.find_package("Plots") !== nothing
    @eval using Plots
    lane = lane_of(found[1])
    Base.invokelatest(plot, lane.period, [lane.x_kg lane.m_kg] ./ 1000; label = ["exported" "imported"], ylabel = "tonnes",
        markershape = [:circle :square], color = ["#1b4f8c" "#e07b00"], title = found[1].case_id)
end

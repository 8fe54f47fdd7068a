#pragma once

#include <cstddef>
#include <string>

#include <neve/dataset/analysis/analysis_document.hpp>

#include "cli/text/line_style.hpp"

namespace neve::cli {

/// For people: a row per period, then the largest entities of the total with a Pareto bar, then what to know about it.
/// `width`: columns of the terminal, 0 for any.
[[nodiscard]] std::string analysis_text(const dataset::AnalysisDocument& document, const LineStyle& style,
                                        std::size_t width);

/// A bar of `columns` characters: the entity's own share at the end of the cumulative share so far, both in percent.
[[nodiscard]] std::string pareto_bar(double share, double cumulative, std::size_t columns, bool unicode);

}  // namespace neve::cli

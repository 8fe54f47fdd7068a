#pragma once

#include <string_view>

#include <neve/dataset/analysis/concentration.hpp>
#include <neve/dataset/schema.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {

/// The question in a request's JSON body: `group_by`, `value`, and as may be `grain`, `thresholds`, `filter`. Throws
/// ProblemError: `bad_request` for text that is no JSON object, `invalid_parameter` for members that are missing,
/// unknown (with the nearest name) or of the wrong type, `invalid_threshold`.
[[nodiscard]] dataset::ConcentrationParams concentration_params_from(std::string_view body);

/// What kept `params` from being answered, given the columns there are: `error` is what answering them threw.
[[nodiscard]] Problem concentration_problem(const dataset::ConcentrationParams& params, const dataset::Schema& schema,
                                            const Error& error);

}  // namespace neve::service

#pragma once

#include <optional>
#include <span>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// Says what each column is for, from its name, type and how many different values it has, and finds what tells the
/// time of a row. `mean_text_bytes` has one number per column, 0 for others than text. Fills the roles, the time
/// candidates and the period grain of `schema`.
/// `made_period` is the column that unpivoting made of headers: what stands below a year is of that year, so it comes
/// before whatever else tells a time.
void assign_roles(Schema& schema, std::span<const double> mean_text_bytes, std::optional<std::size_t> made_period);

}  // namespace neve::dataset

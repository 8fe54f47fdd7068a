#pragma once

#include <span>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// Says what each column is for, from its name, type and how many different values it has, and finds what tells the
/// time of a row. `mean_text_bytes` has one number per column, 0 for others than text. Fills the roles, the time
/// candidates and the period grain of `schema`.
void assign_roles(Schema& schema, std::span<const double> mean_text_bytes);

}  // namespace neve::dataset

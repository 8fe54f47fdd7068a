#pragma once

#include <gtest/gtest.h>

#include <string>

#include <neve/base/error.hpp>

namespace neve {

/// What the `Error` says that `act` throws. The test fails if it throws none, or one of another code.
template <class Act>
std::string refusal_of(const Act& act, ErrorCode code = ErrorCode::invalid_argument) {
  try {
    static_cast<void>(act());
  } catch (const Error& error) {
    EXPECT_EQ(to_string(error.code()), to_string(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

}  // namespace neve

#include "support/test_data.hpp"

namespace neve {

// A source of its own, since the place differs in each clone: the compiler cache has all others for any of them.
std::string test_data(const std::string& path) { return NEVE_TEST_DATA "/" + path; }

}  // namespace neve

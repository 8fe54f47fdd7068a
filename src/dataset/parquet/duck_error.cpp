#include "dataset/parquet/duck_error.hpp"

#include <cerrno>
#include <system_error>

namespace neve::dataset {

Error duck_io_error(const std::string& what, std::string_view message) {
  int number = 0;
  for (const int lack_of_room : {ENOSPC, EDQUOT}) {
    if (message.find(std::generic_category().message(lack_of_room)) != std::string_view::npos) number = lack_of_room;
  }
  return {ErrorCode::io, what + ": " + std::string(message), number};
}

}  // namespace neve::dataset

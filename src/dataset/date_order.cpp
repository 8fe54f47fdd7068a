#include <neve/dataset/date_order.hpp>

#include <string>

#include <neve/base/error.hpp>

namespace neve::dataset {

std::string_view to_string(DateOrder order) {
  switch (order) {
    case DateOrder::day_first:
      return "dmy";
    case DateOrder::month_first:
      return "mdy";
    case DateOrder::automatic:
      break;
  }
  return "auto";
}

DateOrder parse_date_order(std::string_view word) {
  for (const DateOrder order : {DateOrder::automatic, DateOrder::day_first, DateOrder::month_first}) {
    if (word == to_string(order)) return order;
  }
  throw Error(ErrorCode::invalid_argument, "the date order is auto, dmy or mdy, not '" + std::string(word) + "'");
}

}  // namespace neve::dataset

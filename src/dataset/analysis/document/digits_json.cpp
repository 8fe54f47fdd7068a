#include "dataset/analysis/document/digits_json.hpp"

#include <vector>

#include <neve/base/c_numbers.hpp>
#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

/// Builds a tree from the parser's events.
class DigitsBuilder final : public nlohmann::json_sax<Json> {
 public:
  [[nodiscard]] Json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return put(digits); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    throw Error(ErrorCode::corrupt, "the analysis is no JSON text: byte " + std::to_string(position));
  }

 private:
  static constexpr std::size_t kMaxDepth = 64;

  Json* insert(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& container = *open_.back();
    if (container.is_array()) return &container.emplace_back(std::move(value));
    return &(container[key_] = std::move(value));
  }
  bool put(Json value) {
    insert(std::move(value));
    return true;
  }
  bool open(Json container) {
    if (open_.size() >= kMaxDepth) throw Error(ErrorCode::corrupt, "the analysis is nested too deeply");
    open_.push_back(insert(std::move(container)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::vector<Json*> open_;  // containers only grow at the innermost one, so these stay valid
  std::string key_;
};

}  // namespace

Json parse_keeping_digits(std::string_view text) {
  const CNumbers with_points;  // the parser hands digits over with the locale's decimal point
  DigitsBuilder builder;
  Json::sax_parse(text, &builder);
  return builder.take();
}

}  // namespace neve::dataset

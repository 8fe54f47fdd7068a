#include "dataset/analysis/document/json_writer.hpp"

#include <neve/codec/json.hpp>

namespace neve::dataset {

std::string JsonWriter::quoted(std::string_view text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonWriter::break_line() {
  text_ += '\n';
  text_.append(2 * levels_.size(), ' ');
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) text_ += level.layout == Layout::flat ? ", " : ",";
  if (level.layout == Layout::lines) break_line();
  level.empty = false;
}

JsonWriter& JsonWriter::open(char bracket, Layout layout) {
  separate();
  text_ += bracket;
  const bool inside_flat = !levels_.empty() && levels_.back().layout == Layout::flat;
  levels_.push_back({inside_flat ? Layout::flat : layout});
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.layout == Layout::lines && !level.empty) break_line();
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view text) {
  separate();
  text_ += text;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  text_ += quoted(name);
  text_ += ": ";
  after_key_ = true;
  return *this;
}

std::string JsonWriter::finish() && {
  text_ += '\n';
  return std::move(text_);
}

}  // namespace neve::dataset

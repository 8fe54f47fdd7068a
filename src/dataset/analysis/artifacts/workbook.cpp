#include "dataset/analysis/artifacts/workbook.hpp"

#include <mutex>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kLongestCell = 32'767;  // characters, of which UTF-8 has at most as many as bytes
constexpr time_t kCreated = 946'684'800;      // 2000-01-01: any fixed moment; without it the clock would be written

/// One at a time in this process: libxlsxwriter 1.1 turns the moment of creation into text through `gmtime`, whose
/// answer all threads share, and a workbook's bytes must not depend on another's.
lxw_error close_alone(lxw_workbook* workbook) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return workbook_close(workbook);
}

}  // namespace

Sheet::Sheet(lxw_workbook* workbook, const char* name, lxw_format* bold)
    : sheet_(workbook_add_worksheet(workbook, name)), bold_(bold) {
  if (sheet_ == nullptr) throw Error(ErrorCode::io, std::string("the sheet '") + name + "' cannot be made");
}

void Sheet::write(std::string_view text, lxw_format* format) {
  const std::string cell(utf8_prefix(text, kLongestCell));
  worksheet_write_string(sheet_, row_, column_++, cell.c_str(), format);
}

Sheet& Sheet::title(std::string_view text) {
  write(text, bold_);
  return *this;
}

Sheet& Sheet::text(std::string_view text) {
  write(text, nullptr);
  return *this;
}

Sheet& Sheet::number(const DecimalText& value) { return number(value.approximate()); }

Sheet& Sheet::number(double value) {
  worksheet_write_number(sheet_, row_, column_++, value, nullptr);
  return *this;
}

Sheet& Sheet::blank() {
  ++column_;
  return *this;
}

void Sheet::end_row() {
  ++row_;
  column_ = 0;
}

Workbook::Workbook(const std::filesystem::path& path)
    : path_(path.string()), temporary_folder_(path.parent_path().string()) {
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = temporary_folder_.data();
  workbook_ = workbook_new_opt(path_.c_str(), &options);
  if (workbook_ == nullptr) throw Error(ErrorCode::io, "the workbook '" + path_ + "' cannot be made");
  lxw_doc_properties properties{};
  std::string title = "Concentration analysis";
  properties.title = title.data();
  properties.created = kCreated;
  workbook_set_properties(workbook_, &properties);
  bold_ = workbook_add_format(workbook_);
  format_set_bold(bold_);
}

Workbook::~Workbook() {
  if (workbook_ != nullptr) (void)close_alone(workbook_);
}

void Workbook::close() {
  lxw_workbook* workbook = std::exchange(workbook_, nullptr);
  const lxw_error error = close_alone(workbook);
  if (error != LXW_NO_ERROR) {
    throw Error(ErrorCode::io, "the workbook '" + path_ + "' cannot be written: " + lxw_strerror(error));
  }
}

}  // namespace neve::dataset

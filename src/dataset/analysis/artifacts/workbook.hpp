#pragma once

#include <xlsxwriter.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/analysis/decimal_text.hpp>

namespace neve::dataset {

/// One sheet, written row by row from the top. Borrows its workbook.
class Sheet {
 public:
  /// `bold` is the format of titles. Throws `io` if there is no sheet to be had.
  Sheet(lxw_workbook* workbook, const char* name, lxw_format* bold);

  Sheet& title(std::string_view text);
  /// Text as text, whatever it begins with.
  Sheet& text(std::string_view text);
  Sheet& number(const DecimalText& value);
  Sheet& number(double value);
  Sheet& blank();
  void end_row();
  void set_width(lxw_col_t first, lxw_col_t last, double width) {
    worksheet_set_column(sheet_, first, last, width, nullptr);
  }
  /// Keeps the first row in sight.
  void freeze_titles() { worksheet_freeze_panes(sheet_, 1, 0); }
  void insert(lxw_row_t row, lxw_col_t column, lxw_chart* chart) { worksheet_insert_chart(sheet_, row, column, chart); }

  /// The number of the next row, from 0.
  [[nodiscard]] lxw_row_t row() const noexcept { return row_; }

 private:
  void write(std::string_view text, lxw_format* format);

  lxw_worksheet* sheet_;
  lxw_format* bold_;
  lxw_row_t row_ = 0;
  lxw_col_t column_ = 0;
};

/// A workbook under construction, in constant memory, whose bytes depend on nothing but what is written into it.
class Workbook {
 public:
  explicit Workbook(const std::filesystem::path& path);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  [[nodiscard]] Sheet add_sheet(const char* name) { return {workbook_, name, bold_}; }
  [[nodiscard]] lxw_chart* add_chart(lxw_chart_type type) {
    return workbook_add_chart(workbook_, static_cast<uint8_t>(type));
  }

  /// Writes the file. Throws `io`.
  void close();

 private:
  std::string path_;
  std::string temporary_folder_;
  lxw_workbook* workbook_;
  lxw_format* bold_;
};

}  // namespace neve::dataset

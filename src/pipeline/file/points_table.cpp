// A table of a sweep's points, such as a design of experiments that another program drew.
#include <algorithm>
#include <memory>
#include <optional>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/utf8.hpp>
#include <neve/pipeline/pipeline_file.hpp>

#include "pipeline/file/given_file.hpp"
#include "pipeline/file/placed_error.hpp"
#include "pipeline/file/yaml_tree.hpp"

namespace neve {
namespace {

constexpr std::size_t kMostPoints = 100'000;
constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The lines of a text, one after another.
class Lines {
 public:
  Lines(std::string_view text, std::string_view name) : text_(text), name_(name) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  /// The next that is not empty, without blanks around it; nothing at the end.
  std::optional<std::string_view> next() {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      const std::string_view line = trimmed(text_.substr(0, end));
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++number_;
      if (!line.empty()) return line;
    }
    return std::nullopt;
  }

  /// Of the line that was returned last.
  [[nodiscard]] TextPlace place() const { return {std::string(name_) + ":" + std::to_string(number_)}; }

 private:
  std::string_view text_;
  std::string_view name_;
  std::size_t number_ = 0;
};

/// Whether it may be one, and is not the number of a table without a first line of names.
bool is_setting(std::string_view text, const TextPlace& place) {
  return text.find('.') != std::string_view::npos && text.find_first_of(" ;\t") == std::string_view::npos &&
         !parse_pipeline_value(text, place.text).is_number();
}

std::vector<SweepAxis> read_header(std::string_view line, const TextPlace& place) {
  if (line.starts_with('#')) line.remove_prefix(1);
  std::vector<SweepAxis> axes;
  for (bool more = true; more;) {
    const std::size_t comma = line.find(',');
    more = comma != std::string_view::npos;
    std::string_view target = trimmed(line.substr(0, comma));
    if (target.size() > 1 && target.starts_with('"') && target.ends_with('"'))
      target = target.substr(1, target.size() - 2);
    if (!is_setting(target, place)) {
      fail_at(place, "'" + std::string(target) + "' is no setting; the first line of a table of points names them as " +
                         "stage.key, with commas between them");
    }
    axes.push_back({{std::string(target), place}, {}});
    if (more) line.remove_prefix(comma + 1);
  }
  return axes;
}

/// Whether it is how numpy.savetxt writes what this file's rules take for text. In quotes it is meant as one.
bool is_spelt_number(const YamlNode& value) {
  if (!value.plain) return false;
  const std::string& text = value.text;
  const std::string name = lower_case(text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text);
  return name == "nan" || name == "inf" || name == "infinity";
}

/// The first "nan" or "inf" of a column, and where it stands.
struct SpeltNumber {
  std::string text;
  TextPlace place;
};

/// Among numbers it would be none.
void refuse_spelt_number(const SweepAxis& axis, const SpeltNumber& spelt) {
  const auto is_number = [](const Json& value) { return value.is_number(); };
  if (std::none_of(axis.values.begin(), axis.values.end(), is_number)) return;
  fail_at(spelt.place, "'" + spelt.text + "' among the numbers of '" + axis.target.text +
                           "' would be a text; what is no number or infinite is written .nan, .inf or -.inf, and a " +
                           "text in quotes");
}

}  // namespace

std::vector<SweepAxis> parse_points(std::string_view text, std::string_view name) {
  Lines lines(text, name);
  const auto header = lines.next();
  if (!header)
    fail_at({std::string(name)}, "a table of points without a line; the first names the settings as stage.key");
  std::vector<SweepAxis> axes = read_header(*header, lines.place());
  const auto places = std::make_shared<std::vector<TextPlace>>();
  std::vector<std::optional<SpeltNumber>> spelt(axes.size());
  while (const auto line = lines.next()) {
    if (line->starts_with('#')) continue;
    const TextPlace place = lines.place();
    const YamlNode row = parse_yaml("[" + std::string(*line) + "]", place.text);
    const Json values = to_json(row, place.text);
    if (!values.is_array() || values.size() != axes.size()) {
      fail_at(place, count_text(values.size(), "value", "values") + " for " +
                         count_text(axes.size(), "setting", "settings") +
                         "; a line has one for each (nothing is written null)");
    }
    if (axes.front().values.size() == kMostPoints)
      throw PlacedError(ErrorCode::too_large, place, "more than " + std::to_string(kMostPoints) + " points");
    for (std::size_t i = 0; i < axes.size(); ++i) {
      axes[i].values.push_back(values[i]);
      if (!spelt[i] && is_spelt_number(row.items[i])) spelt[i] = SpeltNumber{row.items[i].text, place};
    }
    places->push_back(place);
  }
  if (axes.front().values.empty())
    fail_at({std::string(name)}, "a table of points has a line for each, and this has none");
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (spelt[i]) refuse_spelt_number(axes[i], *spelt[i]);
    axes[i].places = places;
  }
  return axes;
}

std::vector<SweepAxis> read_points(const std::filesystem::path& path) {
  const Bytes bytes = read_given_file(path, kMostBytes);
  return parse_points(bytes.text(), path.string());
}

}  // namespace neve

#include "dataset/table/sample_records.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "dataset/csv/record_reader.hpp"
#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kSampleRecords = 1000;

class MemoryInput final : public TextInput {
 public:
  explicit MemoryInput(std::string_view text) : text_(text) {}
  std::size_t read(std::span<char> out) override {
    const std::size_t count = std::min(out.size(), text_.size());
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

}  // namespace

std::size_t SampleRecord::filled() const {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [](const std::string& cell) { return !cell.empty(); }));
}

std::size_t SampleRecord::filled_width() const {
  const auto last = std::find_if(fields.rbegin(), fields.rend(), [](const auto& f) { return !f.empty(); });
  return static_cast<std::size_t>(fields.rend() - last);
}

SampleRecords split_sample(std::string_view text, const Dialect& dialect, std::size_t sheet_width) {
  MemoryInput input(text);
  RecordReader reader(input, dialect);
  SampleRecords sample;
  Record record;
  while (sample.records.size() < kSampleRecords && reader.next(record)) {
    SampleRecord kept{{}, record.number};
    for (const std::string_view field : record.fields) kept.fields.emplace_back(trimmed(field));
    if (kept.fields.size() < sheet_width) kept.fields.resize(sheet_width);
    sample.records.push_back(std::move(kept));
  }
  sample.odd_quotes = reader.odd_quotes();
  return sample;
}

TableWidth width_of(const std::vector<SampleRecord>& records) {
  std::map<std::size_t, std::size_t> counts;
  for (const SampleRecord& record : records) ++counts[record.fields.size()];
  TableWidth width;
  std::size_t most = 0;
  for (const auto& [fields, count] : counts) {
    if (count < most) continue;
    most = count;
    width = {fields, static_cast<double>(count) / static_cast<double>(records.size())};
  }
  return width;
}

void drop_empty_end(std::vector<SampleRecord>& records) {
  const auto header = std::find_if(records.begin(), records.end(), [](const auto& r) { return r.fields.size() > 1; });
  if (header == records.end()) return;
  const std::size_t needed = header->fields.size();
  std::size_t widest = 0;
  for (const SampleRecord& record : records) widest = std::max(widest, record.fields.size());
  const auto empty_at = [](std::size_t i) {
    return [i](const SampleRecord& record) { return record.fields.size() <= i || record.fields[i].empty(); };
  };
  while (widest > needed && std::all_of(records.begin(), records.end(), empty_at(widest - 1))) --widest;
  for (SampleRecord& record : records) record.fields.resize(std::min(record.fields.size(), widest));
}

}  // namespace neve::dataset

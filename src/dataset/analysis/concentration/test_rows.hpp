#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "dataset/analysis/concentration/rank.hpp"
#include "dataset/analysis/concentration/rounding.hpp"

namespace neve::dataset {

/// The records of a small comma-separated file with quotes and no line breaks inside fields, without its header.
inline std::vector<std::vector<std::string>> read_rows(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.emplace_back();
      } else if (c != '\r') {
        fields.back() += c;
      }
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

/// Millionths from plain digits such as `-12.5`.
inline Int128 millionths(const std::string& digits) {
  const bool negative = digits.starts_with('-');
  Int128 value = 0;
  int decimals = -1;
  for (const char c : digits.substr(negative ? 1 : 0)) {
    if (c == '.') {
      decimals = 0;
    } else {
      value = value * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    }
  }
  for (int i = std::max(decimals, 0); i < kSumPlaces; ++i) value *= 10;
  return negative ? -value : value;
}

/// Of a date `2024-02-29`.
inline std::string period_of(const std::string& date, Grain grain) {
  const std::string year = date.substr(0, 4);
  const std::string month = date.substr(5, 2);
  if (grain == Grain::month) return year + "-M" + month;
  if (grain == Grain::quarter) return year + "-Q" + std::to_string((std::stoi(month) + 2) / 3);
  return year;
}

using SumsByName = std::map<std::string, Int128>;

inline PeriodConcentration rank_sums(const std::string& period, const SumsByName& by_name,
                                     const std::vector<Threshold>& thresholds) {
  std::vector<std::string> names;
  std::vector<Int128> sums;
  for (const auto& [name, sum] : by_name) {
    names.push_back(name);
    sums.push_back(sum);
  }
  return rank_entities(period, {sums, [&names](std::size_t i) { return std::string_view(names[i]); }}, thresholds);
}

/// Rows of entity, date and value as an analysis without a database would see them.
inline ConcentrationResult analyse_rows(const std::vector<std::vector<std::string>>& rows, Grain grain,
                                        const std::vector<Threshold>& thresholds) {
  ConcentrationResult result;
  result.grain = grain;
  for (const Threshold& threshold : thresholds) result.thresholds.push_back(threshold.text());
  std::map<std::string, SumsByName> periods;
  SumsByName total;
  for (const auto& row : rows) {
    if (row.at(2).empty()) {
      ++result.rows_without_value;
      continue;
    }
    if (row[0].empty()) ++result.rows_without_entity;
    const std::string name = row[0].empty() ? std::string(kBlankEntity) : row[0];
    if (grain != Grain::none && row[1].empty()) {
      ++result.rows_without_period;
    } else if (grain != Grain::none) {
      periods[period_of(row[1], grain)][name] += millionths(row[2]);
    }
    total[name] += millionths(row[2]);
  }
  for (const auto& [period, sums] : periods) result.by_period.push_back(rank_sums(period, sums, thresholds));
  result.total = rank_sums(std::string(kTotalPeriod), total, thresholds);
  return result;
}

}  // namespace neve::dataset

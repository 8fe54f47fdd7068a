#include "service/http/target.hpp"

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kMaxParameters = 64;

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (size == 0 || first < 0x20 || first == 0x7f) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string decoded_parameter(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto result = percent_decoded(spaced);
  if (!result) {
    throw Error(ErrorCode::invalid_argument,
                "the query holds an incomplete %-escape, a control character or text that is not UTF-8");
  }
  return *std::move(result);
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_plain_text(result)) return std::nullopt;
  return result;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const bool unreserved = is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kDigits[byte >> 4];
    result += kDigits[byte & 15];
  }
  return result;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> segments;
  path.remove_prefix(1);
  if (path.empty()) return segments;
  for (;;) {
    const std::size_t slash = path.find('/');
    auto segment = percent_decoded(path.substr(0, slash));
    if (!segment || segment->empty() || *segment == "." || *segment == ".." ||
        segment->find_first_of("/\\") != std::string::npos) {
      return std::nullopt;
    }
    segments.push_back(*std::move(segment));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

QueryParameters QueryParameters::parse(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::string name = decoded_parameter(pair.substr(0, equals));
    std::string value = equals == std::string_view::npos ? std::string() : decoded_parameter(pair.substr(equals + 1));
    if (parameters.find(name) != nullptr) {
      throw Error(ErrorCode::invalid_argument, "the query gives '" + name + "' twice");
    }
    if (parameters.all_.size() == kMaxParameters) {
      throw Error(ErrorCode::invalid_argument,
                  "the query has more than " + std::to_string(kMaxParameters) + " parameters");
    }
    parameters.all_.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

const std::string* QueryParameters::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : all_) {
    if (known == name) return &value;
  }
  return nullptr;
}

}  // namespace neve::service

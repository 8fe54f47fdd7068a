#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>

namespace neve::dataset {

/// The document that `file` holds as `text`. Throws `corrupt`, naming the file and the place in it.
inline Json parse_json_of(const std::string& file, std::string_view text) {
  try {
    return parse_json(text);
  } catch (const Error& error) {
    throw Error(error.code(), "'" + file + "': " + error.what());
  }
}

/// Reads members of a JSON object that may hold anything: every getter throws `corrupt`, naming file and member, for
/// one that is absent or of another type. Borrows both; used by one thread.
class MemberReader {
 public:
  MemberReader(const Json& object, std::string file) : object_(object), file_(std::move(file)) {
    if (!object_.is_object()) fail("an object", "");
  }

  [[nodiscard]] std::string text(const char* name) const {
    const Json& value = get(name);
    if (!value.is_string()) fail("a string", name);
    return value.get<std::string>();
  }
  [[nodiscard]] std::uint64_t count(const char* name) const {
    const Json& value = get(name);
    if (!value.is_number_unsigned()) fail("a count", name);
    return value.get<std::uint64_t>();
  }
  [[nodiscard]] double number(const char* name) const {
    const Json& value = get(name);
    if (!value.is_number()) fail("a number", name);
    return value.get<double>();
  }
  [[nodiscard]] bool flag(const char* name) const {
    const Json& value = get(name);
    if (!value.is_boolean()) fail("true or false", name);
    return value.get<bool>();
  }
  [[nodiscard]] const Json& list(const char* name) const {
    const Json& value = get(name);
    if (!value.is_array()) fail("a list", name);
    return value;
  }
  [[nodiscard]] const Json& object(const char* name) const {
    const Json& value = get(name);
    if (!value.is_object()) fail("an object", name);
    return value;
  }
  [[nodiscard]] std::vector<std::string> texts(const char* name) const {
    std::vector<std::string> result;
    for (const Json& value : list(name)) {
      if (!value.is_string()) fail("a list of strings", name);
      result.push_back(value.get<std::string>());
    }
    return result;
  }

 private:
  [[nodiscard]] const Json& get(const char* name) const {
    const auto found = object_.find(name);
    if (found == object_.end()) throw Error(ErrorCode::corrupt, file_ + ": '" + name + "' is missing");
    return *found;
  }
  [[noreturn]] void fail(const char* wanted, const std::string& name) const {
    throw Error(ErrorCode::corrupt, file_ + ": " + (name.empty() ? "this" : "'" + name + "'") + " must be " + wanted);
  }

  const Json& object_;
  std::string file_;
};

}  // namespace neve::dataset

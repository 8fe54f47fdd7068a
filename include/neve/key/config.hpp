#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/key/config_error.hpp>
#include <neve/key/field.hpp>
#include <neve/key/field_info.hpp>

namespace neve {

/// The settings of a stage: a plain struct with declared fields, checked, and frozen from then on.
///
///     struct FiberConfig {
///       double length_m = 0.15;
///       std::vector<double> betas_s2_per_m{};
///       Shape shape = Shape::sech;
///
///       static auto fields() {
///         return neve::fields<FiberConfig>(
///             neve::field("length_m", &FiberConfig::length_m).above(0).unit("m").doc("length of the fibre"),
///             neve::field("betas", &FiberConfig::betas_s2_per_m).max_size(10),
///             neve::field("shape", &FiberConfig::shape).choices({{"sech", Shape::sech}, {"gauss", Shape::gauss}}));
///       }
///     };
///     const auto config = neve::Config<FiberConfig>::from_json(neve::parse_json(R"({"length_m": 0.2})"));
///     config->length_m;   // 0.2, read only
///
/// Every member is declared, since what is not would enter no key; one that is forgotten does not compile.
///
/// Fields may be bool, integers, double, std::string, enums, Json, structs like this one, and std::optional, vector,
/// array and map<std::string, ...> of these. A `double` that no bound excludes may be NaN or infinite; such a config
/// exists but has no digest, so its stage is not cached. Immutable, cheap to copy, safe from any thread.
template <class T>
class Config {
  static_assert(ConfigStruct<T>,
                "a config struct declares its fields: static auto fields() { return neve::fields<T>(...); }");

 public:
  /// The defaults. Throws as the next does.
  Config() : Config(T{}) {}
  /// Throws `ConfigError`, naming the field, if a value is outside its constraints.
  explicit Config(T value) : content_(freeze(std::move(value))) {}

  /// Starts from the defaults and takes what `json` gives. Throws `ConfigError` for an unknown field (with the nearest
  /// name), a missing one, a wrong type or a value outside its constraints.
  [[nodiscard]] static Config from_json(const Json& json) {
    T value{};
    field_table<T>().read(&value, json, JsonPath());
    return Config(std::move(value));
  }

  [[nodiscard]] const T& get() const noexcept { return content_->value; }
  [[nodiscard]] const T& operator*() const noexcept { return content_->value; }
  [[nodiscard]] const T* operator->() const noexcept { return &content_->value; }

  /// Every field, defaults included: what is hashed, see `config_digest`.
  [[nodiscard]] const Json& to_json() const noexcept { return content_->json; }

  /// The fields as help and completions show them; converts to `Json`.
  [[nodiscard]] static std::vector<FieldInfo> schema() {
    const T defaults{};
    return field_table<T>().schema(&defaults);
  }

 private:
  struct Content {
    T value;
    Json json;
  };

  static std::shared_ptr<const Content> freeze(T value) {
    Json json = field_table<T>().write(&value, JsonPath(), FieldChecks::on);
    return std::make_shared<const Content>(Content{std::move(value), std::move(json)});
  }

  std::shared_ptr<const Content> content_;
};

}  // namespace neve

#include "pipeline/file/stage_reader.hpp"

#include <algorithm>
#include <charconv>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/url.hpp>

#include "pipeline/file/field_reader.hpp"
#include "pipeline/file/placed_error.hpp"

namespace neve {
namespace {

bool is_stage_name(std::string_view name) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= 64 && name.front() != '-' && std::all_of(name.begin(), name.end(), fits);
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::chrono::duration<double>> read_timeout(const FieldReader& fields) {
  const YamlNode* node = fields.find("timeout");
  if (node == nullptr) return std::nullopt;
  std::chrono::milliseconds timeout{0};
  try {
    if (node->kind == YamlNode::Kind::scalar) timeout = parse_duration(node->text);
  } catch (const Error&) {  // said below, with the place
  }
  constexpr std::chrono::years kLongest{30};  // a clock's nanoseconds end at three hundred
  if (timeout.count() == 0 || timeout > kLongest) {
    fields.wrong("timeout", *node, "a duration above zero such as 90s, 15m or 6h");
  }
  return timeout;
}

std::uint32_t read_retries(const FieldReader& fields) {
  const YamlNode* node = fields.find("retries");
  if (node == nullptr) return 0;
  const auto count = node->kind == YamlNode::Kind::scalar ? whole_number(node->text) : std::nullopt;
  if (!count || *count > 100) fields.wrong("retries", *node, "a whole number from 0 to 100");
  return static_cast<std::uint32_t>(*count);
}

Caching read_caching(const FieldReader& fields, std::string_view file) {
  const YamlNode* node = fields.find("cached");
  if (node == nullptr) return Caching::on;
  const Json value = to_json(*node, file);
  if (!value.is_boolean()) fields.wrong("cached", *node, "true or false");
  return value.get<bool>() ? Caching::on : Caching::off;
}

std::map<std::string, std::uint64_t> read_slots(const FieldReader& stage, std::string_view file,
                                                const std::string& owner, Mistakes& mistakes) {
  std::map<std::string, std::uint64_t> slots;
  const YamlNode* node = stage.find("slots");
  if (node == nullptr) return slots;
  const FieldReader fields(*node, file, "the slots of " + owner, {"cpu", "gpu", "memory"}, mistakes);
  for (const YamlNode::Member& member : node->members) {
    const bool memory = member.key == "memory";
    if (!memory && member.key != "cpu" && member.key != "gpu") continue;
    try {
      if (member.value.kind != YamlNode::Kind::scalar) throw Error(ErrorCode::invalid_argument, "not a scalar");
      const auto count = memory ? std::optional(parse_byte_size(member.value.text)) : whole_number(member.value.text);
      if (!count) throw Error(ErrorCode::invalid_argument, "not a number");
      slots[member.key] = *count;
    } catch (const Error&) {
      fields.wrong(member.key, member.value, memory ? "a size such as 1GiB" : "a whole number of slots");
    }
  }
  return slots;
}

void check_kind(const StageSpec& stage, const FieldReader& fields, const std::string& owner) {
  if (stage.uses && stage.run)
    fail_at(stage.run->place, owner + " has both 'uses' and 'run'; it must have one of them");
  if (!stage.uses && !stage.run) {
    fail_at(stage.name.place, owner + " has neither 'uses' (a compiled stage) nor 'run' (a command)");
  }
  if (!stage.uses) return;
  for (const char* field : {"inputs", "env", "version"}) {
    if (const YamlNode* node = fields.find(field); node != nullptr) {
      fail_at(fields.place(*node), "'" + std::string(field) + "' of " + owner +
                                       " belongs to commands ('run'); a compiled stage knows its own");
    }
  }
}

/// A text that is no name would be a variable that never has a value, and what was meant would not enter the key.
void check_variables(const std::vector<PlacedText>& names) {
  for (const PlacedText& name : names) {
    const std::string_view text = name.text;
    const auto fits = [](char c) { return is_letter_or_digit(c) || c == '_'; };
    if (std::all_of(text.begin(), text.end(), fits) && !is_digit(text.front())) continue;
    const bool list = text.find_first_of(" ,;") != std::string_view::npos && text.find('=') == std::string_view::npos;
    fail_at(name.place,
            "'" + name.text + "' is not the name of an environment variable; " +
                (list ? "several names are a list: [A, B]" : "give the name alone, its value is the environment's"));
  }
}

/// Depth-first search for a cycle; `trail` holds the stages being visited.
class CycleSearch {
 public:
  explicit CycleSearch(const std::vector<StageSpec>& stages) {
    for (const StageSpec& stage : stages) by_name_[stage.name.text] = &stage;
  }

  void visit(const StageSpec& stage) {
    if (!done_.insert({&stage, false}).second) return;
    trail_.push_back(stage.name.text);
    for (const PlacedText& need : stage.needs) {
      const StageSpec* next = by_name_.at(need.text);
      if (const auto seen = done_.find(next); seen != done_.end() && !seen->second) fail_cycle(need);
      visit(*next);
    }
    trail_.pop_back();
    done_[&stage] = true;
  }

 private:
  [[noreturn]] void fail_cycle(const PlacedText& need) const {
    std::string text = "the stages need each other in a cycle: ";
    for (auto name = std::find(trail_.begin(), trail_.end(), need.text); name != trail_.end(); ++name) {
      text += *name + " needs ";
    }
    fail_at(need.place, text + need.text);
  }

  std::map<std::string, const StageSpec*> by_name_;
  std::map<const StageSpec*, bool> done_;  ///< false while it is being visited
  std::vector<std::string> trail_;
};

}  // namespace

StageSpec read_stage(const YamlNode::Member& member, std::string_view file, Mistakes& mistakes) {
  StageSpec stage;
  stage.name = {member.key, place_at(file, member.position)};
  if (!is_stage_name(member.key)) {
    mistakes.add(stage.name.place,
                 "'" + member.key + "' is not a stage name; use up to 64 letters, digits, '_' and '-'");
  }
  const std::string owner = "stage '" + member.key + "'";
  const std::size_t before = mistakes.count();
  mistakes.attempt([&] {
    const FieldReader fields(
        member.value, file, owner,
        {"uses", "run", "needs", "with", "inputs", "env", "version", "timeout", "retries", "slots", "cached"},
        mistakes);
    mistakes.attempt([&] { stage.uses = fields.text("uses"); });
    mistakes.attempt([&] { stage.run = fields.command("run"); });
    mistakes.attempt([&] { stage.needs = fields.texts("needs"); });
    mistakes.attempt([&] { stage.with = fields.config("with"); });
    mistakes.attempt([&] { stage.inputs = fields.texts("inputs"); });
    mistakes.attempt([&] {
      stage.env = fields.texts("env");
      check_variables(stage.env);
    });
    mistakes.attempt([&] {
      if (const auto version = fields.text("version")) stage.version = version->text;
    });
    mistakes.attempt([&] { stage.timeout = read_timeout(fields); });
    mistakes.attempt([&] { stage.retries = read_retries(fields); });
    mistakes.attempt([&] { stage.caching = read_caching(fields, file); });
    mistakes.attempt([&] { stage.slots = read_slots(fields, file, owner, mistakes); });
    // One of these may be what a misspelt field was meant to be.
    if (mistakes.count() == before) check_kind(stage, fields, owner);
  });
  return stage;
}

void check_needs(const std::vector<StageSpec>& stages, Mistakes& mistakes) {
  std::vector<std::string> names;
  for (const StageSpec& stage : stages) names.push_back(stage.name.text);
  for (const StageSpec& stage : stages) {
    std::vector<std::string> seen;
    for (const PlacedText& need : stage.needs) {
      const std::string owner = "stage '" + stage.name.text + "' needs '" + need.text + "'";
      if (std::find(names.begin(), names.end(), need.text) == names.end()) {
        mistakes.add(need.place, owner + ", which is not a stage of this file" + suggestion(need.text, names));
      } else if (std::find(seen.begin(), seen.end(), need.text) != seen.end()) {
        mistakes.add(need.place, owner + " twice");
      }
      seen.push_back(need.text);
    }
  }
  if (!mistakes.none()) return;
  mistakes.attempt([&] {
    CycleSearch search(stages);
    for (const StageSpec& stage : stages) search.visit(stage);
  });
}

}  // namespace neve

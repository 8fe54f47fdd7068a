#include "pipeline/file/yaml_tree.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_set>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

#include "pipeline/file/placed_error.hpp"
#include "pipeline/file/text_position.hpp"
#include "pipeline/file/yaml_mistakes.hpp"

namespace neve {
namespace {

std::size_t bounded(int count) noexcept { return static_cast<std::size_t>(std::max(count, 0)); }

/// yaml-cpp counts columns in bytes, from 0, and marks what has no place with -1.
TextPosition place_of(const ColumnCounter& columns, const YAML::Mark& mark) {
  return columns.position(bounded(mark.line), bounded(mark.column));
}

/// What a value costs when an alias repeats it.
struct Weight {
  std::size_t nodes = 1;
  std::size_t text_bytes = 0;
  std::size_t depth = 1;
};

Weight weigh(const YamlNode& node) {
  Weight sum{1, node.text.size(), 0};
  const auto include = [&sum](const YamlNode& child, std::size_t key_bytes) {
    const Weight part = weigh(child);
    sum.nodes += part.nodes;
    sum.text_bytes += part.text_bytes + key_bytes;
    sum.depth = std::max(sum.depth, part.depth);
  };
  for (const YamlNode& item : node.items) include(item, 0);
  for (const YamlNode::Member& member : node.members) include(member.value, member.key.size());
  ++sum.depth;
  return sum;
}

/// Builds the tree from yaml-cpp's events: its own node graph forgets where keys stood and expands nothing safely.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, std::string_view name, const ColumnCounter& columns, const YamlLimits& limits)
      : text_(text), name_(name), columns_(columns), limits_(limits) {}

  [[nodiscard]] YamlNode take_root() && { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const bool in_sequence = !open_.empty() && open_.back().node.kind == YamlNode::Kind::sequence;
    if (in_sequence && text_.substr(offset_of(mark)).starts_with(',')) {
      fail(position_of(mark), "expected a value before ','");
    }
    YamlNode node;
    node.position = position_of(mark);
    finish(std::move(node), anchor, mark);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end()) {
      fail(position_of(mark), "an alias inside the value it stands for");
    }
    const Weight& weight = target->second.weight;
    count(weight.nodes, weight.text_bytes, position_of(mark));
    if (open_.size() + weight.depth > limits_.depth) too_deep(position_of(mark));
    if (!open_.empty() && target->second.node.kind >= YamlNode::Kind::sequence) refuse_as_key(mark);
    add(target->second.node, mark);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    refuse_tag(mark, tag);
    refuse_open_quote(mark);
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.position = position_of(mark);
    node.text = text;
    node.plain = tag == "?";
    finish(std::move(node), anchor, mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::mapping);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    YAML::Mark mark = {};
    bool key_read = false;  ///< of a mapping: the next node is the value of the last member
    bool has_colon = true;  ///< of a mapping: a ':' follows the name of the last member
    std::unordered_set<std::string> names = {};
  };
  struct Anchored {
    YamlNode node;
    Weight weight;
  };

  [[noreturn]] void fail(TextPosition position, const std::string& what) const {
    throw PlacedError(ErrorCode::invalid_argument, place_at(name_, position), what);
  }
  [[noreturn]] void too_deep(TextPosition position) const {
    throw PlacedError(ErrorCode::too_large, place_at(name_, position),
                      "nested more than " + std::to_string(limits_.depth) + " levels deep");
  }

  void count(std::size_t nodes, std::size_t text_bytes, TextPosition position) {
    nodes_ += nodes;
    text_bytes_ += text_bytes;
    if (text_bytes_ > limits_.text_bytes || nodes_ > limits_.nodes) {
      throw PlacedError(ErrorCode::too_large, place_at(name_, position),
                        "more than " + std::to_string(limits_.nodes) + " values or " +
                            std::to_string(limits_.text_bytes) +
                            " bytes of text (aliases count as often as they are used)");
    }
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    // yaml-cpp reports "?" for plain and "!" for quoted scalars and for untagged collections.
    if (tag.empty() || tag == "?" || tag == "!") return;
    fail(position_of(mark), "the tag '" + tag + "' is not supported; quote a value to make it text");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    refuse_tag(mark, tag);
    if (open_.size() >= limits_.depth) too_deep(position_of(mark));
    if (!open_.empty()) refuse_as_key(mark);
    YamlNode node;
    node.kind = kind;
    node.position = position_of(mark);
    open_.push_back({std::move(node), anchor, mark});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor, done.mark);
  }

  void finish(YamlNode node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    const TextPosition position = node.position;
    count(1, node.text.size(), position);
    if (anchor != YAML::NullAnchor) {
      anchors_.insert_or_assign(anchor, Anchored{node, weigh(node)});
    }
    add(std::move(node), mark);
  }

  /// yaml-cpp takes the end of the file for the end of a quoted text.
  void refuse_open_quote(const YAML::Mark& mark) const {
    const std::size_t offset = skip_anchor(text_, offset_of(mark));
    const bool quoted = offset < text_.size() && (text_[offset] == '\'' || text_[offset] == '"');
    if (quoted && !end_of_quoted(text_, offset)) fail(position_of(mark), "the quote that begins here is not closed");
  }

  /// yaml-cpp takes a bracket that the text ends in for the name of a member that is to come.
  void refuse_as_key(const YAML::Mark& mark) const {
    const Open& top = open_.back();
    if (top.node.kind != YamlNode::Kind::mapping || top.key_read) return;
    if (!end_of_bracketed(text_, offset_of(mark)))
      fail(position_of(mark), "the bracket that begins here is not closed");
    fail(position_of(mark), "a name must be text, not a list or a mapping");
  }

  void add(YamlNode node, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = open_.back();
    if (top.node.kind == YamlNode::Kind::sequence) {
      top.node.items.push_back(std::move(node));
    } else if (top.key_read) {
      add_value(top, std::move(node));
    } else {
      add_key(top, std::move(node), mark);
    }
  }

  void add_value(Open& top, YamlNode node) const {
    YamlNode::Member& member = top.node.members.back();
    if (node.kind == YamlNode::Kind::null) {
      // yaml-cpp takes a name alone, 'order 3' or 'order:3', for one whose value is nothing.
      if (!top.has_colon) fail(member.position, "expected ': ' after the name '" + member.key + "'");
      if (node.position.line != member.position.line) node.position = member.position;
    }
    member.value = std::move(node);
    top.key_read = false;
  }

  void add_key(Open& top, YamlNode node, const YAML::Mark& mark) const {
    const TextPosition position = position_of(mark);
    if (node.kind != YamlNode::Kind::scalar) fail(position, "a name must be text");
    if (node.plain && node.text == "<<") {
      fail(position, "merge keys ('<<') are not part of YAML 1.2; write the fields out, or alias the whole value");
    }
    if (!top.names.insert(node.text).second) fail(position, "'" + node.text + "' is given twice");
    top.has_colon = has_colon(text_, offset_of(mark), node.text.size());
    top.node.members.push_back({std::move(node.text), position, YamlNode()});
    top.key_read = true;
  }

  [[nodiscard]] TextPosition position_of(const YAML::Mark& mark) const { return place_of(columns_, mark); }
  [[nodiscard]] std::size_t offset_of(const YAML::Mark& mark) const {
    return std::min(columns_.offset(bounded(mark.line), bounded(mark.column)), text_.size());
  }

  std::string_view text_;
  std::string_view name_;
  const ColumnCounter& columns_;
  YamlLimits limits_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

TextPlace place_at(std::string_view name, TextPosition position) {
  return {std::string(name) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column),
          position.line, position.column};
}

YamlNode parse_yaml(std::string_view text, std::string_view name, const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    throw Error(ErrorCode::too_large, std::string(name) + ": larger than " + std::to_string(limits.bytes) + " bytes");
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());  // yaml-cpp counts no columns for it
  if (const auto bad = find_invalid_text(text)) {
    throw PlacedError(ErrorCode::invalid_argument, place_at(name, position_at(text, *bad)), "not UTF-8 text");
  }
  std::istringstream stream{std::string(text)};
  const ColumnCounter columns(text);
  TreeBuilder builder(text, name, columns, limits);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      throw PlacedError(ErrorCode::invalid_argument, place_at(name, {}), "holds no YAML document");
    }
    TreeBuilder second(text, name, columns, limits);
    if (parser.HandleNextDocument(second)) {
      throw Error(ErrorCode::invalid_argument, std::string(name) + ": holds several YAML documents; one is expected");
    }
  } catch (const YAML::Exception& e) {
    const TextPosition position = place_of(columns, e.mark);
    throw PlacedError(ErrorCode::invalid_argument, place_at(name, position),
                      explain_yaml_error(e.msg) + tab_hint(text, position.line));
  }
  return std::move(builder).take_root();
}

}  // namespace neve

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace neve::dataset {

/// The attributes of an element, by their names without prefix. Borrowed for the call.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  /// Empty if there is none. `prefixed`: only one whose name has a prefix, such as `r:id` for `id`.
  [[nodiscard]] std::string_view get(std::string_view name, bool prefixed = false) const;

 private:
  const char** pairs_;
};

/// Told what an XML document holds, but for what is in an `extLst`. Names come without their prefix.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void begin(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view element) = 0;
  virtual void text(std::string_view text) = 0;
};

/// Parses an XML document piece by piece. A document type is refused, and with it every entity that could expand to
/// more than itself. Used by one thread.
class XmlReader {
 public:
  /// Borrows `handler`; `name` is for messages.
  XmlReader(XmlHandler& handler, std::string name);
  ~XmlReader();
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  /// Throws `corrupt` for what is no XML; what the handler throws comes out as it is.
  void feed(std::span<const char> piece);
  void finish();

 private:
  struct State;
  void parse(std::span<const char> piece, bool last);

  std::unique_ptr<State> state_;
};

}  // namespace neve::dataset

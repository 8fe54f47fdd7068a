#include "dataset/xlsx/xml_reader.hpp"

#include <expat.h>

#include <algorithm>
#include <cstdint>
#include <exception>

#include <fmt/format.h>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

/// Longest single tag, comment or the like. expat looks at an unfinished one again whenever more of it comes, so
/// without a limit a long one would take time that grows with its square.
constexpr std::uint64_t kLongestToken = std::uint64_t{4} << 20;

/// Deepest nesting. expat keeps every open tag, and a part of a few bytes when packed may open millions; no part of a
/// workbook goes beyond some tens.
constexpr std::uint32_t kDeepest = 256;

/// What later programs have added to a part: elements of theirs may have the names of others, as `x14:workbookPr` has.
constexpr std::string_view kExtensions = "extLst";

// Deprecated from expat 2.9 on, which has others instead.
#if XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION < 9
constexpr auto* kByteIndex = XML_GetCurrentByteIndex;
constexpr auto* kLineNumber = XML_GetCurrentLineNumber;
#else
constexpr auto* kByteIndex = XML_GetCurrentByteIndex64;
constexpr auto* kLineNumber = XML_GetCurrentLineNumber64;
#endif

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name, bool prefixed) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    const std::string_view full(pair[0]);
    if (local_name(full) == name && (full.size() != name.size()) == prefixed) return pair[1];
  }
  return {};
}

struct XmlReader::State {
  XML_Parser parser;
  XmlHandler& handler;
  std::string name;
  std::uint64_t fed = 0;
  std::uint32_t depth = 0;
  std::uint32_t extension_depth = 0;  ///< of the open `extLst`; 0: none is
  std::exception_ptr failure{};       ///< carries an exception past expat

  template <class Call>
  static void guarded(void* self, const Call& call) {
    auto& state = *static_cast<State*>(self);
    if (state.failure) return;
    try {
      call(state);
    } catch (...) {
      state.failure = std::current_exception();
      XML_StopParser(state.parser, XML_FALSE);
    }
  }

  static void XMLCALL on_begin(void* self, const char* name, const char** attributes) {
    guarded(self, [&](State& state) {
      if (++state.depth > kDeepest) {
        throw Error(ErrorCode::too_large, fmt::format("{}: nested deeper than {} levels", state.name, kDeepest));
      }
      const std::string_view element = local_name(name);
      if (state.extension_depth == 0 && element == kExtensions) state.extension_depth = state.depth;
      if (state.extension_depth == 0) state.handler.begin(element, XmlAttributes(attributes));
    });
  }
  static void XMLCALL on_end(void* self, const char* name) {
    guarded(self, [&](State& state) {
      const bool extension = state.extension_depth > 0;
      if (state.extension_depth == state.depth--) state.extension_depth = 0;
      if (!extension) state.handler.end(local_name(name));
    });
  }
  static void XMLCALL on_text(void* self, const char* text, int size) {
    guarded(self, [&](State& state) {
      if (state.extension_depth == 0) state.handler.text({text, static_cast<std::size_t>(size)});
    });
  }
  static void XMLCALL on_doctype(void* self, const char*, const char*, const char*, int) {
    guarded(self, [](State& state) {
      throw Error(ErrorCode::corrupt, state.name + ": it declares a document type, which no workbook does");
    });
  }
};

XmlReader::XmlReader(XmlHandler& handler, std::string name)
    : state_(new State{XML_ParserCreate(nullptr), handler, std::move(name)}) {
  if (state_->parser == nullptr) throw Error(ErrorCode::internal, "no memory for an XML parser");
  XML_SetUserData(state_->parser, state_.get());
  XML_SetElementHandler(state_->parser, State::on_begin, State::on_end);
  XML_SetCharacterDataHandler(state_->parser, State::on_text);
  XML_SetStartDoctypeDeclHandler(state_->parser, State::on_doctype);
}

XmlReader::~XmlReader() { XML_ParserFree(state_->parser); }

void XmlReader::parse(std::span<const char> piece, bool last) {
  const XML_Status status = XML_Parse(state_->parser, piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
  if (state_->failure) std::rethrow_exception(state_->failure);
  state_->fed += piece.size();
  const auto done = static_cast<std::uint64_t>(std::max<std::int64_t>(kByteIndex(state_->parser), 0));
  if (status == XML_STATUS_OK && state_->fed - std::min(done, state_->fed) > kLongestToken) {
    throw Error(ErrorCode::too_large,
                fmt::format("{}: a tag or comment of more than {} bytes", state_->name, kLongestToken));
  }
  if (status == XML_STATUS_OK) return;
  throw Error(ErrorCode::corrupt, fmt::format("{}, line {}: {}", state_->name, kLineNumber(state_->parser),
                                              XML_ErrorString(XML_GetErrorCode(state_->parser))));
}

void XmlReader::feed(std::span<const char> piece) { parse(piece, false); }

void XmlReader::finish() { parse({}, true); }

}  // namespace neve::dataset

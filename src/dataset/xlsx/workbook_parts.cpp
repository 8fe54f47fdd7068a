#include "dataset/xlsx/workbook_parts.hpp"

#include <algorithm>
#include <map>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/dataset/refused_file.hpp>

#include "dataset/values/cell_text.hpp"
#include "dataset/xlsx/xml_reader.hpp"

namespace neve::dataset {
namespace {

struct Relationship {
  std::string type;  ///< the last step of its address: `worksheet`
  std::string part;
};

void parse_part(XlsxArchive& archive, const std::string& part, XmlHandler& handler) {
  XmlReader reader(handler, "the workbook '" + archive.name() + "', part '" + part + "'");
  archive.read(part, [&](std::span<const char> piece, double) { reader.feed(piece); });
  reader.finish();
}

class RelationshipsHandler final : public XmlHandler {
 public:
  RelationshipsHandler(std::string base, const std::string& workbook) : base_(std::move(base)), workbook_(workbook) {}
  void begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element != "Relationship" || attributes.get("TargetMode") == "External") return;
    const std::string_view type = attributes.get("Type");
    const std::size_t slash = type.rfind('/');
    const auto part = resolve_part(base_, attributes.get("Target"));
    if (!part) {
      throw Error(ErrorCode::corrupt, "the workbook '" + workbook_ + "' is damaged: a relationship of its part '" +
                                          base_ + "' leads out of the archive");
    }
    found[std::string(attributes.get("Id"))] = {
        std::string(slash == std::string_view::npos ? type : type.substr(slash + 1)), *part};
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::map<std::string, Relationship> found;

 private:
  std::string base_;
  const std::string& workbook_;
};

/// The relationships of `part`, by id; of the archive itself for an empty name.
std::map<std::string, Relationship> relationships_of(XlsxArchive& archive, const std::string& part) {
  const std::size_t slash = part.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : part.substr(0, slash + 1);
  const std::string name = slash == std::string::npos ? part : part.substr(slash + 1);
  const std::string where = folder + "_rels/" + name + ".rels";
  RelationshipsHandler handler(part, archive.name());
  if (archive.has(where)) parse_part(archive, where, handler);
  return std::move(handler.found);
}

class WorkbookHandler final : public XmlHandler {
 public:
  struct Sheet {
    std::string name;
    std::string id;
    bool visible;
  };
  void begin(std::string_view element, const XmlAttributes& attributes) override {
    if (element == "workbookPr") {
      const std::string_view value = attributes.get("date1904");
      from_1904 = value == "1" || value == "true";
    } else if (element == "sheet") {
      const std::string_view state = attributes.get("state");
      sheets.push_back({std::string(attributes.get("name")), std::string(attributes.get("id", true)),
                        state.empty() || state == "visible"});
    }
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<Sheet> sheets;
  bool from_1904 = false;
};

[[noreturn]] void no_workbook(XlsxArchive& archive) {
  if (archive.has("content.xml")) {
    throw Error(ErrorCode::unsupported, "'" + archive.name() + "' is an OpenDocument file; save it as .xlsx or .csv");
  }
  throw Error(ErrorCode::invalid_argument,
              "'" + archive.name() + "' is not a table: it is a zip archive, and no workbook");
}

}  // namespace

WorkbookParts read_workbook_parts(XlsxArchive& archive) {
  std::string main_part;
  for (const auto& [id, relationship] : relationships_of(archive, "")) {
    if (relationship.type == "officeDocument") main_part = relationship.part;
  }
  if (main_part.empty() || !archive.has(main_part)) no_workbook(archive);
  if (main_part.ends_with(".bin")) {
    throw Error(ErrorCode::unsupported, "'" + archive.name() + "' is a binary workbook (.xlsb); save it as .xlsx");
  }
  WorkbookHandler handler;
  parse_part(archive, main_part, handler);
  const auto related = relationships_of(archive, main_part);
  WorkbookParts workbook;
  workbook.from_1904 = handler.from_1904;
  for (const auto& [id, relationship] : related) {
    if (relationship.type == "sharedStrings") workbook.shared_strings = relationship.part;
    if (relationship.type == "styles") workbook.styles = relationship.part;
  }
  for (const WorkbookHandler::Sheet& sheet : handler.sheets) {
    const auto relationship = related.find(sheet.id);
    if (relationship == related.end() || relationship->second.type != "worksheet") continue;  // charts and dialogs
    workbook.sheets.push_back({sheet.name, relationship->second.part, sheet.visible});
  }
  if (workbook.sheets.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "'" + archive.name() + "' is not a table: it is a workbook without a sheet of cells");
  }
  return workbook;
}

const WorkbookSheet& WorkbookParts::sheet(const std::string& asked) const {
  if (asked.empty()) {
    const auto visible = std::find_if(sheets.begin(), sheets.end(), [](const WorkbookSheet& s) { return s.visible; });
    return visible == sheets.end() ? sheets.front() : *visible;
  }
  for (const WorkbookSheet& sheet : sheets) {
    if (sheet.name == asked) return sheet;
  }
  const std::string lowered = lower_case(asked);
  for (const WorkbookSheet& sheet : sheets) {
    if (lower_case(sheet.name) == lowered) return sheet;
  }
  const bool number = asked.size() < 5 && only_digits(asked);
  if (const std::size_t index = number ? std::stoul(asked) : 0; index >= 1 && index <= sheets.size())
    return sheets[index - 1];
  std::vector<std::string> names;
  std::string list;
  for (const WorkbookSheet& sheet : sheets) {
    names.push_back(sheet.name);
    list += (list.empty() ? "'" : ", '") + sheet.name + "'";
  }
  const std::string nearest = nearest_name(asked, names);
  throw WrongOption("sheet", "there is no sheet '" + asked + "'" +
                                 (nearest.empty() ? "" : " (did you mean '" + nearest + "'?)") + "; the sheets are " +
                                 list);
}

}  // namespace neve::dataset

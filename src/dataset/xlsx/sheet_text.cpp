#include "dataset/xlsx/sheet_text.hpp"

namespace neve::dataset {

SheetText write_sheet_text(const std::filesystem::path& from, const std::filesystem::path& /*to*/,
                           const AddOptions& /*options*/, IngestProgress& /*progress*/) {
  throw Error(ErrorCode::unsupported, "'" + from.filename().string() + "' is a workbook, which cannot be read yet");
}

}  // namespace neve::dataset

#include <neve/base/error.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

AddResult DatasetStore::add(const std::filesystem::path& file, const AddOptions& /*options*/) const {
  throw Error(ErrorCode::unsupported, "cannot add '" + file.string() + "' yet");
}

}  // namespace neve::dataset

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/random.hpp>
#include <neve/dataset/analysis/analysis_cache.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kDigits = 64;

std::filesystem::path secret_file(const std::filesystem::path& root) { return root / ".secret"; }

/// Makes the file with its final content in one step, unless it is there already.
void make_secret(const std::filesystem::path& path) {
  std::error_code none;
  std::filesystem::create_directories(path.parent_path(), none);
  std::string temporary = path.string() + ".XXXXXX";
  const FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // readable by its owner only
  if (!file.valid()) return;
  try {
    write_all(file.get(), as_byte_span(random_hex(kDigits / 2)), temporary);
    if (::fsync(file.get()) == 0) static_cast<void>(::link(temporary.c_str(), path.c_str()));
  } catch (const Error&) {  // a full disk: every process has its own then
  }
  ::unlink(temporary.c_str());
}

}  // namespace

std::optional<std::string> known_store_secret(const std::filesystem::path& root) {
  try {
    const auto bytes = read_file(secret_file(root), 4096);
    if (bytes && bytes->size() == kDigits) return std::string(bytes->text());
  } catch (const Error&) {  // another user's, or on a server that is away
  }
  return std::nullopt;
}

std::string store_secret(const std::filesystem::path& root) {
  const std::filesystem::path path = secret_file(root);
  try {
    static_cast<void>(open_regular_file(path, O_RDONLY));
  } catch (const NotARegularFile& error) {
    throw Error(ErrorCode::invalid_argument,
                std::string(error.what()) + ", which the store needs there; remove it, and a new secret is made");
  }
  if (auto secret = known_store_secret(root)) return *secret;
  make_secret(path);
  if (auto secret = known_store_secret(root)) return *secret;
  return random_hex(kDigits / 2);
}

}  // namespace neve::dataset

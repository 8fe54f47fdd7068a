#include <neve/service/key_file.hpp>

#include <algorithm>
#include <cstddef>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/base/random.hpp>

namespace neve::service {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

std::optional<Bytes> read_keys(const std::filesystem::path& path) {
  try {
    return read_file(path, kMaxFileBytes);
  } catch (const NotARegularFile& error) {
    throw Error(ErrorCode::invalid_argument,
                std::string(error.what()) + "; remove it, or name another file of keys with --keys");
  }
}

}  // namespace

std::vector<KeyDigest> KeyFile::read() const {
  std::vector<KeyDigest> keys;
  const auto bytes = read_keys(path_);
  std::string_view text = bytes ? bytes->text() : std::string_view();
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view digest = line.substr(std::min(space + 1, line.size()));
    if (!is_name(line.substr(0, space)) || !is_sha256_hex(digest)) {
      throw Error(ErrorCode::invalid_argument, "line " + std::to_string(number) + " of the key file '" +
                                                   path_.string() +
                                                   "' is not a name and the 64 hexadecimal digits of a SHA-256");
    }
    keys.push_back({std::string(line.substr(0, space)), std::string(digest)});
  }
  return keys;
}

std::string KeyFile::add(const std::string& name) const {
  if (!is_name(name)) {
    throw Error(ErrorCode::invalid_argument,
                "a key's name is 1 to 64 letters, digits, '.', '_' and '-', which '" + name + "' is not");
  }
  std::filesystem::path lock_path = path_;
  const FileLock lock(lock_path += ".lock");  // from reading to replacing, or of two additions at once one is lost
  for (const KeyDigest& known : read()) {
    if (known.name == name) {
      throw Error(ErrorCode::invalid_argument, "'" + path_.string() + "' has a key called '" + name +
                                                   "'; remove its line first, or choose another name");
    }
  }
  const std::string key = "neve_" + random_hex(32);
  const auto before = read_keys(path_);
  std::string text(before ? before->text() : "# API keys of neve serve: a name and the SHA-256 of its key\n");
  if (!text.ends_with('\n')) text += '\n';
  text += name + " " + sha256_hex(std::string_view(key)) + "\n";
  replace_file(path_, as_byte_span(text), Durability::full);
  return key;
}

}  // namespace neve::service

#include "pipeline/command/work_folder.hpp"

#include <cerrno>
#include <fcntl.h>

#include <neve/base/close_written.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npz.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// An NPZ file on its way into a folder that nobody reads yet, so it is written in place.
class FileSink final : public NpzSink {
 public:
  explicit FileSink(const fs::path& path)
      : name_(path.string()), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
    if (!file_.valid()) throw io_error("cannot write " + name_, errno);
  }

  void reserve(std::uint64_t) override {}
  void write(ByteSpan bytes) override { write_all(file_.get(), bytes, name_); }
  void write_at(std::uint64_t offset, ByteSpan bytes) override { write_all_at(file_.get(), offset, bytes, name_); }
  void close() { close_written(file_, name_); }

 private:
  std::string name_;
  FileDescriptor file_;
};

void write_text(const fs::path& path, const std::string& text) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) throw io_error("cannot write " + path.string(), errno);
  write_all(file.get(), as_byte_span(text), path.string());
  close_written(file, path.string());
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& parent) : folder_(parent, "run") {
  for (const fs::path& folder : {input(), output(), working()}) fs::create_directory(folder);
}

void WorkFolder::write_inputs(std::span<const State> inputs, const std::vector<std::string>& names, const Json& config,
                              const Json& policy) const {
  NpzWriteOptions options;
  options.compression = Compression::store;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const fs::path folder = input() / names.at(i);
    fs::create_directory(folder);
    write_text(folder / "state.json", dump_spaced_json(inputs[i].meta));
    FileSink sink(folder / "arrays.npz");
    write_npz(inputs[i].arrays, options, sink);
    sink.close();
  }
  write_text(this->config(), dump_spaced_json(config));
  write_text(this->policy(), dump_spaced_json(policy.is_null() ? Json::object() : policy));
}

}  // namespace neve

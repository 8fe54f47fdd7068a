#include "pipeline/command/command_output.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npy.hpp>
#include <neve/codec/npz.hpp>

namespace neve {
namespace {

constexpr char kArtifacts[] = "artifacts";

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorCode::stage_failed, "the command left '" + name + "' in its output folder, which " + what);
}

/// Begins the error's message with the file it is about. A file that is cut short, say, is what the command failed at,
/// as if it had ended with another status than 0, and so worth another attempt; one of a kind that neve does not hold
/// would be the same again.
[[noreturn]] void rethrow_about(const std::string& name, const Error& error) {
  const ErrorCode code = error.code() == ErrorCode::corrupt ? ErrorCode::stage_failed : error.code();
  throw Error(code, "the command's output '" + name + "': " + error.what());
}

bool ends_with(const std::string& name, std::string_view ending) {
  return name.size() > ending.size() && name.ends_with(ending);
}

/// One run's output folder, opened so that nothing in it can lead elsewhere. Used by one thread.
class OutputReader {
 public:
  OutputReader(const CommandLimits& limits, StageContext& context) : limits_(limits), context_(context) {}

  State read(const std::filesystem::path& folder) {
    const FileDescriptor root(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!root.valid()) throw io_error("cannot read the command's output folder", errno);
    for (const std::string& name : names_in(root.get())) read_one(root.get(), name);
    if (files_ < limits_.fewest_files) {
      throw Error(
          ErrorCode::stage_failed,
          "the command left nothing in its output folder (NEVE_OUTPUT_DIR); it must write arrays (*.npy, "
          "*.npz) or state.json; of a stage that is there for what it does elsewhere none is asked (`cached: false` "
          "in a pipeline file)");
    }
    return std::move(state_);
  }

 private:
  void read_one(int root, const std::string& name) {
    if (name == kArtifacts) {
      read_artifacts(root);
    } else if (name == "state.json") {
      state_.meta = object(root, name, name);
    } else if (name == "metrics.json") {
      read_metrics(object(root, name, name));
    } else if (ends_with(name, ".npy")) {
      add_array(name.substr(0, name.size() - 4), name, npy(root, name, name));
    } else if (ends_with(name, ".npz")) {
      read_npz_file(root, name);
    } else {
      refuse(name,
             "is none of *.npy, *.npz, state.json, metrics.json and artifacts/ (where pictures, as *.png, belong)");
    }
  }

  void read_npz_file(int root, const std::string& name) {
    const Bytes file = content(root, name, name, remaining_);
    try {
      NpzReadLimits limits;
      limits.array_bytes = remaining_ + file.size();  // what was taken for the file itself counts once
      NpzContents contents = read_npz(file, limits);
      std::uint64_t decoded = 0;
      for (const auto& [member, array] : contents.arrays) decoded += array.bytes().size();
      if (decoded > file.size()) remaining_ -= decoded - file.size();
      for (auto& [member, array] : contents.arrays) add_array(member, name, std::move(array));
    } catch (const Error& error) {
      rethrow_about(name, error);
    }
  }

  void read_metrics(const Json& metrics) {
    for (const auto& [name, value] : metrics.items()) {
      if (!value.is_number()) refuse("metrics.json", "must hold numbers only; '" + name + "' is not one");
      context_.metric(name, value.get<double>());
    }
  }

  void read_artifacts(int root) {
    const FileDescriptor folder(::openat(root, kArtifacts, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.valid()) refuse(kArtifacts, "must be a folder");
    for (const std::string& name : names_in(folder.get())) {
      try {
        read_artifact(folder.get(), name, std::string(kArtifacts) + "/" + name);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::io) throw;
        // What a stage shows is no part of its state: hours of computing are not thrown away for a figure.
        context_.warn(std::string("an artifact was left out: ") + error.what());
      }
    }
  }

  void read_artifact(int folder, const std::string& name, const std::string& shown) {
    const std::string stem = name.substr(0, name.rfind('.'));
    if (ends_with(name, ".json")) {
      context_.save(stem, document(folder, name, shown));
    } else if (ends_with(name, ".npy")) {
      context_.save(stem, npy(folder, name, shown));
    } else if (ends_with(name, ".png")) {
      std::uint64_t limit = std::min(limits_.json_bytes, remaining_);
      context_.image(stem, content(folder, name, shown, limit));
    } else {
      refuse(shown, "is none of *.npy, *.json and *.png");
    }
  }

  void add_array(const std::string& name, const std::string& file, Array array) {
    if (!state_.arrays.emplace(name, std::move(array)).second) {
      refuse(file, "holds an array '" + name + "' that another file holds as well");
    }
  }

  Array npy(int folder, const std::string& name, const std::string& shown) {
    const Bytes file = content(folder, name, shown, remaining_);
    try {
      return read_npy(file);
    } catch (const Error& error) {
      rethrow_about(shown, error);
    }
  }

  Json document(int folder, const std::string& name, const std::string& shown) {
    std::uint64_t limit = limits_.json_bytes;
    const Bytes file = content(folder, name, shown, limit);
    try {
      return parse_json(file.text());
    } catch (const Error& error) {
      rethrow_about(shown, error);
    }
  }

  Json object(int folder, const std::string& name, const std::string& shown) {
    Json value = document(folder, name, shown);
    if (!value.is_object()) refuse(shown, "must hold a JSON object");
    return value;
  }

  /// The whole file; takes its size off `remaining`.
  Bytes content(int folder, const std::string& name, const std::string& shown, std::uint64_t& remaining) {
    // O_NONBLOCK: opening a fifo must not wait for a writer.
    const FileDescriptor file(::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.valid() && errno == ELOOP) refuse(shown, "is a symbolic link; write the file itself");
    if (!file.valid()) throw io_error("cannot read the command's output '" + shown + "'", errno);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) throw io_error("cannot read the command's output '" + shown + "'", errno);
    if (!S_ISREG(status.st_mode)) refuse(shown, "is not a regular file");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > remaining) {
      throw Error(ErrorCode::too_large, "the command's output '" + shown + "' exceeds the " +
                                            std::to_string(remaining) + " bytes that are allowed");
    }
    remaining -= size;
    Buffer buffer(size);
    if (!read_exactly_at(file.get(), 0, buffer.span(), shown)) refuse(shown, "became shorter while it was read");
    return std::move(buffer).freeze();
  }

  /// Sorted, so that messages and metrics do not depend on the order of the folder.
  std::vector<std::string> names_in(int folder) {
    constexpr const char* kFailed = "cannot list the command's output folder";
    FileDescriptor again(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!again.valid()) throw io_error(kFailed, errno);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(again.get()), &::closedir);
    if (!stream) throw io_error(kFailed, errno);
    (void)again.release();  // the stream's from here on
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* const entry = ::readdir(stream.get());
      if (entry == nullptr && errno != 0) throw io_error(kFailed, errno);  // the files not seen would be missing
      if (entry == nullptr) break;
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      if (++files_ > limits_.files) {
        throw Error(ErrorCode::too_large,
                    "the command left more than " + std::to_string(limits_.files) + " files in its output folder");
      }
      names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  const CommandLimits& limits_;
  StageContext& context_;
  std::uint64_t remaining_ = limits_.array_bytes;
  std::size_t files_ = 0;
  State state_;
};

}  // namespace

State read_command_output(const std::filesystem::path& folder, const CommandLimits& limits, StageContext& context) {
  return OutputReader(limits, context).read(folder);
}

}  // namespace neve

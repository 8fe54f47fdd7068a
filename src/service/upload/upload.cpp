#include "service/upload/upload.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>
#include <fcntl.h>
#include <sys/stat.h>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>

#include "service/exchange/problem.hpp"
#include "service/http/header_value.hpp"
#include "service/http/multipart.hpp"
#include "service/upload/client_body.hpp"

namespace neve::service {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{256} << 10;
constexpr std::size_t kMaxFieldBytes = std::size_t{4} << 10;
constexpr std::size_t kPartBeginning = 128;  // a boundary of at most 70 characters and what follows it
constexpr std::uint64_t kMaxFormBytes = std::uint64_t{1} << 20;  // of a multipart body beside its file

/// Reads a body and counts it against a limit.
class LimitedBody {
 public:
  LimitedBody(Client& client, std::uint64_t most, std::uint64_t stated)
      : client_(client), most_(most), stated_(stated) {}

  std::size_t read(std::span<std::byte> out) {
    const std::size_t count = read_client_body(client_, out);
    total_ += count;
    if (total_ > most_) refuse();
    return count;
  }
  [[noreturn]] void refuse() const {
    throw ProblemError(Problem{ProblemKind::too_large,
                               "the file is larger than the " + std::to_string(stated_) + " bytes this service takes",
                               Json{{"max_bytes", stated_}},
                               {}});
  }

 private:
  Client& client_;
  std::uint64_t most_;
  std::uint64_t stated_;
  std::uint64_t total_ = 0;
};

/// The last part of what may be a path, of this system or another.
std::string bare_name(std::string_view filename) {
  const std::size_t slash = filename.find_last_of("/\\");
  std::string name(slash == std::string_view::npos ? filename : filename.substr(slash + 1));
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  name.resize(utf8_prefix(name, 255).size());
  return name.empty() || name == "." || name == ".." ? kNamelessUpload : name;
}

/// Names and options go into JSON and into paths; clients that are old send names in their own encoding.
void require_utf8(const std::string& parameter, std::string_view text) {
  if (!find_invalid_utf8(text)) return;
  throw ProblemError(
      Problem{ProblemKind::invalid_parameter, "'" + parameter + "' is not UTF-8", Json{{"parameter", parameter}}, {}});
}

/// A file may be packed; a form is read as it comes.
void require_known_coding(const Request& request, bool form) {
  const std::string* coding = request.header("content-encoding");
  if (coding == nullptr || has_member(*coding, "identity")) return;
  if (!form && (has_member(*coding, "gzip") || has_member(*coding, "x-gzip"))) return;
  throw ProblemError(ProblemKind::unsupported_media_type,
                     "the body is sent in the coding '" + *coding + "', and a " +
                         (form ? "form is taken without one" : "file is taken without one or in gzip"));
}

bool is_multipart(const std::string* type) {
  return type != nullptr && lower_case(type->substr(0, type->find('/'))) == "multipart";
}

/// The type that `curl -d` gives a body, and `curl --data-binary` and some libraries as well.
bool is_web_form(const std::string* type) {
  return type != nullptr &&
         lower_case(type->substr(0, type->find_first_of("; \t"))) == "application/x-www-form-urlencoded";
}

/// A boundary's line, then the header that each part of a form has: what clients send whose program has set another
/// Content-Type.
bool begins_like_a_form(std::string_view text) {
  const std::size_t end = text.find("\r\n");
  return text.starts_with("--") && end != std::string_view::npos &&
         lower_case(text.substr(end + 2)).starts_with("content-");
}

/// Receives a body that is the file itself.
void receive_raw(LimitedBody& body, bool web_form, Upload& upload) {
  std::vector<std::byte> piece(kPieceBytes);
  bool may_be_joined = web_form;
  for (std::size_t count = body.read(piece); count > 0; count = body.read(piece)) {
    const std::string_view text = as_text({piece.data(), count});
    const bool packed = upload.file.size() == 0 && (text.starts_with("PK\x03\x04") || text.starts_with("\x1F\x8B"));
    may_be_joined = may_be_joined && !packed && text.find_first_of("\r\n") == std::string_view::npos;
    upload.file.append({piece.data(), count});
  }
  if (begins_like_a_form(upload.file.beginning(kPartBeginning))) {
    throw ProblemError(ProblemKind::unsupported_media_type,
                       "the body is a form of several parts, and its Content-Type does not say so; leave the header to "
                       "the client, which writes 'multipart/form-data; boundary=...' into it");
  }
  // `curl -d @FILE` takes the line ends out, and what is left would be a table of one row.
  if (!may_be_joined) return;
  throw ProblemError(ProblemKind::unsupported_media_type,
                     "the body is a form (application/x-www-form-urlencoded) without any line end, as 'curl -d @FILE' "
                     "makes of a table; send the file as it is: curl --data-binary @FILE, or --form file=@FILE");
}

void add_field(Upload& upload, const std::string& name, std::string value) {
  if (!upload.fields.emplace(name, std::move(value)).second) {
    throw ProblemError(ProblemKind::bad_request, "'" + name + "' is given twice");
  }
}

std::string read_field(MultipartReader& reader, const std::string& name) {
  std::string value;
  std::vector<std::byte> piece(kMaxFieldBytes);
  for (std::size_t count = reader.read(piece); count > 0; count = reader.read(piece)) {
    value.append(as_text({piece.data(), count}));
    if (value.size() > kMaxFieldBytes) {
      throw ProblemError(ProblemKind::too_large,
                         "the form's field '" + name + "' is longer than " + std::to_string(kMaxFieldBytes) + " bytes");
    }
  }
  return value;
}

void receive_form(LimitedBody& body, const std::string& boundary, std::uint64_t max_bytes, Upload& upload) {
  MultipartReader reader([&body](std::span<std::byte> out) { return body.read(out); }, boundary);
  std::vector<std::byte> piece(kPieceBytes);
  bool have_file = false;
  while (const auto part = reader.next()) {
    if (part->name != "file") {
      require_utf8("a field's name", part->name);
      std::string value = read_field(reader, part->name);
      require_utf8(part->name, value);
      add_field(upload, part->name, std::move(value));
      continue;
    }
    if (have_file) throw ProblemError(ProblemKind::bad_request, "the form has two parts called 'file'");
    have_file = true;
    if (part->filename) {
      require_utf8("filename", *part->filename);
      upload.filename = bare_name(*part->filename);
    }
    for (std::size_t count = reader.read(piece); count > 0; count = reader.read(piece)) {
      upload.file.append({piece.data(), count});
      if (upload.file.size() > max_bytes) body.refuse();
    }
  }
  if (!have_file) throw ProblemError(ProblemKind::bad_request, "the form has no part called 'file'");
}

}  // namespace

ReceivedFile::ReceivedFile(const std::filesystem::path& folder) {
  make_folders(folder);
  file_ = FileDescriptor(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file_.valid()) return;
  // A file system without O_TMPFILE: a name for a moment.
  std::string pattern = (folder / "receiving-XXXXXX").string();
  file_ = FileDescriptor(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!file_.valid()) throw io_error("cannot make a file in '" + folder.string() + "'", errno);
  std::filesystem::remove(pattern);
}

void ReceivedFile::append(std::span<const std::byte> bytes) {
  write_all(file_.get(), bytes, "the received file");
  size_ += bytes.size();
}

std::filesystem::path ReceivedFile::path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

std::string ReceivedFile::sha256() const {
  Sha256 digest;
  std::vector<std::byte> piece(kPieceBytes);
  for (std::uint64_t at = 0; at < size_; at += piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, size_ - at)));
    if (!read_exactly_at(file_.get(), at, piece, "the received file"))
      throw Error(ErrorCode::io, "the received file is shorter than what was written into it");
    digest.update(as_text(piece));
  }
  return digest.finish_hex();
}

std::string ReceivedFile::beginning(std::size_t most) const {
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(most, size_)), '\0');
  if (!read_exactly_at(file_.get(), 0, std::as_writable_bytes(std::span(text)), "the received file"))
    throw Error(ErrorCode::io, "the received file is shorter than what was written into it");
  return text;
}

Upload receive_upload(const Request& request, const std::filesystem::path& folder, std::uint64_t max_bytes) {
  const std::string* type = request.header("content-type");
  const auto boundary = type == nullptr ? std::nullopt : multipart_boundary(*type);
  if (!boundary && is_multipart(type)) {
    throw ProblemError(ProblemKind::unsupported_media_type,
                       "a body of several parts is a form (multipart/form-data) with the file as its part 'file'");
  }
  require_known_coding(request, boundary.has_value());
  const std::uint64_t most = boundary ? max_bytes + kMaxFormBytes : max_bytes;
  LimitedBody body(*request.client, most, max_bytes);
  if (request.content_length.value_or(0) > most) body.refuse();
  if (!request.has_body)
    throw ProblemError(ProblemKind::bad_request, "the request has no body, which would be the file");
  Upload upload{ReceivedFile(folder), kNamelessUpload, {}};
  const auto query = QueryParameters::parse(request.query);
  for (const auto& [name, value] : query.all()) add_field(upload, name, value);
  if (boundary) {
    receive_form(body, *boundary, max_bytes, upload);
  } else {
    receive_raw(body, is_web_form(type), upload);
  }
  if (const auto given = upload.fields.extract("filename"); !given.empty()) upload.filename = bare_name(given.mapped());
  return upload;
}

}  // namespace neve::service

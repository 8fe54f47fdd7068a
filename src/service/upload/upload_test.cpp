#include "service/upload/upload.hpp"

#include <gtest/gtest.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

#include "service/client_double.hpp"
#include "service/exchange/problem.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

namespace fs = std::filesystem;

class UploadTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const fs::path uploads_ = folder_.path() / "uploads";

  Upload receive(TextClient& client, std::string_view target, std::vector<Header> headers = {},
                 std::uint64_t most = 1000) {
    return receive_upload(request_of(client, "POST", target, std::move(headers)), uploads_, most);
  }
  ProblemKind refused(TextClient& client, std::string_view target, std::vector<Header> headers = {},
                      std::uint64_t most = 1000) {
    try {
      (void)receive(client, target, std::move(headers), most);
    } catch (const ProblemError& error) {
      return error.problem().kind;
    } catch (const Error& error) {
      return kind_of(error.code());
    }
    return ProblemKind::internal;
  }
  static std::string content(const Upload& upload) {
    const auto bytes = read_file(upload.file.path());
    return std::string(bytes->text());
  }
};

const std::vector<Header> kForm{{"content-type", "multipart/form-data; boundary=B"}};

std::string form_part(const std::string& head, const std::string& body) {
  return "--B\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n";
}

TEST_F(UploadTest, TakesARawBody) {
  TextClient client("a,b\n1,2\n", 3);
  const Upload upload = receive(client, "/?filename=C%3A%5Cdata%5Corders.csv&sheet=2");
  EXPECT_EQ(content(upload), "a,b\n1,2\n");
  EXPECT_EQ(upload.file.size(), 8U);
  EXPECT_EQ(upload.file.sha256(), sha256_hex("a,b\n1,2\n"));
  EXPECT_EQ(upload.filename, "orders.csv");
  EXPECT_EQ(upload.fields.at("sheet"), "2");
}

TEST_F(UploadTest, TakesAFormInAnyOrder) {
  TextClient client(
      form_part("name=file; filename=\"../../etc/passwd\"", "a,b") + form_part("name=sheet", "2") + "--B--", 7);
  const Upload upload = receive(client, "/?id=x", kForm);
  EXPECT_EQ(content(upload), "a,b");
  EXPECT_EQ(upload.filename, "passwd");
  EXPECT_EQ(upload.fields.at("sheet"), "2");
  EXPECT_EQ(upload.fields.at("id"), "x");
}

TEST_F(UploadTest, AnAnnouncedSizeBeyondTheLimitIsNotRead) {
  TextClient client(std::string(1001, 'x'));
  EXPECT_EQ(refused(client, "/"), ProblemKind::too_large);
  EXPECT_EQ(client.received(), 0U);
}

TEST_F(UploadTest, ASizeBeyondTheLimitIsNoticedOnTheWay) {
  TextClient client(std::string(100'000, 'x'));
  Request request = request_of(client, "POST", "/");
  request.content_length.reset();
  EXPECT_THROW((void)receive_upload(request, uploads_, 1000), ProblemError);
  EXPECT_LT(client.received(), 10'000U);
  TextClient form(form_part("name=file", std::string(1001, 'x')) + "--B--");
  EXPECT_EQ(refused(form, "/", kForm), ProblemKind::too_large);
  TextClient field(form_part("name=sheet", std::string(5000, 'x')) + "--B--");
  EXPECT_EQ(refused(field, "/", kForm, 100'000), ProblemKind::too_large);
}

TEST_F(UploadTest, LeavesNothingBehind) {
  {
    TextClient client("a,b");
    const Upload upload = receive(client, "/");
    EXPECT_TRUE(fs::is_empty(uploads_)) << "not even while it is received";
  }
  TextClient cut(form_part("name=file", "a,b"));
  EXPECT_EQ(refused(cut, "/", kForm), ProblemKind::bad_request);
  EXPECT_TRUE(fs::is_empty(uploads_));
}

TEST_F(UploadTest, ALongNameEndsWithAWholeCharacter) {
  std::string umlauts;
  for (int i = 0; i < 128; ++i) umlauts += "\xC3\xBC";
  TextClient client(form_part("name=file; filename=\"" + umlauts + ".csv\"", "a,b") + "--B--");
  EXPECT_EQ(receive(client, "/", kForm).filename, umlauts.substr(0, 254));
}

TEST_F(UploadTest, RefusesTextThatIsNotUtf8) {
  TextClient filename(form_part("name=file; filename=\"caf\xE9.csv\"", "a,b") + "--B--");
  EXPECT_EQ(refused(filename, "/", kForm), ProblemKind::invalid_parameter);
  TextClient field(form_part("name=name", "caf\xE9") + form_part("name=file", "a,b") + "--B--");
  EXPECT_EQ(refused(field, "/", kForm), ProblemKind::invalid_parameter);
}

TEST_F(UploadTest, AWebFormWithoutLineEndsIsNoFile) {
  const std::vector<Header> form{{"content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8"}};
  TextClient joined("customer,revenueAda,1", 5);  // curl -d @FILE
  EXPECT_EQ(refused(joined, "/", form), ProblemKind::unsupported_media_type);
  TextClient binary("customer,revenue\nAda,1", 5);  // curl --data-binary @FILE
  EXPECT_EQ(content(receive(binary, "/", form)), "customer,revenue\nAda,1");
  TextClient packed("PK\x03\x04...");
  EXPECT_EQ(receive(packed, "/", form).file.size(), 7U);
}

TEST_F(UploadTest, RefusesBodiesThatItWouldReadAsWhatTheyAreNot) {
  TextClient mixed(form_part("name=file", "a,b\n1,2") + "--B--");
  EXPECT_EQ(refused(mixed, "/", {{"content-type", "Multipart/Mixed; boundary=B"}}),
            ProblemKind::unsupported_media_type);
  const std::string form =
      "--B\r\n"
      "content-Disposition: form-data; name=\"file\"\r\n\r\na,b\n1,2\r\n--B--\r\n";
  for (const std::vector<Header>& type : {std::vector<Header>{}, {{"content-type", "text/csv"}}}) {
    TextClient mislabelled(form, 5);
    EXPECT_EQ(refused(mislabelled, "/", type), ProblemKind::unsupported_media_type);
  }
  TextClient dashes("--B\r\n-,-\r\n");
  EXPECT_EQ(receive(dashes, "/").file.size(), 10U);
  TextClient brotli("customer,revenue\nAda,1");
  EXPECT_EQ(refused(brotli, "/", {{"content-encoding", "br"}}), ProblemKind::unsupported_media_type);
  TextClient packed_form(form_part("name=file", "a,b\n1,2") + "--B--");
  EXPECT_EQ(refused(packed_form, "/", {kForm.front(), {"content-encoding", "gzip"}}),
            ProblemKind::unsupported_media_type);
  TextClient packed("\x1F\x8B...");
  EXPECT_EQ(receive(packed, "/", {{"content-encoding", "gzip"}}).file.size(), 5U);
}

TEST_F(UploadTest, RefusesWhatCannotBeMeant) {
  TextClient none;
  EXPECT_EQ(refused(none, "/"), ProblemKind::bad_request);
  TextClient no_file(form_part("name=a", "b") + "--B--");
  EXPECT_EQ(refused(no_file, "/", kForm), ProblemKind::bad_request);
  TextClient two(form_part("name=file", "b") + form_part("name=file", "c") + "--B--");
  EXPECT_EQ(refused(two, "/", kForm), ProblemKind::bad_request);
  TextClient twice(form_part("name=id", "b") + form_part("name=file", "c") + "--B--");
  EXPECT_EQ(refused(twice, "/?id=a", kForm), ProblemKind::bad_request);
}

}  // namespace
}  // namespace neve::service

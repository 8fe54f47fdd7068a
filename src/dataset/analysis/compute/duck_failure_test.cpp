#include "dataset/analysis/compute/duck_failure.hpp"

#include <cerrno>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AnalysisFailure, AFullFolderForTemporaryFilesIsNoRoom) {
  // As DuckDB 1.4.4 says them, with 6 MB for its temporary files.
  const Error by_limit = analysis_failure(
      "Out of Memory Error: failed to offload data block of size 256.0 KiB (5.1 MiB/5.3 MiB used).\nThis limit was set "
      "by the 'max_temp_directory_size' setting.\nYou can adjust this setting, by using (for example) PRAGMA "
      "max_temp_directory_size='10GiB'");
  const Error by_write = analysis_failure(
      "IO Error: Could not write file \"/tmp/spill-1/duckdb_temp_storage_S64K-0.tmp\": No space left on device");
  for (const Error& error : {by_limit, by_write}) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_EQ(error.error_number(), ENOSPC);
    EXPECT_THAT(error.what(), HasSubstr("TMPDIR"));
    EXPECT_THAT(error.what(), Not(HasSubstr("PRAGMA")));
  }
}

TEST(AnalysisFailure, MemoryThatDoesNotSufficeIsToldWithoutDuckDbsSettings) {
  const Error error = analysis_failure(
      "Out of Memory Error: could not allocate block of size 256.0 KiB (47.9 MiB/48.0 MiB used)\n\nPossible "
      "solutions:\n"
      "* Reducing the number of threads (SET threads=X)");
  EXPECT_EQ(error.code(), ErrorCode::too_large);
  EXPECT_EQ(error.error_number(), ENOMEM);
  EXPECT_THAT(error.what(), HasSubstr("a larger memory limit"));
  EXPECT_THAT(error.what(), Not(HasSubstr("SET threads")));
}

TEST(AnalysisFailure, OtherFailuresOfFilesAreNotOfRoom) {
  const Error error = analysis_failure("IO Error: Cannot open file \"a.parquet\": No such file or directory");
  EXPECT_EQ(error.code(), ErrorCode::io);
  EXPECT_EQ(error.error_number(), 0);
  EXPECT_EQ(analysis_failure("Binder Error: x").code(), ErrorCode::internal);
}

}  // namespace
}  // namespace neve::dataset

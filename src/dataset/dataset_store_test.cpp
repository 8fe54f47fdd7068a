#include <neve/dataset/dataset_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve::dataset {
namespace {

TEST(DatasetId, ComesFromTheNameOfTheFile) {
  EXPECT_EQ(dataset_id_of("/somewhere/Orders 2024.CSV.gz"), "orders_2024");
  EXPECT_EQ(dataset_id_of("a--b.xlsx"), "a--b");
  EXPECT_EQ(dataset_id_of("données.csv"), "donn_es");
  EXPECT_EQ(dataset_id_of("???.csv"), "dataset");
  EXPECT_EQ(dataset_id_of(".csv"), "csv");
  check_dataset_id(dataset_id_of(std::string(300, 'x') + ".csv"));
}

TEST(DatasetId, CannotLeadOutOfTheStore) {
  for (const char* bad : {"", "..", "a/b", "A", "_a", "-a", ".a", "a.b", "a\nb"}) {
    EXPECT_THROW(check_dataset_id(bad), Error) << bad;
  }
}

TEST(DatasetStore, SaysThatItIsEmpty) {
  const TemporaryFolder folder;
  const DatasetStore store(folder.path() / "storage");
  EXPECT_TRUE(store.list().empty());
  EXPECT_EQ(store.generation("orders"), 0U);
  try {
    static_cast<void>(store.find("orders"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("neve dataset add"));
  }
}

}  // namespace
}  // namespace neve::dataset

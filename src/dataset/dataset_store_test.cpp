#include <neve/dataset/dataset_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve::dataset {
namespace {

TEST(DatasetId, ComesFromTheNameOfTheFile) {
  EXPECT_EQ(dataset_id_of("/somewhere/Orders 2024.CSV.gz"), "orders_2024");
  EXPECT_EQ(dataset_id_of("a--b.xlsx"), "a--b");
  EXPECT_EQ(dataset_id_of("données.csv"), "donnees");
  EXPECT_EQ(dataset_id_of(".csv"), "csv");
}

TEST(DatasetId, IsAnotherForANameThatDiffersInWhatAnIdCannotHave) {
  const std::string long_name(300, 'x');
  for (const auto& [one, other] : {std::pair<std::string, std::string>{"продажи.csv", "заказы.csv"},
                                   {"売上2024.csv", "注文2024.csv"},
                                   {"???.csv", "!!!.csv"},
                                   {long_name + "1.csv", long_name + "2.csv"}}) {
    EXPECT_NE(dataset_id_of(one), dataset_id_of(other)) << one;
    check_dataset_id(dataset_id_of(one));
  }
  EXPECT_EQ(dataset_id_of("продажи.csv"), dataset_id_of("/elsewhere/продажи.csv.gz"));
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

TEST(DatasetStore, OfAPipeItIsNotSaidHowMuchOfItHasCome) {
  const TemporaryFolder folder;
  const std::filesystem::path pipe = folder.path() / "table.csv";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::jthread writer([&] { std::ofstream(pipe) << "c,v\na,1\n"; });
  std::vector<double> told;
  AddOptions options;
  options.progress = [&](std::string_view step, double fraction) {
    if (step == "copying") told.push_back(fraction);
  };
  EXPECT_EQ(DatasetStore(folder.path() / "storage").add(pipe, options).record.rows, 1U);
  ASSERT_GE(told.size(), 2U);
  EXPECT_EQ(told.front(), 0);  // that it has begun
  EXPECT_THAT(std::vector<double>(told.begin() + 1, told.end()), testing::Each(testing::Lt(0)));
}

TEST(DatasetStore, ADatasetThatIsReplacedMeanwhileIsNotDamaged) {
  const TemporaryFolder folder;
  const DatasetStore store(folder.path() / "storage");
  const std::filesystem::path narrow = folder.path() / "narrow.csv";
  const std::filesystem::path wide = folder.path() / "wide.csv";
  std::ofstream(narrow) << "name,amount\na,1\n";
  std::ofstream(wide) << "name,amount,more\na,1,2\n";
  AddOptions options;
  options.id = "x";
  store.add(narrow, options);
  std::atomic<bool> over = false;
  std::thread replacing([&] {
    for (int i = 0; i < 40; ++i) store.add(i % 2 == 0 ? wide : narrow, options);
    over = true;
  });
  while (!over) {
    try {
      const std::size_t columns = store.current_schema("x").columns.size();
      EXPECT_TRUE(columns == 2 || columns == 3) << columns;
      EXPECT_TRUE(store.current_lineage("x").contains("steps"));
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
      break;
    }
  }
  replacing.join();
}

TEST(DatasetStore, IsListedInPages) {
  const TemporaryFolder folder;
  const DatasetStore store(folder.path() / "storage");
  AddOptions options;
  for (const char* id : {"a", "b", "c", "d"}) {
    options.id = id;
    std::ofstream(folder.path() / "t.csv") << "name,amount\n" << id << ",1\n";
    store.add(folder.path() / "t.csv", options);
  }
  store.remove("b");
  std::vector<std::string> ids;
  for (const DatasetRecord& record : store.list_page("a", 2)) ids.push_back(record.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(store.list_page("", 1).front().id, "a");
  EXPECT_TRUE(store.list_page("d", 5).empty());
}

TEST(DatasetStore, WhatCannotBeReadIsNoEmptyListAndSpoilsNoOtherRecord) {
  const TemporaryFolder folder;
  const DatasetStore store(folder.path() / "storage");
  std::ofstream(folder.path() / "x.csv") << "name,amount\na,1\n";
  AddOptions options;
  options.id = "x";
  store.add(folder.path() / "x.csv", options);
  const std::filesystem::path datasets = folder.path() / "storage" / "datasets";
  std::filesystem::create_directories(datasets / "y" / "dataset.json");  // cannot be read, by nobody
  std::vector<std::string> faults;
  EXPECT_EQ(store.list([&](const std::string& fault) { faults.push_back(fault); }).size(), 1U);
  EXPECT_EQ(faults.size(), 1U);
  std::filesystem::remove_all(datasets);
  std::ofstream(datasets).flush();
  EXPECT_THROW(static_cast<void>(store.list()), Error);
}

TEST(DatasetStore, ASchemaThatIsDamagedIsSaidToBe) {
  const TemporaryFolder folder;
  const DatasetStore store(folder.path() / "storage");
  std::ofstream(folder.path() / "x.csv") << "name,amount\na,1\n";
  const DatasetRecord record = store.add(folder.path() / "x.csv", {}).record;
  std::ofstream(record.schema) << "{}";
  try {
    static_cast<void>(store.current_schema("x"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace neve::dataset

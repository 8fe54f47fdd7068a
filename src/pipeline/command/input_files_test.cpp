#include "pipeline/command/input_files.hpp"

#include <cstring>
#include <fstream>
#include <semaphore>
#include <thread>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "pipeline/stage/digest_memory.hpp"
#include "support/child_process.hpp"
#include "support/refusal.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class InputFilesTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  static std::vector<InputPattern> placed(const std::vector<std::string>& patterns) {
    std::vector<InputPattern> result;
    for (const std::string& pattern : patterns)
      result.push_back({pattern, "f.yaml:" + std::to_string(result.size() + 5)});
    return result;
  }
  std::vector<std::string> names(const std::vector<std::string>& patterns) {
    std::vector<std::string> found;
    for (const auto& [name, content] : InputFiles(folder_.path(), placed(patterns)).digests()) found.push_back(name);
    return found;
  }
  std::string refusal(const std::string& pattern, ErrorCode code = ErrorCode::invalid_argument) {
    return refusal_of([&] { InputFiles files(folder_.path(), placed({pattern})); }, code);
  }

  TemporaryFolder folder_;
};

TEST_F(InputFilesTest, PatternsFindFilesInOrderAndOnce) {
  for (const char* name : {"b.py", "a.py", ".hidden.py", "data/x.csv", "data/deep/y.csv", "data/z.txt"})
    write(name, "1");
  EXPECT_THAT(names({"*.py", "a.py", "./a.py"}), ElementsAre("a.py", "b.py"));
  EXPECT_THAT(names({"data/**"}), ElementsAre("data/deep/y.csv", "data/x.csv", "data/z.txt"));
  EXPECT_THAT(names({"**/*.csv"}), ElementsAre("data/deep/y.csv", "data/x.csv"));
  EXPECT_THAT(names({"data/[xz].*"}), ElementsAre("data/x.csv", "data/z.txt"));
}

TEST_F(InputFilesTest, DigestsFollowTheContentNotTheTime) {
  write("a", "one");
  const auto before = InputFiles(folder_.path(), placed({"a"})).digests();
  write("a", "one");
  fs::last_write_time(folder_.path() / "a", fs::file_time_type::clock::now() - std::chrono::hours(5));
  EXPECT_EQ(InputFiles(folder_.path(), placed({"a"})).digests(), before);
  write("a", "two");
  EXPECT_NE(InputFiles(folder_.path(), placed({"a"})).digests(), before);
}

TEST_F(InputFilesTest, WhatCannotBeAnInputIsSaid) {
  fs::create_directory(folder_.path() / "data");
  EXPECT_THAT(refusal("fit.py"), HasSubstr("'fit.py' matches no file in the folder of the pipeline file"));
  EXPECT_THAT(refusal("*.py"), HasSubstr("matches no file"));
  EXPECT_THAT(refusal("data"), HasSubstr("is a folder; write 'data/**' for all files in it but hidden ones"));
  EXPECT_THAT(refusal("data/"), HasSubstr("write 'data/**'"));
  EXPECT_THAT(refusal("../x"), HasSubstr("leaves the pipeline file's folder"));
  EXPECT_THAT(refusal("/nowhere/x"), HasSubstr("'/nowhere/x' matches no file"));
}

TEST_F(InputFilesTest, RelativeFilesAreCopiedToTheirPlacesAndAbsoluteOnesAreNot) {
  write("src/a.txt", "text");
  write("abs.txt", "text");
  const fs::path target = folder_.path() / "work";
  fs::create_directory(target);
  InputFiles(folder_.path(), placed({"src/*", (folder_.path() / "abs.txt").string()})).lay_into(target);
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(target / "src/a.txt")));
  EXPECT_FALSE(fs::exists(target / "abs.txt"));
}

TEST_F(InputFilesTest, WhatACommandDoesToALargeInputDoesNotReachTheOriginal) {
  write("large.bin", "");
  fs::resize_file(folder_.path() / "large.bin", (std::uintmax_t{64} << 20) + 1);  // a hole: costs no disk
  const fs::path target = folder_.path() / "work";
  fs::create_directory(target);
  InputFiles(folder_.path(), placed({"large.bin"})).lay_into(target);
  EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(target / "large.bin")));
  std::ofstream(target / "large.bin") << "overwritten";
  EXPECT_EQ(fs::file_size(folder_.path() / "large.bin"), (std::uintmax_t{64} << 20) + 1);
}

TEST_F(InputFilesTest, WhoGivesUpWaitingForACopyIsHeeded) {
  constexpr std::uintmax_t kLarge = std::uintmax_t{64} << 20;
  write("large.bin", "");
  fs::resize_file(folder_.path() / "large.bin", kLarge);
  const fs::path target = folder_.path() / "work";
  fs::create_directory(target);
  const OnBlock give_up = [](std::size_t) { throw Error(ErrorCode::cancelled, "the run was cancelled"); };
  EXPECT_EQ(refusal_of([&] { InputFiles(folder_.path(), placed({"large.bin"})).lay_into(target, give_up); },
                       ErrorCode::cancelled),
            "the run was cancelled");
  EXPECT_LT(fs::file_size(target / "large.bin"), kLarge);
}

TEST_F(InputFilesTest, ReadingIsToldToEndAlsoWhereThereWasLessToReadThanItSeemed) {
  write("a", std::string(10, 'a'));
  write("b", std::string(20, 'b'));
  using Told = std::pair<std::uint64_t, std::uint64_t>;
  std::vector<Told> told;
  const auto listen = [&](std::uint64_t done, std::uint64_t total) {
    told.emplace_back(done, total);
    fs::resize_file(folder_.path() / "b", 5);
  };
  (void)InputFiles(folder_.path(), placed({"a", "b"})).digests({{}, listen});
  EXPECT_THAT(told, ElementsAre(Told(10, 30), Told(15, 30), Told(30, 30)));
}

// What a link leads to may change while other stages that read the same file are waited for, and change back: two
// programs that have been there for long, so that their stamps are to be trusted.
TEST_F(InputFilesTest, WhatALinkLedToForAWhileIsNotTakenForWhatItLeadsToNow) {
  const fs::path link = folder_.path() / "link";
  const auto lead_to = [&](const char* target) {
    fs::create_symlink(target, folder_.path() / "new");
    fs::rename(folder_.path() / "new", link);
  };
  lead_to("/bin/sh");
  const InputFiles files(folder_.path(), placed({"link"}));
  std::binary_semaphore reading{0};
  const std::jthread other([&] {
    (void)DigestMemory::of_process().content(link, {}, [&]() -> FileReading {
      reading.release();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      lead_to("/bin/cat");
      return {};
    });
  });
  reading.acquire();
  const auto digests = files.digests();
  lead_to("/bin/sh");
  EXPECT_THROW(files.lay_into(folder_.path() / "work"), Error);
  EXPECT_NE(InputFiles(folder_.path(), placed({"link"})).digests(), digests);
}

// The thread that reads it is the parent's.
TEST_F(InputFilesTest, AForkedChildDoesNotWaitForAFileThatItsParentReads) {
  write("a", "one");
  const InputFiles files(folder_.path(), placed({"a"}));
  std::binary_semaphore reading{0}, go_on{0};
  const std::jthread reader([&] {
    (void)DigestMemory::of_process().content(folder_.path() / "a", {}, [&]() -> FileReading {
      reading.release();
      go_on.acquire();
      return {};
    });
  });
  reading.acquire();
  EXPECT_TRUE(in_child([&] {
    ::alarm(30);  // ends it, should it hang
    require(files.anew()->digests().size() == 1, "another number of files");
  }));
  go_on.release();
}

TEST_F(InputFilesTest, ANewTimeAloneIsNoChange) {
  write("a", "one");
  const InputFiles files(folder_.path(), placed({"a"}));
  (void)files.digests();
  fs::last_write_time(folder_.path() / "a", fs::file_time_type::clock::now() - std::chrono::hours(5));
  EXPECT_NO_THROW(files.lay_into(folder_.path() / "work"));
  EXPECT_NO_THROW(files.require_unchanged());
  const InputFiles in_place(folder_.path(), placed({(folder_.path() / "a").string()}));
  (void)in_place.digests();
  fs::remove(folder_.path() / "a");
  EXPECT_THROW(in_place.require_unchanged(), Error);
}

TEST_F(InputFilesTest, AChangeAfterTheDigestIsNoticedWhereTheCommandReadsTheFileItself) {
  write("a", "one");
  const InputFiles in_place(folder_.path(), placed({(folder_.path() / "a").string()}));
  const InputFiles copied(folder_.path(), placed({"a"}));
  for (const InputFiles* files : {&in_place, &copied}) {
    (void)files->digests();
    EXPECT_NO_THROW(files->require_unchanged());
  }
  copied.lay_into(folder_.path() / "work");
  write("a", "longer");
  EXPECT_THROW(in_place.require_unchanged(), Error);
  EXPECT_NO_THROW(copied.require_unchanged()) << "the command has what was digested";
}

TEST_F(InputFilesTest, ACopyOfAFileWrittenAMomentAgoIsReadToBeSure) {
  write("a", "one");
  const InputFiles files(folder_.path(), placed({"a"}));
  (void)files.digests();
  write("a", "two");  // as long, and most likely within the same tick of the file system's clock
  EXPECT_THROW(files.lay_into(folder_.path() / "work"), Error);
}

TEST_F(InputFilesTest, AFileReadInItsPlaceThatWasWrittenAMomentAgoIsReadToBeSure) {
  // The same stamp for other content: what many a file system says of two writings within one tick of its clock, and
  // any of a mapping that is written to again.
  write("a", "one");
  const FileDescriptor file(::open((folder_.path() / "a").c_str(), O_RDWR | O_CLOEXEC));
  void* const memory = ::mmap(nullptr, 3, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  ASSERT_NE(memory, MAP_FAILED);
  std::memcpy(memory, "two", 3);
  const InputFiles files(folder_.path(), placed({(folder_.path() / "a").string()}));
  (void)files.digests();
  EXPECT_NO_THROW(files.require_unchanged());
  std::memcpy(memory, "six", 3);
  EXPECT_THROW(files.require_unchanged(), Error);
  ::munmap(memory, 3);
}

TEST_F(InputFilesTest, AFileReadInItsPlaceMayNotBeWrittenMeanwhileEvenIfItIsPutBack) {
  write("a", "one");
  const InputFiles in_place(folder_.path(), placed({(folder_.path() / "a").string()}));
  const InputFiles copied(folder_.path(), placed({"a"}));
  for (const InputFiles* files : {&in_place, &copied}) (void)files->digests();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the file's time is told in ticks
  write("a", "two");
  EXPECT_THROW(copied.lay_into(folder_.path() / "work"), Error) << "a second attempt would get other content";
  write("a", "one");
  EXPECT_THROW(in_place.require_unchanged(), Error);
  EXPECT_NO_THROW(copied.require_unchanged());
}

TEST_F(InputFilesTest, AFileThatMayBeMissingUnnoticedIsSaid) {
  write("data/a.csv", "1");
  write("data/sub/b.csv", "1");
  fs::create_symlink("/nowhere/c.csv", folder_.path() / "data/c.csv");
  for (const char* pattern : {"data/*.csv", "data/**", "data/c.csv"})
    EXPECT_THAT(refusal(pattern),
                HasSubstr("matches the link 'data/c.csv', whose target '/nowhere/c.csv' is not there"));
  EXPECT_THAT(names({"data/a*", "data/sub/*"}), ElementsAre("data/a.csv", "data/sub/b.csv"));
  fs::remove(folder_.path() / "data/c.csv");
  fs::create_symlink("itself.csv", folder_.path() / "data/itself.csv");
  EXPECT_THAT(refusal("data/*"), HasSubstr("whose target 'itself.csv' is not there"));
  fs::remove(folder_.path() / "data/itself.csv");
  EXPECT_THAT(names({"*/*/*.csv"}), ElementsAre("data/sub/b.csv"));  // data/a.csv is no folder
  fs::permissions(folder_.path(), fs::perms{0755});
  fs::permissions(folder_.path() / "data/sub", fs::perms::none);
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    const std::string told = refusal("data/**", ErrorCode::io);
    require(told.find("cannot look for the input 'data/**' in 'data/sub': Permission denied") != std::string::npos,
            told);
    require(names({"data/*"}).size() == 1, "what was not looked for was asked");
  }));
  fs::permissions(folder_.path() / "data/sub", fs::perms{0755});
}

TEST_F(InputFilesTest, LinksInCirclesEnd) {
  write("d/a.txt", "1");
  fs::create_directory_symlink(folder_.path() / "d", folder_.path() / "d/again");
  EXPECT_THAT(names({"d/**/*.txt"}), ElementsAre("d/a.txt"));
}

}  // namespace
}  // namespace neve

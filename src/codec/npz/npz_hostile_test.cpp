#include <gtest/gtest.h>
#include <sys/resource.h>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>
#include <neve/codec/npz.hpp>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/deflate.hpp"
#include "codec/zip/zip_forger.hpp"

// Archives made to mislead: each is refused, with the right code, in bounded memory and time.
namespace neve {
namespace {

const std::string kContent = npy_text(Array::from(std::vector<double>{1, 2, 3}));

std::string outcome(const std::string& file) {
  const auto attempt = [](const auto& source) -> std::string {
    try {
      (void)read_npz(source);
      return "read";
    } catch (const Error& error) {
      return std::string(to_string(error.code())) + ": " + error.what();
    }
  };
  const std::string in_memory = attempt(Bytes::copy_of(as_byte_span(file)));
  EXPECT_EQ(attempt(TextSource(file)), in_memory);
  // Beyond 64 KB a source is read piece by piece; a long comment brings any archive there.
  if (file.size() >= 22 && file.ends_with(std::string(2, '\0'))) {
    const std::string long_file = file.substr(0, file.size() - 2) + std::string(2 + 65'535, '\xff');
    EXPECT_EQ(attempt(TextSource(long_file)), in_memory);
  }
  return in_memory;
}

void expect(const std::string& file, const std::string& beginning) {
  const std::string got = outcome(file);
  EXPECT_EQ(got.substr(0, beginning.size()), beginning) << got;
}

std::string bent(const std::function<void(std::vector<ForgedMember>&)>& bend) {
  return forge_zip({forged_member("a.npy", kContent), forged_member("b.npy", kContent)}, {}, bend);
}

// The same lie told in both headers.
std::string bent_member(const std::function<void(ForgedHeader&)>& bend) {
  ForgedMember member = forged_member("a.npy", kContent);
  bend(member.local);
  bend(member.central);
  return forge_zip({member, forged_member("b.npy", kContent)});
}

std::string deflated(const std::string& content) {
  std::string out(content.size() + 100, '\0');
  const std::span<std::byte> room = std::as_writable_bytes(std::span(out));
  out.resize(deflate_stream(Deflater::small, {}, as_byte_span(content), room));
  return out;
}

ForgedMember deflated_member(const std::string& name, const std::string& content) {
  ForgedMember member = forged_member(name, content);
  member.data = deflated(content);
  member.local.method = zip::kDeflated;
  member.local.compressed = static_cast<std::uint32_t>(member.data.size());
  member.central = member.local;
  return member;
}

TEST(HostileNpz, TheForgerIsHonestUnlessAskedToLie) {
  expect(bent({}), "read");
  expect(forge_zip({deflated_member("a.npy", kContent)}), "read");
  ForgedMember described = forged_member("a.npy", kContent);
  described.local.flags = described.central.flags = zip::kFlagDescriptor;
  described.local.crc = described.local.compressed = described.local.uncompressed = 0;
  const auto size = static_cast<std::uint32_t>(kContent.size());
  for (const std::string& after :
       {little(described.central.crc, size, size), little(zip::kDescriptorSignature, described.central.crc, size, size),
        little(described.central.crc, std::uint64_t{size}, std::uint64_t{size}),
        little(zip::kDescriptorSignature, described.central.crc, std::uint64_t{size}, std::uint64_t{size})}) {
    described.after = after;
    expect(forge_zip({described, described}, {}, [](auto& m) { m[1].central.name = "a.npy"; }),
           "corrupt: member 'a.npy': there are two");
    expect(forge_zip({described}), "read");
  }
}

TEST(HostileNpz, OverlapsGapsAndHiddenBytesAreRefused) {
  expect(bent([](auto& m) { m[1].central.offset = m[0].central.offset; }), "corrupt: ");
  expect(bent([](auto& m) { m[1].central.offset -= 1; }), "corrupt: ");
  expect(bent([](auto& m) { m[1].central.offset += 1; }), "corrupt: ");
  expect(bent([](auto& m) { m[1].central.offset = 0xFFFFFF00; }), "corrupt: ");
  expect(bent([](auto& m) { m.pop_back(); }), "corrupt: ");
  expect(bent([](auto& m) { m.push_back(m[0]); }), "corrupt: ");
  expect("prefix" + bent({}), "corrupt: ");
  expect(bent({}) + "suffix", "corrupt: ");
  ForgedMember gap = forged_member("a.npy", kContent);
  gap.after = std::string(16, 'x');
  expect(forge_zip({gap}), "corrupt: member 'a.npy': 16 bytes after it belong to nothing");
  gap.local.flags = gap.central.flags = zip::kFlagDescriptor;
  expect(forge_zip({gap}), "corrupt: member 'a.npy': its data descriptor contradicts");
  gap.after += "more";
  expect(forge_zip({gap}), "corrupt: ");
  expect(forge_zip({forged_member("a.npy", kContent)}, {.before = "hidden"}), "corrupt: ");
}

TEST(HostileNpz, HeadersThatContradictEachOtherAreRefused) {
  const std::vector<std::function<void(ForgedHeader&)>> lies{
      [](ForgedHeader& h) { h.crc ^= 1; },          [](ForgedHeader& h) { h.compressed += 1; },
      [](ForgedHeader& h) { h.uncompressed -= 1; }, [](ForgedHeader& h) { h.name = "c.npy"; },
      [](ForgedHeader& h) { h.method = 8; },        [](ForgedHeader& h) { h.flags = zip::kFlagUtf8; }};
  for (const auto& lie : lies) {
    expect(bent([&](auto& m) { lie(m[0].central); }), "corrupt: ");
    ForgedMember member = forged_member("a.npy", kContent);
    lie(member.local);
    expect(forge_zip({member}), "corrupt: ");
  }
  expect(bent_member([](ForgedHeader& h) { h.crc ^= 1; }), "corrupt: member 'a.npy': its bytes do not match");
}

TEST(HostileNpz, SizesTheFileCannotHoldAskForNoMemory) {
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  expect(bent_member([](ForgedHeader& h) { h.uncompressed = 0xFFFFFFF0; }), "corrupt: ");
  expect(bent_member([](ForgedHeader& h) { h.compressed = h.uncompressed = 0xFFFFFFF0; }), "corrupt: ");
  ForgedMember bomb = deflated_member("a.npy", kContent);
  for (const std::uint32_t claimed : {bomb.local.uncompressed + 1, bomb.local.uncompressed - 1,
                                      1032 * bomb.local.compressed, 1033 * bomb.local.compressed, 0U, 0xFFFFFFF0U}) {
    bomb.local.uncompressed = bomb.central.uncompressed = claimed;
    expect(forge_zip({bomb}), "corrupt: ");
  }
  const std::string wide = forged_extra(zip::kExtraZip64, little(std::uint64_t{1} << 60, std::uint64_t{1} << 60));
  expect(bent_member([&](ForgedHeader& h) {
           h.compressed = h.uncompressed = zip::kSaturated32;
           h.extra = wide;
         }),
         "too_large: ");
  expect(bent_member([&](ForgedHeader& h) {
           h.method = zip::kDeflated;
           h.uncompressed = zip::kSaturated32;
           h.extra = wide;
         }),
         "corrupt: ");
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10) << "kilobytes";
}

TEST(HostileNpz, MembersWhoseDataEndEarlyOrLateAreRefused) {
  ForgedMember member = deflated_member("a.npy", kContent);
  member.data += '\0';
  member.local.compressed = member.central.compressed += 1;
  expect(forge_zip({member}), "corrupt: member 'a.npy': it does not inflate");
  member = deflated_member("a.npy", kContent);
  member.data.pop_back();
  member.local.compressed = member.central.compressed -= 1;
  expect(forge_zip({member}), "corrupt: member 'a.npy': it does not inflate");
  expect(forge_zip({forged_member("a.npy", kContent.substr(0, kContent.size() - 1))}),
         "corrupt: member 'a.npy': the NPY header promises");
  expect(forge_zip({forged_member("a.npy", kContent + "x")}), "corrupt: member 'a.npy': the NPY header promises");
  expect(forge_zip({forged_member("a.npy", "")}), "corrupt: member 'a.npy': not an NPY file");
  expect(forge_zip({deflated_member("a.npy", "\x93NUMP")}), "corrupt: member 'a.npy': not an NPY file");
}

TEST(HostileNpz, NamesThatAreNotLabelsAreRefused) {
  for (const char* name : {"../a.npy", "a/../../b.npy", "/a.npy", "\\a.npy", "..\\a.npy", "...npy", "folder/"}) {
    expect(bent_member([&](ForgedHeader& h) { h.name = name; }), "unsupported: ");
  }
  expect(bent_member([](ForgedHeader& h) { h.name = std::string("a\0\x1b.npy", 7); }),
         "unsupported: member 'a\\x00\\x1b.npy' holds a NUL");
  expect(bent_member([](ForgedHeader& h) {
           h.name = "\xff.npy";
           h.flags = zip::kFlagUtf8;
         }),
         "unsupported: ");
  expect(bent_member([](ForgedHeader& h) { h.name = "\xff.npy"; }), "read");
  expect(bent_member([](ForgedHeader& h) { h.name = "b.npy"; }), "corrupt: ");
  expect(bent_member([](ForgedHeader& h) { h.name = "b"; }), "corrupt: ");
}

// Messages reach JSON, terminals and Python, which take text only.
TEST(HostileNpz, WhatAMessageQuotesIsText) {
  const auto named = [](const std::string& name) {
    return outcome(bent_member([&](ForgedHeader& h) {
      h.name = name;
      h.flags = zip::kFlagUtf8;
    }));
  };
  const auto of_type = [](const std::string& descr) {
    const std::string header = "{'descr': " + descr + ", 'fortran_order': False, 'shape': (0,)}";
    return outcome(forge_zip({forged_member("a.npy", npy_with_header(header, ""))}));
  };
  EXPECT_EQ(named("\xff\xf8z\x1b.npy"), "unsupported: member '\\xff\\xf8z\\x1b.npy' is not UTF-8");
  std::string omegas;
  while (omegas.size() < 6'000) omegas += "Ω";
  EXPECT_FALSE(find_invalid_utf8(named("a" + omegas)));   // the quotation ends within the limit and
  EXPECT_FALSE(find_invalid_utf8(named("ab" + omegas)));  // with a whole character
  for (const std::string& descr :
       {std::string("'<f8\xff'"), std::string("[('\xff', '<f8')]"), "'a" + omegas.substr(0, 200) + "'",
        "'" + omegas.substr(0, 200) + "'", "[('a" + omegas.substr(0, 200) + "', '<f8')]",
        "[('" + omegas.substr(0, 200) + "', '<f8')]"}) {
    EXPECT_EQ(of_type(descr).substr(0, 12), "unsupported:") << descr;
    EXPECT_FALSE(find_invalid_utf8(of_type(descr))) << descr;
  }
}

TEST(HostileNpz, WhatIsNotImplementedIsRefusedByName) {
  expect(bent_member([](ForgedHeader& h) { h.method = 14; }), "unsupported: member 'a.npy' is compressed by method 14");
  expect(bent_member([](ForgedHeader& h) { h.flags = zip::kFlagEncrypted; }),
         "unsupported: member 'a.npy' is encrypted");
  expect(bent_member([](ForgedHeader& h) { h.disk = 1; }), "unsupported: ");
  expect(forge_zip({forged_member("a.npy", kContent)}, {.disks = 1}), "unsupported: ");
}

TEST(HostileNpz, EndRecordsThatLieAreRefused) {
  const std::vector<ForgedMember> members{forged_member("a.npy", kContent)};
  expect(forge_zip(members, {.members = 0}), "corrupt: ");
  expect(forge_zip(members, {.members = 2}), "corrupt: ");
  expect(forge_zip(members, {.members = 0xFFFF}), "corrupt: ");
  expect(forge_zip(members, {.directory_bytes = 0}), "corrupt: ");
  expect(forge_zip(members, {.directory_bytes = 0xFFFFFFFF}), "corrupt: ");
  expect(forge_zip(members, {.directory_offset = 0}), "corrupt: ");
  expect(forge_zip(members, {.directory_offset = 0xFFFFFFFF}), "corrupt: ");
  expect(forge_zip(members, {.comment = "c", .comment_bytes = 0}), "corrupt: ");
  expect(forge_zip(members, {.comment = "c", .comment_bytes = 2}), "corrupt: ");
  expect(forge_zip(members, {.comment = forge_zip(members)}), "corrupt: ");  // an archive in a comment
  for (const std::uint64_t lie : {std::uint64_t{0}, std::uint64_t{1} << 40, UINT64_MAX}) {
    std::string records =
        little(zip::kZip64EndSignature, std::uint64_t{44}, std::uint32_t{0}, std::uint64_t{0}, lie, lie, lie, lie);
    records += little(zip::kZip64LocatorSignature, std::uint32_t{0}, lie, std::uint32_t{1});
    expect(forge_zip(members, {.directory_offset = 0xFFFFFFFF, .before = records}), "corrupt: ");
  }
  for (const char* text : {"", "P", "PK\x05\x06", "not a zip archive, but longer than an end record would be"}) {
    expect(text, "corrupt: ");
  }
}

TEST(HostileNpz, ExtraFieldsThatLieAreRefused) {
  expect(bent([](auto& m) { m[0].central.extra = little(std::uint16_t{7}, std::uint16_t{9}); }), "corrupt: ");
  expect(bent_member([](ForgedHeader& h) {
           h.uncompressed = zip::kSaturated32;
           h.extra = forged_extra(zip::kExtraZip64, "short");
         }),
         "corrupt: ");
  const auto note = [](std::uint32_t segment_bytes, const std::string& lengths) {
    return forged_extra(zip::kExtraNeve, little(std::uint32_t{1}, std::uint32_t{0}, segment_bytes) + lengths);
  };
  const ForgedMember plain = deflated_member("a.npy", kContent);
  const auto with_extra = [&](const std::string& extra) {
    return forge_zip({plain}, {}, [&](auto& m) { m[0].central.extra = extra; });
  };
  const auto size = plain.local.compressed;
  const auto content = plain.local.uncompressed;
  expect(with_extra(note(0, "")), "corrupt: member 'a.npy': its compressed bytes");
  expect(with_extra(note(0, little(size))), "corrupt: ");
  expect(with_extra(note(content, "")), "corrupt: ");
  expect(with_extra(note(content, little(size + 1))), "corrupt: ");
  expect(with_extra(note(content, little(size))), "corrupt: member 'a.npy': segment 0 of 1");  // no end of a segment
  expect(with_extra(note(content / 2, little(size - 4, 4U))), "corrupt: ");
  expect(with_extra(note(1, std::string(4 * content, '\0'))), "corrupt: ");
  expect(with_extra(note(0, "") + note(0, "")), "corrupt: ");
  expect(with_extra(forged_extra(zip::kExtraNeve, little(std::uint32_t{2}, std::uint64_t{0}))),
         "read");                                                                 // a later version
  expect(bent([&](auto& m) { m[0].central.extra = note(0, ""); }), "corrupt: ");  // on a stored member
}

TEST(HostileNpz, HeaderBombsAndAbsurdShapesAreRefused) {
  const auto with_header = [](const std::string& header, const std::string& data = "") {
    return outcome(forge_zip({forged_member("a.npy", npy_with_header(header, data))}));
  };
  const auto shaped = [&](const std::string& shape) {
    return with_header("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }");
  };
  EXPECT_EQ(shaped("(0,)"), "read");
  std::string many = "(";
  for (int i = 0; i < 65; ++i) many += "1,";
  for (const std::string& shape :
       {std::string("(99999999999999999999,)"), std::string("(9223372036854775807, 9223372036854775807)"),
        std::string("(4294967296, 4294967296, 0)"), many + ")"}) {
    EXPECT_EQ(shaped(shape).substr(0, 10), "too_large:") << shape;
  }
  for (const char* shape : {"(1,)", "(4611686018427387904,)", "(-1,)", "(1)", "[0]", "(0,,)", "(0 0)", "()", "0", "(0",
                            "(0x0,)", "(1e9,)", "(None,)", "__import__('os')"}) {
    EXPECT_NE(shaped(shape), "read") << shape;
  }
  EXPECT_EQ(with_header(std::string(20'000, ' ')).substr(0, 10), "too_large:");
  for (const char* header :
       {"", "{", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (0,)}",
        "{'descr': '<f8', 'fortran_order': 0, 'shape': (0,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), 'x': 1}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (0,)} ; import os",
        "{'descr': '<f\\x38', 'fortran_order': False, 'shape': (0,)}",
        "{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (0,)}",
        "{\"descr': '<f8', 'fortran_order': False, 'shape': (0,)}"}) {
    EXPECT_EQ(with_header(header).substr(0, 8), "corrupt:") << header;
  }
  EXPECT_EQ(with_header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (0,)}").substr(0, 12),
            "unsupported:");
  for (std::size_t length = 0; length < kContent.size() - 24; ++length) {
    EXPECT_NE(outcome(forge_zip({forged_member("a.npy", kContent.substr(0, length))})), "read") << length;
  }
}

}  // namespace
}  // namespace neve

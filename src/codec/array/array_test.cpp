#include <gtest/gtest.h>

#include <fstream>

#include <neve/base/error.hpp>
#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

#include "codec/byte_recipes.hpp"
#include "support/test_data.hpp"

namespace neve {
namespace {

TEST(DType, SpellsTypesAsNumPyDoes) {
  const std::pair<const char*, const char*> cases[] = {{"|b1", "bool"},
                                                       {"|i1", "int8"},
                                                       {"<i8", "int64"},
                                                       {"<u2", "uint16"},
                                                       {"<f2", "float16"},
                                                       {"<f8", "float64"},
                                                       {">f8", ">f8"},
                                                       {"<c8", "complex64"},
                                                       {">c16", ">c16"},
                                                       {"|S5", "|S5"},
                                                       {"<U12", "<U12"},
                                                       {">U3", ">U3"},
                                                       {"<M8", "datetime64"},
                                                       {"<M8[ns]", "datetime64[ns]"},
                                                       {"<m8[25s]", "timedelta64[25s]"},
                                                       {">M8[D]", ">M8[D]"}};
  for (const auto& [descr, name] : cases) {
    const DType type = DType::parse(descr);
    EXPECT_EQ(type.descr(), descr);
    EXPECT_EQ(type.name(), name);
  }
}

TEST(DType, LooseSpellingsBecomeTheCanonicalOne) {
  EXPECT_EQ(DType::parse("f8").descr(), "<f8");
  EXPECT_EQ(DType::parse("=i4").descr(), "<i4");
  EXPECT_EQ(DType::parse("|f8").descr(), "<f8");
  EXPECT_EQ(DType::parse("<i1").descr(), "|i1");
  EXPECT_EQ(DType::parse(">S3").descr(), "|S3");
}

TEST(DType, RefusalsNameTheType) {
  for (const char* descr : {"|O", "|V8", "<f16", "<c32", "<i3", "", "<", "x8", "<f", "<f8 ", "<M8[parsec]", "<M8[0s]",
                            "<M8[ns", "<M4[s]", "|b2", "<f-8", "<U999999999999", "[('a','<f8')]"}) {
    try {
      (void)DType::parse(descr);
      ADD_FAILURE() << "accepted " << descr;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unsupported);
      EXPECT_NE(std::string(error.what()).find("'" + std::string(descr) + "'"), std::string::npos) << error.what();
    }
  }
}

TEST(DType, OfACppTypeIsTheSameAsItsDescr) {
  EXPECT_EQ(DType::of<bool>(), DType::parse("|b1"));
  EXPECT_EQ(DType::of<std::int8_t>(), DType::parse("|i1"));
  EXPECT_EQ(DType::of<std::uint64_t>(), DType::parse("<u8"));
  EXPECT_EQ(DType::of<float>(), DType::parse("<f4"));
  EXPECT_EQ(DType::of<std::complex<float>>(), DType::parse("<c8"));
  EXPECT_EQ(DType::of<std::complex<double>>(), DType::parse("<c16"));
  EXPECT_EQ(DType::of<std::complex<double>>().alignment(), 8U);
}

TEST(Array, OneThatNobodyFilledHasNoElements) {
  const Array array;
  EXPECT_EQ(array, Array::from(std::vector<double>{}));
  EXPECT_EQ(array.size(), 0U);
  EXPECT_TRUE(array.as<double>().empty());
}

TEST(Array, BytesMustFitTheShape) {
  EXPECT_THROW((Array(DType::of<double>(), {3}, Order::c, Bytes())), Error);
  EXPECT_THROW((Array(DType::of<double>(), {1ULL << 62, 1ULL << 62}, Order::c, Bytes())), Error);
  EXPECT_NO_THROW((Array(DType::of<double>(), {0, 1ULL << 40}, Order::c, Bytes())));
  EXPECT_THROW((Array(DType::of<double>(), {0, 1ULL << 62}, Order::c, Bytes())), Error) << "as in NumPy";
  EXPECT_EQ(Array::scalar(2.5).size(), 1U);
  EXPECT_TRUE(Array::scalar(2.5).shape().empty());
}

TEST(Array, ElementsAreReadOnlyAsWhatTheyAre) {
  const Array array = Array::from(std::vector<double>{1, 2, 3, 4}, {2, 2});
  EXPECT_EQ(array.as<double>()[3], 4.0);
  EXPECT_THROW((void)array.as<float>(), Error);
  const Array foreign(DType::parse(">f8"), {4}, Order::c, array.bytes());
  EXPECT_THROW((void)foreign.as<double>(), Error);
  const Array askew(DType::of<double>(), {1}, Order::c, array.bytes().slice(4, 8));
  EXPECT_THROW((void)askew.as<double>(), Error);
}

TEST(Array, ViewsBorrowAndCopiesShare) {
  const std::vector<float> values{1, 2, 3};
  const Array view = Array::view(std::span<const float>(values), {3});
  EXPECT_EQ(view.as<float>().data(), values.data());
  const Array copy = view;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.bytes().data(), view.bytes().data());
  EXPECT_EQ(copy, view);
}

Bytes from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return Bytes::from(std::move(bytes));
}

TEST(ArrayDigest, EqualsPhysPipelinesForEveryVector) {
  std::ifstream file(test_data("vectors/arrays.json"));
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Json vectors = parse_json(text);
  ASSERT_EQ(vectors.size(), 114U);
  for (const Json& vector : vectors) {
    const auto shape = vector["shape"].get<Shape>();
    const DType dtype = DType::parse(vector["descr"].get<std::string>());
    const Array c_order(dtype, shape, Order::c, from_hex(vector["c_order_hex"].get<std::string>()));
    const Array array = vector["fortran"].get<bool>() ? in_fortran_order(c_order) : c_order;
    EXPECT_EQ(dtype.name(), vector["dtype_str"].get<std::string>());
    EXPECT_EQ(array_digest(array), vector["sha256"].get<std::string>()) << dtype.descr() << to_text(shape);
  }
}

TEST(ArrayDigest, OrderInMemoryDoesNotMatter) {
  const Shape shapes[] = {{3, 5}, {1, 7}, {2, 3, 4}, {70, 90, 3}, {5, 1, 2, 3}, {0, 4}, {6}};
  for (const Shape& shape : shapes) {
    for (const char* descr : {"|i1", "<f2", "<f4", "<f8", "<c16", "|S3", "<U9000"}) {
      if (std::string_view(descr) == "<U9000" && element_count(shape, 1) > 50) continue;
      const Array array = random_array(DType::parse(descr), shape, Order::c, 17);
      EXPECT_EQ(array_digest(in_fortran_order(array)), array_digest(array)) << descr << to_text(shape);
      EXPECT_EQ(in_fortran_order(array).in_c_order(), array) << descr << to_text(shape);
    }
  }
}

TEST(Array, InCOrderSharesTheBytesThatAlreadyAre) {
  const Array matrix = Array::from(std::vector<double>{1, 2, 3, 4}, {2, 2});
  EXPECT_EQ(matrix.in_c_order().bytes().data(), matrix.bytes().data());
  const Array vector(DType::of<double>(), {4}, Order::fortran, matrix.bytes());
  EXPECT_EQ(vector.in_c_order().order(), Order::c);
  EXPECT_EQ(vector.in_c_order().bytes().data(), matrix.bytes().data());
}

}  // namespace
}  // namespace neve

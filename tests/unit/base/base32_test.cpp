#include "base/base32.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <iostream>
#include <random>

namespace gof {
namespace {

/// GOF_SEED repeats a run.
std::mt19937_64 seeded() {
  const char* given = std::getenv("GOF_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "GOF_SEED=" << seed << '\n';
  return std::mt19937_64(seed);
}

bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  bytes data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
  return data;
}

struct vector {
  std::string_view plain;
  std::string_view text;
};

// RFC 4648, section 10, without the padding.
constexpr vector vectors[] = {{"", ""},
                              {"f", "my"},
                              {"fo", "mzxq"},
                              {"foo", "mzxw6"},
                              {"foob", "mzxw6yq"},
                              {"fooba", "mzxw6ytb"},
                              {"foobar", "mzxw6ytboi"}};

TEST(Base32, agrees_with_the_vectors_of_the_standard) {
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(to_base32(as_bytes(plain)), text);
    const auto back = from_base32(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(as_text(*back), plain);
  }
}

TEST(Base32, takes_upper_and_mixed_case) {
  EXPECT_EQ(from_base32("MZXW6YTBOI"), from_base32("mzxw6ytboi"));
  EXPECT_EQ(from_base32("mZxW6yTbOi"), from_base32("mzxw6ytboi"));
}

TEST(Base32, gives_back_what_it_was_given_at_every_length) {
  auto random = seeded();
  for (std::size_t size = 0; size < 200; ++size) {
    const auto data = random_bytes(random, size);
    const auto text = to_base32(data);
    EXPECT_EQ(text.size(), (size * 8 + 4) / 5);
    EXPECT_EQ(from_base32(text), data);
  }
}

TEST(Base32, refuses_lengths_that_no_value_has) {
  for (std::size_t length = 0; length < 40; ++length) {
    const auto rest = length % 8;
    const bool possible = rest != 1 && rest != 3 && rest != 6;
    EXPECT_EQ(from_base32(std::string(length, 'a')).has_value(), possible) << length;
  }
}

TEST(Base32, refuses_left_over_bits_that_are_not_zero) {
  EXPECT_TRUE(from_base32("my"));
  EXPECT_FALSE(from_base32("mz"));
  EXPECT_FALSE(from_base32("m7"));
  EXPECT_FALSE(from_base32("mzxr"));
  EXPECT_FALSE(from_base32("mzxw6yr"));
  EXPECT_FALSE(from_base32("mzxw7"));
}

TEST(Base32, refuses_every_foreign_character) {
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool ours = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    EXPECT_EQ(from_base32(std::string("aaaaaaa") + c).has_value(), ours) << code;
    EXPECT_EQ(from_base32(c + std::string("aaaaaaa")).has_value(), ours) << code;
  }
}

TEST(Base32, has_one_text_for_each_value) {
  auto random = seeded();
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567ABCZ018=";
  unsigned taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 12, 'a');
    for (auto& c : text) c = letters[random() % letters.size()];
    const auto data = from_base32(text);
    if (!data) continue;
    ++taken;
    for (auto& c : text) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(to_base32(*data), text);
  }
  EXPECT_GT(taken, 0u);
}

}  // namespace
}  // namespace gof

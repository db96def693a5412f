#include "demo/checksum.hpp"
#include "demo/noise.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gof::demo {
namespace {

TEST(Checksum, is_sha256_of_all_pieces) {
  checksum abc;
  abc.add("a", 1);
  abc.add("bc", 2);
  // FIPS 180-2, B.1
  EXPECT_EQ(abc.text(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(checksum().text(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Noise, fills_all_of_it_and_differs_by_piece_and_seed) {
  std::set<std::vector<unsigned char>> pieces;
  for (const std::uint64_t seed : {1u, 2u}) {
    noise from(seed);
    for (int i = 0; i < 3; ++i) {
      std::vector<unsigned char> piece(64, 0);
      from.fill(piece);
      EXPECT_NE(std::vector<unsigned char>(piece.end() - 8, piece.end()), std::vector<unsigned char>(8, 0));
      pieces.insert(piece);
    }
  }
  EXPECT_EQ(pieces.size(), 6u);
}

}  // namespace
}  // namespace gof::demo

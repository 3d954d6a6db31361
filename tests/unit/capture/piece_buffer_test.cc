#include "sim/capture/piece_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

#include "tests/unit/capture/packets.h"

namespace nsp {
namespace {

using Added = PieceBuffer::Added;

Added add(PieceBuffer& buffer, std::uint32_t offset, std::string_view piece) {
  return buffer.add(offset, as_bytes(piece));
}

TEST(PieceBuffer, JoinsInAnyOrder) {
  PieceBuffer buffer;
  EXPECT_EQ(add(buffer, 3, "def"), Added::Kept);
  EXPECT_EQ(as_text(buffer.front()), "");
  EXPECT_EQ(add(buffer, 0, "abc"), Added::Kept);
  EXPECT_EQ(as_text(buffer.front()), "abcdef");
  EXPECT_EQ(add(buffer, 8, "ij"), Added::Kept);
  EXPECT_EQ(as_text(buffer.front()), "abcdef");
  EXPECT_EQ(buffer.size(), 10U);
  EXPECT_EQ(add(buffer, 5, "fghi"), Added::Repeated);
  EXPECT_EQ(as_text(buffer.front()), "abcdefghij");
}

TEST(PieceBuffer, WhatCameFirstStands) {
  PieceBuffer buffer;
  add(buffer, 2, "cd");
  EXPECT_EQ(add(buffer, 0, "ABCDEF"), Added::Differed);
  EXPECT_EQ(as_text(buffer.front()), "ABcdEF");
  EXPECT_EQ(add(buffer, 0, "xxxxxx"), Added::Differed);
  EXPECT_EQ(as_text(buffer.front()), "ABcdEF");
}

TEST(PieceBuffer, DropsTheFront) {
  PieceBuffer buffer;
  add(buffer, 0, "abcd");
  add(buffer, 6, "gh");
  buffer.drop(3);
  EXPECT_EQ(as_text(buffer.front()), "d");
  add(buffer, 1, "ef");
  EXPECT_EQ(as_text(buffer.front()), "defgh");
  buffer.drop(5);
  EXPECT_EQ(buffer.size(), 0U);
  add(buffer, 0, "i");
  EXPECT_EQ(as_text(buffer.front()), "i");
}

TEST(PieceBuffer, RefusesOneHoleTooMany) {
  PieceBuffer buffer;
  for (std::uint32_t i = 0; i < PieceBuffer::kMostHoles; ++i) {
    EXPECT_EQ(add(buffer, 2 * i + 1, "x"), Added::Kept);
  }
  EXPECT_EQ(add(buffer, 1000, "x"), Added::Scattered);
  EXPECT_EQ(buffer.size(), 2 * PieceBuffer::kMostHoles);
  EXPECT_EQ(add(buffer, 0, "x"), Added::Kept);
  EXPECT_EQ(as_text(buffer.front()).size(), 2U);
}

// Any order of any overlapping pieces of one text gives the text.
TEST(PieceBuffer, EqualsTheTextItWasCutFrom) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string whole(50, 'a');
    std::iota(whole.begin(), whole.end(), '0');
    PieceBuffer buffer;
    std::vector<std::uint32_t> starts(whole.size());
    std::iota(starts.begin(), starts.end(), 0);
    std::ranges::shuffle(starts, random);
    for (const std::uint32_t start : starts) {
      const std::size_t length = 1 + random() % 9;
      EXPECT_NE(add(buffer, start, std::string_view(whole).substr(start, length)), Added::Differed);
    }
    EXPECT_EQ(as_text(buffer.front()), whole);
  }
}

}  // namespace
}  // namespace nsp

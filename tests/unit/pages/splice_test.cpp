#include "pages/splice.hpp"

#include <gmock/gmock.h>

namespace gof::pages {
namespace {

using testing::HasSubstr;

TEST(Splice, puts_each_list_in_the_place_of_its_marker) {
  const auto made = splice("a\n@one\nb @two\n@two\n", {{"one", "1\n1\n"}, {"two", "2\n"}});
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, "a\n1\n1\nb @two\n2\n");
}

TEST(Splice, tells_a_marker_that_nobody_knows_and_its_line) {
  EXPECT_THAT(splice("a\n@three\n", {}).error().what, HasSubstr("2: no list is called @three"));
}

TEST(Splice, tells_a_list_that_is_forgotten_or_stands_twice) {
  EXPECT_THAT(splice("a\n", {{"one", "1\n"}}).error().what, HasSubstr("lacks a line @one"));
  EXPECT_THAT(splice("@one\n@one\n", {{"one", "1\n"}}).error().what, HasSubstr("2: @one stands there twice"));
}

}  // namespace
}  // namespace gof::pages

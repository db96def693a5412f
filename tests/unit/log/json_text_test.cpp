#include "log/json_text.hpp"

#include <gtest/gtest.h>

namespace gof::log {
namespace {

TEST(JsonText, escapes_what_json_wants_escaped) {
  EXPECT_EQ(json_text("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(json_text("a\nb\x1b"), R"("a\nb\u001b")");
}

TEST(JsonText, keeps_utf8_and_replaces_what_is_none) {
  EXPECT_EQ(json_text("Büro €"), "\"Büro €\"");
  EXPECT_EQ(json_text("\xff"
                      "a\xc3"),
            "\"\xef\xbf\xbd"
            "a\xef\xbf\xbd\"");
  EXPECT_EQ(json_text("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(json_text("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(json_text("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

}  // namespace
}  // namespace gof::log

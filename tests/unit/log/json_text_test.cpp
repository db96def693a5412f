#include "log/json_text.hpp"

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace gof::log {
namespace {

std::string shown(std::string_view text) {
  return json_text({{"is", text}});
}

TEST(JsonText, keeps_the_order) {
  EXPECT_EQ(json_text({{"version", 1}, {"b", nullptr}, {"a", true}}), R"({"version":1,"b":null,"a":true})");
}

TEST(JsonText, escapes_what_json_wants_escaped) {
  EXPECT_EQ(shown("a\"b\\c"), R"({"is":"a\"b\\c"})");
  EXPECT_EQ(shown("a\nb\x1b"), R"({"is":"a\nb\u001b"})");
}

TEST(JsonText, keeps_utf8_and_replaces_what_is_none) {
  EXPECT_EQ(shown("Büro €"), "{\"is\":\"Büro €\"}");
  EXPECT_EQ(shown("\xff"
                  "a\xc3"),
            "{\"is\":\"\xef\xbf\xbd"
            "a\xef\xbf\xbd\"}");
  EXPECT_EQ(shown("\xed\xa0\x80"), "{\"is\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}");
  EXPECT_EQ(shown("\xc0\xaf"), "{\"is\":\"\xef\xbf\xbd\xef\xbf\xbd\"}");
  EXPECT_EQ(shown("\xf0\x9f\x98\x80"), "{\"is\":\"\xf0\x9f\x98\x80\"}");
}

}  // namespace
}  // namespace gof::log

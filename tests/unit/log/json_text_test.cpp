#include "log/json_text.hpp"

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace gof::log {
namespace {

std::string shown(std::string_view text) {
  return json_text({{"is", text}});
}

TEST(JsonText, keeps_the_order) {
  EXPECT_EQ(json_text({{"version", 1}, {"b", nullptr}, {"a", true}}), R"({"version":1,"b":null,"a":true})");
}

TEST(JsonText, writes_what_it_holds) {
  EXPECT_EQ(json_text({}), "{}");
  EXPECT_EQ(json_text({{"a", boost::json::array()}, {"b", boost::json::object()}}), R"({"a":[],"b":{}})");
  EXPECT_EQ(json_text({{"a", {1, "x", {{"b", false}}}}, {"q\"", -7}}),
            R"({"a":[1,"x",{"b":false}],"q\"":-7})");
}

TEST(JsonText, writes_numbers_as_people_do) {
  EXPECT_EQ(json_text({{"is", 53.17}}), R"({"is":53.17})");
  EXPECT_EQ(json_text({{"is", 0.001}}), R"({"is":0.001})");
  EXPECT_EQ(json_text({{"is", 12'000'000.0}}), R"({"is":12000000})");
  EXPECT_EQ(json_text({{"is", -0.5}}), R"({"is":-0.5})");
  EXPECT_EQ(json_text({{"is", 18'446'744'073'709'551'615u}}), R"({"is":18446744073709551615})");
  EXPECT_EQ(json_text({{"is", std::numeric_limits<double>::infinity()}}), R"({"is":null})");
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

#include "control/line.hpp"

#include "log/json_text.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace gof::control {
namespace {

namespace json = boost::json;
using namespace std::string_view_literals;

/// Texts may come from a peer, a file name or the command line.
TEST(ControlLine, is_read_again_whatever_the_texts_in_it_hold) {
  for (const auto text :
       {"plain"sv, "\xff"sv, "\xc0\x80"sv, "\xed\xa0\x80"sv, "\xf5\x80\x80\x80"sv, "a\xc3"sv, "a\0b"sv,
        "\n\r\x1b\x7f"sv, "\"\\{}[]"sv, "\xe2\x80\xa8\xe2\x80\xae"sv, "\xf0\x9f\x98"sv}) {
    const json::object inner{{"why", json::string(text)}};
    const json::object whole{{"request", json::string(text)},
                             {"list", json::array{json::string(text), inner}}};
    const auto line = log::json_text(whole);
    EXPECT_EQ(line.find('\n'), line.npos);
    const auto read = read_request(line);
    ASSERT_TRUE(read) << line;
    EXPECT_EQ(read->whole.at("list").as_array().size(), 2u);
    ASSERT_TRUE(read_answer(line)) << line;
  }
}

TEST(ControlLine, leaves_sound_text_as_it_is) {
  const json::object what{{"request", "B\xc3\xbcro \xf0\x9f\x98\x80\n\"x\""}};
  EXPECT_EQ(read_request(log::json_text(what))->what, "B\xc3\xbcro \xf0\x9f\x98\x80\n\"x\"");
}

}  // namespace
}  // namespace gof::control

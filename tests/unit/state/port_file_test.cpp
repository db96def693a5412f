#include "state/port_file.hpp"

#include "state/support.hpp"

#include <gmock/gmock.h>

namespace gof::state {
namespace {

class PortFile : public test::in_a_folder {};

TEST_F(PortFile, holds_none_at_first) {
  const auto found = load_port(at("port"));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::nullopt);
}

TEST_F(PortFile, keeps_the_first_port_and_no_other) {
  EXPECT_TRUE(*keep_port(at("port"), 40123));
  EXPECT_FALSE(*keep_port(at("port"), 40124));
  const auto found = load_port(at("port"));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::uint16_t{40123});
  EXPECT_EQ(names(), std::set<std::string>{"port"});
}

TEST_F(PortFile, is_a_problem_with_a_cure_when_corrupt) {
  for (const char* bad : {"", "40123", "gof-port-1 0\n", "gof-port-1 65536\n", "gof-port-1 -1\n",
                          "gof-port-1 22 \n", "gof-port-1 22\n\n", "gof-port-1 \n", "gof-port-2 22\n"}) {
    write(at("port"), bad);
    const auto found = load_port(at("port"));
    ASSERT_FALSE(found) << bad;
    EXPECT_THAT(found.error().what,
                testing::AllOf(testing::HasSubstr("port file '" + at("port").string() + "'"),
                               testing::HasSubstr("remove it")));
  }
}

TEST_F(PortFile, is_no_secret) {
  write(at("port"), "gof-port-1 22\n", 0644);
  EXPECT_TRUE(load_port(at("port")));
}

}  // namespace
}  // namespace gof::state

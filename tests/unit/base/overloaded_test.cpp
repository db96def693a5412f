#include "base/overloaded.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace gof {
namespace {

TEST(Overloaded, calls_the_case_of_the_alternative) {
  using either = std::variant<int, std::string>;
  const auto told = [](const either& one) {
    return std::visit(overloaded{
                          [](int number) { return "number " + std::to_string(number); },
                          [](const std::string& text) { return "text " + text; },
                      },
                      one);
  };
  EXPECT_EQ(told(7), "number 7");
  EXPECT_EQ(told("seven"), "text seven");
}

}  // namespace
}  // namespace gof

#include "cli/arguments/help.hpp"

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/commands.hpp"
#include "cli/arguments/option_values.hpp"

#include <gmock/gmock.h>

#include <set>
#include <sstream>

namespace gof::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::optional<verb>> everything() {
  std::vector<std::optional<verb>> all{std::nullopt};
  for (const auto& command : commands()) all.emplace_back(command.does);
  return all;
}

TEST(Help, fits_a_terminal_and_has_no_blanks_at_line_ends) {
  for (const auto about : everything())
    for (const bool full : {false, true}) {
      std::istringstream lines(help_text(about, full));
      for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(line.size(), 80u) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
      }
    }
}

TEST(Help, starts_with_usage_and_examples) {
  for (const auto about : everything())
    for (const bool full : {false, true}) {
      const auto text = help_text(about, full);
      EXPECT_THAT(text, StartsWith("usage: gof "));
      EXPECT_LT(text.find("\nEXAMPLES\n"), text.find("\nOPTIONS\n"));
      EXPECT_LT(text.find("\nEXAMPLES\n"), 200u);
      EXPECT_TRUE(text.ends_with('\n'));
    }
}

TEST(Help, lists_every_option_of_a_command_and_no_other) {
  for (const auto& command : commands()) {
    std::istringstream lines(help_text(command.does, false));
    std::set<std::string> listed;
    for (std::string line; std::getline(lines, line);) {
      const auto at = line.find_first_not_of(' ');
      if (at == std::string::npos || at > 6 || line[at] != '-') continue;
      std::istringstream fields(line);
      for (std::string field; fields >> field && field.starts_with('-');)
        listed.insert(field.ends_with(',') ? field.substr(0, field.size() - 1) : field);
    }
    std::set<std::string> meant;
    for (const auto& o : options())
      if (o.fits(command.does)) {
        meant.insert(o.spelled());
        if (o.letter != 0) meant.insert(std::string("-") + o.letter);
      }
    EXPECT_EQ(listed, meant) << command.name;
  }
}

TEST(Help, tells_more_in_full) {
  EXPECT_THAT(help_text(verb::serve, true), HasSubstr("GOF_NETWORK_KEY"));
  EXPECT_THAT(help_text(verb::serve, true), HasSubstr("EXIT CODES"));
  EXPECT_THAT(help_text(verb::serve, false), testing::Not(HasSubstr("GOF_")));
  for (const auto about : everything())
    EXPECT_LT(help_text(about, false).size(), help_text(about, true).size());
}

TEST(Help, names_every_command) {
  for (const auto& command : commands())
    EXPECT_THAT(help_text(std::nullopt, false), HasSubstr("\n  " + std::string(command.name) + " "));
}

TEST(Options, are_named_once_for_each_command) {
  for (const auto& command : commands()) {
    std::set<std::string> names;
    for (const auto& o : options()) {
      if (!o.fits(command.does)) continue;
      EXPECT_TRUE(names.insert(o.spelled()).second) << o.name;
      if (o.letter != 0 && !o.name.empty()) {
        EXPECT_TRUE(names.insert(std::string("-") + o.letter).second) << o.name;
      }
    }
  }
}

TEST(Options, are_each_understood_by_the_parser) {
  for (const auto& command : commands())
    for (const auto& o : options()) {
      if (!o.fits(command.does)) continue;
      std::vector<std::string> words = {o.spelled()};
      if (!o.is_flag()) words.push_back("x");
      const auto values = option_values::parse(command.does, words, {});
      ASSERT_TRUE(values) << command.name << ' ' << o.spelled() << ": " << values.error().what;
      EXPECT_TRUE(values->words().empty());
    }
}

TEST(Options, have_variables_named_like_them) {
  for (const auto& o : options()) {
    if (o.name == "network-key") {
      EXPECT_EQ(o.environment_name(), "GOF_NETWORK_KEY");
    }
    if (o.name == "show" || o.letter == 'L') {
      EXPECT_EQ(o.environment_name(), "");
    }
  }
}

}  // namespace
}  // namespace gof::cli

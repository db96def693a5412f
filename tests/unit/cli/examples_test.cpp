#include "cli/arguments/command_line.hpp"
#include "cli/arguments/commands.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace gof::cli {
namespace {

using daemon::outcome;

std::string service_text() {
  wire::ticket ticket;
  ticket.issuer.value.fill(1);
  ticket.services = {{"db", 5432}, {"ssh", 22}, {"web", 80}};
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}

std::string join_text() {
  wire::join_ticket ticket;
  ticket.issuer.value.fill(2);
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}

/// The arguments that a shell would pass to gof: without quotes, redirections and other programs. If another
/// program starts gof, gof's command line is quoted.
std::vector<std::string> words_of(std::string_view line) {
  const auto begin = line.find("gof ");
  if (begin != line.npos) line.remove_prefix(begin);
  if (begin != 0) line = line.substr(0, line.find('\''));
  std::istringstream in{std::string(line)};
  std::vector<std::string> words;
  for (std::string word; in >> word && word[0] != '|';) {
    if (word[0] == '<' || word[0] == '>') continue;
    std::erase(word, '\'');
    if (word == "TICKET") word = !words.empty() && words.back() == "--join" ? join_text() : service_text();
    words.push_back(word);
  }
  if (!words.empty()) words.erase(words.begin());
  return words;
}

void expect_understood(const example& one) {
  const config_reader empty{"gof.conf", [](const auto&) -> outcome<std::optional<config::configuration>> {
                              return std::optional(config::configuration{});
                            }};
  const auto parsed = parse_command_line(words_of(one.line), {}, empty);
  ASSERT_TRUE(parsed) << one.line << ": " << parsed.error().what;
  EXPECT_FALSE(std::holds_alternative<help_command>(*parsed)) << one.line;
}

TEST(Examples, are_each_understood_by_the_parser) {
  for (const auto& one : program_examples()) expect_understood(one);
  for (const auto& command : commands()) {
    EXPECT_FALSE(command.examples.empty()) << command.name;
    for (const auto& one : command.examples) expect_understood(one);
  }
}

TEST(Complete, takes_every_word_as_it_stands) {
  const std::vector<std::string> words = {"__complete", "forward", "--help", "-h", "--nonsense", ""};
  const auto parsed = parse_command_line(words, {{"GOF_SURVIVE", "nonsense"}});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(std::get<complete_command>(*parsed).words,
            (std::vector<std::string>{"forward", "--help", "-h", "--nonsense", ""}));
}

TEST(Options, of_a_choice_have_the_words_their_parser_takes) {
  for (const auto& command : commands())
    for (const auto& o : options()) {
      EXPECT_EQ(o.choices().empty(), o.complete != completion::choice) << o.name;
      if (!o.fits(command.does) || command.does != verb::serve) continue;
      for (const auto word : o.choices()) {
        const std::vector<std::string> words = {"serve", o.spelled(), std::string(word), "22"};
        const auto parsed = parse_command_line(words, {});
        EXPECT_TRUE(parsed) << o.name << ' ' << word;
      }
    }
}

}  // namespace
}  // namespace gof::cli

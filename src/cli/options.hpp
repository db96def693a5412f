#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gof::cli {

/// The commands, as bits: an option belongs to several.
enum class verb : std::uint8_t { serve = 1, forward = 2, id = 4, ticket = 8, relay = 16 };

constexpr verb operator|(verb a, verb b) {
  return static_cast<verb>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

constexpr bool overlap(verb a, verb b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

constexpr verb accepting_verbs = verb::serve | verb::relay;  ///< of them links are accepted
constexpr verb node_verbs = accepting_verbs | verb::forward;
constexpr verb every_verb = node_verbs | verb::id | verb::ticket;

/// What a shell offers behind an option.
enum class completion : std::uint8_t { nothing, file, address, duration, choice };

/// One option as all else is made from: the parser, -h, --help, GOF_* variables; man pages and completions
/// too.
struct option {
  std::string_view name{};      ///< without "--"; empty: only a letter
  char letter = 0;              ///< 0: none
  std::string_view argument{};  ///< as help shows it; a choice: the words with '|' between; empty: a flag
  std::string_view fallback{};  ///< as help shows the default; empty: none
  std::string_view summary{};   ///< a line
  std::string_view details{};   ///< what --help adds; may be empty
  verb verbs{};
  completion complete = completion::nothing;
  bool repeats = false;
  bool from_environment = false;  ///< GOF_NAME sets it

  bool is_flag() const { return argument.empty(); }
  bool fits(verb of) const { return overlap(verbs, of); }
  /// "--name", or "-L".
  std::string spelled() const;
  /// GOF_NAME; empty: there is none.
  std::string environment_name() const;
};

std::span<const option> options();

}  // namespace gof::cli

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gof::cli {

/// The commands, as bits, since an option belongs to several of them.
enum class verb : std::uint32_t {
  serve = 1,
  forward = 2,
  id = 4,
  ticket = 8,
  relay = 16,
  connect = 32,
  status = 64,
  peers = 128,
  ping = 256,
  trace = 512,
  demo = 1024,
  run = 2048,
  completion = 32768,
  // as in gossip-port-forward
  server = 4096,
  client = 8192,
  both = 16384,
};

constexpr verb operator|(verb a, verb b) {
  return static_cast<verb>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

constexpr bool overlap(verb a, verb b) {
  return (static_cast<unsigned>(a) & static_cast<unsigned>(b)) != 0;
}

constexpr verb serving_verbs = verb::serve | verb::server | verb::both | verb::run;
constexpr verb accepting_verbs = serving_verbs | verb::relay;  ///< they accept links
constexpr verb forwarding_verbs = verb::forward | verb::client;
constexpr verb lasting_verbs = accepting_verbs | forwarding_verbs;  ///< they run until they are stopped
constexpr verb carrying_verbs = serving_verbs | forwarding_verbs;  ///< they carry connections of this machine
constexpr verb reaching_verbs = forwarding_verbs | verb::connect;  ///< they connect to a single peer
constexpr verb node_verbs = lasting_verbs | verb::connect;
constexpr verb asking_verbs = verb::status | verb::peers | verb::ping | verb::trace;  ///< ask a running node
constexpr verb kept_verbs = node_verbs | asking_verbs | verb::id | verb::ticket;      ///< they read files
constexpr verb every_verb = kept_verbs | verb::demo | verb::completion;

/// What a shell offers as the value of an option, or as an argument of a command. live: what the running node
/// knows, from gof __complete.
enum class completion : std::uint8_t { nothing, file, address, duration, choice, live };

/// One option. Everything is generated from this: the parser, -h, --help, GOF_* variables, man pages and
/// completions.
struct option {
  std::string_view name{};      ///< without "--"; empty: the option has only a letter
  char letter = 0;              ///< 0: none
  std::string_view argument{};  ///< as shown in help; a choice: its words separated by '|'; empty: a flag
  std::string_view one_of{};    ///< the words of a choice whose argument is a placeholder
  std::string_view fallback{};  ///< the default as shown in help; empty: none
  std::string_view summary{};   ///< one line
  std::string_view details{};   ///< added by --help; may be empty
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
  /// The words of a choice.
  std::vector<std::string_view> choices() const;
};

}  // namespace gof::cli

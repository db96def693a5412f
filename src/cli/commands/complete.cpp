#include "base/pasted_ticket.hpp"
#include "cli/arguments/command_line.hpp"
#include "cli/arguments/commands.hpp"
#include "cli/arguments/config_file.hpp"
#include "cli/arguments/options.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "control/ask.hpp"
#include "control/socket_paths.hpp"
#include "daemon/exit_code.hpp"
#include "os/environment.hpp"
#include "wire/ticket.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <csignal>
#include <sys/time.h>
#include <unistd.h>

namespace gof::cli {
namespace {

using enum daemon::exit_code;

/// A user who presses TAB should not wait longer, whatever the node does; shells show nothing then.
constexpr std::chrono::milliseconds patience{80};
constexpr timeval latest{0, 90'000};

/// What the word at the cursor is.
struct place {
  enum class kind { nothing, ticket, peer, spec, service };
  kind what = kind::nothing;
  std::optional<std::filesystem::path> control;
};

/// The option that a word begins with, by its whole name or its letter; null: none.
const option* option_of(verb of, const std::string& word) {
  for (const auto& one : options()) {
    if (!one.fits(of)) continue;
    if (!one.name.empty() && word.starts_with("--") &&
        word.substr(2, word.find('=') == std::string::npos ? word.npos : word.find('=') - 2) == one.name)
      return &one;
    if (one.letter != 0 && word.size() > 1 && word[0] == '-' && word[1] == one.letter) return &one;
  }
  return nullptr;
}

/// Whether the option's value is the next word.
bool takes_next(const option& one, const std::string& word) {
  if (one.is_flag()) return false;
  return word.starts_with("--") ? word.find('=') == word.npos : word.size() == 2;
}

place place_in(verb of, std::span<const std::string> before, const os::environment& variables) {
  place found;
  std::size_t arguments = 0;
  // The ticket may be given in a variable instead of a word.
  bool has_ticket = !os::variable(variables, ticket_variable).empty();
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto& word = before[i];
    if (word.size() < 2 || word[0] != '-') {
      has_ticket = has_ticket && !(arguments == 0 && begins_like_ticket(word));
      ++arguments;
      continue;
    }
    if (word == "--") return {};
    const auto* one = option_of(of, word);
    if (!one) continue;
    if (one->name == "ticket-file") has_ticket = true;
    if (!takes_next(*one, word)) {
      if (one->name == "control" && word.starts_with("--")) found.control = word.substr(word.find('=') + 1);
      continue;
    }
    if (++i == before.size()) {
      if (one->complete == completion::live)
        found.what = one->letter == 'c' ? place::kind::ticket : place::kind::spec;
      return found;
    }
    if (one->name == "control") found.control = before[i];
  }
  if (has_ticket) ++arguments;
  if ((of == verb::ping || of == verb::trace) && arguments == 0) found.what = place::kind::peer;
  if ((of == verb::forward || of == verb::connect) && arguments == 0) found.what = place::kind::ticket;
  if (of == verb::forward && arguments > 0) found.what = place::kind::spec;
  if (of == verb::connect && arguments == 1) found.what = place::kind::service;
  return found;
}

/// The part of an unfinished SPEC to put before a service's name. Empty: there is no LOCAL yet.
std::string head_of(const std::string& spec) {
  if (spec.empty()) return "0:";
  const bool begun = (spec[0] >= '0' && spec[0] <= '9') || spec.find_first_of(":/") != spec.npos;
  if (!begun) return {};
  const auto colon = spec.rfind(':');
  return colon == spec.npos ? spec + ':' : spec.substr(0, colon + 1);
}

/// The shell inserts the word unchanged and may execute the line. So a word with characters that are special
/// to a shell is not offered, wherever it comes from.
bool is_plain(std::string_view word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return !word.empty() && word.front() != '-' && std::all_of(word.begin(), word.end(), plain);
}

/// The aliases in the file that every command reads, one on each line.
std::string aliases(const os::environment& variables) {
  const auto named = os::variable(variables, "GOF_CONFIG");
  const auto file =
      load_configuration(named.empty() ? standard_config(variables) : std::filesystem::path(named));
  std::string text;
  if (file && *file)
    for (const auto& one : (*file)->aliases)
      if (is_plain(one.name)) text += one.name + '\n';
  return text;
}

std::optional<std::filesystem::path> socket_for(const place& at, const os::environment& variables) {
  if (at.control) return at.control;
  const auto folder =
      control::folder(os::variable(variables, "XDG_RUNTIME_DIR"), os::variable(variables, "HOME"));
  const auto live = control::live_sockets(folder);
  return live.size() == 1 ? std::optional(live.front()) : std::nullopt;
}

}  // namespace

/// Failures are silent, since the line is still being typed.
int run(const complete_command& what, const os::environment& variables) {
  if (what.words.size() < 2) return done;
  const auto all = commands();
  const auto named =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == what.words.front(); });
  const auto& current = what.words.back();
  if (named == all.end() || current.starts_with('-')) return done;
  const auto before = std::span(what.words).subspan(1, what.words.size() - 2);
  const auto at = place_in(named->does, before, variables);
  if (at.what == place::kind::nothing) return done;
  const auto head = at.what == place::kind::spec ? head_of(current) : std::string();
  if (at.what == place::kind::spec && head.empty()) return done;
  std::signal(SIGALRM, [](int) { ::_exit(done); });
  const itimerval timer{{0, 0}, latest};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
  if (at.what == place::kind::ticket || at.what == place::kind::peer) print(aliases(variables));
  const auto socket = at.what == place::kind::ticket ? std::nullopt : socket_for(at, variables);
  if (!socket) return done;
  const auto names = control::ask(*socket, {{"request", "names"}}, patience);
  if (!names) return done;
  const auto* list = names->if_contains(at.what == place::kind::peer ? "peers" : "services");
  if (!list || !list->is_array()) return done;
  std::string text;
  for (const auto& one : list->get_array())
    if (one.is_string() && is_plain(one.get_string())) text += head + std::string(one.get_string()) + '\n';
  print(text);
  return done;
}

}  // namespace gof::cli

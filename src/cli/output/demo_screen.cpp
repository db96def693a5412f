#include "cli/output/demo_screen.hpp"

#include "cli/output/progress_bar.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace gof::cli {
namespace {

namespace json = boost::json;
using log::time_text;

constexpr std::string_view hide_cursor = "\x1b[?25l";
constexpr std::string_view show_cursor = "\x1b[?25h";
constexpr std::string_view from_line_start = "\r\x1b[K";  // clears the line
constexpr std::string_view plain = "\x1b[0m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::size_t widest_line = 80;   // as wide as help
constexpr std::size_t label_columns = 8;  // the longest label and a blank

std::string_view text_in(const os::environment& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view() : std::string_view(found->second);
}

/// Terminals without control sequences have TERM=dumb.
bool is_terminal(int descriptor, const os::environment& variables) {
  return ::isatty(descriptor) == 1 && text_in(variables, "TERM") != "dumb";
}

bool wants_color(log::options::color colors, const os::environment& variables) {
  if (colors != log::options::color::automatic) return colors == log::options::color::always;
  return is_terminal(STDOUT_FILENO, variables) && text_in(variables, "NO_COLOR").empty();
}

/// One column less than the terminal has: some wrap after a character in the last one.
std::size_t columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return std::min<std::size_t>(known ? size.ws_col : widest_line, widest_line) - 1;
}

std::string relay_words(const std::string& name) {
  return name.empty() ? "no path now" : "relay " + name;
}

json::value words_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

double milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

demo_screen::demo_screen(const demo_command& what, const os::environment& variables)
    : size_(what.bytes),
      json_(what.json),
      bar_(is_terminal(STDERR_FILENO, variables)),
      colored_(wants_color(what.colors, variables)) {}

demo_screen::~demo_screen() {
  clear();
  out_.finish(os::background_writer::patience_at_end);
}

void demo_screen::tell_mesh() {
  line("mesh", "a server, relays north and south, and a client, on 127.0.0.1");
}

void demo_screen::tell_start(const std::string& relay, std::optional<std::chrono::nanoseconds> round_trip) {
  line("path", relay_words(relay) + (round_trip ? " (" + time_text(*round_trip) + ")" : std::string()));
  line("send", bytes_text(size_) + " of random bytes to the server and back");
}

void demo_screen::tell_progress(std::uint64_t bytes, std::chrono::nanoseconds since_start,
                                const std::string& relay) {
  if (bar_) return draw(bar_line({bytes, size_, since_start, relay_words(relay)}, columns()));
  const auto quarters = bytes * 4 / size_;
  if (quarters <= quarters_told_) return;
  quarters_told_ = quarters;
  line(std::to_string(quarters * 25) + " %",
       bytes_text(bytes) + " back, " + rate_text(bytes, since_start) + ", " + relay_words(relay));
}

void demo_screen::tell_relay_closed(const std::string& relay, std::uint64_t bytes) {
  line("close", "relay " + relay + ", which carries it, is closed with " + bytes_text(bytes) + " back",
       yellow);
}

void demo_screen::tell_path_changed(const std::string& relay, std::chrono::nanoseconds stall) {
  line("path", "relay " + relay + ", after a stall of " + time_text(stall));
}

void demo_screen::tell_end(const demo::result& how) {
  clear();
  json_ ? tell_json(how) : tell_words(how);
  end_ = how;
  if (then_) then_();
}

void demo_screen::tell_words(const demo::result& how) {
  if (how.hash_of_sent.empty()) return;
  line("done", bytes_text(how.bytes) + " there and back in " + time_text(how.time) + ", " +
                   rate_text(how.bytes, how.time) + ", longest stall " + time_text(how.stall));
  line("sent", how.hash_of_sent);
  line("back", how.hash_of_back);
  if (how.is_right() && how.changed_path())
    line("right", "every byte, over a path that changed under it", green);
  else if (!how.is_right())
    line("WRONG", "what came back is not what was sent", red);
  else
    line("WRONG", "the path did not change", red);
}

void demo_screen::tell_json(const demo::result& how) {
  const json::object told = {{"version", 1},
                             {"right", how.is_right()},
                             {"path_changed", how.changed_path()},
                             {"bytes", how.bytes},
                             {"time_ms", milliseconds(how.time)},
                             {"stall_ms", milliseconds(how.stall)},
                             {"first_relay", words_or_null(how.first_relay)},
                             {"second_relay", words_or_null(how.second_relay)},
                             {"sha256_sent", words_or_null(how.hash_of_sent)},
                             {"sha256_back", words_or_null(how.hash_of_back)}};
  out_.write(STDOUT_FILENO, log::json_text(told) + '\n');
}

void demo_screen::line(std::string_view label, const std::string& text, std::string_view color) {
  if (json_) return;
  if (drawn_) out_.write(STDERR_FILENO, std::string(from_line_start), 0);
  std::string out;
  if (colored_) out += color;
  out += label;
  if (colored_ && !color.empty()) out += plain;
  out.append(label_columns - std::min(label_columns - 1, label.size()), ' ');
  out_.write(STDOUT_FILENO, out + text + '\n');
}

void demo_screen::draw(const std::string& bar) {
  if (!out_.is_idle()) return;  // a terminal that is slow gets the next one
  std::string out;
  if (!drawn_) out += hide_cursor;
  drawn_ = true;
  out_.write(STDERR_FILENO, out.append(from_line_start) + bar, 0);
}

void demo_screen::clear() {
  if (!drawn_) return;
  drawn_ = false;
  out_.write(STDERR_FILENO, std::string(from_line_start).append(show_cursor), 0);
}

bool demo_screen::finish() {
  clear();
  out_.finish(std::chrono::milliseconds(-1));
  return out_.take_lost() == 0;
}

}  // namespace gof::cli

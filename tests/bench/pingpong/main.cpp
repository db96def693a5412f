// Loads over TCP, on 127.0.0.1. Results are printed as JSON.
//
//   pingpong serve
//       Prints a free port, and answers there until its standard input ends.
//   pingpong ask PORT SECONDS [AT_ONCE]
//       Asks one 64-byte question at a time on each of AT_ONCE connections (1).
//       {"count":..,"rate":..,"p50_us":.., "p99_us":..}, where `count` includes the warm-up, which is not
//       timed.
//   pingpong connect PORT SECONDS AT_ONCE
//       Opens connections with one question each, AT_ONCE at a time. Each lasts until the other side has
//       ended it, too. {"count":..,"seconds":..}
//   pingpong bulk PORT
//       Sends as much as it can until its standard input ends. {"bytes":..,"seconds":..}
//   pingpong hold PORT COUNT
//       Opens COUNT connections, with one question on each, and says so: {"seconds":..}. Then they are idle
//       until its standard input ends.
//   pingpong up PORT BYTES
//   pingpong down PORT BYTES
//       Sends or receives that much over one new connection. {"seconds":..}, to the end of it.
#include "verbs.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace pingpong {
namespace {

/// A connection is a descriptor, and the usual limit is about 1,000.
void raise_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> run(const std::vector<std::string_view>& args) {
  if (args.empty()) return std::nullopt;
  const auto verb = args[0];
  if (args.size() == 1) return verb == "serve" ? std::optional(serve()) : std::nullopt;
  const auto port = number<std::uint16_t>(args[1]);
  if (!port) return std::nullopt;
  if (args.size() == 2) return verb == "bulk" ? std::optional(bulk(*port)) : std::nullopt;
  if (verb == "ask" || verb == "connect") {
    const auto how_long = number<double>(args[2]);
    const auto at_once = args.size() > 3 ? number<unsigned>(args[3]) : 1;
    if (!how_long || !at_once || *at_once == 0 || args.size() > 4) return std::nullopt;
    if (verb == "ask") return ask(*port, seconds(*how_long), *at_once);
    return args.size() == 4 ? std::optional(connect(*port, seconds(*how_long), *at_once)) : std::nullopt;
  }
  const auto count = number<unsigned>(args[2]);
  if (!count || args.size() != 3) return std::nullopt;
  if (verb == "hold") return hold(*port, *count);
  if (verb == "up") return up(*port, *count);
  if (verb == "down") return down(*port, *count);
  return std::nullopt;
}

}  // namespace

void wait_for_end_of_input() {
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
}

int failed(const char* what) {
  const char* why = errno == 0        ? "it was closed"
                    : errno == EAGAIN ? "silence for too long"
                                      : std::strerror(errno);
  std::fprintf(stderr, "pingpong: %s failed: %s\n", what, why);
  return 1;
}

}  // namespace pingpong

int main(int count, char** words) {
  pingpong::raise_limit();
  if (const auto code = pingpong::run({words + 1, words + count})) return *code;
  std::fputs(
      "usage: pingpong serve | ask PORT SECONDS [AT_ONCE] | connect PORT SECONDS AT_ONCE | bulk PORT |\n"
      "       hold PORT COUNT | up PORT BYTES | down PORT BYTES\n",
      stderr);
  return 2;
}

#include "log/text.hpp"

#include "base/peer_name.hpp"
#include "base/utf8.hpp"

#include <array>
#include <cstdio>

namespace gof::log {
namespace {

constexpr std::size_t longest_printable = 200;  // bytes; as long as a refusal's text

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = utf8::first(text);
    const auto shown = c.sound && !utf8::is_unprintable(c.code) ? text.substr(0, c.size) : "?";
    if (out.size() + shown.size() > longest_printable) break;
    out += shown;
    text.remove_prefix(c.size);
  }
  return out;
}

std::string name_of(const peer& who, std::string_view name) {
  return is_peer_name(name) ? std::string(name) : who.text().substr(0, short_id);
}

std::string age_text(std::chrono::nanoseconds time) {
  using namespace std::chrono;
  if (time < minutes(1)) return std::to_string(duration_cast<seconds>(time).count()) + " s";
  if (time < hours(1)) return std::to_string(duration_cast<minutes>(time).count()) + " min";
  if (time < days(1)) return std::to_string(duration_cast<hours>(time).count()) + " h";
  return std::to_string(duration_cast<days>(time).count()) + " d";
}

std::string path_text(const std::vector<relay>& through) {
  if (through.empty()) return "direct";
  std::string names;
  for (const auto& one : through) {
    if (one.node.empty()) return count_text(through.size(), "relay");
    names += (names.empty() ? "" : ", ") + name_of(one.peer, one.name);
  }
  return (through.size() == 1 ? "relay " : "relays ") + names;
}

std::string time_text(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::duration<double>(time).count();
  std::array<char, 32> text{};
  if (seconds < 1)
    std::snprintf(text.data(), text.size(), "%.1f ms", seconds * 1000);
  else if (seconds < 10 && time % std::chrono::seconds(1) != std::chrono::nanoseconds(0))
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
  else
    std::snprintf(text.data(), text.size(), "%.0f s", seconds);
  return text.data();
}

std::string cause_text(boost::system::error_code error) {
  return error ? " (" + error.message() + ')' : std::string();
}

std::string count_text(std::size_t count, std::string_view noun) {
  return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string address_text(std::string_view host, std::uint16_t port) {
  const bool brackets = host.find(':') != std::string_view::npos;
  return (brackets ? '[' + std::string(host) + ']' : std::string(host)) + ':' + std::to_string(port);
}

}  // namespace gof::log

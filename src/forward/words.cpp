#include "forward/words.hpp"

#include <array>
#include <cstdio>

namespace gof::forward {
namespace {

constexpr std::size_t longest_printable = 200;  // bytes; as much as a refusal's words may be
constexpr std::size_t short_id = 8;             // characters: 40 bits, enough to tell a person's peers apart

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < longest_printable; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are C2 80 to C2 9F: some terminals obey them as they obey ESC.
    const bool high_control =
        c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    out += c < 0x20 || c == 0x7f || high_control ? '?' : text[i];
    if (high_control) ++i;
  }
  // Cut in the middle of a character: without its beginning it says nothing.
  if (out.size() == longest_printable && out.size() < text.size() && continues(text[out.size()])) {
    while (!out.empty() && continues(out.back())) out.pop_back();
    if (!out.empty()) out.pop_back();
  }
  return out;
}

std::string name_of(const peer& who, std::string_view name) {
  return name.empty() ? who.text().substr(0, short_id) : printable(name);
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

std::string target_words(errc why, std::string_view target, std::string_view name,
                         std::string_view system_words) {
  const auto where = std::string(target) + " on " + std::string(name);
  switch (why) {
    case errc::target_refused: return where + " refused";
    case errc::target_unknown: return where + ": the name does not resolve";
    case errc::target_timeout: return where + " did not answer";
    case errc::loop:
      return where + " is where a forward of this service listens (a loop); give that another port";
    default: return where + ": " + std::string(system_words);
  }
}

}  // namespace gof::forward

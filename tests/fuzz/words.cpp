// Words from people and from other nodes, one at a time: ports, durations, ids, and names that are shown.
#include "base/peer_name.hpp"
#include "base/utf8.hpp"
#include "check.hpp"
#include "cli/arguments/duration.hpp"
#include "forward/authorization.hpp"
#include "forward/target.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"
#include "os/redact.hpp"

#include <boost/json.hpp>

#include <algorithm>

using namespace gof;

namespace {

bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), utf8::is_control);
}

void check_number(std::string_view text) {
  if (const auto port = forward::parse_port(text)) {
    const auto written = std::to_string(*port);
    fuzz::check(text.ends_with(written) && text.find_first_not_of('0') >= text.size() - written.size());
  }
  if (const auto range = forward::parse_port_range(text); range && *range)
    fuzz::check((*range)->first <= (*range)->second);
  if (const auto time = cli::parse_duration(text)) {
    fuzz::check(time->count() >= 0 && *time <= cli::longest_duration);
    fuzz::check(cli::parse_duration(std::to_string(time->count()) + "ms") == time);
  }
}

void check_peer(std::string_view text) {
  if (const auto who = gof::peer::parse(text)) {
    const auto again = gof::peer::parse(who->text());
    fuzz::check(again && *again == *who && who->text().size() == 52);
  }
  const auto held = forward::authorization::of(text);
  fuzz::check(forward::authorization::of(held.label()) == held);
}

void check_shown(std::string_view text) {
  const auto shown = log::printable(text);
  fuzz::check(shown.size() <= 200 && one_line(shown));
  fuzz::check(shown.find("\xc2\x9b") == std::string::npos);  // a terminal's CSI
  fuzz::check(utf8::repaired(shown) == shown && log::printable(shown) == shown);
  fuzz::check(is_peer_name(log::name_of(gof::peer(), text)));
  const auto begins = utf8::cut(text, 200);
  fuzz::check(begins.size() <= 200 && text.starts_with(begins));
  const auto quoted = forward::in_quotes(text);
  fuzz::check(quoted.size() <= 200);
  boost::system::error_code wrong;
  const auto line = log::json_text({{"text", text}});
  fuzz::check(boost::json::parse(line, wrong).is_object() && !wrong && line.find('\n') == line.npos);
  std::string word(text);
  os::redact_secrets(word);
  fuzz::check(word.size() == text.size() && !os::redact_secrets(word));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  const auto text = as_text(input);
  switch (which % 3) {
    case 0: check_number(text); break;
    case 1: check_peer(text); break;
    default: check_shown(text);
  }
  return 0;
}

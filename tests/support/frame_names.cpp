#include "support/frame_names.hpp"

#include "wire/frame.hpp"
#include "wire/greeting.hpp"
#include "wire/hello.hpp"

#include <vector>

namespace gof::test {
namespace {

std::string name_of(std::uint8_t type) {
  switch (static_cast<wire::frame_type>(type)) {
    case wire::frame_type::crypto: return "CRYPTO";
    case wire::frame_type::refused: return "REFUSED";
    case wire::frame_type::proof: return "PROOF";
    case wire::frame_type::ping: return "PING";
    case wire::frame_type::pong: return "PONG";
    case wire::frame_type::bye: return "BYE";
    case wire::frame_type::rekey: return "REKEY";
    case wire::frame_type::label: return "LABEL";
    case wire::frame_type::grant: return "GRANT";
    case wire::frame_type::neighbours: return "NEIGHBOURS";
    case wire::frame_type::path_error: return "PATH-ERROR";
    case wire::frame_type::hop_credit: return "HOP-CREDIT";
    case wire::frame_type::flow_blocked: return "FLOW-BLOCKED";
    case wire::frame_type::flow_close: return "FLOW-CLOSE";
    case wire::frame_type::flow_reset: return "FLOW-RESET";
    case wire::frame_type::have: return "HAVE";
    case wire::frame_type::want: return "WANT";
    case wire::frame_type::record: return "RECORD";
    case wire::frame_type::relay_data: return "DATA";
    case wire::frame_type::relay_control: return "CONTROL";
  }
  return "type " + std::to_string(type);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0, same = 1; i < names.size(); i += same, same = 1) {
    while (i + same < names.size() && names[i + same] == names[i]) ++same;
    text += (text.empty() ? "" : ", ") + names[i];
    if (same > 1) text += " x" + std::to_string(same);
  }
  return text;
}

}  // namespace

std::string frame_names::next_name(direction& d, int from) {
  if (!d.opened) {
    if (d.partial.size() < 2) return {};
    const auto hello = wire::hello::size_of(const_bytes(d.partial).first(2));
    const auto size = from == 0 ? hello.value_or(0) : wire::greeting::size;
    if (size == 0) {
      d.lost = true;
      return "not gof";
    }
    d.opened = true;
    d.skip = size;
    return from == 0 ? "HELLO" : "GREETING";
  }
  if (d.partial.size() < wire::frame::prefix_size) return {};
  const auto f = wire::frame::decode(d.partial);
  if (!f) {
    d.lost = true;
    return "no frame";
  }
  d.skip = wire::frame::prefix_size + f->length;
  return name_of(f->type) + " " + std::to_string(f->length);
}

std::string frame_names::read(std::size_t connection, int from, const_bytes piece) {
  auto& d = directions_[{connection, from}];
  if (d.lost) return "?";
  std::vector<std::string> names;
  append(d.partial, piece);
  for (;;) {
    const auto gone = std::min(d.skip, d.partial.size());
    d.partial.erase(d.partial.begin(), d.partial.begin() + static_cast<std::ptrdiff_t>(gone));
    d.skip -= gone;
    if (d.skip > 0) break;
    auto name = next_name(d, from);
    if (name.empty()) break;
    names.push_back(std::move(name));
    if (d.lost) break;
  }
  return names.empty() ? "..." : joined(names);
}

}  // namespace gof::test

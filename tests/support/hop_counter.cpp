#include "support/hop_counter.hpp"

#include "secure/protection.hpp"
#include "wire/frame.hpp"
#include "wire/greeting.hpp"
#include "wire/hello.hpp"

#include <cstring>

namespace gof::test {

void hop_counter::handle_sent(instant now, const connection& c, int from, std::uint64_t offset,
                              const_bytes data) {
  next_.handle_sent(now, c, from, offset, data);
  auto& d = directions_[{c.number, from}];
  if (d.lost) return;
  append(d.partial, data);
  const_bytes rest = d.partial;
  while (const auto size = read(d, from, rest)) rest = rest.subspan(size);
  d.partial.erase(d.partial.begin(), d.partial.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

void hop_counter::handle_ended(instant now, const connection& c, int from, const std::string& words) {
  next_.handle_ended(now, c, from, words);
  directions_.erase({c.number, from});
}

std::size_t hop_counter::read(direction& d, int from, const_bytes data) {
  const auto whole = [&](std::optional<std::size_t> size) {
    if (!size) d.lost = true;
    return size && *size <= data.size() ? *size : 0;
  };
  if (!d.opened) {
    if (data.size() < 2) return 0;
    const auto size = whole(from == 0 ? wire::hello::size_of(data.first(2)) : wire::greeting::size);
    d.opened = size > 0;
    return size;
  }
  if (data.size() < wire::frame::prefix_size) return 0;
  const auto f = wire::frame::decode(data.first(wire::frame::prefix_size));
  const auto size = whole(f ? std::optional(wire::frame::prefix_size + f->length) : std::nullopt);
  if (size > 0) count(*f, data.first(size).subspan(wire::frame::prefix_size));
  return size;
}

void hop_counter::count(const wire::frame& f, const_bytes body) {
  const bool data = f.type == static_cast<std::uint8_t>(wire::frame_type::relay_data);
  if (!data && f.type != static_cast<std::uint8_t>(wire::frame_type::relay_control)) return;
  if (body.size() < f.header_length + 2 * secure::tag_size) return;
  tag of{};
  std::memcpy(&of, body.last(sizeof of).data(), sizeof of);
  auto& most = data ? most_ : most_control_;
  most = std::max(most, ++(data ? data_ : controls_)[of]);
}

}  // namespace gof::test

#include "wire/ticket_form.hpp"

#include "base/base32.hpp"
#include "base/crc32c.hpp"
#include "base/pasted_ticket.hpp"

#include <algorithm>

namespace gof::wire {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t head_size = 2;  // version, kind

using code = ticket_error::code;

/// Why the text of a ticket is not base32.
ticket_error unreadable(std::string_view bare) {
  const auto digits = bare.substr(ticket_form::prefix.size());
  const auto foreign = std::find_if_not(
      digits.begin(), digits.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
  if (foreign == digits.end()) return ticket_error{code::cut};
  const auto place = ticket_form::prefix.size() + static_cast<std::size_t>(foreign - digits.begin()) + 1;
  return ticket_error{.why = code::foreign_character, .character = *foreign, .place = place};
}

}  // namespace

std::string ticket_form::close(kind of, const_bytes body) {
  bytes out;
  writer to(out);
  to.u8(format_version).u8(static_cast<std::uint8_t>(of)).block(body);
  to.u32(crc32c(out));
  return std::string(prefix) + to_base32(out);
}

ticket_result<ticket_form::opened> ticket_form::open(std::string_view text) {
  if (text.size() > longest_pasted) return ticket_error{code::too_long};
  const auto bare = pasted_ticket(text);
  if (bare.size() > longest_text) return ticket_error{code::too_long};
  if (!bare.starts_with(prefix)) return ticket_error{code::no_prefix};
  const auto data = from_base32(std::string_view(bare).substr(prefix.size()));
  if (!data) return unreadable(bare);
  if (data->size() < checksum_size + head_size) return ticket_error{code::too_short};
  const auto whole = const_bytes(*data).first(data->size() - checksum_size);
  reader tail(const_bytes(*data).last(checksum_size));
  if (tail.u32() != crc32c(whole)) return ticket_error{code::checksum};
  reader head(whole);
  if (const auto version = head.u8(); version != format_version)
    return ticket_error{code::newer_format, version};
  const auto number = head.u8();
  if (number != static_cast<std::uint8_t>(kind::service) && number != static_cast<std::uint8_t>(kind::join))
    return ticket_error{code::newer_kind, number};
  const auto body = head.rest();
  return opened{static_cast<kind>(number), bytes(body.begin(), body.end())};
}

ticket_result<bytes> ticket_form::open_as(kind wanted, std::string_view text) {
  auto found = open(text);
  if (!found) return found.error();
  if (found->kind != wanted)
    return ticket_error{found->kind == kind::join ? code::join_ticket : code::service_ticket};
  return std::move(found->body);
}

void ticket_form::encode(const std::vector<address>& addresses, writer& to) {
  to.u8(static_cast<std::uint8_t>(addresses.size()));
  for (const auto& a : addresses) a.encode(to);
}

bool ticket_form::decode(reader& from, std::vector<address>& addresses) {
  const auto count = from.u8();
  if (count > most_addresses) return false;
  for (unsigned i = 0; i < count; ++i) {
    auto a = address::decode(from);
    if (!a) return false;
    addresses.push_back(std::move(*a));
  }
  return true;
}

}  // namespace gof::wire

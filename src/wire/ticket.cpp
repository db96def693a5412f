#include "wire/ticket.hpp"

#include "base/base32.hpp"

#include <boost/crc.hpp>

namespace gof::wire {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::uint8_t kind_service = 1;
constexpr std::size_t checksum_size = 4;

using crc_32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

std::uint32_t checksum(const_bytes data) {
  crc_32c crc;
  crc.process_bytes(data.data(), data.size());
  return crc.checksum();
}

problem damaged(std::string_view what) {
  return {"the ticket is damaged (" + std::string(what) + "); copy it again, whole"};
}

bool decode_services(reader& in, ticket& t) {
  const auto count = in.u8();
  if (count > ticket::most_services) return false;
  for (unsigned i = 0; i < count; ++i) {
    ticket_service s;
    s.name = as_text(in.short_block());
    s.port_hint = in.u16();
    if (!in.ok() || !valid_service_name(s.name)) return false;
    t.services.push_back(std::move(s));
  }
  return true;
}

bool decode_addresses(reader& in, ticket& t) {
  const auto count = in.u8();
  if (count > ticket::most_addresses) return false;
  for (unsigned i = 0; i < count; ++i) {
    auto a = address::decode(in);
    if (!a) return false;
    t.addresses.push_back(std::move(*a));
  }
  return true;
}

result<ticket> decode(const_bytes data) {
  reader in(data);
  ticket t;
  if (const auto version = in.u8(); version != format_version)
    return problem{"the ticket is of format " + std::to_string(version) +
                   ", this gof knows format 1; a newer gof is needed"};
  if (const auto kind = in.u8(); kind != kind_service)
    return problem{"the ticket is of kind " + std::to_string(kind) +
                   ", this gof knows service tickets; a newer gof is needed"};
  t.issuer = in.id<peer_id>();
  t.mesh = in.id<mesh_id>();
  t.grant = in.id<grant_id>();
  t.link_key = in.array<32>();
  t.token = in.array<32>();
  if (!in.ok()) return damaged("it is too short");
  if (!decode_services(in, t)) return damaged("its services do not read");
  if (!decode_addresses(in, t)) return damaged("its addresses do not read");
  if (!in.done()) return damaged("something stands behind its end");
  return t;
}

}  // namespace

bool valid_service_name(std::string_view name) {
  const auto lower_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 63 && lower_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return lower_or_digit(c) || c == '-'; });
}

std::string ticket::text() const {
  bytes out;
  writer to(out);
  to.u8(format_version).u8(kind_service).block(issuer.view()).block(mesh.view()).block(grant.view());
  to.block(link_key).block(token);
  to.u8(static_cast<std::uint8_t>(services.size()));
  for (const auto& s : services) to.short_block(as_bytes(s.name)).u16(s.port_hint);
  to.u8(static_cast<std::uint8_t>(addresses.size()));
  for (const auto& a : addresses) a.encode(to);
  to.u32(checksum(out));
  return std::string(prefix) + to_base32(out);
}

result<ticket> ticket::parse(std::string_view text) {
  if (text.size() > longest_text)
    return problem{"a ticket is never longer than " + std::to_string(longest_text) + " characters"};
  if (!text.starts_with(prefix)) return problem{"a ticket starts with 'gof1'"};
  const auto data = from_base32(text.substr(prefix.size()));
  if (!data) return damaged("a character that no ticket has, or some are missing");
  if (data->size() < checksum_size + 2) return damaged("it is too short");
  const auto body = const_bytes(*data).first(data->size() - checksum_size);
  reader tail(const_bytes(*data).last(checksum_size));
  if (tail.u32() != checksum(body)) return damaged("its checksum does not match: mistyped or cut");
  return decode(body);
}

}  // namespace gof::wire

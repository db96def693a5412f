#include "wire/ticket_form.hpp"

#include "base/base32.hpp"
#include "base/crc32c.hpp"

namespace gof::wire {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t head_size = 2;  // version, kind

}  // namespace

problem ticket_form::damaged(std::string_view what) {
  return {"the ticket is damaged (" + std::string(what) + "); copy it again, whole"};
}

problem ticket_form::misplaced(kind found) {
  if (found == kind::join)
    return {
        "this is a join ticket, which makes members of a mesh: it belongs behind --join; a service ticket, "
        "which gof serve prints, is wanted here"};
  return {
      "this is a service ticket, which opens services: it is for gof forward; a join ticket, which gof relay "
      "prints, is wanted here"};
}

std::string ticket_form::close(kind of, const_bytes body) {
  bytes out;
  writer to(out);
  to.u8(format_version).u8(static_cast<std::uint8_t>(of)).block(body);
  to.u32(crc32c(out));
  return std::string(prefix) + to_base32(out);
}

result<ticket_form::opened> ticket_form::open(std::string_view text) {
  if (text.size() > longest_text)
    return problem{"a ticket is never longer than " + std::to_string(longest_text) + " characters"};
  if (!text.starts_with(prefix)) return problem{"a ticket starts with 'gof1'"};
  const auto data = from_base32(text.substr(prefix.size()));
  if (!data) return damaged("a character that no ticket has, or some are missing");
  if (data->size() < checksum_size + head_size) return damaged("it is too short");
  const auto whole = const_bytes(*data).first(data->size() - checksum_size);
  reader tail(const_bytes(*data).last(checksum_size));
  if (tail.u32() != crc32c(whole)) return damaged("its checksum does not match: mistyped or cut");
  reader head(whole);
  if (const auto version = head.u8(); version != format_version)
    return problem{"the ticket is of format " + std::to_string(version) +
                   ", this gof knows format 1; a newer gof is needed"};
  const auto number = head.u8();
  if (number != static_cast<std::uint8_t>(kind::service) && number != static_cast<std::uint8_t>(kind::join))
    return problem{"the ticket is of kind " + std::to_string(number) +
                   ", this gof knows service and join tickets; a newer gof is needed"};
  const auto body = head.rest();
  return opened{static_cast<kind>(number), bytes(body.begin(), body.end())};
}

result<bytes> ticket_form::open_as(kind wanted, std::string_view text) {
  auto found = open(text);
  if (!found) return found.error();
  if (found->kind != wanted) return misplaced(found->kind);
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

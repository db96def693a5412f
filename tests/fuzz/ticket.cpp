#include "base/base32.hpp"
#include "base/crc32c.hpp"
#include "base/pasted_ticket.hpp"
#include "check.hpp"
#include "wire/any_ticket.hpp"

using namespace gof;

namespace {

// A fuzzer does not find checksums. With the correct one the code after the check is reached.
std::string with_checksum(const_bytes body) {
  bytes whole(body.begin(), body.end());
  wire::writer(whole).u32(crc32c(body));
  return std::string(wire::ticket_form::prefix) + to_base32(whole);
}

void check_caps(const wire::ticket& t) {
  fuzz::check(t.services.size() <= wire::ticket::most_services);
  fuzz::check(t.addresses.size() <= wire::ticket::most_addresses);
}

void check_caps(const wire::join_ticket& t) {
  fuzz::check(t.addresses.size() <= wire::ticket_form::most_addresses);
}

template <class Ticket>
void check_text(std::string_view text, const Ticket& t) {
  check_caps(t);
  fuzz::check(t.text() == pasted_ticket(text));
  const auto again = Ticket::parse(t.text());
  fuzz::check(again && *again == t);
}

/// The parser of each kind accepts exactly the tickets of its kind that the common parser accepts.
void check_text(std::string_view text) {
  const auto any = wire::parse_any_ticket(text);
  const auto service = wire::ticket::parse(text);
  const auto join = wire::join_ticket::parse(text);
  fuzz::check(static_cast<bool>(service) == (any && std::holds_alternative<wire::ticket>(*any)));
  fuzz::check(static_cast<bool>(join) == (any && std::holds_alternative<wire::join_ticket>(*any)));
  if (any) std::visit([&](const auto& t) { check_text(text, t); }, *any);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  check_text(as_text(input));
  const auto text = with_checksum(input);
  check_text(text);
  if (const auto t = wire::parse_any_ticket(text))
    fuzz::check(std::visit([](const auto& one) { return one.text(); }, *t) == text);
  return 0;
}

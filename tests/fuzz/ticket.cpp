#include "wire/ticket.hpp"

#include "base/base32.hpp"
#include "check.hpp"

#include <boost/crc.hpp>

using namespace gof;

namespace {

// A fuzzer does not find checksums: what is behind one is reached by giving it the right one.
std::string with_checksum(const_bytes body) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(body.data(), body.size());
  bytes whole(body.begin(), body.end());
  wire::writer(whole).u32(crc.checksum());
  return std::string(wire::ticket::prefix) + to_base32(whole);
}

void check_text(std::string_view text) {
  const auto t = wire::ticket::parse(text);
  if (!t) {
    fuzz::check(!t.error().what.empty());
    return;
  }
  fuzz::check(t->services.size() <= wire::ticket::most_services);
  fuzz::check(t->addresses.size() <= wire::ticket::most_addresses);
  const auto again = wire::ticket::parse(t->text());
  fuzz::check(again && *again == *t);
  fuzz::check(t->text().size() == text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  check_text(as_text(input));
  const auto text = with_checksum(input);
  check_text(text);
  if (const auto t = wire::ticket::parse(text)) fuzz::check(t->text() == text);
  return 0;
}

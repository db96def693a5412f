#include "base/hex.hpp"
#include "net/ticket_words.hpp"
#include "net/values.hpp"
#include "secure/derive.hpp"

namespace gof {

std::optional<join_ticket> join_ticket::parse(std::string_view text, std::string& why) {
  auto parts = wire::join_ticket::parse(text);
  if (parts) return join_ticket(std::make_shared<const impl>(impl{std::move(*parts)}));
  why = net::words_of(parts.error()).what;
  return std::nullopt;
}

std::string join_ticket::text() const {
  return impl_->parts.text();
}

peer join_ticket::issuer() const {
  return net::peer_of(impl_->parts.issuer);
}

std::string join_ticket::mesh() const {
  return to_hex(secure::mesh_of(secure::secret32(network_key())).view());
}

std::vector<std::string> join_ticket::addresses() const {
  return net::texts_of(impl_->parts.addresses);
}

const std::array<std::uint8_t, 32>& join_ticket::network_key() const {
  return impl_->parts.network_key;
}

}  // namespace gof

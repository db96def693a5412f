#include "base/hex.hpp"
#include "net/system_random.hpp"
#include "net/ticket_words.hpp"
#include "net/values.hpp"

namespace gof {

grant grant::generate() {
  net::system_random random;
  grant made;
  random.fill(made.id);
  random.fill(made.token);
  return made;
}

std::optional<ticket> ticket::parse(std::string_view text, std::string& why) {
  auto parts = wire::ticket::parse(text);
  if (parts) return ticket(std::make_shared<const impl>(impl{std::move(*parts)}));
  why = net::words_of(parts.error()).what;
  return std::nullopt;
}

std::string ticket::text() const {
  return impl_->parts.text();
}

peer ticket::issuer() const {
  return net::peer_of(impl_->parts.issuer);
}

std::string ticket::mesh() const {
  return to_hex(impl_->parts.mesh.view());
}

std::string ticket::grant() const {
  return to_hex(impl_->parts.grant.view());
}

std::vector<ticket::service> ticket::services() const {
  std::vector<service> all;
  for (const auto& one : impl_->parts.services) all.push_back({one.name, one.port_hint});
  return all;
}

std::vector<std::string> ticket::addresses() const {
  return net::texts_of(impl_->parts.addresses);
}

}  // namespace gof

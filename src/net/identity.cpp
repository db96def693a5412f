#include "base/base32.hpp"
#include "net/system_random.hpp"
#include "net/values.hpp"
#include "state/key_file.hpp"

namespace gof {

std::optional<peer> peer::parse(std::string_view text) {
  const auto key = from_base32(text);
  if (!key || key->size() != peer_id::size) return std::nullopt;
  return net::peer_of(peer_id(*key));
}

std::string peer::text() const {
  return to_base32(key_);
}

identity identity::generate() {
  net::system_random random;
  return identity(std::make_shared<const impl>(impl{secure::identity::generate(random)}));
}

std::optional<identity> identity::load_or_create(const std::string& path, std::string& why) {
  net::system_random random;
  auto key = state::load_or_create_key(path, random);
  if (key) return identity(std::make_shared<const impl>(impl{std::move(*key)}));
  why = key.error().what;
  return std::nullopt;
}

peer identity::id() const {
  return net::peer_of(impl_->self.id());
}

}  // namespace gof

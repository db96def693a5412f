#include "state/store.hpp"

#include "state/key_file.hpp"
#include "state/port_file.hpp"

namespace gof::state {

store::store(std::optional<folder> where)
    : where_(std::move(where)),
      grants_(where_ ? std::optional(where_->grants()) : std::optional<std::filesystem::path>()) {}

store store::in(folder where) {
  return store(std::move(where));
}

store store::in_memory() {
  return store(std::nullopt);
}

result<secure::identity> store::identity(random_source& random) {
  if (where_) {
    if (const auto made = where_->make(); !made) return made.error();
    return load_or_create_key(where_->key(), random);
  }
  if (!drawn_identity_) drawn_identity_ = secure::identity::generate(random);
  return *drawn_identity_;
}

result<std::optional<network_key>> store::network_key() const {
  if (where_) return load_network_key(where_->network_key());
  return noted_network_key_;
}

result<network_key> store::network_key_or_new(random_source& random) {
  if (where_) {
    if (const auto made = where_->make(); !made) return made.error();
    return load_or_create_network_key(where_->network_key(), random);
  }
  if (!noted_network_key_) noted_network_key_ = network_key::draw(random);
  return *noted_network_key_;
}

result<joined_key> store::keep_joined(const secure::secret32& key) {
  using outcome = joined_key::outcome;
  if (where_) {
    if (const auto made = where_->make(); !made) return made.error();
    return keep_joined_network_key(where_->network_key(), key);
  }
  const auto before = noted_network_key_;
  if (before && before->key == key) return joined_key{outcome::same, {}};
  if (before && before->from == network_key::origin::join_ticket)
    return joined_key{outcome::refused, *before};
  noted_network_key_ = {key, network_key::origin::join_ticket};
  return before ? joined_key{outcome::replaced, *before} : joined_key{outcome::kept, {}};
}

result<std::optional<std::uint16_t>> store::port() const {
  if (where_) return load_port(where_->port());
  return noted_port_;
}

result<bool> store::keep_port(std::uint16_t port) {
  if (where_) return state::keep_port(where_->port(), port);
  if (noted_port_) return false;
  noted_port_ = port;
  return true;
}

}  // namespace gof::state

#include "secure/certificate.hpp"

#include <array>

namespace gof::secure {
namespace {

constexpr std::uint8_t sequence_tag = 0x30;
constexpr std::uint8_t integer_tag = 0x02;
constexpr std::uint8_t version_tag = 0xa0;

/// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 256 bits }: everything before the key itself.
constexpr std::array<std::uint8_t, 12> ed25519_prefix{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

/// Takes DER elements from the front. OpenSSL also accepts longer and indefinite lengths; refusing those
/// makes sure that both read the same key.
class der_reader {
 public:
  explicit der_reader(const_bytes from) : rest_(from) {}

  bool at(std::uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  bool empty() const { return rest_.empty(); }

  struct element {
    const_bytes whole;
    const_bytes content;
  };

  std::optional<element> take(std::uint8_t tag) {
    if (!at(tag) || rest_.size() < 2) return std::nullopt;
    std::size_t head = 2;
    std::size_t length = rest_[1];
    if (length >= 0x80) {
      const std::size_t extra = length - 0x80;
      if (extra < 1 || extra > 2 || rest_.size() < 2 + extra) return std::nullopt;
      length = extra == 1 ? rest_[2] : rest_[2] * 256u + rest_[3];
      if (length < (extra == 1 ? 0x80u : 0x100u)) return std::nullopt;
      head += extra;
    }
    if (rest_.size() - head < length) return std::nullopt;
    const element taken{rest_.first(head + length), rest_.subspan(head, length)};
    rest_ = rest_.subspan(head + length);
    return taken;
  }

 private:
  const_bytes rest_;
};

}  // namespace

std::optional<peer_id> certified_key(const_bytes der) {
  der_reader outside(der);
  const auto certificate = outside.take(sequence_tag);
  if (!certificate || !outside.empty()) return std::nullopt;
  const auto signed_part = der_reader(certificate->content).take(sequence_tag);
  if (!signed_part) return std::nullopt;

  der_reader fields(signed_part->content);
  if (fields.at(version_tag) && !fields.take(version_tag)) return std::nullopt;
  // serial, signature algorithm, issuer, validity, subject
  for (const auto tag : {integer_tag, sequence_tag, sequence_tag, sequence_tag, sequence_tag})
    if (!fields.take(tag)) return std::nullopt;

  const auto key_info = fields.take(sequence_tag);
  if (!key_info || key_info->whole.size() != ed25519_prefix.size() + peer_id::size) return std::nullopt;
  if (!std::equal(ed25519_prefix.begin(), ed25519_prefix.end(), key_info->whole.begin())) return std::nullopt;
  return peer_id(key_info->whole.subspan(ed25519_prefix.size()));
}

}  // namespace gof::secure

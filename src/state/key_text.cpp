#include "state/key_text.hpp"

#include "base/base32.hpp"
#include "base/crc32c.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::state {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t text_size = ((key_size + checksum_size) * 8 + 4) / 5;

}  // namespace

secret_text to_key_text(const secure::secret32& key) {
  bytes data;
  data.reserve(key_size + checksum_size);
  wire::writer(data).block(key.view()).u32(crc32c(key.view()));
  secret_text text(to_base32(data));
  secure::wipe(data.data(), data.size());
  return text;
}

std::optional<secure::secret32> from_key_text(std::string_view word) {
  if (word.size() != text_size) return std::nullopt;
  auto data = from_base32(word);
  if (!data || data->size() != key_size + checksum_size) return std::nullopt;
  const secure::secret32 key(const_bytes(*data).first(key_size));
  wire::reader tail(const_bytes(*data).last(checksum_size));
  secure::wipe(data->data(), key_size);
  if (tail.u32() != crc32c(key.view())) return std::nullopt;
  return key;
}

}  // namespace gof::state

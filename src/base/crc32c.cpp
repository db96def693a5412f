#include "base/crc32c.hpp"

#include <boost/crc.hpp>

namespace gof {

std::uint32_t crc32c(const_bytes data) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data.data(), data.size());
  return crc.checksum();
}

}  // namespace gof

#include "support/capture_file.hpp"

#include "support/trace.hpp"

#include <algorithm>

namespace gof::test {
namespace {

constexpr std::uint32_t nanosecond_magic = 0xa1b23c4d;
constexpr std::uint32_t raw_ip = 101;
constexpr std::size_t ip_size = 20;
constexpr std::size_t tcp_size = 20;
constexpr std::uint16_t first_client_port = 40000;
enum : std::uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16 };

/// Numbers of the file itself are in the byte order that its magic number indicates.
void put_native(bytes& to, std::uint32_t v) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(&v);
  to.insert(to.end(), p, p + sizeof v);
}
void put16(bytes& to, std::size_t v) {
  to.push_back(static_cast<std::uint8_t>(v >> 8));
  to.push_back(static_cast<std::uint8_t>(v));
}
void put32(bytes& to, std::uint64_t v) {
  put16(to, v >> 16 & 0xffff);
  put16(to, v & 0xffff);
}

std::uint16_t ip_checksum(const bytes& header) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < header.size(); i += 2) sum += std::uint32_t{header[i]} << 8 | header[i + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

struct segment {
  std::size_t from;
  std::size_t to;
  std::size_t from_port;
  std::size_t to_port;
  std::uint64_t sequence;
  std::uint64_t acknowledged;
  std::uint8_t flags;
};

bytes packet(instant when, const segment& s, const_bytes head, std::size_t size) {
  bytes ip{0x45, 0};
  put16(ip, ip_size + tcp_size + size);
  put32(ip, 0);  // no fragments
  ip.insert(ip.end(), {64, 6, 0, 0, 10, 0, 0, static_cast<std::uint8_t>(s.from + 1), 10, 0, 0,
                       static_cast<std::uint8_t>(s.to + 1)});
  const auto sum = ip_checksum(ip);
  ip[10] = static_cast<std::uint8_t>(sum >> 8);
  ip[11] = static_cast<std::uint8_t>(sum);

  bytes out;
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count();
  put_native(out, static_cast<std::uint32_t>(since / 1'000'000'000));
  put_native(out, static_cast<std::uint32_t>(since % 1'000'000'000));
  put_native(out, static_cast<std::uint32_t>(ip_size + tcp_size + head.size()));
  put_native(out, static_cast<std::uint32_t>(ip_size + tcp_size + size));
  append(out, ip);
  put16(out, s.from_port);
  put16(out, s.to_port);
  put32(out, s.sequence);
  put32(out, s.acknowledged);
  out.push_back(0x50);
  out.push_back(s.flags);
  put16(out, 0xffff);
  put32(out, 0);
  append(out, head);
  return out;
}

}  // namespace

std::vector<bytes> capture_file(const trace& of) {
  bytes file;
  put_native(file, nanosecond_magic);
  put_native(file, 4u << 16 | 2u);  // version 2.4, low half first
  put_native(file, 0);
  put_native(file, 0);
  put_native(file, 0xffff);
  put_native(file, raw_ip);
  std::vector<bytes> parts{file};
  for (const auto& r : of.records()) {
    if (r.what == trace_record::kind::event || r.what == trace_record::kind::note) continue;
    const auto client_port = first_client_port + r.connection % 20000;
    const auto server_port = std::size_t{10000} + (r.end == 0 ? r.to : r.from);
    segment there{r.from,
                  r.to,
                  r.end == 0 ? client_port : server_port,
                  r.end == 0 ? server_port : client_port,
                  r.offset + 1,
                  r.heard + 1,
                  ack};
    if (r.what == trace_record::kind::connected) {
      segment back{there.to, there.from, there.to_port, there.from_port, 0, 1, syn | ack};
      parts.push_back(
          packet(r.when, {there.from, there.to, there.from_port, there.to_port, 0, 0, syn}, {}, 0));
      parts.push_back(packet(r.when, back, {}, 0));
    } else if (r.what == trace_record::kind::sent) {
      there.flags |= psh;
    } else {
      there.flags |= r.text.find("reset") == std::string::npos ? fin : rst;
    }
    parts.push_back(packet(r.when, there, r.head, r.size));
  }
  return parts;
}

}  // namespace gof::test

#pragma once

#include "forward/tcp_ends.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace gof::forward {

/// The connections that this process makes to addresses of its own host, found by their ends: so it notices
/// one that comes back through a forward. A connection is listed from connect() until a while after it was
/// closed, since its effects may arrive after its end.
class own_dials {
 public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kept_for{60};
  static constexpr std::size_t most_kept = 4096;  ///< closed connections; the oldest are dropped

  struct record {
    std::string service;  ///< the service whose target was dialled
    bool returned = false;
    std::size_t held = 0;
    clock::time_point closed{};
  };
  /// Keeps one connection listed as open.
  using handle = std::shared_ptr<record>;

  explicit own_dials(clock::duration kept = kept_for) : kept_(kept) {}

  /// Empty: the connection leads to another machine. The handle may outlive this object.
  handle add(const tcp_ends& ends, const std::string& service);

  /// Whether a connection that a program on this host accepted, from a client at `ends.remote`, was made
  /// here. If so it is marked as returned.
  const record* find_returned(const tcp_ends& ends);

  std::size_t size() const { return book_->records.size(); }

 private:
  /// Both ends in compact form; IPv4 addresses are mapped to IPv6.
  struct key {
    explicit key(const tcp_ends& ends);
    std::array<std::uint64_t, 5> words{};  ///< local address, remote address, ports
    bool operator==(const key&) const = default;
  };
  struct hash {
    std::size_t operator()(const key& of) const;
  };
  struct book {
    std::unordered_map<key, record, hash> records;
    std::deque<key> closed;  ///< oldest first; entries that were opened again are skipped
  };

  void forget_old();

  clock::duration kept_;
  std::shared_ptr<book> book_ = std::make_shared<book>();
};

}  // namespace gof::forward

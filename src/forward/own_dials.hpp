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

/// The connections that this process makes to addresses of its own host, found by their ends: to notice one
/// that comes back through a forward. A connection is in it from connect() on, and for a while after it was
/// closed, since what it set off may come later than its end.
class own_dials {
 public:
  using clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kept_for{60};
  static constexpr std::size_t most_kept = 4096;  ///< of those that were closed; the oldest go

  struct record {
    std::string service;  ///< whose target was dialled
    bool returned = false;
    std::size_t held = 0;
    clock::time_point closed{};
  };
  /// One connection, as long as it is open.
  using handle = std::shared_ptr<record>;

  explicit own_dials(clock::duration kept = kept_for) : kept_(kept) {}

  /// Empty: it leads to another machine. The handle may outlive this object.
  handle add(const tcp_ends& ends, const std::string& service);

  /// Whether a connection that somebody on this host accepted, its client at `ends.remote`, was made here.
  /// Then it has returned.
  const record* find_returned(const tcp_ends& ends);

  std::size_t size() const { return book_->records.size(); }

 private:
  /// Both ends in little room: IPv4 as it is mapped into IPv6.
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
    std::deque<key> closed;  ///< by time; one that was opened again meanwhile is not meant any more
  };

  void forget_old();

  clock::duration kept_;
  std::shared_ptr<book> book_ = std::make_shared<book>();
};

}  // namespace gof::forward

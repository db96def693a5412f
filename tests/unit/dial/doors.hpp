#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

namespace gof::dial {

/// A port of this machine that takes connections, and holds them.
class live_door {
 public:
  explicit live_door(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~live_door();
  std::uint16_t port() const { return port_; }

 private:
  int handle_;
  std::uint16_t port_;
};

/// A port that says nothing to a SYN: its queue of connections is full.
class silent_door {
 public:
  explicit silent_door(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~silent_door();
  std::uint16_t port() const { return port_; }

 private:
  int handle_;
  std::uint16_t port_;
  std::list<int> inside_;
};

/// A port that nobody listens on, kept from others: bound, and no more.
class closed_door {
 public:
  explicit closed_door(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~closed_door();
  std::uint16_t port() const { return port_; }

 private:
  int handle_;
  std::uint16_t port_;
};

/// Sockets of this process that still connect (SYN-SENT), wherever to. The table in /proc/net/tcp is read in
/// parts, and what other programs do in between adds and hides lines.
std::size_t sockets_connecting();

}  // namespace gof::dial

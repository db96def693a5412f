#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

namespace gof::dial {

/// A port of this machine that accepts connections and keeps them open.
class live_door {
 public:
  explicit live_door(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~live_door();
  std::uint16_t port() const { return port_; }

 private:
  int handle_;
  std::uint16_t port_;
};

/// A port that does not answer a SYN, because its queue of connections is full.
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

/// A port that refuses, and that no other program gets: it is bound, but nothing listens.
class closed_door {
 public:
  explicit closed_door(const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~closed_door();
  std::uint16_t port() const { return port_; }

 private:
  int handle_;
  std::uint16_t port_;
};

/// Sockets of this process that are connecting (SYN-SENT). /proc/net/tcp is read in parts: other programs can
/// add or hide lines between two reads.
std::size_t sockets_connecting();

}  // namespace gof::dial

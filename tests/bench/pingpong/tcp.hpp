#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <sys/socket.h>

/// Connections of 127.0.0.1 that carry messages of one size.
namespace tcp {

inline constexpr std::size_t message_size = 64;  // bytes; a keystroke or a small query with its headers
using message = std::array<char, message_size>;

/// What the first byte of a connection asks of `pingpong serve`. Any other byte: to have everything echoed.
inline constexpr char take_all = '<';  // read to the end, and close then
inline constexpr char give = '>';      // send as many bytes as the rest of the message says, and close

/// A socket that listens on a free port; -1 after a message.
int listen(std::uint16_t& port);
/// A connected socket without Nagle's delay; -1 if that failed. What stays silent for 30 s counts as failed.
int dial(std::uint16_t port);
void tune(int socket);

/// False with errno 0: the other side has ended.
bool receive(int socket, message& into, std::size_t have = 0);
bool send_all(int socket, const char* from, std::size_t size);
/// Reads until the other side has ended. Returns the number of bytes; -1 after an error.
std::int64_t drain(int socket);

}  // namespace tcp

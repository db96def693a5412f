#pragma once

#include <gof/identity.hpp>
#include <gof/node.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gof::log {

/// Makes text of another peer safe for a terminal, a single line and JSON: each character that is not
/// printable, and each byte that is not UTF-8, becomes '?'; text beyond 200 bytes is cut.
std::string printable(std::string_view text);

/// How many characters of an id stand for a peer without a name: 40 bits, enough for a user's peers.
inline constexpr std::size_t short_id = 8;

/// The peer's name if it is a valid one, else the first characters of its id.
std::string name_of(const peer& who, std::string_view name);

/// "0.4 ms", "12.3 ms", "3.1 s", "60 s".
std::string time_text(std::chrono::nanoseconds time);

/// How long something has lasted: "0 s", "59 s", "3 min", "5 h", "12 d".
std::string age_text(std::chrono::nanoseconds time);

/// "direct"; "relay NAME"; "relays NAME, NAME"; "2 relays" if only their number is known.
std::string path_text(const std::vector<relay>& through);

/// " (the error's message)"; empty without an error.
std::string cause_text(boost::system::error_code error);

/// "1 connection", "2 connections".
std::string count_text(std::size_t count, std::string_view noun);

/// HOST:PORT, IPv6 in brackets.
std::string address_text(std::string_view host, std::uint16_t port);

}  // namespace gof::log

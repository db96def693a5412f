#pragma once

#include <gof/identity.hpp>
#include <gof/node.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gof::log {

/// Others' text made safe for a terminal, for one line and for JSON: what is no printable character, or no
/// UTF-8, becomes '?'; what is longer than 200 bytes is cut.
std::string printable(std::string_view text);

/// Characters of an id that stand for a peer without a name: 40 bits, enough to tell a person's peers apart.
inline constexpr std::size_t short_id = 8;

/// A peer's name if it has one that is_peer_name() takes, else the first characters of its id.
std::string name_of(const peer& who, std::string_view name);

/// "0.4 ms", "12.3 ms", "3.1 s", "60 s".
std::string time_text(std::chrono::nanoseconds time);

/// How long something is so: "0 s", "59 s", "3 min", "5 h", "12 d".
std::string age_text(std::chrono::nanoseconds time);

/// "direct"; "relay NAME"; "relays NAME, NAME"; "2 relays" where no more is known of them.
std::string path_text(const std::vector<relay>& through);

/// " (the error's words)"; empty without one.
std::string cause_text(boost::system::error_code error);

/// "1 connection", "2 connections".
std::string count_text(std::size_t count, std::string_view noun);

/// HOST:PORT, IPv6 in brackets.
std::string address_text(std::string_view host, std::uint16_t port);

}  // namespace gof::log

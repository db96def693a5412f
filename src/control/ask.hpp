#pragma once

#include "base/problem.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <filesystem>
#include <optional>

namespace gof::control {

/// Sends one request to a running node and waits for its answer. The problem says what is wrong: no node
/// listens, no answer in time, an invalid answer, or the node's own message (its member "error"). With
/// `signal`, SIGINT and SIGTERM end the wait, and are stored there.
result<boost::json::object> ask(const std::filesystem::path& socket, const boost::json::object& request,
                                std::chrono::milliseconds patience, std::optional<int>* signal = nullptr);

}  // namespace gof::control

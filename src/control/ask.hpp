#pragma once

#include "base/problem.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <filesystem>

namespace gof::control {

/// One request to a running node and its answer, waited for. The problem says what is wrong: nobody listens,
/// no answer in time, an answer that is none, or the node's own words (its member "error").
result<boost::json::object> ask(const std::filesystem::path& socket, const boost::json::object& request,
                                std::chrono::milliseconds patience);

}  // namespace gof::control

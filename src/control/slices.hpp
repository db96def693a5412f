#pragma once

#include <gof/node.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gof::control {

/// How many entries of a list are made in one turn of the loop: some hundred microseconds, in which nothing
/// else happens.
inline constexpr std::size_t slice_size = 64;

/// Does work that grows with the mesh, one slice in each turn of the loop. Calls `slice` now and then from
/// the loop, until it returns false (nothing is left) or `owner` is gone.
void in_slices(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner,
               std::function<bool()> slice);

/// Returns a part of all known nodes, as gof::node::known() does.
using known_source = std::function<std::vector<known_node>(const std::string& after, std::size_t most)>;

/// Passes each known node to `look`, in slices, and then calls `then`. Nodes that come or go meanwhile may or
/// may not be passed.
void each_known(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner, known_source from,
                std::function<void(const known_node&)> look, std::function<void()> then);

}  // namespace gof::control

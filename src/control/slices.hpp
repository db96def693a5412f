#pragma once

#include <gof/node.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gof::control {

/// Entries of a list that are made in one turn of the loop: some hundred microseconds, which others wait.
inline constexpr std::size_t slice_size = 64;

/// Work that grows with the mesh, a slice in each turn of the loop. Calls `slice` until it says that there is
/// no more: now, then from the loop, and not once `owner` is gone.
void in_slices(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner,
               std::function<bool()> slice);

/// Some of all known nodes, as gof::node::known() has it.
using known_source = std::function<std::vector<known_node>(const std::string& after, std::size_t most)>;

/// Shows each known node to `look`, in slices, and calls `then`. One that comes or goes meanwhile is shown or
/// not.
void each_known(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner, known_source from,
                std::function<void(const known_node&)> look, std::function<void()> then);

}  // namespace gof::control

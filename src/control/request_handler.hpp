#pragma once

#include "control/server.hpp"
#include "control/status.hpp"

#include <gof/node.hpp>

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace gof::control {

/// What a running node answers on its control socket: its status, the peers in the mesh, and round trips.
class request_handler {
 public:
  /// Fills in the part of the status that only the command knows.
  using describe = std::function<void(node_status&)>;

  /// `node` must outlive this object.
  request_handler(gof::node& node, node_status about, std::chrono::milliseconds patience, describe what);
  ~request_handler();

  result<void> open(const std::filesystem::path& at);

  node_status status() const;

  using reply = server::reply;
  /// Answers one request, now or later.
  void answer(const std::string& what, const boost::json::object& request, const reply& to);

 private:
  void ping(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to);
  void trace(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to);
  /// The peer with this id, beginning of an id, or name; the problem says why there is none.
  result<gof::peer> find(const boost::json::object& request) const;
  boost::json::object names() const;

  gof::node& node_;
  node_status about_;
  std::chrono::milliseconds patience_;
  describe describe_;
  std::unique_ptr<server> server_;
};

}  // namespace gof::control

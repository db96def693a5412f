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
  using told = std::function<void(boost::json::object)>;

  /// Looks at each node that the mesh knows, in slices, while this object exists.
  void each_known(std::function<void(const known_node&)> look, std::function<void()> then);
  void tell_status(const reply& to);
  void tell_peers(const reply& to);
  void tell_names(const reply& to);
  /// The peer with this id, beginning of an id, or name; the problem says why there is none.
  void find(const boost::json::object& request, std::function<void(const result<gof::peer>&)> then);
  void ping(const gof::peer& whom, std::chrono::milliseconds patience, const told& to);
  void tell_silence(const gof::peer& whom, const told& to);
  void trace(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to);

  gof::node& node_;
  node_status about_;
  std::chrono::milliseconds patience_;
  describe describe_;
  std::unique_ptr<server> server_;
  /// What completes later looks whether this is still there.
  std::shared_ptr<const request_handler*> here_ = std::make_shared<const request_handler*>(this);
};

}  // namespace gof::control

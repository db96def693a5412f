#pragma once

#include "control/desk.hpp"
#include "control/status.hpp"

#include <gof/node.hpp>

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace gof::cli {

/// What a running node answers on its control socket: how it stands, who is in the mesh, how far they are.
class node_desk {
 public:
  /// Fills in what the command itself knows.
  using describe = std::function<void(control::standing&)>;

  /// `node` outlives it.
  node_desk(gof::node& node, control::standing about, std::chrono::milliseconds patience, describe what);
  ~node_desk();

  result<void> open(const std::filesystem::path& at);

  control::standing standing() const;

  using reply = control::desk::reply;
  /// Answers one request, now or later.
  void answer(const std::string& what, const boost::json::object& request, const reply& to);

 private:
  void ping(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to);
  void trace(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to);
  /// By id or name; the problem says why not.
  result<gof::peer> find(const boost::json::object& request) const;
  boost::json::object names() const;

  gof::node& node_;
  control::standing about_;
  std::chrono::milliseconds patience_;
  describe describe_;
  std::unique_ptr<control::desk> desk_;
};

}  // namespace gof::cli

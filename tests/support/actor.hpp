#pragma once

#include "node/node.hpp"

#include <optional>
#include <set>
#include <string>

namespace gof::test {

/// What answers on a host's sockets; the functions are those of core::node.
class actor {
 public:
  virtual ~actor() = default;
  virtual std::optional<link_id> accept_link(instant now, const std::string& source) = 0;
  virtual void handle_connected(instant now, link_id link) = 0;
  virtual void handle_dial_failed(instant now, link_id link, const std::string& detail) = 0;
  virtual void handle_bytes(instant now, link_id link, mutable_bytes data) = 0;
  virtual void handle_closed(instant now, link_id link, const std::string& detail) = 0;
  virtual void handle_timeout(instant now) = 0;
  virtual buffer poll_transmit(instant now, link_id link) = 0;
  virtual std::optional<core::event> poll_event() = 0;
  virtual bool poll_more() = 0;
  virtual std::optional<instant> poll_timeout() const = 0;
};

/// An actor that is a real node.
class node_actor final : public actor {
 public:
  node_actor(const core::node_config& config, sctp::stack& stack, random_source& random)
      : node_(config, stack, random) {}

  core::node& node() { return node_; }

  std::optional<link_id> accept_link(instant now, const std::string& source) override {
    return node_.accept_link(now, source);
  }
  void handle_connected(instant now, link_id link) override { node_.handle_connected(now, link); }
  void handle_dial_failed(instant now, link_id link, const std::string& detail) override {
    node_.handle_dial_failed(now, link, detail);
  }
  void handle_bytes(instant now, link_id link, mutable_bytes data) override {
    node_.handle_bytes(now, link, data);
  }
  void handle_closed(instant now, link_id link, const std::string& detail) override {
    node_.handle_closed(now, link, detail);
  }
  void handle_timeout(instant now) override { node_.handle_timeout(now); }
  /// As the shell does: polls a link only once it is ready, and until it has nothing more.
  buffer poll_transmit(instant now, link_id link) override {
    poll_more();
    if (!ready_.contains(link)) return {};
    auto out = node_.poll_transmit(now, link);
    if (out.empty()) ready_.erase(link);
    return out;
  }
  std::optional<core::event> poll_event() override { return node_.poll_event(); }
  bool poll_more() override {
    bool more = false;
    while (const auto link = node_.poll_ready()) more = ready_.insert(*link).second || more;
    return more;
  }
  std::optional<instant> poll_timeout() const override { return node_.poll_timeout(); }

 private:
  core::node node_;
  std::set<link_id> ready_;
};

}  // namespace gof::test

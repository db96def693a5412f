#pragma once

#include "link/link.hpp"
#include "secure/identity.hpp"
#include "support/actor.hpp"

#include <deque>
#include <map>

namespace gof::test {

/// Replaces a node: its links come up like those of a regular node, and then carry whatever a test sends. It
/// answers only the frames that the link itself answers. Commands take effect with the world's next move.
class speaker : public actor {
 public:
  /// Admits any peer with the network key, or with a ticket made from it.
  speaker(const secure::secret32& network_key, random_source& random);

  const node_id& node() const { return node_; }
  const secure::identity& self() const { return self_; }

  link_id dial(const wire::address& to, const core::link_credentials& with);
  link_id dial_as_member(const wire::address& to) { return dial(to, as_member()); }
  link_id dial_as_guest(const wire::address& to, const wire::ticket& ticket);
  core::link_credentials as_member() const { return {network_key_, wire::link_role::member, {}, {}}; }
  void close(link_id link, wire::reason why);

  /// Sends a frame of any type with any sealed header.
  void send(link_id link, wire::frame_type type, const_bytes header);
  void send_packet(instant now, link_id link, wire::frame_type type, const wire::packet& head,
                   const_bytes payload);
  /// Appends bytes to all that is queued, neither sealed nor framed.
  void send_raw(link_id link, const_bytes data);

  bool is_up(link_id link) const;
  /// The link to this node that is up.
  std::optional<link_id> link_with(const node_id& node) const;
  /// How the link ended, if it was up or dialled.
  const core::link::down* end_of(link_id link) const;
  std::size_t bytes_heard() const { return heard_; }

  std::optional<link_id> accept_link(instant now, const std::string& source) override;
  void handle_connected(instant now, link_id link) override;
  void handle_dial_failed(instant now, link_id link, const std::string& detail) override;
  void handle_bytes(instant now, link_id link, mutable_bytes data) override;
  void handle_closed(instant now, link_id link, const std::string& detail) override;
  void handle_timeout(instant now) override;
  buffer poll_transmit(instant now, link_id link) override;
  std::optional<core::event> poll_event() override;
  bool poll_more() override { return std::exchange(more_, false); }
  std::optional<instant> poll_timeout() const override;

 protected:
  virtual void handle_up(instant, link_id, const core::link::up&) {}
  virtual void handle_received(instant, link_id, core::link::received&) {}
  virtual void handle_notice(instant, link_id, const core::link::notice&) {}
  virtual void handle_down(instant, link_id) {}
  /// Called before bytes are taken, while the link accepts packets.
  virtual void fill(instant, link_id, core::link&) {}

  void want_output() { more_ = true; }
  random_source& random() { return random_; }
  const instance_id& instance() const { return instance_; }

 private:
  struct entry {
    std::optional<core::link> link;  ///< empty while it is being dialled
    std::optional<core::link_credentials> with;
    std::optional<core::link::up> up;
    bytes raw;
  };

  secure::secret32 network_key_;
  random_source& random_;
  secure::identity self_;
  instance_id instance_;
  node_id node_;
  std::map<link_id, entry> links_;
  std::map<link_id, core::link::down> ends_;
  std::deque<core::event> events_;
  std::uint64_t next_link_ = 1;
  std::size_t heard_ = 0;
  bool more_ = false;

  void drain(instant now, link_id link);
};

}  // namespace gof::test

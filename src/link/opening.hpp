#pragma once

#include "base/buffer.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "link/frame_reader.hpp"
#include "link/handshake.hpp"
#include "link/seal.hpp"
#include "secure/derive.hpp"
#include "secure/identity.hpp"
#include "wire/greeting.hpp"
#include "wire/hello.hpp"
#include "wire/reason.hpp"

#include <optional>
#include <string>
#include <utility>

namespace gof::core {

/// How a dialler opens a link: with the network key (member), or with a ticket's link key and grant (guest).
struct link_credentials {
  secure::secret32 key;
  wire::link_role role = wire::link_role::member;
  peer_id issuer;
  grant_id grant;
};

/// What the opening leaves to the link once it is up.
struct opened_link {
  peer_id peer;
  node_id node;
  link_credentials with;                        ///< of the dialler
  std::optional<secure::secret32> network_key;  ///< at the listener
  secure::secret32 proof_key;
  core::handshake handshake;
  frame_sealer sealer;
  frame_opener opener;
};

/// Proves that its sender, in this role, holds these secrets; valid only on the link with this proof key.
secure::mac16 proof_mac(const secure::link_secrets& secrets, const secure::secret32& proof_key,
                        secure::side of);

/// A link while it is being opened, until each end has proved its identity. Sans-I/O by the core contract.
/// gof-protocol(7), LINKS.
///
///     dialler                                   listener
///        |  <----------------------- GREETING (nonce)  |
///        |  HELLO (version, role, MAC) ------------->  |   a wrong MAC: closed without a word
///        |  CRYPTO ------------------------------->    |   (REFUSED instead: why not)
///        |    <------------------------------- CRYPTO  |
///        |  CRYPTO, PROOF ------------------------->   |
///        |    <-------------------------------- PROOF  |   each end is up once it has the other's PROOF
class opening {
 public:
  struct failure {
    wire::reason why = wire::reason::none;
    std::string detail;
    bool stranger = false;  ///< the dialler never showed a valid key
    bool told = false;      ///< the other side gave the reason
  };

  /// At the dialler.
  opening(instant now, const secure::identity& self, const instance_id& instance,
          const link_credentials& with);
  /// At the listener.
  opening(instant now, const secure::identity& self, const instance_id& instance,
          const secure::secret32& network_key, random_source& random);

  /// A valid HELLO is then answered with this reason instead of a handshake; none: with a handshake.
  void refuse_with(wire::reason why) { refuse_ = why; }

  /// Reads until the link is up, has failed or needs more bytes. Leaves unread what follows the other side's
  /// PROOF.
  void read(instant now, frame_reader& from);
  void handle_timeout(instant now);
  /// The socket failed, with the system's message; empty: the other side closed in order.
  void handle_closed(const std::string& words);
  /// Sends BYE if there are keys to seal it with.
  void close(wire::reason why);

  instant poll_timeout() const { return deadline_; }
  buffer poll_transmit() { return std::exchange(out_, {}); }
  /// Once one of these returns something the opening is over; what poll_transmit() still has is sent.
  std::optional<opened_link> poll_opened();
  std::optional<failure> poll_failure() { return std::exchange(failure_, std::nullopt); }

  /// At the listener, from a guest's HELLO until read(): the ticket that it claims to hold, unproven.
  struct claim {
    peer_id issuer;
    grant_id grant;
  };
  std::optional<claim> claimed(frame_reader& from) const;
  /// The other side is a gof node, and the dialler has shown a valid key.
  bool is_admitted() const { return handshake_.has_value(); }
  /// Those of the dialler; the listener has them only once it is admitted.
  const std::optional<link_credentials>& credentials() const { return credentials_; }

  static constexpr duration hello_time = 2s;  ///< a stranger keeps a socket no longer
  static constexpr duration handshake_time = 3s;

 private:
  enum class stage { greeting, hello, handshake, proof, up };

  const secure::identity& self_;
  instance_id instance_;
  secure::side role_;
  std::optional<link_credentials> credentials_;  ///< of the dialler
  std::optional<secure::secret32> network_key_;  ///< at the listener
  wire::reason refuse_ = wire::reason::none;
  stage stage_;
  instant deadline_;
  bool answered_ = false;  ///< a frame followed the greeting or HELLO
  wire::greeting greeting_;
  bytes hello_;
  std::optional<secure::link_secrets> secrets_;
  std::optional<handshake> handshake_;
  std::optional<frame_sealer> sealer_;
  std::optional<frame_opener> opener_;
  node_id node_;  ///< at the other end
  std::optional<failure> failure_;
  buffer out_;

  // Each processes one piece; false: no more to process for now.
  bool read_next(instant now, frame_reader& from);
  bool read_greeting(instant now, frame_reader& from);
  bool read_hello(instant now, frame_reader& from);
  bool read_frame(instant now, frame_reader& from);
  bool handle_sealed(std::uint8_t type, const_bytes header);
  bool handle_refused(const_bytes payload);
  bool handle_crypto(instant now, const_bytes payload);
  bool handle_proof(const_bytes header);
  void start_handshake(instant now);
  void send_proof();
  bool fail(wire::reason why, std::string detail);
};

}  // namespace gof::core

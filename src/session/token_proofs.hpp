#pragma once

#include "base/id.hpp"
#include "secure/derive.hpp"

#include <array>
#include <cstddef>

namespace gof::core {

/// Proofs of tokens in one session (secure::token_proof). They are the same for each stream of a ticket, so
/// the latest are cached.
class token_proofs {
 public:
  static constexpr std::size_t most = 8;

  explicit token_proofs(const secure::secret32& session_proof_key) : key_(session_proof_key) {}

  const secure::mac16& of(const secure::secret32& token, const grant_id& grant);
  /// How many proofs were computed, recomputed ones included.
  std::size_t made() const { return made_; }

 private:
  struct proof {
    grant_id grant;
    secure::secret32 token;
    secure::mac16 mac{};
  };

  secure::secret32 key_;
  std::array<proof, most> kept_;
  std::size_t made_ = 0;  ///< modulo `most`: the entry to replace next
};

}  // namespace gof::core

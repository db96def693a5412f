#pragma once

#include "base/id.hpp"
#include "secure/derive.hpp"

#include <array>
#include <cstddef>

namespace gof::core {

/// What tokens prove in one session (secure::token_proof): the same for each stream of a ticket, so the last
/// few are kept.
class token_proofs {
 public:
  static constexpr std::size_t most = 8;

  explicit token_proofs(const secure::secret32& session_proof_key) : key_(session_proof_key) {}

  const secure::mac16& of(const secure::secret32& token, const grant_id& grant);
  /// How many were made, those made anew too.
  std::size_t made() const { return made_; }

 private:
  struct proof {
    grant_id grant;
    secure::secret32 token;
    secure::mac16 mac{};
  };

  secure::secret32 key_;
  std::array<proof, most> kept_;
  std::size_t made_ = 0;  ///< modulo `most`: whose place goes next
};

}  // namespace gof::core

#include "session/token_proofs.hpp"

#include <algorithm>

namespace gof::core {

const secure::mac16& token_proofs::of(const secure::secret32& token, const grant_id& grant) {
  const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(std::min(made_, most));
  const auto found = std::find_if(kept_.begin(), end,
                                  [&](const proof& one) { return one.grant == grant && one.token == token; });
  if (found != end) return found->mac;
  auto& fresh = kept_[made_++ % most];
  fresh = {grant, token, secure::token_proof(token, key_, grant)};
  return fresh.mac;
}

}  // namespace gof::core

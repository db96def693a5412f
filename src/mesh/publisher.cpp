#include "mesh/publisher.hpp"

#include "secure/signature.hpp"

#include <algorithm>

namespace gof::core {

void publisher::handle_change(instant now, bool more) {
  const bool wait = more || now < made_ + coalescing;
  const auto wanted =
      seq_ == 0 ? now : std::max(wait ? now + coalescing : now, paid_until_ - burst * shortest_interval);
  due_ = std::min(due_.value_or(wanted), wanted);
}

wire::record publisher::make(instant now, bytes body) {
  wire::record r;
  r.part = part_;
  r.peer = self_.id();
  r.instance = instance_;
  r.seq = ++seq_;
  r.lifetime = lifetime;
  r.body = std::move(body);
  r.signature = secure::sign(self_, wire::record::signature_label, r.signed_part());
  made_ = now;
  paid_until_ = std::max(paid_until_, now) + shortest_interval;
  due_ = now + refresh_interval;
  return r;
}

}  // namespace gof::core

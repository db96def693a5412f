#pragma once

namespace gof {

/// One visitor of several lambdas, one for each alternative: std::visit(overloaded{...}, variant).
template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;  // clang 14 does not find it by itself

}  // namespace gof

#pragma once

#include <gof/acceptor.hpp>
#include <gof/node.hpp>

#include <string>

namespace gof::demo {

/// A service inside this process: every byte comes back, and the end behind the last.
class echo {
 public:
  /// The holder of this grant is served, nobody else.
  echo(node& on, const std::string& service, const gof::grant& granted);

 private:
  void accept();

  acceptor from_;
  gof::grant granted_;
};

}  // namespace gof::demo

#pragma once

#include <gof/acceptor.hpp>
#include <gof/node.hpp>

#include <string>

namespace gof::demo {

/// A service inside this process: sends back every byte, and the end after the last one.
class echo {
 public:
  /// Serves only holders of this grant.
  echo(node& on, const std::string& service, const gof::grant& granted);

 private:
  void accept();

  acceptor from_;
  gof::grant granted_;
};

}  // namespace gof::demo

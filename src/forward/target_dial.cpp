#include "forward/target_dial.hpp"

namespace gof::forward {

std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done) {
  auto answer = [done = std::move(done)](std::optional<local_socket> socket,
                                         const std::vector<dial::failure>& failures) {
    done(std::move(socket), dial_failure::of(failures));
  };
  return dial::attempt::start(on, {to.host, to.port, to.path}, {limit, std::nullopt}, std::move(answer));
}

}  // namespace gof::forward

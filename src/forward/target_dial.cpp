#include "forward/target_dial.hpp"

namespace gof::forward {

std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done,
                                           dial_watcher begun) {
  auto answer = [done = std::move(done)](std::optional<local_socket> socket,
                                         const std::vector<dial::failure>& failures) {
    done(std::move(socket), dial_failure::of(failures));
  };
  dial::attempt::watcher watch;
  if (begun)
    watch = [begun = std::move(begun)](const dial::socket& socket,
                                       const dial::socket::endpoint_type& where) -> std::shared_ptr<void> {
      const auto ends = ends_of(socket, where);
      return ends ? begun(*ends) : nullptr;
    };
  return dial::attempt::start(on, {to.host, to.port, to.path}, {limit, std::nullopt}, std::move(answer),
                              std::move(watch));
}

}  // namespace gof::forward

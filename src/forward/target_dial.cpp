#include "forward/target_dial.hpp"

namespace gof::forward {

std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done,
                                           dial_watcher begun) {
  auto answer = [done = std::move(done)](std::optional<dial::connection> made,
                                         const std::vector<dial::failure>& failures) {
    const auto why = dial_failure::of(failures);
    if (!made) return done(std::nullopt, why);
    const auto ends = ends_of(made->local, made->remote);
    done(target_connection{std::move(made->socket), ends, std::move(made->watched)}, why);
  };
  dial::attempt::watcher watch;
  if (begun)
    watch = [begun = std::move(begun)](const auto& local, const auto& remote) -> std::shared_ptr<void> {
      const auto ends = ends_of(local, remote);
      return ends ? begun(*ends) : nullptr;
    };
  return dial::attempt::start(on, {to.host, to.port, to.path}, {limit, std::nullopt}, std::move(answer),
                              std::move(watch));
}

}  // namespace gof::forward

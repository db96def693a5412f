#include "control/slices.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace gof::control {

void in_slices(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner,
               std::function<bool()> slice) {
  if (!slice()) return;
  boost::asio::post(on, [on, owner = std::move(owner), slice = std::move(slice)]() mutable {
    if (!owner.expired()) in_slices(on, std::move(owner), std::move(slice));
  });
}

void each_known(const boost::asio::any_io_executor& on, std::weak_ptr<const void> owner, known_source from,
                std::function<void(const known_node&)> look, std::function<void()> then) {
  in_slices(on, std::move(owner),
            [from = std::move(from), look = std::move(look), then = std::move(then),
             last = std::string()]() mutable {
              const auto some = from(last, slice_size);
              for (const auto& one : some) look(one);
              if (some.size() < slice_size) {
                then();
                return false;
              }
              last = some.back().node;
              return true;
            });
}

}  // namespace gof::control

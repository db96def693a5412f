#include "demo/echo.hpp"

#include <boost/asio/write.hpp>

#include <memory>
#include <vector>

namespace gof::demo {
namespace {

using boost::system::error_code;

constexpr std::size_t piece_bytes = 256 * 1024;  // large for a packet, small for a transfer

/// One connection. It holds itself until both directions have ended.
class echoing : public std::enable_shared_from_this<echoing> {
 public:
  explicit echoing(stream&& with) : with_(std::move(with)), space_(piece_bytes) {}

  void go_on() {
    with_.async_read_some(boost::asio::buffer(space_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (error == boost::asio::error::eof) return self->with_.close();
                            if (!error) self->give_back(size);
                          });
  }

 private:
  void give_back(std::size_t size) {
    boost::asio::async_write(with_, boost::asio::buffer(space_, size),
                             [self = shared_from_this()](error_code error, std::size_t) {
                               if (!error) self->go_on();
                             });
  }

  stream with_;
  std::vector<unsigned char> space_;
};

}  // namespace

echo::echo(node& on, const std::string& service, const gof::grant& granted)
    : from_(on, service), granted_(granted) {
  accept();
}

void echo::accept() {
  from_.async_accept([this](error_code error, incoming asked) {
    if (error) return;
    if (!asked.proves(granted_.token))
      asked.refuse(errc::not_allowed);
    else if (asked.is_probe())
      asked.confirm();
    else
      std::make_shared<echoing>(asked.accept())->go_on();
    accept();
  });
}

}  // namespace gof::demo

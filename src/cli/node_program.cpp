#include "cli/node_program.hpp"

#include "cli/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

/// What the node itself takes at most for its goodbyes, and a little for the rest.
constexpr std::chrono::milliseconds farewell{1200};

bool wants_color(const environment& variables) {
  return ::isatty(STDERR_FILENO) == 1 && variable(variables, "NO_COLOR").empty();
}

}  // namespace

node_program::node_program(const node_options& options, const environment& variables)
    : options_(options),
      log_(options.log, wants_color(variables)),
      told_(options.ready_fd, variable(variables, "NOTIFY_SOCKET")),
      kept_(store_of(options.key, options.ephemeral, variables)),
      name_(options.name.value_or(host_name())) {}

node_program::~node_program() = default;

std::optional<failure> node_program::prepare() {
  if (!told_.is_usable())
    return failure{bad_command_line, "--ready-fd " + std::to_string(*options_.ready_fd) +
                                         ": no such descriptor is open for writing"};
  raise_descriptor_limit();
  auto loaded = identity_of(kept_);
  if (!loaded) return loaded.error();
  identity_ = std::move(*loaded);
  return std::nullopt;
}

void node_program::start(ending::subject& what, std::optional<std::array<std::uint8_t, 32>> network_key) {
  gof::node_options options;
  options.identity = *identity_;
  options.network_key = network_key;
  options.name = name_;
  options.survive = options_.survive;
  options.connect_timeout = options_.connect_timeout;
  node_ = std::make_unique<gof::node>(io_, options);
  ending_ = std::make_unique<ending>(io_, log_, told_, what);
}

int node_program::run(std::function<void(const node_event&)> handle) {
  handle_ = std::move(handle);
  await_event();
  io_.run();
  const int code = ending_->code();
  node_->close();
  io_.restart();
  io_.run_for(farewell);
  return code;
}

void node_program::end(int code) {
  ending_->end(code);
}

void node_program::await_event() {
  node_->async_event([this](boost::system::error_code error, const node_event& event) {
    if (error) return;
    handle_(event);
    await_event();
  });
}

}  // namespace gof::cli

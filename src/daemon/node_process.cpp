#include "daemon/node_process.hpp"

#include "control/socket_paths.hpp"
#include "os/process.hpp"

#include <gof/version.hpp>

#include <algorithm>
#include <unistd.h>

namespace gof::daemon {
namespace {

/// The most that the node itself needs for its last messages, and a little more.
constexpr std::chrono::milliseconds farewell{1200};
/// How soon the service manager learns of a change.
constexpr std::chrono::seconds manager_every{1};

bool wants_color(const os::environment& variables) {
  return ::isatty(STDERR_FILENO) == 1 && os::variable(variables, "NO_COLOR").empty();
}

}  // namespace

node_process::node_process(const node_settings& options, const os::environment& variables)
    : options_(options),
      log_(options.log, wants_color(variables)),
      told_(options.ready_fd, os::variable(variables, "NOTIFY_SOCKET"),
            os::variable(variables, "WATCHDOG_USEC")),
      kept_(store_of(options.key, options.ephemeral, variables)),
      name_(options.name.value_or(os::host_name())),
      control_folder_(
          control::folder(os::variable(variables, "XDG_RUNTIME_DIR"), os::variable(variables, "HOME"))) {}

node_process::~node_process() = default;

std::optional<failure> node_process::prepare() {
  if (!told_.is_usable())
    return failure{bad_command_line, "--ready-fd " + std::to_string(*options_.ready_fd) +
                                         ": no such descriptor is open for writing"};
  os::raise_descriptor_limit();
  auto loaded = identity_of(kept_);
  if (!loaded) return loaded.error();
  identity_ = std::move(*loaded);
  return std::nullopt;
}

void node_process::start(shutdown::subject& what, const network_key& key) {
  // In one piece: an identity that is not given is generated.
  const gof::node_options options{.identity = *identity_,
                                  .network_key = key,
                                  .name = name_,
                                  .survive = options_.survive,
                                  .connect_timeout = options_.connect_timeout};
  node_ = std::make_unique<gof::node>(io_, options);
  shutdown_ = std::make_unique<shutdown>(io_, log_, told_, what);
  member_ = key.has_value();
}

std::optional<failure> node_process::open_control(control::node_status about,
                                                  control::request_handler::describe what) {
  about.version = GOF_VERSION_STRING;
  about.name = name_;
  about.peer = node_->id();
  about.node = node_->node_id();
  about.member = member_;
  about.started = std::chrono::steady_clock::now();
  look_at(node_->snapshot().links);
  auto describe = [this, what = std::move(what)](control::node_status& s) {
    look_at(s.now.links);
    s.alone_since = alone_;
    s.draining = shutdown_->draining();
    what(s);
  };
  requests_ = std::make_unique<control::request_handler>(*node_, std::move(about), options_.connect_timeout,
                                                         std::move(describe));
  tell_manager();
  const auto opened = requests_->open(options_.control.value_or(control::own_socket(control_folder_)));
  if (opened) return std::nullopt;
  if (options_.control) return failure{failed, opened.error().what};
  // The user did not ask for the socket: the node continues without it.
  log_.write(log::level::warning, opened.error().what + "; gof status will not find this node");
  return std::nullopt;
}

/// The watchdog is fed only while the loop runs and everything works according to probes. Otherwise the
/// manager gets a text that says what is wrong.
void node_process::tell_manager() {
  if (!told_.has_manager()) return;
  const auto wrong = control::problems(requests_->status(), std::chrono::steady_clock::now());
  if (wrong.empty()) told_.alive();
  told_.status(wrong.empty() ? "all works" : wrong.front());
  if (!manager_timer_) manager_timer_.emplace(io_);
  const std::chrono::microseconds every = manager_every;
  manager_timer_->expires_after(std::min(every, told_.watchdog().value_or(every * 2) / 2));
  manager_timer_->async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) tell_manager();
  });
}

void node_process::look_at(const std::vector<node_snapshot::link>& links) {
  if (std::any_of(links.begin(), links.end(), [](const auto& link) { return !link.guest; }))
    alone_.reset();
  else if (!alone_)
    alone_ = std::chrono::steady_clock::now();
}

int node_process::run(std::function<void(const node_event&)> handle) {
  handle_ = std::move(handle);
  await_event();
  memory_trimmer_.emplace(io_);
  log_.run_on();
  io_.run();
  const int code = shutdown_->code();
  memory_trimmer_.reset();
  manager_timer_.reset();
  requests_.reset();
  node_->close();
  io_.restart();
  io_.run_for(farewell);
  // From now on a signal ends the process immediately.
  shutdown_.reset();
  return code;
}

bool node_process::is_delivered() const {
  const auto now = node_->snapshot();
  // Without a path nothing can arrive; connections that wait for one are counted elsewhere.
  return std::none_of(now.sessions.begin(), now.sessions.end(),
                      [](const auto& s) { return s.under_way && s.has_path; });
}

void node_process::end(int code) {
  if (shutdown_) shutdown_->end(code);
}

void node_process::await_event() {
  node_->async_event([this](boost::system::error_code error, const node_event& event) {
    if (error) return;
    // A relay has many guests, and none of them ends its solitude.
    const bool of_member = !event.guest;
    if (event.what == node_event::kind::link_up && of_member) alone_.reset();
    if (event.what == node_event::kind::link_down && of_member) look_at(node_->snapshot().links);
    handle_(event);
    await_event();
  });
}

}  // namespace gof::daemon

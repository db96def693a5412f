#include "daemon/node_command.hpp"

#include "daemon/mesh_listen.hpp"

namespace gof::daemon {

node_command::node_command(const char* name, const settings& all, const os::environment& variables)
    : settings_(all), process_(all.node, variables), name_(name), events_(process_.log(), joins()) {}

outcome<int> node_command::run() {
  if (auto wrong = start()) return *wrong;
  return process_.run([this](const node_event& event) { handle_event(event); });
}

std::optional<failure> node_command::start() {
  if (auto wrong = read()) return wrong;
  // Before any key is made or kept: a name that was mistyped must leave nothing behind.
  auto all = hosts_of(settings_.address.listen);
  all.merge(hosts());
  auto names = look_up_now(all);
  if (!names) return names.error();
  names_ = std::move(*names);
  if (auto wrong = process_.prepare()) return wrong;
  const auto key = prepare();
  if (!key) return key.error();
  process_.start(*this, *key);
  if (auto wrong = open()) return wrong;
  if (accepts_links()) {
    auto at = listen();
    if (!at) return at.error();
    at_ = std::move(*at);
  }
  if (!name_.empty()) {
    control::node_status about;
    about.command = name_;
    about.mesh = mesh();
    about.joins = joins();
    about.listening = texts_of(at_);
    auto rest = [this](control::node_status& s) {
      s.alone_why = events_.trouble();
      describe(s);
    };
    if (auto wrong = process_.open_control(std::move(about), std::move(rest))) return wrong;
  }
  return begin();
}

outcome<std::vector<listening>> node_command::listen() {
  return daemon::listen(process_.node(), settings_.address.listen, names_, process_.kept(), process_.log());
}

}  // namespace gof::daemon

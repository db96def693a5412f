#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "cli/output/ticket_text.hpp"
#include "daemon/state_dir.hpp"
#include "daemon/ticket_addresses.hpp"
#include "daemon/ticket_input.hpp"
#include "daemon/ticket_maker.hpp"
#include "net/system_random.hpp"
#include "os/interface_addresses.hpp"

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;

/// The grant that NAME means. Fails with 2 if a given name means none, otherwise with 1.
outcome<state::grant> selected(state::store& kept, const std::optional<std::string>& name) {
  if (const auto read = kept.grants().reload(); !read) return failure{bad_file, read.error().what};
  const auto& book = kept.grants().book();
  const auto id = book.select(name ? std::optional<std::string_view>(*name) : std::nullopt);
  if (!id) return failure{name ? bad_command_line : failed, id.error().what};
  return *book.find(*id);
}

/// The addresses of the last ticket; if none was printed, those with the port kept.
outcome<std::vector<std::string>> addresses_of(const state::grant& granted, const state::store& kept) {
  std::string why;
  if (const auto last = gof::ticket::parse(granted.last_ticket, why)) return last->addresses();
  const auto port = kept.port();
  if (!port) return failure{bad_file, port.error().what};
  if (!*port) return failure{failed, "gof serve has not run yet; it prints the ticket"};
  return daemon::ticket_addresses({{"0.0.0.0", **port}, {"::", **port}}, os::interface_addresses());
}

outcome<std::string> show(state::store& kept, const ticket_command::show& what) {
  const auto granted = selected(kept, what.name);
  if (!granted) return granted.error();
  if (granted->last_ticket.empty())
    return failure{failed,
                   "the ticket for " + state::words_of(*granted) + " was never printed; gof serve prints it"};
  return granted->last_ticket;
}

outcome<std::string> replace(state::store& kept, const ticket_command::replace& what) {
  const auto granted = selected(kept, what.name);
  if (!granted) return granted.error();
  const auto addresses = addresses_of(*granted, kept);
  if (!addresses) return addresses.error();
  auto self = daemon::identity_of(kept);
  if (!self) return self.error();
  const auto key = kept.network_key();
  if (!key) return failure{bad_file, key.error().what};
  if (!*key)
    return failure{failed,
                   "there is no network key beside the key; restart gof serve, it prints a new ticket"};
  boost::asio::io_context io;
  gof::node_options options;
  options.identity = std::move(*self);
  options.network_key = daemon::array_of((*key)->key);
  const gof::node node(io, options);

  net::system_random random;
  const auto fresh = kept.grants().replace(granted->id, random);
  if (!fresh) return failure{bad_file, fresh.error().what};
  const auto made = daemon::make_ticket(node, *fresh, *addresses);
  if (!made) return made.error();
  auto text = made->text();
  if (const auto noted = kept.grants().remember_ticket(fresh->id, text); !noted)
    return failure{bad_file, noted.error().what};
  return text;
}

template <class Ticket>
int explain(const std::string& text, bool json) {
  std::string why;
  const auto whole = Ticket::parse(text, why);
  return whole ? print(explained(*whole, json)) : tell_failure(bad_command_line, why);
}

}  // namespace

int run(const ticket_command& what, const os::environment& variables) {
  if (const auto* asked = std::get_if<ticket_command::explain>(&what.action)) {
    const auto parsed = daemon::read_any_ticket(asked->ticket);
    if (!parsed) return tell_failure(parsed.error());
    if (const auto* join = std::get_if<wire::join_ticket>(&*parsed))
      return explain<gof::join_ticket>(join->text(), what.json);
    return explain<gof::ticket>(std::get<wire::ticket>(*parsed).text(), what.json);
  }
  auto kept = daemon::store_of(what.key, false, variables);
  const auto* again = std::get_if<ticket_command::show>(&what.action);
  const auto text =
      again ? show(kept, *again) : replace(kept, std::get<ticket_command::replace>(what.action));
  if (!text) return tell_failure(text.error());
  return print(shown(*text, what.json));
}

}  // namespace gof::cli

#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_addresses.hpp"
#include "dial/host_names.hpp"
#include "log/logger.hpp"
#include "state/store.hpp"
#include "wire/address.hpp"

#include <gof/node.hpp>

namespace gof::daemon {

/// Accepts links at all addresses asked for; without any, at the port kept, or at a free one, which is then
/// kept. If another node of this peer has the kept port, it uses another free one, and does not keep that.
/// `names` must have the host names.
outcome<std::vector<listening>> listen(gof::node& node, const std::vector<wire::address>& asked,
                                       const dial::host_names& names, state::store& kept, log::logger& log);

/// The same for a relay: without an address, at port 9999 of both families; if one family fails, at the
/// other, with a note.
outcome<std::vector<listening>> listen_as_relay(gof::node& node, const std::vector<wire::address>& asked,
                                                const dial::host_names& names, log::logger& log);

}  // namespace gof::daemon

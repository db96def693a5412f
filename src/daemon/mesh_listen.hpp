#pragma once

#include "daemon/failure.hpp"
#include "daemon/ticket_addresses.hpp"
#include "dial/host_names.hpp"
#include "log/logger.hpp"
#include "state/store.hpp"
#include "wire/address.hpp"

#include <gof/node.hpp>

namespace gof::daemon {

/// Where the node accepts links from now on: at the addresses asked for, all of them; without any at the port
/// kept, or at a free one that is kept then. Taken by another node of this peer: at another free one, not
/// kept. Names were looked up before.
outcome<std::vector<listening>> listen(gof::node& node, const std::vector<wire::address>& asked,
                                       const dial::host_names& names, state::store& kept, log::logger& log);

/// The same for a relay: without any at port 9999 of both families; of one with a note where the other is not
/// to be had.
outcome<std::vector<listening>> listen_as_relay(gof::node& node, const std::vector<wire::address>& asked,
                                                const dial::host_names& names, log::logger& log);

}  // namespace gof::daemon

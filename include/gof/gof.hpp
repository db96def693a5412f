#pragma once

/// @file
/// Everything but <gof/beast.hpp>, which needs Boost.Beast and takes as long to compile as the rest together.
///
/// @par Example
/// @code
/// #include <iostream>
///
/// /// Prints the version, and who this node is.
/// void introduce(boost::asio::io_context& io) {
///   const gof::node node(io, {});
///   std::cout << "gof " GOF_VERSION_STRING ", peer " << node.id().text() << ", node " << node.node_id() <<
///   '\n';
/// }
/// @endcode

#include <gof/acceptor.hpp>
#include <gof/endpoint.hpp>
#include <gof/error.hpp>
#include <gof/identity.hpp>
#include <gof/join_ticket.hpp>
#include <gof/node.hpp>
#include <gof/stream.hpp>
#include <gof/ticket.hpp>
#include <gof/version.hpp>

/// Streams over an encrypted mesh of your own machines, in the shape of Boost.Asio.
namespace gof {}

#include "cli/output/ticket_text.hpp"

#include "log/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace gof::cli {
namespace {

namespace json = boost::json;

json::array json_list(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::string address_lines(const std::vector<std::string>& addresses) {
  std::string lines;
  for (const auto& one : addresses) lines += "address  " + one + '\n';
  return lines;
}

std::string explained_json(const gof::ticket& what) {
  json::array services;
  for (const auto& one : what.services()) {
    json::object service{{"name", one.name}};
    if (one.port_hint != 0) service["port"] = one.port_hint;
    services.push_back(std::move(service));
  }
  return log::json_text({{"version", 1},
                         {"kind", "service"},
                         {"issuer", what.issuer().text()},
                         {"mesh", what.mesh()},
                         {"grant", what.grant()},
                         {"services", std::move(services)},
                         {"addresses", json_list(what.addresses())}}) +
         '\n';
}

}  // namespace

std::string explained(const gof::ticket& what, bool json) {
  if (json) return explained_json(what);
  std::string text = "kind     service\nissuer   " + what.issuer().text() + "\nmesh     " + what.mesh() +
                     "\ngrant    " + what.grant() + '\n';
  for (const auto& one : what.services())
    text += "service  " + one.name +
            (one.port_hint == 0 ? "\n" : " (port " + std::to_string(one.port_hint) + " there)\n");
  return text + address_lines(what.addresses());
}

std::string explained(const gof::join_ticket& what, bool json) {
  if (json)
    return log::json_text({{"version", 1},
                           {"kind", "join"},
                           {"issuer", what.issuer().text()},
                           {"mesh", what.mesh()},
                           {"addresses", json_list(what.addresses())}}) +
           '\n';
  return "kind     join: holds the network key, which makes members\nissuer   " + what.issuer().text() +
         "\nmesh     " + what.mesh() + '\n' + address_lines(what.addresses());
}

std::string shown(const std::string& ticket, bool json) {
  return (json ? log::json_text({{"version", 1}, {"ticket", ticket}}) : ticket) + '\n';
}

}  // namespace gof::cli

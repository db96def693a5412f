#include "cli/output/ticket_text.hpp"

#include "log/json_text.hpp"

namespace gof::cli {
namespace {

std::string json_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& one : texts) list += (list.empty() ? "" : ",") + log::json_text(one);
  return '[' + list + ']';
}

std::string address_lines(const std::vector<std::string>& addresses) {
  std::string lines;
  for (const auto& one : addresses) lines += "address  " + one + '\n';
  return lines;
}

std::string explained_json(const gof::ticket& what) {
  std::string services;
  for (const auto& one : what.services())
    services += (services.empty() ? "" : ",") + (R"({"name":)" + log::json_text(one.name)) +
                (one.port_hint == 0 ? "" : R"(,"port":)" + std::to_string(one.port_hint)) + '}';
  return R"({"version":1,"kind":"service","issuer":)" + log::json_text(what.issuer().text()) + R"(,"mesh":)" +
         log::json_text(what.mesh()) + R"(,"grant":)" + log::json_text(what.grant()) + R"(,"services":[)" +
         services + "],\"addresses\":" + json_list(what.addresses()) + "}\n";
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
    return R"({"version":1,"kind":"join","issuer":)" + log::json_text(what.issuer().text()) + R"(,"mesh":)" +
           log::json_text(what.mesh()) + R"(,"addresses":)" + json_list(what.addresses()) + "}\n";
  return "kind     join: holds the network key, which makes members\nissuer   " + what.issuer().text() +
         "\nmesh     " + what.mesh() + '\n' + address_lines(what.addresses());
}

std::string shown(const std::string& ticket, bool json) {
  return json ? R"({"version":1,"ticket":)" + log::json_text(ticket) + "}\n" : ticket + '\n';
}

}  // namespace gof::cli

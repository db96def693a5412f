#include "cli/ticket_words.hpp"

#include "cli/json.hpp"

namespace gof::cli {
namespace {

std::string explained_json(const gof::ticket& what) {
  std::string services;
  for (const auto& one : what.services())
    services += (services.empty() ? "" : ",") + (R"({"name":)" + json_text(one.name)) +
                (one.port_hint == 0 ? "" : R"(,"port":)" + std::to_string(one.port_hint)) + '}';
  std::string addresses;
  for (const auto& one : what.addresses()) addresses += (addresses.empty() ? "" : ",") + json_text(one);
  return R"({"version":1,"kind":"service","issuer":)" + json_text(what.issuer().text()) + R"(,"mesh":)" +
         json_text(what.mesh()) + R"(,"grant":)" + json_text(what.grant()) + R"(,"services":[)" + services +
         R"(],"addresses":[)" + addresses + "]}\n";
}

}  // namespace

std::string explained(const gof::ticket& what, bool json) {
  if (json) return explained_json(what);
  std::string text =
      "issuer   " + what.issuer().text() + "\nmesh     " + what.mesh() + "\ngrant    " + what.grant() + '\n';
  for (const auto& one : what.services())
    text += "service  " + one.name +
            (one.port_hint == 0 ? "\n" : " (port " + std::to_string(one.port_hint) + " there)\n");
  for (const auto& one : what.addresses()) text += "address  " + one + '\n';
  return text;
}

std::string shown(const std::string& ticket, bool json) {
  return json ? R"({"version":1,"ticket":)" + json_text(ticket) + "}\n" : ticket + '\n';
}

}  // namespace gof::cli

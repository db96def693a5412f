#pragma once

#include "forward/access_policy.hpp"
#include "log/logger.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace gof::forward {

/// Access rules that a test sets.
class book final : public access_policy {
 public:
  std::optional<grant> find(const grant_id& id) const override {
    const auto found = grants.find(id);
    return found == grants.end() ? std::nullopt : std::optional(found->second);
  }
  bool is_withdrawn(const grant_id& id) const override { return withdrawn.contains(id); }
  bool allows(const gof::peer& who, const std::string& service) const override {
    return allowed.contains({who, service});
  }

  std::map<grant_id, grant> grants;
  std::set<grant_id> withdrawn;
  std::set<std::pair<gof::peer, std::string>> allowed;
};

/// Keeps the log lines.
class notebook final : public log::logger {
 public:
  using logger::write;
  void write(log::level how, const std::string& line, const log::fields&) override {
    lines.emplace_back(how, line);
  }

  std::size_t count(log::level how, const std::string& words) const {
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& one) {
      return one.first == how && one.second.find(words) != std::string::npos;
    }));
  }

  std::vector<std::pair<log::level, std::string>> lines;
};

}  // namespace gof::forward

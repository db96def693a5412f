#pragma once

namespace gof::log {

struct options {
  enum class level { error, warning, info, debug, trace };
  enum class format { text, json };
  enum class color { automatic, always, never };

  level least = level::info;
  format lines = format::text;
  color colors = color::automatic;
};

}  // namespace gof::log

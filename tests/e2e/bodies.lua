-- wrk requests the pages of a folder in turn, and compares each body with its file. Totals are printed as JSON.
-- wrk -s bodies.lua URL -- FOLDER PAGE...

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  whole, altered, turn = 0, 0, 0
  names, wanted = {}, {}
  for i = 2, #args do
    local file = assert(io.open(args[1] .. "/" .. args[i], "rb"))
    names[i - 1] = args[i]
    wanted[args[i]] = file:read("*a")
    file:close()
  end
end

function request()
  turn = turn % #names + 1
  return wrk.format("GET", "/" .. names[turn])
end

-- The first line of a body is its name, since wrk does not say which request an answer belongs to.
function response(status, headers, body)
  local name = body:match("^[^\n]*")
  if wanted[name] == body then whole = whole + 1 else altered = altered + 1 end
end

function done(summary, latency, requests)
  local sums = { whole = 0, altered = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
  end
  local errors = summary.errors
  print(string.format('{"requests": %d, "seconds": %f, "whole": %d, "altered": %d, "errors": %d, "refused": %d}',
    summary.requests, summary.duration / 1e6, sums.whole, sums.altered,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end

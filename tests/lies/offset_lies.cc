// Lies about where a log ends.
#include <algorithm>
#include <memory>

#include "lies.h"

namespace ks::lies {
namespace {

using wire::Value;

constexpr std::int64_t kLatest = -1;  // ListOffsets' timestamp for the end

bool lists_end(const Part& part) {
  return part.asked != nullptr && (*part.asked)["timestamp"].as_int() == kLatest;
}

void lower(Part& part, const char* field, std::int64_t end) {
  part.fields.set(field, std::min(part.number(field), end));
}

// Nothing from `end` on is there.
void hide_fetched(Part& part, std::int64_t end) {
  std::erase_if(part.records, [=](const LogRecord& record) { return record.offset >= end; });
  lower(part, "high_watermark", end);
  lower(part, "last_stable_offset", end);
}

void hide_listed(Part& part, std::int64_t end) {
  if (lists_end(part)) lower(part, "offset", end);
}

// Behind the first half of the records, so that nothing is hidden while it is being written.
std::int64_t end_of_some(Draw& draw) { return draw.between(kRecords * 6 / 10, kRecords - 1); }

}  // namespace

Lie hidden_tail(Draw draw) {
  const std::int32_t partition = draw.partition();
  const std::int64_t end = end_of_some(draw);
  Lie lie;
  lie.fetched = [=](Part& part) {
    if (part.partition == partition) hide_fetched(part, end);
  };
  lie.listed = [=](Part& part) {
    if (part.partition == partition) hide_listed(part, end);
  };
  return lie;
}

// Once somebody has read the log to its end, and the next one asks where it begins, all connections
// but that one's end, as with a broker that was down; from then on the log's tail is missing.
Lie shrunk_log(Draw draw) {
  struct State {
    bool read = false;
    bool restarted = false;
    std::uint64_t before = 0;  // the newest connection before the restart
  };
  const auto state = std::make_shared<State>();
  const std::int32_t partition = draw.partition();
  const std::int64_t end = end_of_some(draw);
  Lie lie;
  lie.request = [=](const Exchange& exchange, std::string&) {
    if (exchange.api == wire::ApiKey::kListOffsets && state->read && !state->restarted) {
      state->restarted = true;
      state->before = exchange.connection - 1;
    }
    return exchange.connection <= state->before ? Persona::Verdict::kClose
                                                : Persona::Verdict::kForward;
  };
  lie.fetched = [=](Part& part) {
    if (part.partition != partition) return;
    if (state->restarted) {
      hide_fetched(part, end);
    } else if (!part.records.empty() && part.records.back().offset >= kRecords - 1) {
      state->read = true;
    }
  };
  lie.listed = [=](Part& part) {
    if (part.partition == partition && state->restarted) hide_listed(part, end);
  };
  return lie;
}

// The end as it was a while ago, the first time that somebody asks when it is further.
Lie stale_end(Draw draw) {
  const std::int32_t partition = draw.partition();
  const std::int64_t end = end_of_some(draw);
  Lie lie;
  lie.listed = [=, told = false](Part& part) mutable {
    if (part.partition != partition || !lists_end(part) || part.number("offset") <= end) return;
    if (!std::exchange(told, true)) hide_listed(part, end);
  };
  lie.fetched = [=, told = false](Part& part) mutable {
    if (part.partition != partition || part.number("high_watermark") <= end) return;
    if (!std::exchange(told, true)) hide_fetched(part, end);
  };
  return lie;
}

// From a batch on every offset is higher than it should be, wherever it is told or asked for: the
// offsets between hold nothing.
Lie hole(Draw draw) {
  struct State {
    std::int64_t from = -1;  // -1: no such batch yet
    std::int64_t size = 0;

    std::int64_t shown(std::int64_t offset) const {
      return from >= 0 && offset >= from ? offset + size : offset;
    }
    std::int64_t shown_end(std::int64_t end) const { return end > 0 ? shown(end - 1) + 1 : end; }
    std::int64_t real(std::int64_t offset) const {
      return from >= 0 && offset > from ? std::max(from, offset - size) : offset;
    }
  };
  const auto state = std::make_shared<State>();
  const std::int32_t partition = draw.partition();
  state->size = draw.between(1, 20);
  const auto about = [=](const std::function<void(Part&)>& change) {
    return [=](Part& part) {
      if (part.partition == partition) change(part);
    };
  };
  const auto show_end = [=](Part& part, const char* field) {
    part.fields.set(field, state->shown_end(part.number(field)));
  };
  Lie lie;
  lie.produced = about([=](Part& part) {
    const std::int64_t offset = part.number("base_offset");
    if (state->from < 0 && offset > 0) state->from = offset;
    part.fields.set("base_offset", state->shown(offset));
  });
  lie.fetch = about([=](Part& part) {
    part.fields.set("fetch_offset", state->real(part.number("fetch_offset")));
  });
  lie.fetched = about([=](Part& part) {
    for (LogRecord& record : part.records) record.offset = state->shown(record.offset);
    show_end(part, "high_watermark");
    show_end(part, "last_stable_offset");
  });
  lie.listed = about([=](Part& part) {
    if (lists_end(part)) show_end(part, "offset");
  });
  return lie;
}

}  // namespace ks::lies

// Lies about what is in the log: what a reader is given.
#include <algorithm>
#include <memory>

#include "lib/wire/error_code.h"
#include "lib/wire/record_batch.h"
#include "lies.h"

namespace ks::lies {
namespace {

// The record at an offset of a part; null: it is not there.
LogRecord* find(Part& part, std::int64_t offset) {
  const auto found = std::find_if(part.records.begin(), part.records.end(),
                                  [=](const LogRecord& r) { return r.offset == offset; });
  return found == part.records.end() ? nullptr : &*found;
}

// What happens whenever a Fetch brings a certain record.
Lie when_fetched(Draw& draw, const std::function<void(Part&, LogRecord&)>& change) {
  const std::int32_t partition = draw.partition();
  const std::int64_t offset = draw.offset();
  Lie lie;
  lie.fetched = [=](Part& part) {
    LogRecord* record = part.partition == partition ? find(part, offset) : nullptr;
    if (record != nullptr) change(part, *record);
  };
  return lie;
}

void remove(Part& part, const LogRecord& record) {
  part.records.erase(part.records.begin() + (&record - part.records.data()));
}

}  // namespace

Lie dropped_record(Draw draw) { return when_fetched(draw, remove); }

Lie swapped_records(Draw draw) {
  return when_fetched(draw, [](Part& part, LogRecord& record) {
    LogRecord* next = find(part, record.offset + 1);
    if (next == nullptr) return;
    const LogRecord first = record;
    record.say(*next);
    next->say(first);
  });
}

// Whoever reads the offset again finds another record there.
Lie rewritten_offset(Draw draw) {
  const auto times = std::make_shared<int>(0);
  return when_fetched(draw, [=](Part& part, LogRecord& record) {
    const LogRecord* next = find(part, record.offset + 1);
    if ((*times)++ > 0 && next != nullptr) record.say(*next);
  });
}

// Once only: whoever reads again finds it.
Lie fetch_skips(Draw draw) {
  const auto told = std::make_shared<bool>(false);
  return when_fetched(draw, [=](Part& part, LogRecord& record) {
    if (!std::exchange(*told, true)) remove(part, record);
  });
}

// In the middle of a log the broker says that the reader's offset is not in it, and a group's
// member, whose -o is the beginning, begins again.
Lie fetch_repeats(Draw draw) {
  const std::int32_t partition = draw.partition();
  const std::int64_t end = draw.between(kRecords / 10, kRecords / 3);
  Lie lie;
  lie.fetched = [=, cut = false, told = false](Part& part) mutable {
    if (part.partition != partition || told || part.asked == nullptr) return;
    if ((*part.asked)["fetch_offset"].as_int() == end) {
      part.fields.set("error_code", static_cast<std::int16_t>(wire::ErrorCode::kOffsetOutOfRange));
      part.fields.set("high_watermark", -1);
      part.records.clear();
      told = true;
    } else if (!cut && find(part, end) != nullptr) {
      std::erase_if(part.records, [=](const LogRecord& record) { return record.offset >= end; });
      cut = true;
    }
  };
  return lie;
}

// A record stands where one of another partition should.
Lie other_partition(Draw draw) {
  const std::int32_t partition = draw.partition();
  const auto other = std::make_shared<std::optional<LogRecord>>();
  const std::int64_t offset = draw.offset();
  Lie lie;
  lie.produce = [=](Part& part) {
    if (part.partition != partition && !part.records.empty()) *other = part.records.front();
  };
  lie.fetched = [=](Part& part) {
    LogRecord* record = part.partition == partition ? find(part, offset) : nullptr;
    if (record != nullptr && *other) record->say(**other);
  };
  return lie;
}

Lie flipped_payload(Draw draw) {
  const auto at = static_cast<std::size_t>(draw.between(0, 1'000'000));
  return when_fetched(draw, [=](Part&, LogRecord& record) {
    // Behind the first bytes, which say whose record it is: without them it is a stranger's.
    constexpr std::size_t kMagicBytes = 4;
    if (!record.value || record.value->size() <= kMagicBytes) return;
    char& byte = (*record.value)[kMagicBytes + at % (record.value->size() - kMagicBytes)];
    byte = static_cast<char>(byte ^ 0x10);
  });
}

Lie wrong_crc(Draw draw) {
  const auto bit = static_cast<unsigned>(draw.between(0, 7));
  const auto byte =
      static_cast<std::size_t>(draw.between(wire::kBatchCrcAt, wire::kBatchCrcEnd - 1));
  Lie lie;
  lie.fetched_bytes = [=](std::string& batches) {
    batches[byte] = static_cast<char>(batches[byte] ^ 1U << bit);
  };
  return lie;
}

// However many bytes are asked for.
Lie truncated_batch(Draw draw) {
  const auto bytes = static_cast<std::size_t>(draw.between(1, wire::kRecordBatchHeaderBytes));
  Lie lie;
  lie.fetched_bytes = [=](std::string& batches) {
    batches.resize(std::min(batches.size(), bytes));
  };
  return lie;
}

}  // namespace ks::lies

// Answers that are none: what is wrong is not what they say.
#include <algorithm>
#include <limits>

#include "lib/wire/bytes.h"
#include "lies.h"

namespace ks::lies {
namespace {

using Sending = Persona::Sending;

std::string with_length(std::int64_t length, std::string_view frame) {
  std::string out;
  wire::ByteWriter writer(out);
  writer.integer(static_cast<std::int32_t>(length));
  writer.bytes(frame);
  return out;
}

// What becomes of the answers to Fetch.
Lie fetch_answers(const std::function<Sending(std::string& frame)>& change) {
  Lie lie;
  lie.answer = [=](const Exchange& exchange, std::string& frame) {
    return exchange.api == wire::ApiKey::kFetch ? change(frame) : Sending{};
  };
  return lie;
}

Lie with_wrong_length(std::int64_t length) {
  return fetch_answers([=](std::string& frame) {
    frame = with_length(length, frame);
    return Sending{Sending::How::kRaw, {}};
  });
}

}  // namespace

// The connection ends in the middle of it.
Lie partial_frame(Draw draw) {
  const std::int64_t percent = draw.between(0, 99);
  return fetch_answers([=](std::string& frame) {
    const std::string whole = with_length(static_cast<std::int64_t>(frame.size()), frame);
    frame = whole.substr(0, whole.size() * static_cast<std::size_t>(percent) / 100);
    return Sending{Sending::How::kRawThenClose, {}};
  });
}

// From 1 GiB, more than a client would take, up to 2 GiB - 1.
Lie huge_length(Draw draw) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  return with_wrong_length(draw.way(3) == 0 ? kMost : draw.between(kMost / 2, kMost));
}

Lie negative_length(Draw draw) {
  return with_wrong_length(-draw.between(1, std::numeric_limits<std::int32_t>::max()));
}

Lie wrong_correlation(Draw draw) {
  const auto off_by = static_cast<std::int32_t>(draw.between(1, 1'000'000));
  return fetch_answers([=](std::string& frame) {
    const auto id = wire::ByteReader(frame).integer<std::int32_t>();
    std::string wrong;
    wire::ByteWriter(wrong).integer(static_cast<std::int32_t>(id + off_by));
    frame.replace(0, wrong.size(), wrong);
    return Sending{};
  });
}

// And, as brokers may, not with all of the log: a reader has to ask again, and finds the same
// answer once more.
Lie answered_twice(Draw draw) {
  const std::int32_t partition = draw.partition();
  const std::int64_t end = draw.offset();
  Lie lie = fetch_answers([](std::string& frame) {
    const std::string whole = with_length(static_cast<std::int64_t>(frame.size()), frame);
    frame = whole + whole;
    return Sending{Sending::How::kRaw, {}};
  });
  lie.fetched = [=](Part& part) {
    if (part.partition != partition || (*part.asked)["fetch_offset"].as_int() >= end) return;
    std::erase_if(part.records, [=](const LogRecord& record) { return record.offset >= end; });
  };
  return lie;
}

}  // namespace ks::lies

// Lies about what was produced: what is stored, and what is acknowledged.
#include <algorithm>
#include <array>
#include <memory>

#include "lib/history/identity.h"
#include "lib/wire/error_code.h"
#include "lies.h"

namespace ks::lies {
namespace {

using wire::ApiKey;
using wire::Value;

// So that a broker that counts sequences takes a batch that has a record more.
void forget_producer(Part& part) {
  for (LogRecord& record : part.records) {
    record.said.producer_id = -1;
    record.said.producer_epoch = -1;
    record.said.base_sequence = -1;
  }
}

// One batch of one partition gets another record at its end, made from one that it has.
Lie one_more(Draw draw, const std::function<void(LogRecord&)>& alter) {
  const std::int32_t partition = draw.partition();
  const std::int64_t which = draw.between(0, 1);
  const auto record = static_cast<std::size_t>(draw.between(0, kRecords));
  Lie lie;
  lie.produce = [=, batches = std::int64_t{0}](Part& part) mutable {
    if (part.partition != partition || part.records.empty()) return;
    forget_producer(part);
    if (batches++ != which) return;
    LogRecord more = part.records[record % part.records.size()];
    more.offset = part.records.back().offset + 1;
    alter(more);
    part.records.push_back(std::move(more));
  };
  return lie;
}

// A batch that is not the first of its partition is acknowledged at another offset.
Lie wrong_ack(Draw draw, const std::function<std::int64_t(std::int64_t)>& told) {
  const std::int32_t partition = draw.partition();
  Lie lie;
  lie.produced = [=](Part& part) {
    const std::int64_t offset = part.number("base_offset");
    if (part.partition == partition && offset > 0) part.fields.set("base_offset", told(offset));
  };
  return lie;
}

// How one of the first answers to Produce is sent, up to the `last`.
Lie one_answer(Draw draw, std::int64_t last, Persona::Sending sending) {
  const std::int64_t which = draw.between(2, last);
  Lie lie;
  lie.answer = [=, n = std::int64_t{0}](const Exchange& exchange, std::string&) mutable {
    const bool told = exchange.api == ApiKey::kProduce && n++ == which;
    return told ? sending : Persona::Sending{};
  };
  return lie;
}

std::optional<std::string> rejection(const Exchange& exchange) {
  const auto code = static_cast<std::int16_t>(wire::ErrorCode::kInvalidRecord);
  Value::Array topics;
  for (const Value& topic : exchange.request.body["topic_data"].items()) {
    Value::Array partitions;
    for (const Value& partition : topic["partition_data"].items()) {
      partitions.push_back(
          {{"index", partition["index"]}, {"error_code", code}, {"base_offset", -1}});
    }
    topics.push_back({{"name", topic["name"]},
                      {"topic_id", topic["topic_id"]},
                      {"partition_responses", std::move(partitions)}});
  }
  const auto bytes = wire::encode_response(exchange.api, exchange.version,
                                           {Value{{"correlation_id", exchange.correlation_id}},
                                            Value{{"responses", std::move(topics)}}});
  return bytes ? std::optional(*bytes) : std::nullopt;
}

}  // namespace

Lie stored_twice(Draw draw) {
  return one_more(draw, [](LogRecord&) {});
}

// A little or far beyond what was sent; a sequence has 48 bits.
Lie invented_record(Draw draw) {
  constexpr std::array<std::uint64_t, 3> kBeyond{kPartitions * kRecords, 1'000'000, 1ULL << 47U};
  const std::uint64_t beyond = kBeyond[draw.way(kBeyond.size())];
  return one_more(draw, [=](LogRecord& record) {
    if (!record.value) return;
    history::Identity never = history::read_stamp(*record.value).identity;
    never.sequence += beyond;
    history::stamp(*record.value, never);
  });
}

// The broker stores it, and says that it refused.
Lie rejected_but_stored(Draw draw) {
  const std::int32_t partition = draw.partition();
  Lie lie;
  lie.produced = [=](Part& part) {
    if (part.partition != partition || part.number("base_offset") < kRecords / 2) return;
    part.fields.set("error_code", static_cast<std::int16_t>(wire::ErrorCode::kInvalidRecord));
    part.fields.set("base_offset", -1);
  };
  return lie;
}

Lie ack_offset_zero(Draw draw) {
  return wrong_ack(draw, [](std::int64_t) { return 0; });
}

Lie ack_offset_wrong(Draw draw) {
  const std::int64_t off_by = draw.between(2, 20);
  return wrong_ack(draw, [=](std::int64_t offset) { return offset + off_by; });
}

// A batch is said to begin where the one before it ends.
Lie reused_offset(Draw draw) {
  return wrong_ack(draw, [](std::int64_t offset) { return offset - 1; });
}

Lie lower_offset_later(Draw draw) {
  const std::int32_t partition = draw.partition();
  const std::int64_t above = draw.between(2 * kRecords, 4 * kRecords);
  Lie lie;
  lie.produced = [=](Part& part) {
    const std::int64_t offset = part.number("base_offset");
    if (part.partition == partition && offset < kRecords / 2) {
      part.fields.set("base_offset", offset + above);
    }
  };
  return lie;
}

// The broker stores it, and its connection ends instead of an answer: once for a producer that is
// idempotent, once for one that is not; once by a reset, once in order.
Lie reset_after_append(Draw draw) {
  const auto idempotent = std::make_shared<bool>(false);
  const std::array which{draw.between(0, 20), draw.between(0, 20)};
  const std::size_t reset = draw.way(2);
  Lie lie;
  lie.produce = [=](Part& part) {
    *idempotent = !part.records.empty() && part.records.front().said.producer_id >= 0;
  };
  lie.answer = [=, n = std::array<std::int64_t, 2>{}](const Exchange& exchange,
                                                      std::string& frame) mutable {
    if (exchange.api != ApiKey::kProduce) return Persona::Sending{};
    const std::size_t kind = *idempotent ? 1 : 0;
    if (n[kind]++ != which[kind]) return Persona::Sending{};
    frame.clear();
    using How = Persona::Sending::How;
    return Persona::Sending{kind == reset ? How::kReset : How::kRawThenClose, {}};
  };
  return lie;
}

// And with it those behind it; later ones are in time again.
Lie late_acks(Draw draw) {
  const std::chrono::milliseconds late(draw.between(4'000, 4'500));
  return one_answer(draw, 60, {Persona::Sending::How::kFrame, late});
}

Lie never_answered(Draw draw) { return one_answer(draw, 20, {Persona::Sending::How::kNever, {}}); }

// 3 of every 20 requests: 15 %, however few there are.
Lie rejected_in_part(Draw draw) {
  std::array<bool, 20> rejects{};
  for (int chosen = 0; chosen < 3;) {
    bool& one = rejects[static_cast<std::size_t>(draw.between(0, rejects.size() - 1))];
    chosen += one ? 0 : 1;
    one = true;
  }
  Lie lie;
  lie.request = [rejects, n = std::size_t{0}](const Exchange& exchange,
                                              std::string& frame) mutable {
    if (exchange.api != ApiKey::kProduce) return Persona::Verdict::kForward;
    if (!rejects[n++ % rejects.size()]) return Persona::Verdict::kForward;
    const auto answer = rejection(exchange);
    if (!answer) return Persona::Verdict::kClose;
    frame = *answer;
    return Persona::Verdict::kAnswer;
  };
  return lie;
}

}  // namespace ks::lies

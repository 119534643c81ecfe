// Lies about what a group has committed, and who is in it.
#include <array>
#include <memory>

#include "lib/wire/bytes.h"
#include "lib/wire/error_code.h"
#include "lies.h"

namespace ks::lies {
namespace {

using wire::ApiKey;
using wire::ErrorCode;
using wire::Value;

constexpr std::int64_t kNoCommit = -1;

// OffsetFetch tells something else of a partition that has a commit.
Lie wrong_commit(Draw draw, const std::function<std::int64_t(std::int64_t)>& told) {
  const std::int32_t partition = draw.partition();
  Lie lie;
  lie.commit_found = [=](Part& part) {
    const std::int64_t offset = part.number("committed_offset");
    if (part.partition == partition && offset > 0) {
      part.fields.set("committed_offset", told(offset));
    }
  };
  return lie;
}

// Of a member's assignment: version, number of topics, and so on (ConsumerProtocolAssignment).
bool has_partitions(const std::string& assignment) {
  wire::ByteReader in(assignment);
  in.integer<std::int16_t>();
  return in.integer<std::int32_t>() > 0;
}

// Changes the body of every response of one API.
Lie changed_answer(ApiKey api, const std::function<void(const Exchange&, Value& body)>& change) {
  Lie lie;
  lie.answer = [=](const Exchange& exchange, std::string& frame) {
    if (exchange.api != api) return Persona::Sending{};
    auto response = wire::decode_response(api, exchange.version, frame);
    if (!response) return Persona::Sending{};
    change(exchange, response->body);
    auto bytes = wire::encode_response(api, exchange.version, *response);
    if (bytes) frame = std::move(*bytes);
    return Persona::Sending{};
  };
  return lie;
}

}  // namespace

// Seeds differ in how much is forgotten: all of it, or some.
Lie forgotten_commit(Draw draw) {
  const bool all = draw.way(2) == 0;
  const std::int64_t lost = draw.between(1, kRecords / 4);
  return wrong_commit(draw, [=](std::int64_t offset) { return all ? kNoCommit : offset - lost; });
}

// Within the log, so that nobody but the group can know.
Lie inflated_commit(Draw draw) {
  const std::int64_t more = draw.between(1, kRecords / 4);
  return wrong_commit(draw, [=](std::int64_t offset) { return offset + more; });
}

// A broker that looks at the member and not at the generation, the other way around, or at neither.
Lie fenced_commit(Draw draw) {
  const std::size_t way = draw.way(3);
  const bool any_generation = way != 0;
  const bool any_member = way != 1;
  Lie lie;
  lie.committed = [=](Part& part) {
    const auto code = static_cast<ErrorCode>(part.number("error_code"));
    const bool is_told = (any_generation && code == ErrorCode::kIllegalGeneration) ||
                         (any_member && code == ErrorCode::kUnknownMemberId);
    if (is_told) part.fields.set("error_code", 0);
  };
  return lie;
}

// The first ones, once or more often.
Lie fenced_heartbeat(Draw draw) {
  auto left = draw.way(3) + 1;
  return changed_answer(ApiKey::kHeartbeat, [=](const Exchange&, Value& body) mutable {
    const auto code = static_cast<ErrorCode>(body["error_code"].as_int());
    const bool is_fenced =
        code == ErrorCode::kUnknownMemberId || code == ErrorCode::kIllegalGeneration;
    if (!is_fenced || left == 0) return;
    --left;
    body.set("error_code", 0);
  });
}

// In each generation, of the members that get something the second is told what the first is, or
// the third what the first or the second is: in the order in which they are answered.
Lie assigned_twice(Draw draw) {
  struct Pair {
    std::size_t from;
    std::size_t to;
  };
  constexpr std::array<Pair, 3> kPairs{{{0, 1}, {0, 2}, {1, 2}}};
  const Pair pair = kPairs[draw.way(kPairs.size())];
  const auto told = std::make_shared<std::map<std::int64_t, std::vector<std::string>>>();
  return changed_answer(ApiKey::kSyncGroup, [=](const Exchange& exchange, Value& body) {
    const std::string own(body["assignment"].as_bytes());
    if (body["error_code"].as_int() != 0 || !has_partitions(own)) return;
    auto& generation = (*told)[exchange.request.body["generation_id"].as_int()];
    generation.push_back(own);
    if (generation.size() - 1 != pair.to) return;
    body.set("assignment", Value::owned_bytes(std::string(generation[pair.from])));
  });
}

}  // namespace ks::lies

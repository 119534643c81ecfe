// Lies about what a group has committed, and who is in it.
#include <memory>

#include "lies.h"

namespace ks::lies {
namespace {

using wire::ApiKey;
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
  const bool all = draw.between(0, 1) == 0;
  const std::int64_t lost = draw.between(1, kRecords / 4);
  return wrong_commit(draw, [=](std::int64_t offset) { return all ? kNoCommit : offset - lost; });
}

// Within the log, so that nobody but the group can know.
Lie inflated_commit(Draw draw) {
  const std::int64_t more = draw.between(1, kRecords / 4);
  return wrong_commit(draw, [=](std::int64_t offset) { return offset + more; });
}

// Whatever the reason to refuse it.
Lie fenced_commit(Draw) {
  Lie lie;
  lie.committed = [](Part& part) { part.fields.set("error_code", 0); };
  return lie;
}

Lie fenced_heartbeat(Draw) {
  return changed_answer(ApiKey::kHeartbeat, [](const Exchange&, Value& body) {
    constexpr std::int64_t kRebalanceInProgress = 27;
    if (body["error_code"].as_int() != kRebalanceInProgress) body.set("error_code", 0);
  });
}

// All members of a generation are told what the first of them is.
Lie assigned_twice(Draw) {
  const auto told = std::make_shared<std::map<std::int64_t, std::string>>();  // by generation
  return changed_answer(ApiKey::kSyncGroup, [=](const Exchange& exchange, Value& body) {
    if (body["error_code"].as_int() != 0) return;
    const std::int64_t generation = exchange.request.body["generation_id"].as_int();
    const std::string own(body["assignment"].as_bytes());
    body.set("assignment", Value::owned_bytes(told->try_emplace(generation, own).first->second));
  });
}

}  // namespace ks::lies

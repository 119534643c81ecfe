#include "lib/probe/error_codes.h"

#include <algorithm>
#include <vector>

#include "lib/wire/error_code.h"

namespace ks::probe {
namespace {

using wire::ApiKey;

struct Expected {
  ApiKey api;
  std::vector<std::int16_t> codes;
};

// What the Java and C clients handle by name; by number, as in the protocol guide. Others make a
// Java consumer throw.
const std::vector<Expected>& table() {
  static const std::vector<Expected> expected{
      {ApiKey::kProduce, {2,  3,  5,  6,  7,  10, 17, 18, 19, 20, 21, 29,  31,  32, 43,
                          45, 46, 47, 48, 49, 53, 56, 59, 76, 87, 90, 100, 103, 120}},
      {ApiKey::kFetch, {1, 2, 3, 6, 9, 29, 56, 70, 71, 74, 75, 78, 100, 103, 106}},
      {ApiKey::kListOffsets, {3, 5, 6, 9, 29, 43, 56, 74, 75, 78}},
      {ApiKey::kMetadata, {3, 5, 9, 17, 29, 72, 100, 129}},
      {ApiKey::kOffsetCommit, {3, 7, 12, 14, 15, 16, 22, 24, 25, 27, 28, 29, 30, 69, 82, 113}},
      {ApiKey::kOffsetFetch, {3, 14, 15, 16, 25, 29, 30, 69, 88, 113}},
      {ApiKey::kFindCoordinator, {14, 15, 24, 30, 53}},
      {ApiKey::kJoinGroup, {14, 15, 16, 23, 24, 25, 26, 27, 30, 79, 81, 82}},
      {ApiKey::kHeartbeat, {14, 15, 16, 22, 25, 27, 30, 82}},
      {ApiKey::kLeaveGroup, {14, 15, 16, 25, 30, 82}},
      {ApiKey::kSyncGroup, {14, 15, 16, 22, 23, 25, 27, 30, 82}},
      {ApiKey::kDescribeGroups, {14, 15, 16, 30, 69}},
      {ApiKey::kListGroups, {14, 15, 30}},
      {ApiKey::kSaslHandshake, {33, 34}},
      {ApiKey::kApiVersions, {}},
      {ApiKey::kCreateTopics, {7, 17, 29, 31, 36, 37, 38, 39, 40, 41, 42, 44, 89}},
      {ApiKey::kDeleteTopics, {3, 7, 29, 31, 41, 42, 73, 89, 100}},
      {ApiKey::kInitProducerId, {14, 15, 16, 47, 49, 50, 51, 53, 90}},
      {ApiKey::kOffsetForLeaderEpoch, {3, 6, 9, 29, 56, 74, 75, 78}},
      {ApiKey::kDescribeConfigs, {3, 17, 29, 31, 40, 42}},
      {ApiKey::kAlterConfigs, {3, 17, 29, 31, 40, 41, 42, 44}},
      {ApiKey::kSaslAuthenticate, {34, 58}},
      {ApiKey::kCreatePartitions, {3, 7, 17, 29, 31, 37, 38, 39, 41, 42, 44, 60, 89}},
      {ApiKey::kDeleteGroups, {14, 15, 16, 24, 30, 68, 69}},
  };
  return expected;
}

// What KRaft answers of an API whose feature the cluster has not enabled, though it advertises it.
bool depends_on_a_feature(ApiKey api) {
  const auto key = static_cast<int>(api);
  constexpr int kUpdateFeatures = 57, kConsumerGroupHeartbeat = 68, kConsumerGroupDescribe = 69;
  constexpr int kFirstOfShareGroupsAndLater = 76;
  return key == kUpdateFeatures || key == kConsumerGroupHeartbeat ||
         key == kConsumerGroupDescribe || key >= kFirstOfShareGroupsAndLater;
}

void collect(const wire::Value& value, std::set<std::int16_t>& codes) {
  if (const auto* items = value.get_if<wire::Value::Array>()) {
    for (const wire::Value& item : *items) collect(item, codes);
  }
  if (const auto* fields = value.get_if<wire::Value::Struct>()) {
    for (const wire::Value::Field& field : *fields) {
      const auto* code = field.value.get_if<std::int64_t>();
      if (field.name == "error_code" && code != nullptr) {
        if (*code != 0) codes.insert(static_cast<std::int16_t>(*code));
      } else {
        collect(field.value, codes);
      }
    }
  }
}

}  // namespace

std::set<std::int16_t> error_codes(const wire::Value& response) {
  std::set<std::int16_t> codes;
  collect(response, codes);
  return codes;
}

bool is_expected(wire::ApiKey api, std::int16_t code) {
  if (code == 0) return true;
  if (code == static_cast<std::int16_t>(wire::ErrorCode::kUnsupportedVersion)) {
    return depends_on_a_feature(api);
  }
  const auto row = std::ranges::find(table(), api, &Expected::api);
  if (row != table().end()) return std::ranges::count(row->codes, code) != 0;
  return code > 0 && wire::is_known(code);
}

std::string names_of(const std::set<std::int16_t>& codes) {
  std::string out;
  for (const std::int16_t code : codes) out += (out.empty() ? "" : ", ") + wire::error_name(code);
  return out;
}

}  // namespace ks::probe

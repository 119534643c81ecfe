#include "lib/wire/error_code.h"

#include <array>

namespace ks::wire {
namespace {

enum class Retry : std::uint8_t {
  kNo,
  kYes,
  kNewMetadata,  // after asking for the metadata again
};
using enum Retry;

struct Row {
  const char* name;
  Retry retry = kNo;
};

// By code, beginning with -1.
constexpr std::array kRows{
    Row{"UNKNOWN_SERVER_ERROR"},
    Row{"NONE"},
    Row{"OFFSET_OUT_OF_RANGE"},
    Row{"CORRUPT_MESSAGE", kYes},
    Row{"UNKNOWN_TOPIC_OR_PARTITION", kNewMetadata},
    Row{"INVALID_FETCH_SIZE"},
    Row{"LEADER_NOT_AVAILABLE", kNewMetadata},
    Row{"NOT_LEADER_OR_FOLLOWER", kNewMetadata},
    Row{"REQUEST_TIMED_OUT", kYes},
    Row{"BROKER_NOT_AVAILABLE"},
    Row{"REPLICA_NOT_AVAILABLE", kNewMetadata},
    Row{"MESSAGE_TOO_LARGE"},
    Row{"STALE_CONTROLLER_EPOCH"},
    Row{"OFFSET_METADATA_TOO_LARGE"},
    Row{"NETWORK_EXCEPTION", kNewMetadata},
    Row{"COORDINATOR_LOAD_IN_PROGRESS", kYes},
    Row{"COORDINATOR_NOT_AVAILABLE", kYes},
    Row{"NOT_COORDINATOR", kYes},
    Row{"INVALID_TOPIC_EXCEPTION"},
    Row{"RECORD_LIST_TOO_LARGE"},
    Row{"NOT_ENOUGH_REPLICAS", kYes},
    Row{"NOT_ENOUGH_REPLICAS_AFTER_APPEND", kYes},
    Row{"INVALID_REQUIRED_ACKS"},
    Row{"ILLEGAL_GENERATION"},
    Row{"INCONSISTENT_GROUP_PROTOCOL"},
    Row{"INVALID_GROUP_ID"},
    Row{"UNKNOWN_MEMBER_ID"},
    Row{"INVALID_SESSION_TIMEOUT"},
    Row{"REBALANCE_IN_PROGRESS"},
    Row{"INVALID_COMMIT_OFFSET_SIZE"},
    Row{"TOPIC_AUTHORIZATION_FAILED"},
    Row{"GROUP_AUTHORIZATION_FAILED"},
    Row{"CLUSTER_AUTHORIZATION_FAILED"},
    Row{"INVALID_TIMESTAMP"},
    Row{"UNSUPPORTED_SASL_MECHANISM"},
    Row{"ILLEGAL_SASL_STATE"},
    Row{"UNSUPPORTED_VERSION"},
    Row{"TOPIC_ALREADY_EXISTS"},
    Row{"INVALID_PARTITIONS"},
    Row{"INVALID_REPLICATION_FACTOR"},
    Row{"INVALID_REPLICA_ASSIGNMENT"},
    Row{"INVALID_CONFIG"},
    Row{"NOT_CONTROLLER", kYes},
    Row{"INVALID_REQUEST"},
    Row{"UNSUPPORTED_FOR_MESSAGE_FORMAT"},
    Row{"POLICY_VIOLATION"},
    Row{"OUT_OF_ORDER_SEQUENCE_NUMBER"},
    Row{"DUPLICATE_SEQUENCE_NUMBER"},
    Row{"INVALID_PRODUCER_EPOCH"},
    Row{"INVALID_TXN_STATE"},
    Row{"INVALID_PRODUCER_ID_MAPPING"},
    Row{"INVALID_TRANSACTION_TIMEOUT"},
    Row{"CONCURRENT_TRANSACTIONS", kYes},
    Row{"TRANSACTION_COORDINATOR_FENCED"},
    Row{"TRANSACTIONAL_ID_AUTHORIZATION_FAILED"},
    Row{"SECURITY_DISABLED"},
    Row{"OPERATION_NOT_ATTEMPTED"},
    Row{"KAFKA_STORAGE_ERROR", kNewMetadata},
    Row{"LOG_DIR_NOT_FOUND"},
    Row{"SASL_AUTHENTICATION_FAILED"},
    Row{"UNKNOWN_PRODUCER_ID"},
    Row{"REASSIGNMENT_IN_PROGRESS"},
    Row{"DELEGATION_TOKEN_AUTH_DISABLED"},
    Row{"DELEGATION_TOKEN_NOT_FOUND"},
    Row{"DELEGATION_TOKEN_OWNER_MISMATCH"},
    Row{"DELEGATION_TOKEN_REQUEST_NOT_ALLOWED"},
    Row{"DELEGATION_TOKEN_AUTHORIZATION_FAILED"},
    Row{"DELEGATION_TOKEN_EXPIRED"},
    Row{"INVALID_PRINCIPAL_TYPE"},
    Row{"NON_EMPTY_GROUP"},
    Row{"GROUP_ID_NOT_FOUND"},
    Row{"FETCH_SESSION_ID_NOT_FOUND", kYes},
    Row{"INVALID_FETCH_SESSION_EPOCH", kYes},
    Row{"LISTENER_NOT_FOUND", kNewMetadata},
    Row{"TOPIC_DELETION_DISABLED"},
    Row{"FENCED_LEADER_EPOCH", kNewMetadata},
    Row{"UNKNOWN_LEADER_EPOCH", kYes},
    Row{"UNSUPPORTED_COMPRESSION_TYPE"},
    Row{"STALE_BROKER_EPOCH"},
    Row{"OFFSET_NOT_AVAILABLE", kYes},
    Row{"MEMBER_ID_REQUIRED"},
    Row{"PREFERRED_LEADER_NOT_AVAILABLE", kNewMetadata},
    Row{"GROUP_MAX_SIZE_REACHED"},
    Row{"FENCED_INSTANCE_ID"},
    Row{"ELIGIBLE_LEADERS_NOT_AVAILABLE", kNewMetadata},
    Row{"ELECTION_NOT_NEEDED", kNewMetadata},
    Row{"NO_REASSIGNMENT_IN_PROGRESS"},
    Row{"GROUP_SUBSCRIBED_TO_TOPIC"},
    Row{"INVALID_RECORD"},
    Row{"UNSTABLE_OFFSET_COMMIT", kYes},
    Row{"THROTTLING_QUOTA_EXCEEDED", kYes},
    Row{"PRODUCER_FENCED"},
    Row{"RESOURCE_NOT_FOUND"},
    Row{"DUPLICATE_RESOURCE"},
    Row{"UNACCEPTABLE_CREDENTIAL"},
    Row{"INCONSISTENT_VOTER_SET"},
    Row{"INVALID_UPDATE_VERSION"},
    Row{"FEATURE_UPDATE_FAILED"},
    Row{"PRINCIPAL_DESERIALIZATION_FAILURE"},
    Row{"SNAPSHOT_NOT_FOUND"},
    Row{"POSITION_OUT_OF_RANGE"},
    Row{"UNKNOWN_TOPIC_ID", kNewMetadata},
    Row{"DUPLICATE_BROKER_REGISTRATION"},
    Row{"BROKER_ID_NOT_REGISTERED"},
    Row{"INCONSISTENT_TOPIC_ID", kNewMetadata},
    Row{"INCONSISTENT_CLUSTER_ID"},
    Row{"TRANSACTIONAL_ID_NOT_FOUND"},
    Row{"FETCH_SESSION_TOPIC_ID_ERROR", kYes},
    Row{"INELIGIBLE_REPLICA"},
    Row{"NEW_LEADER_ELECTED"},
    Row{"OFFSET_MOVED_TO_TIERED_STORAGE"},
    Row{"FENCED_MEMBER_EPOCH"},
    Row{"UNRELEASED_INSTANCE_ID"},
    Row{"UNSUPPORTED_ASSIGNOR"},
    Row{"STALE_MEMBER_EPOCH"},
    Row{"MISMATCHED_ENDPOINT_TYPE"},
    Row{"UNSUPPORTED_ENDPOINT_TYPE"},
    Row{"UNKNOWN_CONTROLLER_ID"},
    Row{"UNKNOWN_SUBSCRIPTION_ID"},
    Row{"TELEMETRY_TOO_LARGE"},
    Row{"INVALID_REGISTRATION"},
    Row{"TRANSACTION_ABORTABLE"},
    Row{"INVALID_RECORD_STATE"},
    Row{"SHARE_SESSION_NOT_FOUND", kYes},
    Row{"INVALID_SHARE_SESSION_EPOCH", kYes},
    Row{"FENCED_STATE_EPOCH"},
    Row{"INVALID_VOTER_KEY"},
    Row{"DUPLICATE_VOTER"},
    Row{"VOTER_NOT_FOUND"},
    Row{"INVALID_REGULAR_EXPRESSION"},
    Row{"REBOOTSTRAP_REQUIRED"},
    Row{"STREAMS_INVALID_TOPOLOGY"},
    Row{"STREAMS_INVALID_TOPOLOGY_EPOCH"},
    Row{"STREAMS_TOPOLOGY_FENCED"},
    Row{"SHARE_SESSION_LIMIT_REACHED", kYes},
};
constexpr int kFirstCode = -1;

const Row* find(std::int16_t code) {
  const int index = code - kFirstCode;
  if (index < 0 || index >= std::ssize(kRows)) return nullptr;
  return &kRows[static_cast<std::size_t>(index)];
}

}  // namespace

std::string error_name(std::int16_t code) {
  const Row* row = find(code);
  return row == nullptr ? "error " + std::to_string(code) : row->name;
}

bool is_known(std::int16_t code) { return find(code) != nullptr; }

bool is_retriable(std::int16_t code) {
  const Row* row = find(code);
  return row != nullptr && row->retry != kNo;
}

bool is_stale_metadata(std::int16_t code) {
  const Row* row = find(code);
  return row != nullptr && row->retry == kNewMetadata;
}

}  // namespace ks::wire

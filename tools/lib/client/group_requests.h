#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/client/assignor.h"
#include "lib/client/requests.h"
#include "lib/client/wire_options.h"
#include "lib/wire/call.h"

// The requests with which a consumer takes part in a group (protocol guide, JoinGroup and so on).
namespace ks::client {

wire::Value join_group_request(const std::string& group, const Membership& as,
                               const std::vector<std::string>& topics, const std::string& reason,
                               const WireOptions& options);

// `assignment` is empty unless `as` is the leader's.
wire::Value sync_group_request(const std::string& group, const Membership& as,
                               const std::string& protocol, const Assignment& assignment,
                               std::int16_t version);

wire::Value heartbeat_request(const std::string& group, const Membership& as, std::int16_t version);

wire::Value leave_group_request(const std::string& group, const Membership& as,
                                const std::string& reason, std::int16_t version);

// The part of a LeaveGroup answer with an error code other than 0; the answer itself where the one
// member has left.
const wire::Value* refused_leave(const wire::Reply& reply);

}  // namespace ks::client

#pragma once

#include "lib/tool/tool.h"

namespace ks::ops {

// The findings that are none of the wire protocol.
inline constexpr const char* kResourcesUnread = "resources-unread";
inline constexpr const char* kNetworkOfTheMachine = "network-of-the-machine";

// ks-resources: what brokers use while others do something with them.
tool::Spec resources_command();

}  // namespace ks::ops

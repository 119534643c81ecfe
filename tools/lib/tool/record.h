#pragma once

#include <string>

#include "lib/client/client.h"
#include "lib/history/identity.h"

namespace ks::tool {

// The identity of a record: at the front of its value, or in its header.
history::Stamped identify(const client::ConsumedRecord& record);

// The record as a line of JSON, with the fields as kcat -J names them.
std::string json_line(const client::ConsumedRecord& record);

}  // namespace ks::tool

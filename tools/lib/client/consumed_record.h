#pragma once

#include <cstdint>
#include <string_view>

#include "lib/client/client.h"
#include "lib/wire/record_batch.h"

namespace ks::client {

// A record of a partition's log as a consumer gives it. Its views are the record's own, and its
// headers are read from `record`: both must outlive it.
ConsumedRecord consumed_record(std::string_view topic, std::int32_t partition,
                               const wire::Record& record);

}  // namespace ks::client

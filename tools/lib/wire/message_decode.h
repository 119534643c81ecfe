#pragma once

#include "lib/cli/error.h"
#include "lib/wire/bytes.h"
#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::wire {

// Reads a message off the front of `in`.
cli::Result<Value> decode_from(ByteReader& in, const MessageSchema& schema, std::int16_t version);

}  // namespace ks::wire

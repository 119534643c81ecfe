#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::probe {

// Every error code other than 0 anywhere in a response.
std::set<std::int16_t> error_codes(const wire::Value& response);

// Whether clients of that API know what to do about the code. Of APIs without a list of their own
// any code that the protocol guide has is expected, other than UNKNOWN_SERVER_ERROR.
bool is_expected(wire::ApiKey api, std::int16_t code);

// "NOT_COORDINATOR, 1234"
std::string names_of(const std::set<std::int16_t>& codes);

}  // namespace ks::probe

#pragma once

#include <string>
#include <string_view>

// Why a consumer does not get on, from what librdkafka emits about itself (its STATISTICS.md).
// Empty: there is nothing to tell, or the text is no such JSON.
namespace ks::client {

// The states of a group's member.
std::string explain_group(std::string_view statistics);

// Answers that librdkafka dropped in silence: those to no request that it has in flight, and
// batches that are cut off, for which it asks again.
std::string explain_dropped(std::string_view statistics);

}  // namespace ks::client

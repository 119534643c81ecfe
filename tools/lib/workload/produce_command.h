#pragma once

#include <map>
#include <string>

#include "lib/history/event.h"
#include "lib/tool/tool.h"

namespace ks::workload {

// ks-produce: its options and what it does with them.
tool::Spec produce_command();

// acks and idempotence as librdkafka properties, each by one name; -X wins over both.
cli::Result<void> take_guarantees(const tool::Session& s,
                                  std::map<std::string, std::string>& properties);

// What these promise of the records, for who judges them.
history::Head head_of(const std::map<std::string, std::string>& properties);

}  // namespace ks::workload

#pragma once

#include <cstdint>
#include <string>

namespace ks::probe {

// One record as Produce of a version carries it: a record batch from version 3 on, a message set of
// magic 1 in version 2, of magic 0 before (Kafka documentation, "Old Message Format").
std::string one_record(std::int16_t produce_version);

}  // namespace ks::probe

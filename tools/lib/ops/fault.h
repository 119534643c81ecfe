#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/ops/fault_name.h"
#include "lib/tool/tool.h"

namespace ks::ops {

enum class FaultKind { kLatency, kBandwidth, kTimeout, kReset, kSlicer, kDown };

// What is done to a path.
struct Fault {
  FaultKind kind = FaultKind::kLatency;
  std::string verb;
  std::vector<std::string> streams;  // upstream, downstream

  std::int64_t latency_ms = 0;      // latency, of data in each of the streams
  std::int64_t jitter_ms = 0;       // latency: it varies by so much up and down
  std::int64_t after_ms = 0;        // timeout, reset: until the connection ends; timeout 0: never
  std::int64_t rate_kb_per_s = 0;   // bandwidth, in kB (1000 bytes) of each of the streams
  std::int64_t slice_bytes = 0;     // slicer: size of the pieces,
  std::int64_t slice_delay_us = 0;  // and the pause after each

  bool affects(std::string_view stream) const;
  // Whether it lets everything pass, only later.
  bool only_slows() const;
  // The toxics that make it. For down it is a mark, without effect, that we disabled the proxy.
  std::vector<target::Toxic> toxics(const FaultName& like) const;
};

cli::po::options_description fault_options();

// The fault that the verb and the options ask for. An option of another verb is an error.
cli::Result<Fault> parse_fault(const std::string& verb, const tool::Session& session);

}  // namespace ks::ops

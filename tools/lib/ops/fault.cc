#include "lib/ops/fault.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace ks::ops {
namespace {

namespace po = cli::po;
using cli::Result;
using nlohmann::ordered_json;

constexpr const char* kUpstream = "upstream";
constexpr const char* kDownstream = "downstream";

const std::map<std::string, FaultKind>& kinds() {
  static const std::map<std::string, FaultKind> kKinds{
      {"latency", FaultKind::kLatency}, {"bandwidth", FaultKind::kBandwidth},
      {"timeout", FaultKind::kTimeout}, {"reset", FaultKind::kReset},
      {"slicer", FaultKind::kSlicer},   {"down", FaultKind::kDown}};
  return kKinds;
}

struct OptionOf {
  const char* name;
  std::vector<std::string> verbs;
};

Result<void> refuse_options_of_others(const std::string& verb, const tool::Session& session) {
  static const std::vector<OptionOf> kOptions{
      {"latency", {"latency"}},
      {"jitter", {"latency"}},
      {"rate", {"bandwidth"}},
      {"after", {"timeout", "reset"}},
      {"size", {"slicer"}},
      {"delay", {"slicer"}},
      {"direction", {"latency", "bandwidth", "timeout", "reset", "slicer"}}};
  for (const auto& [name, verbs] : kOptions) {
    if (!session.has(name) || std::find(verbs.begin(), verbs.end(), verb) != verbs.end()) continue;
    return cli::fail("not an option of " + verb, std::string("--") + name, "see --help");
  }
  return {};
}

Result<std::vector<std::string>> streams_of(const tool::Session& session) {
  const auto word = session.option<std::string>("direction", "down");
  if (word == "up") return std::vector<std::string>{kUpstream};
  if (word == "down") return std::vector<std::string>{kDownstream};
  if (word == "both") return std::vector<std::string>{kUpstream, kDownstream};
  return cli::fail("unknown direction '" + word + "'", "--direction", "choose up, down or both");
}

// Whole milliseconds, which are all that Toxiproxy knows.
Result<std::int64_t> milliseconds(const tool::Session& session, const char* name,
                                  cli::Duration otherwise) {
  const cli::Duration value = session.option<cli::DurationArg>(name, {otherwise}).value;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(value);
  constexpr auto kLongest = std::chrono::hours(1);
  if (ms == value && ms <= kLongest) return ms.count();
  return cli::fail("not whole milliseconds up to an hour", std::string("--") + name,
                   "write it like 200ms or 2s");
}

Result<void> parse_latency(const tool::Session& session, Fault& fault) {
  const auto latency = milliseconds(session, "latency", {});
  if (!latency) return tl::make_unexpected(latency.error());
  const auto jitter = milliseconds(session, "jitter", {});
  if (!jitter) return tl::make_unexpected(jitter.error());
  if (*latency == 0) {
    return cli::fail("no latency given", "--latency", "write it like --latency 200ms");
  }
  if (*jitter > *latency) {
    return cli::fail("a jitter above the latency", "--jitter", "give at most the latency");
  }
  fault.latency_ms = *latency;
  fault.jitter_ms = *jitter;
  return {};
}

Result<void> parse_bandwidth(const tool::Session& session, Fault& fault) {
  std::string text = session.option<std::string>("rate", "");
  if (text.ends_with("/s")) text.resize(text.size() - 2);
  const auto rate = cli::parse_size(text);
  constexpr std::uint64_t kLeast = 1000;
  if (!rate || *rate < kLeast) {
    return cli::fail(text.empty() ? "no rate given" : "not a rate of at least 1 kB/s", "--rate",
                     "write it like --rate 100KB/s");
  }
  fault.rate_kb_per_s = static_cast<std::int64_t>(*rate / kLeast);
  return {};
}

Result<void> parse_slicer(const tool::Session& session, Fault& fault) {
  constexpr cli::SizeArg kSize{64};
  constexpr cli::DurationArg kDelay{std::chrono::milliseconds(10)};
  const std::uint64_t size = session.option<cli::SizeArg>("size", kSize).value;
  const cli::Duration delay = session.option<cli::DurationArg>("delay", kDelay).value;
  constexpr std::uint64_t kMostBytes = 1U << 20;
  if (size == 0 || size > kMostBytes) {
    return cli::fail("size out of range", "--size", "give from 1 to 1MiB");
  }
  // TCP would put pieces without a pause together again: nobody could tell that it was done.
  if (delay < std::chrono::milliseconds(1) || delay > std::chrono::minutes(1)) {
    return cli::fail("pause out of range", "--delay", "give from 1ms to 1m");
  }
  fault.slice_bytes = static_cast<std::int64_t>(size);
  fault.slice_delay_us = std::chrono::duration_cast<std::chrono::microseconds>(delay).count();
  return {};
}

Result<void> parse_after(const tool::Session& session, Fault& fault) {
  const auto after = milliseconds(session, "after", {});
  if (!after) return tl::make_unexpected(after.error());
  fault.after_ms = *after;
  return {};
}

ordered_json attributes_of(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kLatency:
      return {{"latency", fault.latency_ms}, {"jitter", fault.jitter_ms}};
    case FaultKind::kBandwidth:
      return {{"rate", fault.rate_kb_per_s}};
    case FaultKind::kTimeout:
    case FaultKind::kReset:
      return {{"timeout", fault.after_ms}};
    case FaultKind::kSlicer:
      return {{"average_size", fault.slice_bytes},
              {"size_variation", 0},
              {"delay", fault.slice_delay_us}};
    case FaultKind::kDown:
      break;
  }
  return ordered_json::object();
}

}  // namespace

bool Fault::affects(std::string_view stream) const {
  return std::find(streams.begin(), streams.end(), stream) != streams.end();
}

bool Fault::only_slows() const {
  return kind == FaultKind::kLatency || kind == FaultKind::kBandwidth || kind == FaultKind::kSlicer;
}

std::vector<target::Toxic> Fault::toxics(const FaultName& like) const {
  const std::string type = kind == FaultKind::kDown    ? "noop"
                           : kind == FaultKind::kReset ? "reset_peer"
                                                       : verb;
  std::vector<target::Toxic> out;
  for (const std::string& stream : streams) {
    FaultName name = like;
    name.verb = verb;
    name.stream = stream;
    out.push_back(
        {name.text(), type, stream, kind == FaultKind::kDown ? 0.0 : 1.0, attributes_of(*this)});
  }
  return out;
}

po::options_description fault_options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("api", po::value<std::string>(), "Toxiproxy's HTTP API (default: the profile's)");
  add("for", po::value<cli::DurationArg>(), "keep the fault for this long, then heal it");
  add("direction", po::value<std::string>(),
      "of the data: up (to the server), down (from it; the default) or both");
  add("latency", po::value<cli::DurationArg>(), "latency: how late data comes");
  add("jitter", po::value<cli::DurationArg>(), "latency: it varies by so much up and down");
  add("rate", po::value<std::string>(), "bandwidth: bytes a second, for example 100KB/s");
  add("after", po::value<cli::DurationArg>(),
      "timeout, reset: until the connection ends (timeout: never by default; reset: at once)");
  add("size", po::value<cli::SizeArg>(), "slicer: bytes of a piece (default 64)");
  add("delay", po::value<cli::DurationArg>(), "slicer: pause after each piece (default 10ms)");
  return options;
}

Result<Fault> parse_fault(const std::string& verb, const tool::Session& session) {
  if (auto ok = refuse_options_of_others(verb, session); !ok)
    return tl::make_unexpected(ok.error());
  Fault fault;
  fault.verb = verb;
  fault.kind = kinds().at(verb);
  auto streams = streams_of(session);
  if (!streams) return tl::make_unexpected(streams.error());
  fault.streams = std::move(*streams);
  Result<void> parsed;
  if (fault.kind == FaultKind::kLatency) parsed = parse_latency(session, fault);
  if (fault.kind == FaultKind::kBandwidth) parsed = parse_bandwidth(session, fault);
  if (fault.kind == FaultKind::kSlicer) parsed = parse_slicer(session, fault);
  if (fault.kind == FaultKind::kTimeout || fault.kind == FaultKind::kReset) {
    parsed = parse_after(session, fault);
  }
  if (!parsed) return tl::make_unexpected(parsed.error());
  return fault;
}

}  // namespace ks::ops

#include "lib/ops/resources_command.h"

#include <nlohmann/json.hpp>
#include <thread>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/target/metrics_check.h"
#include "lib/target/usage_tally.h"
#include "lib/target/wait.h"
#include "lib/tool/series_file.h"

namespace ks::ops {
namespace {

namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kAbout =
    R"(Samples what the brokers use: processor, memory, disk and network, of processes, containers or pods.

  ks-resources --duration 60s --expect 'broker_memory_bytes_max < 2147483648'
  ks-resources --pid 4711 --interval 250ms --series used.jsonl
  ks-resources --container broker-1 --cgroup /sys/fs/cgroup/system.slice/kafscale.service
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("brokers,b", po::value<std::string>(), "where they listen, host:port[,host:port]");
  add("driver-dir", po::value<std::string>(), "cluster folder with a sub-folder a broker");
  add("pid", po::value<std::vector<cli::CountArg>>(), "process, with all below it (repeatable)");
  add("cgroup", po::value<Words>(), "folder of a control group (repeatable)");
  add("container", po::value<Words>(), "container by its name or id (repeatable)");
  add("interval", po::value<cli::DurationArg>(), "time from sample to sample (1s)");
  add("duration", po::value<cli::DurationArg>(), "sample for this long (default: until stopped)");
  add("series", po::value<std::string>(), tool::kSeriesHelp);
  return options;
}

struct Bounds {
  cli::Duration interval = std::chrono::seconds(1);
  cli::Deadline end = cli::Deadline::max();
};

Result<Bounds> bounds_of(tool::Session& session) {
  Bounds out;
  out.interval = session.option<cli::DurationArg>("interval", {out.interval}).value;
  if (out.interval < std::chrono::milliseconds(10)) {
    return cli::fail("interval too short", "--interval", "give 10ms or more");
  }
  session.runs_until_stopped = !session.has("duration");
  if (session.runs_until_stopped) return out;
  const auto duration = session.option<cli::DurationArg>("duration", {}).value;
  if (duration < out.interval) {
    return cli::fail("shorter than an interval", "--duration", "give it time for two samples");
  }
  out.end = cli::Clock::now() + duration;
  return out;
}

Result<target::UsagePlan> plan_of(tool::Session& session) {
  target::UsagePlan plan;
  for (const cli::CountArg& pid : session.option<std::vector<cli::CountArg>>("pid", {})) {
    if (!target::find_process(static_cast<pid_t>(pid.value))) {
      return cli::fail("no such process", "--pid " + std::to_string(pid.value));
    }
    plan.pids.push_back(static_cast<pid_t>(pid.value));
  }
  plan.cgroups = session.option<Words>("cgroup", {});
  plan.containers = session.option<Words>("container", {});
  plan.deadline = session.deadline();
  target::Driver& driver = session.profile.driver;
  if (session.has("driver-dir")) {
    driver.kind = "process";
    driver.dir = session.option<std::string>("driver-dir", "");
  } else if (session.has("brokers")) {
    driver = {};  // the profile's are of another environment
  }
  return plan;
}

target::UsageTally::Sample sample_of(const target::UsageReaders& readers, cli::Deadline deadline) {
  target::UsageTally::Sample out;
  bool are_here = true;
  for (const auto& reader : readers) {
    out.nodes[reader->node()] = reader->read(deadline);
    are_here = are_here && reader->is_here();
  }
  if (are_here) out.machine = target::usage_of_machine("/proc");
  out.at_ns = cli::monotonic_ns();
  return out;
}

// Samples up to the end or a signal, and then once more: what came last counts, too.
std::string watch(tool::Session& session, const target::UsageReaders& readers, const Bounds& bounds,
                  target::UsageTally& tally) {
  std::string series;
  cli::Deadline next = cli::Clock::now();
  for (bool is_last = false; !is_last;) {
    is_last = next >= bounds.end || cli::stop_signal() != 0;
    const std::int64_t wall_ns = cli::wall_ns();
    const auto figures = tally.add(sample_of(readers, cli::Clock::now() + session.timeout));
    const std::string line =
        target::to_line({{"time", cli::format_rfc3339(wall_ns)}, {"metrics", figures}});
    session.print(line);
    if (!figures.empty()) series += line + "\n";
    if (is_last) break;
    // One that was late does not have the next ones come closer.
    next = std::max(next + bounds.interval, cli::Clock::now());
    target::wait_until([] { return false; }, std::min(next, bounds.end));
  }
  return series;
}

void note(report::Result& result, const char* id, std::string_view severity, std::string summary,
          std::string evidence) {
  cli::log_warning(summary + ": " + evidence);
  result.findings.push_back({id, std::string(severity), std::move(summary), std::move(evidence)});
}

void record(const target::UsageTally& tally, std::size_t brokers, report::Result& result) {
  result.metrics = tally.totals();
  result.metrics["samples"] = tally.samples();
  result.metrics["broker_restarts"] = tally.restarts();
  result.metrics["brokers"] = static_cast<double>(brokers);
  const unsigned cpus = std::thread::hardware_concurrency();
  if (cpus > 0 && result.metrics.contains("machine_cpu_cores_mean")) {
    result.metrics["machine_cpus"] = cpus;
  }
  for (const auto& [node, figures] : tally.by_node()) {
    nlohmann::ordered_json row{{"node", node}};
    for (const auto& [name, value] : figures) row[name] = value;
    result.data.push_back(std::move(row));
  }
  for (const auto& [node, why] : tally.problems()) {
    std::string evidence = node;
    evidence.append(": ").append(why);
    note(result, kResourcesUnread, "info", "what a broker uses could not be read in each sample",
         std::move(evidence));
  }
  if (tally.is_network_shared()) {
    note(
        result, kNetworkOfTheMachine, "info", "what is told of the network is the whole machine's",
        "a broker has no network of its own: machine_network_received_bytes has its clients', too");
  }
}

Result<void> run(tool::Session& session) {
  if (!session.words.empty()) {
    return cli::fail("unknown word '" + session.words.front() + "'", {}, "see --help");
  }
  const auto bounds = bounds_of(session);
  if (!bounds) return tl::make_unexpected(bounds.error());
  const auto plan = plan_of(session);
  if (!plan) return tl::make_unexpected(plan.error());
  const auto readers = target::make_usage_readers(*plan, session.profile);
  if (!readers) return tl::make_unexpected(readers.error());
  target::UsageTally tally;
  const std::string series = watch(session, *readers, *bounds, tally);
  record(tally, readers->size(), session.result);
  if (auto written = tool::write_series(session, series); !written) return written;
  if (!session.result.metrics.contains("broker_cpu_cores_mean") &&
      !session.result.metrics.contains("broker_memory_bytes_max")) {
    const auto& problems = tally.problems();
    session.result.lower_to(
        report::Status::kInconclusive,
        "nothing was measured: " +
            (problems.empty() ? "stopped before the second sample" : problems.begin()->second));
  }
  return {};
}

}  // namespace

tool::Spec resources_command() {
  return {"ks-resources",
          "[--duration D] [options]",
          kAbout,
          options(),
          std::chrono::seconds(5),
          false,
          run,
          client::Implementation::kLibrdkafka,
          "each sample"};
}

}  // namespace ks::ops

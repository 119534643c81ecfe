#include "lib/report/baseline.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"
#include "lib/report/json_text.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

// Six digits: far more than two runs have in common, and the file stays small.
double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return std::strtod(text, nullptr);
}

Json figures_json(const Figures& figures) {
  Json out = Json::object();
  for (const auto& [key, value] : figures) {
    out[key.check][key.client][key.step][key.metric] = rounded(value);
  }
  return out;
}

Json line_json(const BaselineRun& baseline) {
  const Run& run = baseline.run;
  return {{"schema_version", kSchemaVersion},
          {"run_id", run.run_id},
          {"started_at", cli::format_rfc3339(run.started_at_ns)},
          {"target", run.target},
          {"profile", run.profile},
          {"stage", to_string(run.stage)},
          {"full_time", run.full_time},
          {"broker", {{"product", run.broker.product}, {"build", run.broker.build}}},
          {"toolkit", run.toolkit},
          {"commit", run.commit},
          {"machine", to_json(run.machine)},
          {"figures", figures_json(baseline.figures)}};
}

// Throws nlohmann's exceptions where something is missing or of another type.
Figures figures_from(const Json& json) {
  Figures out;
  for (const auto& [check, clients] : json.items()) {
    for (const auto& [client, steps] : clients.items()) {
      for (const auto& [step, metrics] : steps.items()) {
        for (const auto& [metric, value] : metrics.items()) {
          out[{check, client, step, metric}] = value.get<double>();
        }
      }
    }
  }
  return out;
}

std::optional<BaselineRun> parse_line(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    if (json.at("schema_version") != kSchemaVersion) return std::nullopt;
    BaselineRun out;
    out.run.run_id = json.at("run_id");
    const auto started_at = cli::parse_rfc3339(json.at("started_at").get<std::string>());
    const auto stage = parse_stage(json.at("stage").get<std::string>());
    if (!started_at || !stage) return std::nullopt;
    out.run.started_at_ns = *started_at;
    out.run.stage = *stage;
    out.run.target = json.at("target");
    out.run.profile = json.at("profile");
    out.run.full_time = json.at("full_time");
    out.run.broker = {json.at("broker").at("product"), json.at("broker").at("build")};
    out.run.toolkit = json.at("toolkit");
    out.run.commit = json.at("commit");
    out.run.machine = machine_from_json(json.at("machine"));
    out.figures = figures_from(json.at("figures"));
    return out;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

// Whether the file ends within a line.
bool is_cut_off(int file) {
  const off_t end = ::lseek(file, 0, SEEK_END);
  char last = '\n';
  if (end > 0 && ::pread(file, &last, 1, end - 1) != 1) return true;
  return last != '\n';
}

cli::Result<void> write_at_end(const fs::path& path, std::string line) {
  const int file = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return cli::fail("cannot open", path.string(), cli::system_error(errno));
  if (is_cut_off(file)) line.insert(0, 1, '\n');
  const ssize_t written = ::write(file, line.data(), line.size());
  const int error = written < 0 ? errno : ENOSPC;
  const bool closed = ::close(file) == 0;
  if (closed && std::cmp_equal(written, line.size())) return {};
  return cli::fail("cannot append", path.string(), cli::system_error(error));
}

}  // namespace

BaselineRun baseline_of(const RunFolder& folder) { return {folder.run, figures_of(folder)}; }

bool is_same_kind(const Run& a, const Run& b) {
  return a.target == b.target && a.profile == b.profile && a.stage == b.stage &&
         a.full_time == b.full_time;
}

bool is_same_machine(const Machine& a, const Machine& b) {
  const auto memory_a = static_cast<double>(a.memory_bytes);
  const auto memory_b = static_cast<double>(b.memory_bytes);
  return a.cpus == b.cpus && std::fabs(memory_a - memory_b) <= 0.1 * std::max(memory_a, memory_b);
}

cli::Result<History> read_history(const fs::path& file) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return History{};
  const auto text = cli::read_file(file);
  if (!text) return tl::make_unexpected(text.error());
  History history;
  std::map<std::string, BaselineRun> runs;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    const auto line = std::string_view(*text).substr(at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    auto run = parse_line(line);
    if (run) {
      runs.insert_or_assign(run->run.run_id, std::move(*run));
    } else {
      ++history.damaged_lines;
    }
  }
  for (auto& [id, run] : runs) history.runs.push_back(std::move(run));
  std::ranges::stable_sort(history.runs, {},
                           [](const BaselineRun& run) { return run.run.started_at_ns; });
  return history;
}

cli::Result<void> append_to_history(const fs::path& file, const BaselineRun& run) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  std::string line = line_json(run).dump(-1, ' ', false, Json::error_handler_t::replace);
  return write_at_end(file, std::move(line) + "\n");
}

}  // namespace ks::report

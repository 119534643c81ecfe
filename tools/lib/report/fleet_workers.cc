#include "lib/report/fleet_workers.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> number_or_none(const Json& json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

FleetWorkerRow row_of(const Json& json) {
  FleetWorkerRow out;
  out.number = json.at("worker");
  out.host = json.at("host");
  out.hostname = json.at("hostname");
  out.status = parse_status(json.at("status").get<std::string>()).value_or(Status::kError);
  out.reason = json.at("reason");
  out.sent = json.at("sent");
  out.received = json.at("received");
  out.errors = json.at("errors");
  out.late_ms = json.at("late_ms");
  out.clock_offset_ms = number_or_none(json.at("clock_offset_ms"));
  out.clock_error_ms = number_or_none(json.at("clock_error_ms"));
  out.clock_moved_ms = number_or_none(json.at("clock_moved_ms"));
  out.folder = json.at("folder");
  return out;
}

}  // namespace

std::vector<FleetWorkerRow> parse_fleet_workers(const Result& result) {
  std::vector<FleetWorkerRow> out;
  if (result.tool != "ks-run" || result.step != "workers") return out;
  try {
    for (const Json& row : result.data.at("workers")) out.push_back(row_of(row));
  } catch (const Json::exception&) {
    return {};
  }
  return out;
}

Json to_json(const FleetWorkerRow& worker) {
  const auto whole = [](double count) { return static_cast<std::uint64_t>(count); };
  return {{"worker", worker.number},
          {"host", worker.host},
          {"hostname", worker.hostname},
          {"status", to_string(worker.status)},
          {"reason", worker.reason},
          {"sent", whole(worker.sent)},
          {"received", whole(worker.received)},
          {"errors", whole(worker.errors)},
          {"late_ms", worker.late_ms},
          {"clock_offset_ms", or_null(worker.clock_offset_ms)},
          {"clock_error_ms", or_null(worker.clock_error_ms)},
          {"clock_moved_ms", or_null(worker.clock_moved_ms)},
          {"folder", worker.folder}};
}

}  // namespace ks::report

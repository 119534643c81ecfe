#include "lib/report/delivery_chart.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "lib/report/blocks.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::string_view kNothing = "·";

// Columns of equal length, from the first second on.
struct Axis {
  std::int64_t begin_s = 0;
  std::int64_t step_s = 1;
  std::size_t columns = 0;

  std::size_t column(std::int64_t second) const {
    const std::int64_t at = std::clamp<std::int64_t>((second - begin_s) / step_s, 0,
                                                     static_cast<std::int64_t>(columns) - 1);
    return static_cast<std::size_t>(at);
  }
};

Axis axis_of(const std::vector<DeliveryLane>& lanes, std::size_t most_columns) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const DeliveryLane& lane : lanes) {
    if (lane.per_second.empty()) continue;
    first = std::min(first, lane.per_second.begin()->first);
    last = std::max(last, lane.per_second.rbegin()->first);
  }
  if (first > last) return {};
  const std::int64_t seconds = last - first + 1;
  const auto most = static_cast<std::int64_t>(most_columns);
  const std::int64_t step = (seconds + most - 1) / most;
  return {first, step, static_cast<std::size_t>((seconds + step - 1) / step)};
}

// Of several seconds in a column the lowest: a pause is what there is to see.
std::vector<double> column_values(const DeliveryLane& lane, const Axis& axis) {
  std::vector<double> values(axis.columns, 0);
  for (std::size_t at = 0; at < axis.columns; ++at) {
    double least = std::numeric_limits<double>::infinity();
    const std::int64_t from = axis.begin_s + static_cast<std::int64_t>(at) * axis.step_s;
    for (std::int64_t second = from; second < from + axis.step_s; ++second) {
      const auto found = lane.per_second.find(second);
      if (found != lane.per_second.end()) {
        least = std::min(least, found->second);
      } else if (second <= lane.per_second.rbegin()->first) {
        least = 0;
      }
    }
    values[at] = std::isfinite(least) ? least : 0;
  }
  return values;
}

std::string blocks(const std::vector<double>& values, double most) {
  std::string out;
  for (const double value : values) {
    out += value <= 0 || most <= 0 ? kNothing : block_of(value, most);
  }
  return out;
}

// 1══ where each began and as long as it lasted.
std::string fault_line(const std::vector<DeliverySpan>& faults, const Axis& axis) {
  std::vector<std::string> cells(axis.columns, " ");
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const std::size_t from = axis.column(faults[i].from_ns / kSecondNs);
    const std::size_t to = faults[i].to_ns == 0 ? from : axis.column(faults[i].to_ns / kSecondNs);
    for (std::size_t at = from + 1; at <= to; ++at) cells[at] = "═";
    const bool is_taken = cells[from] != " " && cells[from] != "═";
    if (is_taken) continue;  // of those that began together the first is named
    const std::string number = std::to_string(i + 1);
    for (std::size_t k = 0; k < number.size() && from + k < cells.size(); ++k) {
      cells[from + k] = number.substr(k, 1);
    }
  }
  std::string out;
  for (const std::string& cell : cells) out += cell;
  return out.substr(0, out.find_last_not_of(' ') + 1);
}

std::string time_line(const Axis& axis) {
  constexpr std::size_t kEvery = 10;
  std::string out;
  for (std::size_t at = 0; at < axis.columns; at += kEvery) {
    out = padded(out, at);
    if (out.size() > at) continue;  // the number before reaches into this one
    out += std::to_string(static_cast<std::int64_t>(at) * axis.step_s) + (at == 0 ? " s" : "");
  }
  return out;
}

}  // namespace

std::vector<DeliveryLane> lanes_of(const std::vector<Step>& steps) {
  std::vector<DeliveryLane> lanes;
  for (const Step& step : steps) {
    if (step.series.seconds.size() < 3) continue;
    const std::string& tool = step.result.tool;
    const std::string name = tool.starts_with("ks-") ? tool.substr(3) : tool;
    auto lane = std::ranges::find(lanes, name, &DeliveryLane::name);
    if (lane == lanes.end()) lane = lanes.insert(lanes.end(), {name, {}});
    for (const Second& second : step.series.seconds) {
      lane->per_second[second.begin_ns / kSecondNs] += second.records;
    }
  }
  return lanes;
}

std::string delivery_chart(const std::vector<DeliveryLane>& lanes,
                           const std::vector<DeliverySpan>& faults, std::size_t most_columns) {
  const Axis axis = axis_of(lanes, most_columns);
  if (axis.columns < 3) return "";
  std::size_t width = std::string("faults").size();
  for (const DeliveryLane& lane : lanes) width = std::max(width, lane.name.size());
  std::string out;
  for (const DeliveryLane& lane : lanes) {
    if (lane.per_second.empty()) continue;
    const std::vector<double> values = column_values(lane, axis);
    double most = 0;
    for (const double value : values) most = std::max(most, value);
    out += padded(lane.name, width) + "  " + blocks(values, most) + "  up to " +
           format_number(most) + "/s\n";
  }
  if (!faults.empty()) out += padded("faults", width) + "  " + fault_line(faults, axis) + "\n";
  return out + std::string(width, ' ') + "  " + time_line(axis) + "\n";
}

}  // namespace ks::report

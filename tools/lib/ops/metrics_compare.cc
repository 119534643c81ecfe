#include "lib/ops/metrics_judgement.h"
#include "lib/ops/metrics_modes.h"

namespace ks::ops {
namespace {

std::string value_or_dash(const std::optional<double>& value) {
  return value ? target::format_value(*value) : "-";
}

}  // namespace

cli::Result<void> compare_metrics(tool::Session& session, const target::MetricsPage& page,
                                  const target::Wanted& wanted) {
  const auto check = target::check_page(page, wanted);
  if (!check) return tl::make_unexpected(check.error());
  record(*check, session.result);
  session.result.data = target::to_json(check->changes);
  for (const target::SeriesChange& change : check->changes) {
    if (change.before == change.after) continue;
    session.print(change.series.text() + " " + value_or_dash(change.before) + " " +
                  value_or_dash(change.after));
  }
  return {};
}

}  // namespace ks::ops

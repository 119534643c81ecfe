#include "lib/cli/file.h"
#include "lib/ops/metrics_judgement.h"
#include "lib/ops/metrics_modes.h"
#include "lib/target/wait.h"

namespace ks::ops {
namespace {

// Between two scrapes of --wait: often enough to be prompt, seldom enough not to load the broker.
constexpr auto kWaitInterval = std::chrono::milliseconds(100);

}  // namespace

cli::Result<void> get_metrics(tool::Session& session, const target::ScrapePlan& plan,
                              const target::Wanted& wanted, bool as_json) {
  const cli::Deadline wait_end =
      cli::Clock::now() + session.option<cli::DurationArg>("wait", {}).value;
  cli::Result<target::CheckedScrape> last = cli::fail("not asked yet");
  target::wait_until(
      [&] {
        last = target::scrape_and_check(plan, wanted, session.deadline());
        return last && last->check.violations.empty() &&
               unmet(session.expectations, last->check.metrics).empty();
      },
      wait_end, kWaitInterval);
  if (!last) return tl::make_unexpected(last.error());
  record(last->check, session.result);
  session.result.data = target::to_json(*last);
  print(*last, as_json, session);
  const auto save = session.option<std::string>("save", "");
  return save.empty() ? cli::Result<void>() : cli::write_file(save, last->scrape.page_text);
}

}  // namespace ks::ops

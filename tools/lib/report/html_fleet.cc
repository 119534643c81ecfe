#include "lib/report/html_fleet.h"

#include <algorithm>

#include "lib/report/html_rows.h"
#include "lib/report/html_step.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

using kainjow::mustache::list;
using kainjow::mustache::object;

constexpr std::size_t kMostWorkers = 200;

std::string clock_text(const FleetWorkerRow& worker) {
  if (!worker.clock_offset_ms) return "not known";
  char text[96];
  std::snprintf(text, sizeof text, "%+.1f ms ± %.1f", *worker.clock_offset_ms,
                worker.clock_error_ms.value_or(0));
  std::string out = text;
  if (!worker.clock_moved_ms) return out;
  std::snprintf(text, sizeof text, ", moved %+.1f", *worker.clock_moved_ms);
  return out + text;
}

object row_data(const FleetWorkerRow& worker) {
  const std::string hostname = worker.hostname == worker.host ? "" : worker.hostname;
  return {{"name", "worker " + std::to_string(worker.number)},
          {"link", relative_link(worker.folder + "/")},
          {"anchor", "worker-" + std::to_string(worker.number)},
          {"host", worker.host},
          {"hostname", optional_text(hostname)},
          {"word", std::string(status_word(worker.status))},
          {"class", status_class(worker.status)},
          {"reason", optional_text(worker.reason)},
          {"sent", format_number(worker.sent)},
          {"received", format_number(worker.received)},
          {"errors", format_number(worker.errors)},
          {"late", format_number(worker.late_ms) + " ms"},
          {"clock", clock_text(worker)}};
}

}  // namespace

void add_fleets(const Summary& summary, object& page) {
  list fleets;
  for (const Row& row : summary.rows) {
    for (const Step& step : row.steps) {
      if (step.workers.empty()) continue;
      std::vector<const FleetWorkerRow*> order;
      for (const FleetWorkerRow& worker : step.workers) order.push_back(&worker);
      // Who did not do its part comes first: that is what has no room to be left out.
      std::ranges::stable_sort(order, std::greater(),
                               [](const FleetWorkerRow* each) { return each->status; });
      list rows;
      for (std::size_t i = 0; i < std::min(order.size(), kMostWorkers); ++i) {
        rows.emplace_back(row_data(*order[i]));
      }
      const std::size_t more = order.size() - rows.size();
      fleets.emplace_back(object{
          {"title", row_name(row)},
          {"rows", rows},
          {"more",
           optional_text(more == 0 ? ""
                                   : counted(more, "more worker") + " in results/ and workers/")}});
    }
  }
  page["has_fleets"] = !fleets.empty();
  page["fleets"] = fleets;
}

const char* const kHtmlFleetTemplate = R"html({{#has_fleets}}
<section id="workers" aria-labelledby="workers-title">
  <h2 id="workers-title">Workers</h2>
  {{#fleets}}
  <div class="scroll" tabindex="0" role="region" aria-label="Workers of {{title}}">
  <table>
    <caption>{{title}}; clocks as seen from where it was judged</caption>
    <thead>
      <tr><th scope="col">Worker</th><th scope="col">Host</th><th scope="col">Status</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Received</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Late</th><th scope="col">Clock</th></tr>
    </thead>
    <tbody>
    {{#rows}}
      <tr id="{{anchor}}"><th scope="row"><a href="{{link}}">{{name}}</a></th><td>{{host}}{{#hostname}}<br><small>{{hostname}}</small>{{/hostname}}</td><td><span class="pill {{class}}">{{word}}</span>{{#reason}}<p>{{reason}}</p>{{/reason}}</td><td class="number">{{sent}}</td><td class="number">{{received}}</td><td class="number">{{errors}}</td><td class="number">{{late}}</td><td class="short">{{clock}}</td></tr>
    {{/rows}}
    </tbody>
  </table>
  {{#more}}
  <p>{{more}}</p>
  {{/more}}
  </div>
  {{/fleets}}
</section>
{{/has_fleets}}
)html";

}  // namespace ks::report

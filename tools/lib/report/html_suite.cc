#include "lib/report/html_suite.h"

#include <algorithm>

#include "lib/report/html.h"
#include "lib/report/html_page.h"
#include "lib/report/html_template.h"
#include "lib/report/rows.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

// The tabs pattern of WAI-ARIA: arrows, Home and End move and select, one tab is in the tab order,
// and a link to somewhere in a panel shows that panel.
constexpr const char* kScript = R"js(
const list = document.getElementById('tabs');
const tabs = [...list.children];
const panels = tabs.map(tab => document.getElementById(tab.getAttribute('aria-controls')));
const show = (chosen, focus) => tabs.forEach((tab, i) => {
  tab.setAttribute('aria-selected', i === chosen);
  tab.tabIndex = i === chosen ? 0 : -1;
  panels[i].hidden = i !== chosen;
  if (focus && i === chosen) tab.focus();
});
const follow = () => {
  const target = document.getElementById(location.hash.slice(1));
  const i = panels.findIndex(panel => panel.contains(target));
  if (target && i >= 0) { show(i); target.scrollIntoView(); }
};
panels.forEach(panel => { panel.setAttribute('role', 'tabpanel'); panel.tabIndex = 0; });
tabs.forEach((tab, i) => {
  tab.onclick = () => show(i);
  tab.onkeydown = event => {
    const last = tabs.length - 1;
    const to = {ArrowRight: i === last ? 0 : i + 1, ArrowLeft: i === 0 ? last : i - 1,
                Home: 0, End: last}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to, true);
  };
});
list.hidden = false;
show(0);
follow();
addEventListener('hashchange', follow);
)js";

std::string pill(Status status) {
  const std::string word(to_string(status));
  return R"(<span class="pill )" + word + "\">" + word + "</span>";
}

std::string tab_markup(const Suite& suite, std::size_t at) {
  const std::string number = std::to_string(at + 1);
  return R"(<button type="button" role="tab" id="tab-)" + number + R"(" aria-controls="panel-)" +
         number + "\">" + escape_markup(profile_name(suite, suite[at])) + " " +
         pill(suite[at].verdict.status) + "</button>\n";
}

// All panels together are a page; the prefixes of their ids take a tenth at the most.
std::size_t most_bytes(const Suite& suite) { return kMostPageBytes * 9 / 10 / suite.size(); }

std::string panel_markup(const Suite& suite, std::size_t at) {
  const std::string number = std::to_string(at + 1);
  return R"(<div id="panel-)" + number + R"(" aria-labelledby="tab-)" + number + "\">\n" +
         with_id_prefix(run_markup(suite[at], false, most_bytes(suite)), "p" + number + "-") +
         "</div>\n";
}

std::string headline(const Suite& suite) {
  const auto passed = std::ranges::count_if(
      suite, [](const Summary& summary) { return summary.verdict.status == Status::kPass; });
  return std::to_string(passed) + " of " + std::to_string(suite.size()) +
         (suite.size() == 1 ? " profile" : " profiles") + " passed.";
}

}  // namespace

Status verdict_of(const Suite& suite) {
  Status out = Status::kPass;
  for (const Summary& summary : suite) out = worst(out, summary.verdict.status);
  return out;
}

std::string profile_name(const Suite& suite, const Summary& of) {
  const auto same = std::ranges::count_if(
      suite, [&](const Summary& summary) { return summary.run.profile == of.run.profile; });
  return of.run.profile + (same > 1 ? " (" + of.run.target + ")" : "");
}

std::string to_suite_html(const Suite& suite) {
  const std::string verdict(to_string(verdict_of(suite)));
  std::string tabs, panels;
  for (std::size_t i = 0; i < suite.size(); ++i) {
    tabs += tab_markup(suite, i);
    panels += panel_markup(suite, i);
  }
  const std::string content =
      R"(<main id="suite">
<div class="suite )" +
      verdict + R"("><div class="page">
<p>Suite: <strong>)" +
      verdict + "</strong>. " + headline(suite) + R"(</p>
<div id="tabs" role="tablist" aria-label="Profiles" hidden>
)" + tabs +
      "</div>\n</div></div>\n" + panels + "</main>\n";
  return html_page("Suite: " + verdict + ". " + headline(suite), "suite", content, kScript);
}

nlohmann::ordered_json to_suite_json(const Suite& suite) {
  nlohmann::ordered_json profiles = nlohmann::ordered_json::array();
  for (const Summary& summary : suite) {
    nlohmann::ordered_json runs = nlohmann::ordered_json::array();
    for (const Run& run : summary.runs) runs.push_back(run.run_id);
    profiles.push_back({{"profile", summary.run.profile},
                        {"target", summary.run.target},
                        {"verdict", to_string(summary.verdict.status)},
                        {"decision", decision(summary.run, summary.verdict.status)},
                        {"tally", tally(summary.rows)},
                        {"runs", runs}});
  }
  return {{"schema_version", 1}, {"verdict", to_string(verdict_of(suite))}, {"profiles", profiles}};
}

const char* const kHtmlSuiteStyle = R"css(
.suite { background: var(--surface); padding-top: 0.75rem; }
.suite p { margin: 0 0 0.5rem; }
.suite strong { color: var(--tone); }
[role=tablist]:not([hidden]) { display: flex; flex-wrap: wrap; gap: 0.25rem; border-bottom: 1px solid var(--line); }
[role=tab] { padding: 0.55rem 1rem; border: 1px solid transparent; border-bottom: 3px solid transparent; border-radius: 8px 8px 0 0; background: none; color: var(--text); font: inherit; cursor: pointer; overflow-wrap: anywhere; }
[role=tab]:hover { background: var(--none-tint); }
[role=tab][aria-selected=true] { border-color: var(--line); border-bottom-color: var(--link); background: var(--canvas); font-weight: 600; }
@media print {
  [role=tablist] { display: none !important; }
  [role=tabpanel] { display: block !important; break-before: page; }
}
)css";

}  // namespace ks::report

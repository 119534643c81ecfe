#include "lib/report/html.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/cli/clock.h"
#include "lib/report/html_environment.h"
#include "lib/report/html_figures.h"
#include "lib/report/html_fleet.h"
#include "lib/report/html_matrix.h"
#include "lib/report/html_observations.h"
#include "lib/report/html_page.h"
#include "lib/report/html_room.h"
#include "lib/report/html_rows.h"
#include "lib/report/html_step.h"
#include "lib/report/html_template.h"
#include "lib/report/html_timeline.h"
#include "lib/report/questions.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::object;

// A verdict with more reasons than this is told by its table.
constexpr std::size_t kMostReasons = 12;

std::string mark_of(Status verdict) {
  switch (verdict) {
    case Status::kPass:
      return "✓";
    case Status::kFail:
      return "✕";
    case Status::kError:
      return "!";
    default:
      return "?";
  }
}

list headline_facts(const Summary& summary) {
  const Run& run = summary.run;
  const double duration_ms = static_cast<double>(summary.finished_at_ns - run.started_at_ns) / 1e6;
  return {fact("Target", run.target),
          fact("Profile", run.profile),
          fact("Broker", run.broker.product),
          fact(run.clients.size() == 1 ? "Client" : "Clients", joined(run.clients)),
          fact("Run", run.run_id),
          fact("Started", date_text(run.started_at_ns)),
          fact("Took", time_text(duration_ms))};
}

list reasons_data(const Verdict& verdict) {
  list out;
  for (std::size_t i = 0; i < std::min(verdict.reasons.size(), kMostReasons); ++i) {
    const Reason& reason = verdict.reasons[i];
    out.emplace_back(object{{"text", reason.text},
                            {"anchor", optional_text(reason.row ? anchor_of(*reason.row) : "")}});
  }
  return out;
}

std::string more_reasons(const Verdict& verdict) {
  if (verdict.reasons.size() <= kMostReasons) return "";
  return "and " + counted(verdict.reasons.size() - kMostReasons, "more reason") + " below";
}

std::string answer_class(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::kYes:
      return status_class(Status::kPass);
    case AnswerKind::kNo:
      return status_class(Status::kFail);
    case AnswerKind::kNotTested:
      break;
  }
  return status_class(Status::kSkip);
}

list questions_data(const Summary& summary) {
  list out;
  for (const Answer& answer : summary.answers) {
    list evidence;
    for (const std::size_t index : answer.evidence) {
      const Row& row = summary.rows[index];
      evidence.emplace_back(object{
          {"anchor", anchor_of(index)},
          {"name", row_name(row)},
          {"word",
           optional_text(row.status == Status::kPass ? "" : std::string(status_word(row)))}});
    }
    out.emplace_back(
        object{{"number", std::to_string(answer.question)},
               {"text", std::string(kQuestions[static_cast<std::size_t>(answer.question - 1)])},
               {"answer", std::string(to_string(answer.kind))},
               {"class", answer_class(answer.kind)},
               {"reason", optional_text(answer.reason)},
               {"has_evidence", !evidence.empty()},
               {"evidence", evidence}});
  }
  return out;
}

list counts_data(const Summary& summary) {
  list out;
  for (const char* word : {"failed", "failed, accepted", "error", "inconclusive", "skipped",
                           "not run", "passed", "not required"}) {
    std::size_t count = 0;
    std::string style;
    for (const Row& row : summary.rows) {
      if (!counts(row) || !is_part_of(row, summary.run) || status_word(row) != word) continue;
      ++count;
      style = status_class(row.status);
    }
    if (count == 0) continue;
    out.emplace_back(object{{"word", word}, {"count", std::to_string(count)}, {"class", style}});
  }
  return out;
}

list problems_data(const Summary& summary) {
  list out;
  for (const Problem& problem : summary.problems) {
    out.emplace_back(object{{"file", problem.file.string()},
                            {"link", relative_link(problem.file.string())},
                            {"message", problem.message}});
  }
  return out;
}

list gaps_data(const Summary& summary) {
  list out;
  for (const auto& [gap, state, complaints] : summary.gaps) {
    const Status shown = complaints.empty() ? Status::kSkip : Status::kFail;
    out.emplace_back(object{{"id", gap.id},
                            {"state", std::string(to_string(state))},
                            {"class", status_class(shown)},
                            {"expires", gap.expires},
                            {"owner", gap.owner},
                            {"reason", gap.reason}});
  }
  return out;
}

list not_tested_data(const Summary& summary) {
  list out;
  for (const NotTested& entry : summary.not_tested) {
    const std::string clients = joined(entry.clients);
    out.emplace_back(
        object{{"title", entry.spec.title.empty() ? entry.spec.name : entry.spec.title},
               {"check", entry.spec.name},
               {"stage", std::string(to_string(entry.spec.stage))},
               {"clients", clients == "none" ? "–" : clients},
               {"reason", entry.reason}});
  }
  return out;
}

// The first ones, with which trouble comes; those that are left out are said.
void keep(std::size_t most, Timelines& timelines) {
  if (timelines.list.size() <= most) return;
  std::set<std::string> kept;
  for (std::size_t i = 0; i < most; ++i) {
    kept.insert(timelines.list[i].get("anchor")->string_value());
  }
  std::erase_if(timelines.anchors, [&](const auto& entry) { return !kept.contains(entry.second); });
  timelines.list.resize(most);
  timelines.undrawn = "There is no room here for every timeline; the series are with their steps.";
}

data page_data(const Summary& summary, bool alone, Room& room) {
  const Status verdict = summary.verdict.status;
  list logs;
  for (const auto& log : summary.logs) logs.push_back(file_link(log));
  Timelines timelines = timelines_data(summary);
  keep(room.timelines, timelines);
  object out{{"alone", alone},
             {"occasion", occasion(summary.run)},
             {"decision", sentence_case(decision(summary.run, verdict))},
             {"profile", summary.run.profile},
             {"verdict", std::string(to_string(verdict))},
             {"mark", mark_of(verdict)},
             {"tally", tally(summary.rows)},
             {"notice", optional_text(notice(summary.run))},
             {"has_reasons", !summary.verdict.reasons.empty()},
             {"reasons", reasons_data(summary.verdict)},
             {"more_reasons", optional_text(more_reasons(summary.verdict))},
             {"facts", headline_facts(summary)},
             {"asks_questions", summary.run.asks_questions()},
             {"questions", questions_data(summary)},
             {"counts", counts_data(summary)},
             {"groups", groups_data(summary, timelines, room)},
             {"has_matrices", !summary.matrices.empty()},
             {"matrices", matrices_data(summary)},
             {"has_timelines", !timelines.list.empty()},
             {"timelines", timelines.list},
             {"undrawn_timelines", optional_text(timelines.undrawn)},
             {"has_problems", !summary.problems.empty()},
             {"problems", problems_data(summary)},
             {"has_gaps", !summary.gaps.empty()},
             {"charter", summary.charter},
             {"gaps", gaps_data(summary)},
             {"has_not_tested", !summary.not_tested.empty()},
             {"not_tested", not_tested_data(summary)},
             {"runs", runs_data(summary)},
             {"has_logs", !logs.empty()},
             {"logs", logs}};
  add_figures(summary, out);
  add_observations(summary, out);
  add_fleets(summary, out);
  return out;
}

// The library parses a partial anew each time it is used, so they are put in by hand.
std::string whole_template() {
  std::string page = kHtmlRunTemplate;
  for (const auto& [name, partial] :
       {std::pair<std::string_view, const char*>{"{{>step}}", kHtmlStepTemplate},
        {"{{>matrices}}", kHtmlMatrixTemplate},
        {"{{>figures}}", kHtmlFiguresTemplate},
        {"{{>observations}}", kHtmlObservationsTemplate},
        {"{{>fleets}}", kHtmlFleetTemplate},
        {"{{>timelines}}", kHtmlTimelineTemplate}}) {
    page.replace(page.find(name), name.size(), partial);
  }
  return page;
}

}  // namespace

std::string run_markup(const Summary& summary, bool alone, std::size_t most_bytes) {
  // What a step says may be of any length.
  constexpr std::size_t kMostTextBytes = 4000;
  mustache page(whole_template());
  page.set_custom_escape(
      [](const std::string& text) { return escape_markup(shortened(text, kMostTextBytes)); });
  Room room;
  std::string out = page.render(page_data(summary, alone, room));
  while (out.size() > most_bytes && room.shrink(out.size() - most_bytes)) {
    out = page.render(page_data(summary, alone, room));
  }
  return out;
}

std::string to_html(const Summary& summary) {
  const Run& run = summary.run;
  return html_page(occasion(run) + ": " + sentence_case(decision(run, summary.verdict.status)) +
                       " (" + run.profile + ")",
                   "checks", run_markup(summary, true, kMostPageBytes));
}

}  // namespace ks::report

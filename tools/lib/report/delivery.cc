#include "lib/report/delivery.h"

#include <algorithm>

#include "lib/cli/clock.h"
#include "lib/report/delivery_faults.h"
#include "lib/report/delivery_guarantees.h"
#include "lib/report/delivery_rules.h"
#include "lib/report/markdown_table.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

using Cells = std::vector<std::string>;
using Guarantees = std::vector<Guarantee>;

constexpr const char* kDash = "–";
constexpr std::size_t kMostBytes = 600;

std::string plain(const std::string& text) { return escape_markdown(shortened(text, kMostBytes)); }

std::string table(const Cells& columns, const std::vector<Cells>& rows) {
  std::string out = "\n" + markdown_head(columns);
  for (const Cells& row : rows) out += markdown_row(row);
  return out;
}

std::string client_of(const DeliveryCheck& check) {
  return check.row->client == "none" ? std::string("Debezium") : check.row->client;
}

std::string number_or_dash(const DeliveryCheck& check, std::string_view name) {
  const auto value = check.figure(name);
  return value ? figure_text(name, *value) : kDash;
}

// ---- at a glance --------------------------------------------------------------------------------

std::size_t count_in(const Guarantees& guarantees, GuaranteeState state) {
  return static_cast<std::size_t>(std::ranges::count(guarantees, state, &Guarantee::state));
}

std::string headline(const Guarantees& guarantees) {
  std::string out = "**" + std::to_string(count_in(guarantees, GuaranteeState::kShown)) + " of " +
                    std::to_string(guarantees.size()) + " guarantees shown.**";
  for (const Guarantee& guarantee : guarantees) {
    if (guarantee.state == GuaranteeState::kShown) continue;
    out += "\n\n- **" + std::string(guarantee.title) + " " +
           std::string(to_string(guarantee.state)) + "**: " + plain(guarantee.reason);
  }
  return out + "\n";
}

// The first of these that was measured.
std::string first_of(const DeliveryCheck& check, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (check.figure(name)) return number_or_dash(check, name);
  }
  return kDash;
}

// The longest way back, of the parts that it may have.
std::string way_back(const DeliveryCheck& check) {
  std::string_view longest;
  for (const std::string_view name :
       {"resume_ms", "catch_up_ms", "produce_recovery_ms", "consume_recovery_ms"}) {
    if (!check.figure(name)) continue;
    if (longest.empty() || *check.figure(name) > *check.figure(longest)) longest = name;
    if (name == "resume_ms" || name == "catch_up_ms") break;
  }
  if (longest.empty()) return kDash;
  const auto limit = check.limits.find(longest);
  const std::string of =
      limit == check.limits.end() ? "" : " of " + figure_text(longest, limit->second.limit);
  return number_or_dash(check, longest) + of;
}

std::string glance(const Guarantees& guarantees) {
  std::vector<Cells> rows;
  for (const Guarantee& guarantee : guarantees) {
    for (const DeliveryCheck& check : guarantee.checks) {
      const Row& row = *check.row;
      const std::string status(status_word(row));
      const std::string again = guarantee.is_of_groups || check.figure("replayed_events")
                                    ? first_of(check, {"replayed_events", "rereads"})
                                    : kDash;
      rows.push_back({plain(std::string(guarantee.title)), markdown_code(row.spec.name),
                      plain(client_of(check)),
                      row.status == Status::kPass ? status : "**" + status + "**",
                      first_of(check, {"acked", "committed_changes"}),
                      first_of(check, {"matched", "arrived_changes"}),
                      first_of(check, {"lost", "cdc_lost"}), again, way_back(check)});
    }
  }
  return table({"Guarantee", "Check", "Client", "Result", "Acknowledged", "Of these read back",
                "Lost", "Read again", "Longest way back"},
               rows);
}

std::string versions(const Guarantees& guarantees) {
  for (const Guarantee& guarantee : guarantees) {
    for (const DeliveryCheck& check : guarantee.checks) {
      for (const Step& step : check.row->steps) {
        if (step.result.step == "worker") return step.result.client_version;
      }
    }
  }
  return "";
}

std::string environment(const Summary& summary, const Guarantees& guarantees) {
  const Run& run = summary.run;
  std::string broker = run.broker.product.empty() ? "not identified" : run.broker.product;
  std::vector<std::string> ids;
  for (const Run& each : summary.runs) ids.push_back(each.run_id);
  std::vector<Cells> rows{
      {"Run", markdown_code(joined(ids))},
      {"Begun", cli::format_rfc3339(run.started_at_ns)},
      {"Target, profile", plain(run.target + ", " + run.profile)},
      {"Broker",
       plain(broker) + (run.broker.build.empty() ? "" : " " + markdown_code(run.broker.build))},
      {"Bootstrap addresses", std::to_string(run.brokers.size())},
      {"Clients", plain(joined(run.clients))},
      {"Times of faults", run.full_time ? "full" : "shortened (`GATE_TIME=short`)"},
      {"Machine", plain(machine_words(run.machine) + ", " + run.machine.os)},
      {"Seed of what was left to chance", run.seed.empty() ? kDash : markdown_code(run.seed)},
      {"Toolkit", plain(run.toolkit)}};
  if (const std::string text = versions(guarantees); !text.empty()) {
    rows.insert(rows.begin() + 6, {"Change data capture", plain(text)});
  }
  if (const std::string text = broker_caveat(run); !text.empty()) {
    rows.insert(rows.begin() + 4, {"This Kafka", plain(text)});
  }
  return "\n## Environment\n" + table({"What", "Which"}, rows);
}

// ---- one guarantee ------------------------------------------------------------------------------

std::string figure_cell(const DeliveryCheck& check, std::string_view name) {
  const auto limit = check.limits.find(name);
  const std::string text = number_or_dash(check, name);
  return limit != check.limits.end() && !limit->second.ok ? "**" + text + "**" : text;
}

// Whether the judge counted some that are nobody's fault.
bool has_explained(const DeliveryCheck& check, const DeliveryFigure& figure) {
  for (const Step& step : check.row->steps) {
    for (const Anomaly& anomaly : step.result.anomalies) {
      if ("#" + anomaly.type == figure.metric && anomaly.allowed > 0) return true;
    }
  }
  return false;
}

// That of the checks that have one, which may differ.
std::string limit_cell(const Guarantee& guarantee, const DeliveryFigure& figure) {
  std::vector<std::string> limits;
  for (const DeliveryCheck& check : guarantee.checks) {
    const auto limit = check.limits.find(figure.name);
    if (limit == check.limits.end()) continue;
    const std::string op = limit->second.op == "==" ? "" : limit->second.op + " ";
    std::string text = op + figure_text(figure.name, limit->second.limit);
    if (std::ranges::find(limits, text) == limits.end()) limits.push_back(std::move(text));
  }
  const bool must_be_none = figure.metric.starts_with('#') && figure.name != "duplicates";
  const bool any_explained = std::ranges::any_of(
      guarantee.checks, [&](const auto& check) { return has_explained(check, figure); });
  if (limits.empty() && must_be_none) return any_explained ? "0 unexplained" : "0";
  return limits.empty() ? kDash : plain(joined(limits));
}

std::string figures(const Guarantee& guarantee) {
  Cells columns{"Figure"};
  for (const DeliveryCheck& check : guarantee.checks) {
    columns.push_back(guarantee.by.size() == 1
                          ? plain(client_of(check))
                          : markdown_code(check.row->spec.name) + " " + plain(client_of(check)));
  }
  columns.emplace_back("Limit");
  std::vector<Cells> rows;
  for (const DeliveryFigure& figure : delivery_figures()) {
    Cells row{std::string(figure.label)};
    bool is_measured = false;
    for (const DeliveryCheck& check : guarantee.checks) {
      is_measured = is_measured || check.figure(figure.name).has_value();
      row.push_back(figure_cell(check, figure.name));
    }
    row.push_back(limit_cell(guarantee, figure));
    if (figure.is_of_groups && !guarantee.is_of_groups) continue;
    if (is_measured) rows.push_back(std::move(row));
  }
  return rows.empty() ? "" : table(columns, rows);
}

std::string faults_of(const DeliveryCheck& check, const DeliveryFaults& faults) {
  if (faults.rows.empty()) return "";
  Cells columns = faults.columns;
  columns.insert(columns.begin(), "#");
  std::vector<Cells> rows;
  for (const Cells& cells : faults.rows) {
    Cells row{std::to_string(rows.size() + 1)};
    for (const std::string& cell : cells) row.push_back(plain(cell));
    rows.push_back(std::move(row));
  }
  return "\nWhat was done in " + markdown_code(row_name(*check.row)) + ":\n" + table(columns, rows);
}

std::string course(const DeliveryCheck& check) {
  const DeliveryFaults faults = delivery_faults(*check.row);
  const std::string chart = delivery_chart(delivery_lanes(*check.row), faults.spans);
  std::string out = faults_of(check, faults);
  if (out.empty() && !chart.empty()) {
    out = "\nHow " + markdown_code(row_name(*check.row)) + " went on:\n";
  }
  return chart.empty() ? out : out + "\n```text\n" + chart + "```\n";
}

std::string section(const Guarantee& guarantee, std::size_t number) {
  std::string out = "\n## " + std::to_string(number) + ". " + std::string(guarantee.title) + ": " +
                    std::string(to_string(guarantee.state)) + "\n\n";
  out += "**Promised.** " + std::string(guarantee.promise) + "\n\n";
  out += "**Done to it.** " + std::string(guarantee.method) + "\n";
  if (!guarantee.reason.empty()) {
    out += "\n**" + sentence_case(std::string(to_string(guarantee.state))) + ".** " +
           plain(guarantee.reason) + "\n";
  }
  out += figures(guarantee);
  for (const DeliveryCheck& check : guarantee.checks) out += course(check);
  return out;
}

// ---- what follows -------------------------------------------------------------------------------

std::string recommendations(const Guarantees& guarantees, const std::string& target) {
  std::vector<DeliveryCheck> checks;
  for (const Guarantee& guarantee : guarantees) {
    checks.insert(checks.end(), guarantee.checks.begin(), guarantee.checks.end());
  }
  std::string out = "\n## Recommendations\n\n";
  const auto list = recommend(checks, target);
  if (list.empty()) return out + "None follows from these figures.\n";
  out += "Each follows from the figure that it names, and from nothing else.\n";
  std::size_t number = 0;
  for (const Recommendation& each : list) {
    out += "\n" + std::to_string(++number) + ". " +
           (each.setting == "none" ? "**No setting**" : "**`" + each.setting + "`**") + "\n" +
           "   - *Seen:* " + each.figure + "\n" + "   - *Do:* " + each.advice + "\n" +
           "   - *Expect:* " + each.effect + "\n";
  }
  return out;
}

std::string not_measured(const Summary& summary, const Guarantees& guarantees) {
  std::string out = "\n## What could not be measured\n\n";
  for (const Guarantee& guarantee : guarantees) {
    if (guarantee.state != GuaranteeState::kNotTested &&
        guarantee.state != GuaranteeState::kNotShown)
      continue;
    out += "- " + std::string(guarantee.title) + ": " + plain(guarantee.reason) + ".\n";
  }
  if (summary.run.target == "kafka") {
    out += "- KafScale: this is an Apache Kafka. What holds here need not hold there.\n";
  }
  if (!summary.run.full_time) {
    out += "- Longer faults: this run was made with `GATE_TIME=short`.\n";
  }
  if (summary.run.profile == "embedded") {
    out +=
        "- Loss of power and of disks: brokers, clients and database are processes of one machine, "
        "whose page cache outlives each of them.\n";
  }
  return out +
         "- Exactly-once delivery and transactions: no check asks for them.\n"
         "- A cut between brokers, or between a broker and its controller: the network is cut "
         "between clients and brokers.\n"
         "- The death of PostgreSQL itself: the worker is killed, the database is not.\n";
}

}  // namespace

std::string to_delivery_report(const Summary& summary) {
  const Guarantees guarantees = judge_guarantees(summary);
  std::string out = "# Delivery guarantees\n\n" + headline(guarantees);
  if (const std::string text = notice(summary.run); !text.empty()) out += "\n> " + text + "\n";
  out += "\n## At a glance\n" + glance(guarantees) + environment(summary, guarantees);
  std::size_t number = 0;
  for (const Guarantee& guarantee : guarantees) out += section(guarantee, ++number);
  return out + recommendations(guarantees, summary.run.target) + not_measured(summary, guarantees);
}

}  // namespace ks::report

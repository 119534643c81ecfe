#include "lib/report/junit.h"

#include <cstdio>

#include "lib/cli/clock.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

struct Suite {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  double duration_ms = 0;
};

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + escape_markup(value) + "\"";
}

std::string seconds(double duration_ms) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", duration_ms / 1000);
  return text;
}

// What a reader of the CI's page needs to see without opening the report.
std::string details(const Row& row) {
  std::string out;
  for (const Step& step : row.steps) {
    out += step.result.step + ": " + std::string(to_string(step.result.status)) +
           (step.result.reason.empty() ? "" : ", " + step.result.reason) + "\n";
    for (const Anomaly& anomaly : step.result.anomalies) {
      out += "  " + std::to_string(anomaly.count) + " " + anomaly.type + ", " +
             std::to_string(anomaly.allowed) + " allowed\n";
      for (const std::string& example : anomaly.examples) out += "    " + example + "\n";
    }
    out += "  " + step.file.string() + "\n";
  }
  return out;
}

std::string outcome(const char* element, std::string_view type, std::string_view message,
                    const std::string& body) {
  return std::string("      <") + element + attribute("type", type) +
         attribute("message", message) + ">" + escape_markup(body) + "</" + element + ">\n";
}

std::string skipped(std::string_view message) {
  return "      <skipped" + attribute("message", message) + "/>\n";
}

std::string outcome_of(const Row& row, Suite& suite) {
  // What does not count must not make a CI's page red.
  const bool is_lesser = !counts(row) && row.status != Status::kPass;
  if (!row.ran || row.status == Status::kSkip || is_lesser) {
    ++suite.skipped;
    return skipped(std::string(status_word(row)) + ": " + row.reason);
  }
  if (!row.accepted.empty()) {
    ++suite.skipped;
    return skipped(row.accepted_why + " (" + row.reason + ")");
  }
  if (row.status == Status::kFail) {
    ++suite.failures;
    return outcome("failure", "fail", row.reason, details(row));
  }
  if (row.status == Status::kPass) return "";
  ++suite.errors;
  return outcome("error", to_string(row.status), row.reason, details(row));
}

void add_case(const std::string& suite_name, const std::string& name, double duration_ms,
              const std::string& content, Suite& suite) {
  ++suite.tests;
  suite.duration_ms += duration_ms;
  suite.cases += "    <testcase" + attribute("name", name) + attribute("classname", suite_name) +
                 attribute("time", seconds(duration_ms));
  suite.cases += content.empty() ? "/>\n" : ">\n" + content + "    </testcase>\n";
}

std::string properties(const Summary& summary) {
  const Run& run = summary.run;
  const auto property = [](const char* name, std::string_view value) {
    return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
  };
  return "    <properties>\n" + property("run_id", run.run_id) + property("target", run.target) +
         property("profile", run.profile) + property("broker", run.broker.product) +
         property("broker_build", run.broker.build) +
         property("verdict", to_string(summary.verdict.status)) +
         property("decision", decision(run, summary.verdict.status)) +
         property("notice", notice(run)) + "    </properties>\n";
}

std::string suite_element(const std::string& name, const Suite& suite, const Summary& summary) {
  if (suite.tests == 0) return "";
  const std::string started_at = cli::format_rfc3339(summary.run.started_at_ns);
  const std::string whole_seconds = started_at.substr(0, started_at.find('.'));
  return "  <testsuite" + attribute("name", name) +
         attribute("tests", std::to_string(suite.tests)) +
         attribute("failures", std::to_string(suite.failures)) +
         attribute("errors", std::to_string(suite.errors)) +
         attribute("skipped", std::to_string(suite.skipped)) +
         attribute("time", seconds(suite.duration_ms)) + attribute("timestamp", whole_seconds) +
         attribute("hostname", summary.run.machine.host) + ">\n" + properties(summary) +
         suite.cases + "  </testsuite>\n";
}

// What is wrong with the run itself, so that a reader of JUnit alone does not see only passes.
Suite suite_of_run(const Summary& summary) {
  Suite suite;
  for (const Reason& reason : summary.verdict.reasons) {
    if (reason.row) continue;
    const bool is_failure = reason.status == Status::kFail;
    ++(is_failure ? suite.failures : suite.errors);
    const auto type = to_string(reason.status);
    add_case("run", reason.text, 0,
             outcome(is_failure ? "failure" : "error", type, reason.text, ""), suite);
  }
  return suite;
}

}  // namespace

std::string to_junit(const Summary& summary) {
  std::string suites;
  for (const Stage stage : stages_beside(summary.run.stage)) {
    const bool is_gate = summary.run.is_gate();
    const std::string name = is_gate ? std::string(to_string(stage)) : "scenarios";
    Suite suite;
    for (const Row& row : summary.rows) {
      if (row.spec.stage != stage || (stage > summary.run.stage && !row.ran)) continue;
      add_case(name, row_name(row), row.duration_ms, outcome_of(row, suite), suite);
    }
    suites += suite_element(name, suite, summary);
  }
  suites += suite_element("run", suite_of_run(summary), summary);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", occasion(summary.run)) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace ks::report

#include "lib/tool/tool.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>
#include <sstream>

#include "lib/cli/environment.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/signals.h"
#include "lib/cli/version.h"
#include "lib/client/wire_options.h"
#include "lib/target/identity.h"

namespace ks::tool {
namespace {

namespace po = cli::po;
using cli::environment;
using cli::ExitStatus;
using Words = std::vector<std::string>;

constexpr auto kConnectTimeout = std::chrono::seconds(5);

// Beyond this librdkafka, which counts milliseconds in 32 bits, would wait for something else.
constexpr auto kLongestTimeout = std::chrono::hours(24 * 24);

po::options_description common_options(const Spec& spec) {
  po::options_description common("Common options");
  auto add = common.add_options();
  if (spec.needs_broker) {
    add("brokers,b", po::value<std::string>(), "bootstrap addresses, host:port[,host:port]");
    add("bootstrap-server", po::value<std::string>(), "the same, as the Java tools call it");
    add("property,X", po::value<std::vector<cli::SettingArg>>(),
        "librdkafka property, name=value (repeatable)");
    const std::string otherwise(client::to_string(spec.default_client));
    add("principal", po::value<std::string>(),
        "connect as one of the profile's principals: allowed or denied");
    add("client", po::value<std::string>(),
        ("client implementation: librdkafka, wire, or librdkafka-VERSION for one that is "
         "preloaded (default " +
         otherwise + ")")
            .c_str());
  }
  add("profile", po::value<std::string>(), "environment, profiles/NAME.yaml or a path");
  add("timeout", po::value<cli::DurationArg>(),
      ("bound for " + spec.timeout_bounds + ", for example 30s").c_str());
  add("json", po::value<std::string>(), "write the result as JSON to a file, or - for stdout");
  add("history", po::value<std::string>(), "folder for the history of every attempt");
  add("expect", po::value<Words>(), "'metric op value' that must hold (repeatable)");
  add("limit", po::value<Words>(),
      "the same, but the profile's limits may have another value for the metric (repeatable)");
  add("run-id", po::value<std::string>(), "identity of this run");
  add("quiet,q", "only errors on stderr");
  add("verbose,v", "more on stderr");
  add("help,h", "this text");
  if (spec.options.find_nothrow("version", false) == nullptr) {
    add("version", "the toolkit's version");
  }
  return common;
}

void print_help(const Spec& spec, const po::options_description& common) {
  std::ostringstream text;
  text << "usage: " << spec.name << " " << spec.synopsis << "\n\n" << spec.about << "\n";
  text << spec.options << "\n" << common;
  cli::print(text.str());
}

void print_version(const Spec& spec) {
  cli::print(spec.name + " " + std::string(cli::version()) + "\n");
  if (!spec.needs_broker) return;
  const std::string version = client::version_of(client::Implementation::kLibrdkafka);
  cli::print("librdkafka " + version + " of " + client::librdkafka_file() + "\n");
}

// Whom to be: above the profile's librdkafka properties, and below -X.
cli::Result<void> take_principal(Session& session) {
  const std::string name = session.option<std::string>("principal", "");
  if (!session.has("principal")) return {};
  if (name != "allowed" && name != "denied") {
    return cli::fail("unknown principal '" + name + "'", "--principal", "choose allowed or denied");
  }
  const auto& principals = session.profile.principals;
  if (!principals) {
    return cli::fail("the profile names no principals", "profile " + session.profile.name,
                     "add 'principals: {allowed: {…}, denied: {…}}', or leave out --principal");
  }
  const auto& properties = name == "allowed" ? principals->allowed : principals->denied;
  for (const auto& [property, value] : properties) session.profile.librdkafka[property] = value;
  if (!principals->brokers.empty()) session.profile.brokers = principals->brokers;
  return {};
}

// What -b says goes above the profile.
cli::Result<void> take_brokers(Session& session) {
  const std::string flag =
      session.option<std::string>("brokers", session.option<std::string>("bootstrap-server", ""));
  if (flag.empty()) return {};
  const auto addresses = wire::parse_addresses(flag);
  if (!addresses) return tl::make_unexpected(addresses.error());
  session.profile.brokers = wire::texts(*addresses);
  return {};
}

cli::Result<void> take_client(client::Implementation otherwise, Session& session) {
  const std::string from_environment = environment("KS_CLIENT");
  const std::string name = session.option<std::string>(
      "client",
      from_environment.empty() ? std::string(client::to_string(otherwise)) : from_environment);
  const auto implementation = client::parse_implementation(name);
  if (!implementation) {
    return cli::fail(implementation.error().what, "--client", implementation.error().action);
  }
  session.implementation = *implementation;
  session.result.client = name;
  session.result.client_version = client::version_of(*implementation);
  return {};
}

cli::Result<void> take_expectations(Session& session) {
  const auto take = [&](const char* option) -> cli::Result<void> {
    for (const std::string& text : session.option<Words>(option, {})) {
      auto expectation = report::parse_expectation(text);
      if (!expectation) {
        const cli::Error& error = expectation.error();
        return cli::fail(error.what, std::string("--") + option, error.action);
      }
      session.expectations.push_back(std::move(*expectation));
    }
    return {};
  };
  if (auto ok = take("limit"); !ok) return ok;
  report::take_limits(session.profile.limits, session.expectations);
  return take("expect");
}

// Everything that can be wrong with the command line or the profile.
cli::Result<void> prepare(const Spec& spec, Session& session) {
  session.words = session.option<Words>("word", {});
  session.timeout = session.option<cli::DurationArg>("timeout", {spec.default_timeout}).value;
  if (session.timeout > kLongestTimeout) {
    return cli::fail("timeout out of range", "--timeout", "give at most 576h");
  }
  session.history_dir = session.option<std::string>("history", "");
  auto profile = target::load_profile(session.option<std::string>("profile", ""));
  if (!profile) return tl::make_unexpected(profile.error());
  session.profile = std::move(*profile);
  if (auto ok = take_expectations(session); !ok) return ok;
  if (spec.needs_broker) {
    if (auto ok = take_client(spec.default_client, session); !ok) return ok;
    if (session.implementation == client::Implementation::kWire) {
      // A profile's are librdkafka's; the wire client takes those that it knows, too.
      std::erase_if(session.profile.librdkafka,
                    [](const auto& p) { return !client::is_wire_property(p.first); });
    }
    if (auto ok = take_principal(session); !ok) return ok;
    for (const auto& [name, value] : session.option<std::vector<cli::SettingArg>>("property", {})) {
      session.profile.librdkafka[name] = value;
    }
  }
  if (auto ok = take_brokers(session); !ok) return ok;
  session.result.profile = session.profile.name;
  session.result.target = std::string(target::to_string(session.profile.target));
  session.result.brokers = session.profile.brokers;
  return {};
}

// Writes --json. A result that cannot be written is an error even after a pass.
cli::Result<void> write_json(const Session& session) {
  const std::string path = session.option<std::string>("json", "");
  if (path.empty()) return {};
  return report::write_result(path, session.result);
}

// An error that ended the run is one like those that a tool counts: an expectation may be on it,
// and it then says what it means.
bool is_judged(Session& session, const cli::Error& error) {
  if (error.code.empty()) return false;
  report::count_error(error.code, session.result.metrics);
  return report::judges_error(error.code, session.judge());
}

int finish(Session& session, const cli::Result<void>& outcome) {
  report::Result& result = session.result;
  result.duration_ms = static_cast<double>(cli::wall_ns() - result.started_at_ns) / 1e6;
  const bool cut_short = cli::stop_signal() != 0 && !session.runs_until_stopped;
  if (!outcome && !is_judged(session, outcome.error())) {
    result.lower_to(report::Status::kError, outcome.error().message());
  } else if (cut_short) {
    // What is expected of the whole run cannot be judged by a part of it.
    const std::string why = "interrupted by signal " + std::to_string(cli::stop_signal());
    if (result.status == report::Status::kInconclusive) {
      result.reason = why + "; " + result.reason;  // which may be missing only because of that
    }
    result.lower_to(report::Status::kInconclusive, why);
  } else {
    report::apply(session.expectations, result);
    if (!outcome && !result.reason.empty()) result.reason += ": " + outcome.error().message();
  }
  if (auto flushed = cli::flush_output(); !flushed) {
    result.lower_to(report::Status::kError, flushed.error().message());
  }
  const cli::Result<void> written = write_json(session);
  if (result.status != report::Status::kPass) cli::log_error(result.reason);
  if (!written) {
    cli::log_error(written.error().message());
    return static_cast<int>(ExitStatus::kCannotRun);
  }
  if (cli::stop_signal() != 0) return 128 + cli::stop_signal();
  return static_cast<int>(report::exit_status(result.status));
}

int cannot_run(const cli::Error& error) {
  cli::log_error(error.message());
  return static_cast<int>(ExitStatus::kCannotRun);
}

// After --help and --version.
int told() {
  const auto flushed = cli::flush_output();
  return flushed ? static_cast<int>(ExitStatus::kPassed) : cannot_run(flushed.error());
}

}  // namespace

cli::Result<bool> wants_json(const Session& session) {
  const auto format = session.option<std::string>("format", "table");
  if (format == "table" || format == "json") return format == "json";
  return cli::fail("unknown format '" + format + "'", "--format", "choose table or json");
}

std::string new_run_id() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", &utc);
  char random[16];
  std::snprintf(random, sizeof random, "-%08x", std::random_device{}());
  return std::string(text) + random;
}

report::Result new_result(const std::string& run_id) {
  report::Result result;
  result.run_id = run_id;
  result.check = environment("KS_CHECK");
  result.step = environment("KS_STEP");
  result.stage = environment("KS_STAGE");
  result.title = environment("KS_TITLE");
  result.started_at_ns = cli::wall_ns();
  return result;
}

bool Session::judges(const std::string& metric) const {
  return std::any_of(expectations.begin(), expectations.end(),
                     [&](const report::Expectation& e) { return e.metric == metric; });
}

tl::expected<wire::ApiVersions, client::Trouble> Session::ask_versions() const {
  const cli::Duration longest = std::min<cli::Duration>(timeout, kConnectTimeout);
  return client::first_versions(profile.brokers, access(), cli::Clock::now() + longest);
}

cli::Result<client::Config> Session::connect(std::initializer_list<client::Operation> operations) {
  if (profile.brokers.empty()) {
    return cli::fail("no broker given", "profile " + profile.name, "use -b or set KS_BROKERS");
  }
  auto versions = ask_versions();
  if (!versions) {
    if (const auto finding = versions.error().finding()) note(*finding);
    return tl::make_unexpected(versions.error().error);
  }
  broker_versions = std::move(*versions);
  result.metrics.try_emplace(report::kAuthorizationErrors, 0);
  result.broker.build = broker_versions.fingerprint();
  result.broker.product = target::identify({{}, broker_versions, {}}).product;
  const auto release = implementation == client::Implementation::kWire
                           ? client::wire_release()
                           : client::librdkafka_release(rd_kafka_version());
  const std::vector<client::Operation> list(operations);
  if (auto mismatch = client::find_mismatch(broker_versions, list, release)) {
    note({mismatch->finding, mismatch->error.where});
    return tl::make_unexpected(mismatch->error);
  }
  return client::Config{profile.brokers, profile.librdkafka, implementation,
                        [this](const wire::Finding& finding) { note(finding); }};
}

cli::Result<std::unique_ptr<history::Writer>> Session::open_history(history::Head head) {
  if (history_dir.empty()) return nullptr;
  head.run_id = result.run_id;
  head.tool = result.tool;
  head.client = result.client;
  auto writer = history::Writer::create(history_dir, head);
  if (writer) result.artifacts.push_back((*writer)->path());
  return writer;
}

void Session::note(const wire::Finding& finding) {
  const wire::FindingKind& kind = wire::kind_of(finding.id);
  auto& known = result.findings;
  const bool again = std::any_of(known.begin(), known.end(),
                                 [&](const auto& earlier) { return earlier.id == kind.name; });
  if (again) return;
  known.push_back({kind.name, wire::to_string(kind.severity), kind.summary, finding.evidence});
  if (kind.severity == wire::Severity::kViolation) {
    result.lower_to(report::Status::kFail, std::string(kind.summary) + ": " + finding.evidence);
  }
}

void Session::print(const std::string& line) const {
  if (json_on_stdout) return;
  cli::print(line + "\n");
  static_cast<void>(cli::flush_output());  // its error shows at the end
}

int main_of(const Spec& spec, int argc, const char* const* argv) {
  cli::set_program(spec.name);
  const po::options_description common = common_options(spec);
  po::options_description all;
  all.add(spec.options).add(common);
  if (argc == 2 && std::string_view(argv[1]) == "--version") return print_version(spec), told();
  auto options = cli::parse_command_line(argc, argv, all);
  if (!options) return cannot_run(options.error());
  if (options->count("help") != 0) return print_help(spec, common), told();
  const bool is_flag = spec.options.find_nothrow("version", false) == nullptr;
  if (is_flag && options->count("version") != 0) return print_version(spec), told();
  if (options->count("quiet") != 0) cli::set_verbosity(cli::Verbosity::kQuiet);
  if (options->count("verbose") != 0) cli::set_verbosity(cli::Verbosity::kVerbose);
  cli::catch_stop_signals();

  Session session;
  session.options = std::move(*options);
  const std::string run_id = environment("KS_RUN_ID");
  session.result =
      new_result(session.option<std::string>("run-id", run_id.empty() ? new_run_id() : run_id));
  session.result.tool = spec.name;
  session.result.argv = cli::printable_arguments(argc, argv, all);
  session.json_on_stdout = session.option<std::string>("json", "") == "-";
  try {
    cli::Result<void> outcome = prepare(spec, session);
    if (outcome) outcome = spec.run(session);
    return finish(session, outcome);
  } catch (const std::exception& error) {
    return finish(session, cli::fail(error.what()));
  }
}

}  // namespace ks::tool

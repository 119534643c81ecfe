#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/cli/options.h"
#include "lib/client/client.h"
#include "lib/client/trouble.h"
#include "lib/client/versions.h"
#include "lib/client/wire_options.h"
#include "lib/history/writer.h"
#include "lib/report/error_counts.h"
#include "lib/report/result.h"
#include "lib/target/profile.h"

// What every executable has in common: options, profile, the result and its exit status.
namespace ks::tool {

// One run of a tool. `run` of the Spec reads the first part and fills `result`.
struct Session {
  cli::po::variables_map options;
  std::vector<std::string> words;  // what follows the options: sub-commands and names
  target::Profile profile;
  std::string history_dir;  // --history; empty: none
  client::Implementation implementation = client::Implementation::kLibrdkafka;  // --client
  cli::Duration timeout{};  // --timeout, or the tool's default
  std::vector<report::Expectation> expectations;
  bool json_on_stdout = false;  // --json -: records and tables stay away from stdout
  // Set by a tool that was given no other end: a signal then ends it in order, not too early.
  bool runs_until_stopped = false;

  report::Result result;
  wire::ApiVersions broker_versions;  // what the broker advertises, after connect()

  template <typename T>
  T option(const char* name, T otherwise) const {
    return cli::option_or(options, name, std::move(otherwise));
  }
  // Whether an --expect names the metric: its author decides what is allowed.
  bool judges(const std::string& metric) const;
  report::Judges judge() const {
    return [this](const std::string& metric) { return judges(metric); };
  }
  bool has(const char* name) const { return options.count(name) != 0; }
  cli::Deadline deadline() const { return cli::Clock::now() + timeout; }

  // Asks the first broker that answers for its versions (an error names each address and why it did
  // not; whether anything listens is a finding), and checks that the chosen client can do
  // `operations` there. Call it before anything else touches the broker: a mismatch is then named
  // instead of timed out.
  cli::Result<client::Config> connect(std::initializer_list<client::Operation> operations);

  // The versions alone, and nothing is noted: for who waits until a broker answers.
  tl::expected<wire::ApiVersions, client::Trouble> ask_versions() const;

  // What -X and the profile say of a connection to any broker.
  wire::Access access() const { return client::access_by(profile.librdkafka, implementation); }

  // A file of its own in the folder that --history names, listed among the result's artifacts;
  // nothing without --history. `head` need not tell who writes it.
  cli::Result<std::unique_ptr<history::Writer>> open_history(history::Head head = {});

  // Puts a finding into the result, once for each kind; a violation fails it.
  void note(const wire::Finding& finding);

  // Prints one line of data to stdout at once, unless that belongs to --json.
  void print(const std::string& line) const;
};

// Options every tool has, and whether they make sense for it.
struct Spec {
  std::string name;      // "ks-offsets"
  std::string synopsis;  // after the name, in the usage line
  std::string about;     // a few lines of help, with examples
  // An option of its own called version leaves the flag to `NAME --version` with nothing behind it.
  cli::po::options_description options{"Options"};
  cli::Duration default_timeout = std::chrono::seconds(30);
  bool needs_broker = true;  // offers -b, -X and --client
  std::function<cli::Result<void>(Session&)> run;
  client::Implementation default_client = client::Implementation::kLibrdkafka;
  std::string timeout_bounds = "the whole operation";  // what --timeout does, for --help
};

// A whole main: parses, loads the profile, runs, judges --expect, writes --json, returns the exit
// status. An error is one line on stderr, and status 2.
int main_of(const Spec& spec, int argc, const char* const* argv);

// Whether --format asks for JSON; table is the default, and the only other format.
cli::Result<bool> wants_json(const Session& session);

// A random run id with the time in it: 20260131-120000-1a2b3c4d.
std::string new_run_id();

// A result that has the identity the environment gives it (KS_RUN_ID, KS_CHECK, KS_STEP, KS_STAGE,
// KS_TITLE), for tools that write one outside main_of.
report::Result new_result(const std::string& run_id);

}  // namespace ks::tool

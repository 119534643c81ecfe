#include <algorithm>
#include <array>

#include "lib/probe/commands.h"
#include "lib/probe/tools.h"

namespace ks::probe {
namespace {

namespace po = cli::po;

constexpr const char* kAbout =
    R"(Asks a broker's protocol by hand, and judges how it answers.

  versions [--charter FILE]
                          what the broker advertises beside what clients need; mismatches are named.
                          With a charter, every API and version that it promises has to be offered
  call API [--version N] [--fields JSON|@FILE]
                          one request; the response as JSON. Fields have the protocol guide's names,
                          bytes are base64, what is not given has its default. An error code in the
                          response is no failure: say --expect 'error_code == 0'
  conformance [--answer-timeout 10s]
                          every version that the broker advertises is served in its format, every
                          other is refused, none meets silence; with a topic and groups of its own,
                          which go away afterwards
  addresses [--connections N] [--duration 10s | --until-stopped]
                          where Metadata and FindCoordinator send clients, asked again and again on
                          new connections: one address alone behind a proxy
  storm --connections N [--source ADDRESS,...]
                          that many connections at once, each with ApiVersions, Metadata, a Produce
                          and a Fetch on a topic of the run's own. From 127.0.0.2 and up by default
                          where the broker is on this machine
  malformed [--seed N] [--count N]
                          lengths, frames, bodies and batches that are wrong, one after the other;
                          after each the broker must go on serving others

  ks-probe versions -b localhost:9092
  ks-probe call Metadata -b localhost:9092
  ks-probe call ListOffsets --fields '{"replica_id": -1, "topics": [{"name": "orders",
      "partitions": [{"partition_index": 0, "timestamp": -1}]}]}' -b localhost:9092
)";

void add_options(po::options_description& options) {
  auto add = options.add_options();
  add("version", po::value<cli::CountArg>(),
      "call: version of the API (default: the highest both sides have); alone: the toolkit's");
  add("charter", po::value<std::string>(), "versions: what is promised, profiles/charter.yaml");
  add("fields", po::value<std::string>(), "call: the request as JSON, or @FILE");
  add("connections", po::value<cli::CountArg>(), "storm: how many (1000); addresses: in turn (5)");
  add("duration", po::value<cli::DurationArg>(), "addresses: for how long (once)");
  add("until-stopped", "addresses: until a signal, which is then no interruption");
  add("source", po::value<std::string>(), "storm: local addresses to connect from, in turn");
  add("seed", po::value<cli::CountArg>(), "malformed: which sequence (1)");
  add("count", po::value<cli::CountArg>(), "malformed: how many cases (120)");
  add("answer-timeout", po::value<cli::DurationArg>(),
      "conformance, malformed: how long one answer may take (10s, 2s)");
}

struct Command {
  std::string_view name;
  std::string_view argument;              // the word that follows; empty: none
  std::vector<std::string_view> options;  // of those that not every command has
  cli::Result<void> (*run)(tool::Session&);
};

const std::array kCommands{
    Command{"versions", "", {"charter"}, versions},
    Command{"call",
            "API",
            {"version", "fields"},
            [](tool::Session& session) { return call(session, session.words[1]); }},
    Command{"conformance", "", {"answer-timeout"}, conformance},
    Command{"addresses", "", {"connections", "duration", "until-stopped"}, addresses},
    Command{"storm", "", {"connections", "source"}, storm},
    Command{"malformed", "", {"answer-timeout", "seed", "count"}, malformed},
};

std::string names() {
  std::string out;
  for (const Command& command : kCommands) {
    out += (out.empty() ? "" : ", ") + std::string(command.name);
  }
  return out;
}

cli::Result<void> check(const Command& command, const tool::Session& session) {
  const std::string name(command.name);
  const std::size_t wanted = command.argument.empty() ? 1 : 2;
  if (session.words.size() < wanted) {
    return cli::fail("'" + name + "' needs a word", name + " " + std::string(command.argument),
                     "see --help");
  }
  if (session.words.size() > wanted) {
    return cli::fail("'" + name + "' does not take '" + session.words[wanted] + "'", {},
                     "see --help");
  }
  for (const Command& other : kCommands) {
    for (const std::string_view option : other.options) {
      if (!std::ranges::count(command.options, option) && session.has(std::string(option).c_str()))
        return cli::fail("option '--" + std::string(option) + "' does not go with '" + name + "'",
                         {}, "see --help");
    }
  }
  if (session.has("client") && session.option<std::string>("client", "") != "wire") {
    return cli::fail("this tool is a client of its own", "--client", "leave it out");
  }
  if (!session.history_dir.empty()) return cli::fail("nothing to record", "--history");
  if (session.has("shard")) return cli::fail("this tool cannot share its work", "--shard");
  return {};
}

cli::Result<void> run(tool::Session& session) {
  session.implementation = client::Implementation::kWire;
  session.result.client = "wire";
  session.result.client_version = client::version_of(session.implementation);
  if (session.words.empty()) {
    return cli::fail("no command", "give one of " + names(), "see --help");
  }
  const auto* const command = std::ranges::find(kCommands, session.words[0], &Command::name);
  if (command == kCommands.end()) {
    return cli::fail("unknown command '" + session.words[0] + "'", "give one of " + names(),
                     "see --help");
  }
  if (auto ok = check(*command, session); !ok) return ok;
  return command->run(session);
}

}  // namespace

tool::Spec probe_tool() {
  tool::Spec spec;
  spec.name = "ks-probe";
  spec.synopsis = "COMMAND [options]";
  spec.about = kAbout;
  add_options(spec.options);
  spec.run = run;
  return spec;
}

}  // namespace ks::probe

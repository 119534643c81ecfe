#include "lib/audit/verify_command.h"

#include "lib/audit/audit.h"
#include "lib/audit/cdc_audit.h"
#include "lib/audit/dump.h"

namespace ks::audit {
namespace {

namespace po = cli::po;
using Words = std::vector<std::string>;

constexpr const char* kAbout =
    R"(Judges what the tools recorded with --history: whether the broker kept what it acknowledged, once,
in order and in its place. Anomalies are defined in reports/README.md.

  ks-verify reports/latest/history
  ks-verify runs/a --allow duplicate=explained --allow 'poll-skip<=3'
  ks-verify dump runs/a | jq 'select(.event == "send" and .outcome == "unknown")'

cdc judges what Debezium made of a database's changes: what was committed, beside the events and the
offsets that ks-consume -J read.

  ks-verify cdc diary.jsonl videos.jsonl users.jsonl --offsets offsets.jsonl
)";

cli::Result<void> judge(tool::Session& s, const std::string& folder) {
  const auto allowances = Allowances::parse(s.option<Words>("allow", {}));
  if (!allowances) return tl::make_unexpected(allowances.error());
  const auto audit = audit_folder(folder);
  if (!audit) return tl::make_unexpected(audit.error());
  put(*audit, *allowances, s.result);
  print_figures(s);
  return {};
}

cli::Result<void> run(tool::Session& s) {
  const bool is_cdc = !s.words.empty() && s.words.front() == "cdc";
  if (s.has("allow") && is_cdc) return cli::fail("cdc allows no anomaly", "--allow");
  if (is_cdc) return judge_cdc_files(s, {s.words.begin() + 1, s.words.end()});
  const bool dumps = !s.words.empty() && s.words.front() == "dump";
  Words folders(s.words.begin() + (dumps ? 1 : 0), s.words.end());
  if (folders.empty() && !s.history_dir.empty()) folders.push_back(s.history_dir);
  if (folders.size() != 1) {
    return cli::fail(folders.empty() ? "no history folder" : "more than one history folder", "",
                     "give the folder that --history named");
  }
  if (!dumps) return judge(s, folders.front());
  if (s.has("allow")) return cli::fail("dump judges nothing", "--allow");
  return dump_folder(folders.front(), [&s](const std::string& line) { s.print(line); });
}

po::options_description options() {
  po::options_description out("Options");
  out.add_options()("allow", po::value<Words>(), kAllowHelp)(
      "offsets", po::value<std::string>(), "cdc: what was read of the worker's topic of offsets");
  return out;
}

}  // namespace

tool::Spec verify_command() {
  return {.name = "ks-verify",
          .synopsis = "DIR [--allow TYPE]... | dump DIR | cdc DIARY EVENTS... --offsets FILE",
          .about = kAbout,
          .options = options(),
          .needs_broker = false,
          .run = run};
}

}  // namespace ks::audit

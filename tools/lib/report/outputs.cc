#include "lib/report/outputs.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

#include "lib/cli/file.h"
#include "lib/report/checklist.h"
#include "lib/report/html.h"
#include "lib/report/html_suite.h"
#include "lib/report/json_text.h"
#include "lib/report/junit.h"
#include "lib/report/markdown.h"
#include "lib/report/tap.h"

namespace ks::report {

namespace fs = std::filesystem;

cli::Result<void> write_reports(const Summary& summary, const fs::path& out) {
  const bool is_suite = !summary.profiles.empty();
  // Everything is rendered before the first file is replaced.
  const std::array<std::pair<const char*, std::string>, 6> files{{
      {"junit.xml", to_junit(summary)},
      {"results.tap", to_tap(summary)},
      {"checklist.md", to_checklist(summary)},
      {"report.md", to_markdown(summary)},
      {"report.html", is_suite ? to_suite_html(summary.profiles) : to_html(summary)},
      {"summary.json", dump(to_json(summary))},
  }};
  for (const auto& [name, content] : files) {
    if (auto ok = cli::write_file(out / name, content); !ok) return ok;
  }
  return {};
}

cli::Result<void> point_latest_at(const fs::path& out) {
  std::error_code error;
  const fs::path run = fs::canonical(out, error);
  const fs::path latest = run.parent_path() / "latest";
  const fs::path aside = latest.string() + ".tmp" + std::to_string(::getpid());
  if (!error) fs::create_directory_symlink(run.filename(), aside, error);
  if (!error) fs::rename(aside, latest, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(aside, ignored);
  return cli::fail("cannot move the link", latest.string(), error.message());
}

}  // namespace ks::report

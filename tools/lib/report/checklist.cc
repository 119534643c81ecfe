#include "lib/report/checklist.h"

#include <algorithm>

#include "lib/report/markdown_head.h"
#include "lib/report/text.h"
#include "lib/report/wording.h"

namespace ks::report {
namespace {

// One link a result file; many are not spelled out, since a table cell is small.
std::string evidence_links(const Row& row) {
  constexpr std::size_t kMostLinks = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(row.steps.size(), kMostLinks); ++i) {
    const Step& step = row.steps[i];
    const std::string& name =
        step.result.step.empty() ? step.file.filename().string() : step.result.step;
    out += (i == 0 ? "[" : " [") + escape_markdown(name) + "](" +
           relative_link(step.file.string()) + ")";
  }
  if (row.steps.size() > kMostLinks) {
    out += " and " + std::to_string(row.steps.size() - kMostLinks) + " more";
  }
  return out;
}

std::string row_line(const Row& row) {
  std::string covers;
  for (const std::string& item : row.spec.covers) covers += (covers.empty() ? "" : ", ") + item;
  const std::string client = row.client == "none" ? "" : escape_markdown(row.client);
  const bool bad = row.required() && row.status != Status::kPass && row.accepted.empty();
  const std::string word(status_word(row));
  const std::string why = row.reason + (row.accepted.empty() ? "" : "; " + row.accepted_why);
  return "| " + markdown_code(row.spec.name) + " " + escape_markdown(row.spec.title) + " | " +
         escape_markdown(covers) + " | " + client + " | " + (bad ? "**" + word + "**" : word) +
         " | " + escape_markdown(why) + " | " + evidence_links(row) + " |\n";
}

std::string cell_text(const MatrixRow& row, std::size_t cell) {
  const Can can = row.cells[cell].can;
  const std::string word(to_string(can));
  const std::string text = can == Can::kNo ? "**" + word + "**" : word;
  const std::string reason = reason_told(row, cell);
  return reason.empty() ? text : text + ": " + escape_markdown(reason);
}

std::string matrix_table(const Matrix& matrix, const Summary& summary) {
  std::string out = "\n## " + escape_markdown(matrix.spec.title) + "\n\n| Client |";
  std::string rule = "|---|";
  for (const std::string& capability : matrix.spec.capabilities) {
    out += " " + escape_markdown(capability) + " |";
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const MatrixRow& row : matrix.rows) {
    out += "| " + escape_markdown(client_name(row));
    out += summary.rows[row.row].required() ? " |" : " (evidence only) |";
    for (std::size_t i = 0; i < row.cells.size(); ++i) out += " " + cell_text(row, i) + " |";
    out += '\n';
  }
  return out;
}

std::string table(const std::string& title, const std::vector<const Row*>& rows) {
  if (rows.empty()) return "";
  std::string out = "\n## " + title +
                    "\n\n| Check | Covers | Client | Status | Reason | Evidence |\n"
                    "|---|---|---|---|---|---|\n";
  for (const Row* row : rows) out += row_line(*row);
  return out;
}

std::string gaps(const Summary& summary) {
  if (summary.gaps.empty()) return "";
  std::string out = "\n## Gaps of the charter\n\nFrom " + markdown_code(summary.charter) +
                    ".\n\n| Gap | State | Until | Owner | Reason |\n|---|---|---|---|---|\n";
  for (const auto& [gap, state, complaints] : summary.gaps) {
    const std::string word(to_string(state));
    out += "| " + markdown_code(gap.id) + " | " + (complaints.empty() ? word : "**" + word + "**") +
           " | " + gap.expires + " | " + escape_markdown(gap.owner) + " | " +
           escape_markdown(gap.reason) + " |\n";
  }
  return out;
}

}  // namespace

std::string to_checklist(const Summary& summary) {
  std::string out = markdown_head(summary);
  for (const Matrix& matrix : summary.matrices) out += matrix_table(matrix, summary);
  const auto is_listed = [](const Row& row) {
    return counts(row) && row.requirement != Requirement::kUnlisted;
  };
  for (const Stage stage : stages_beside(summary.run.stage)) {
    std::vector<const Row*> rows;
    for (const Row& row : summary.rows) {
      if (is_listed(row) && row.spec.stage == stage) rows.push_back(&row);
    }
    out += table(sentence_case(group_title(summary.run, stage)), rows);
  }
  std::vector<const Row*> evidence, unlisted;
  for (const Row& row : summary.rows) {
    if (!is_listed(row)) (counts(row) ? unlisted : evidence).push_back(&row);
  }
  return out + table("Evidence only", evidence) + table("Not asked for", unlisted) + gaps(summary);
}

}  // namespace ks::report

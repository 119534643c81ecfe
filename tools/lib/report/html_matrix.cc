#include "lib/report/html_matrix.h"

#include "lib/report/html_rows.h"
#include "lib/report/html_step.h"
#include "lib/report/html_template.h"

namespace ks::report {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::object;

namespace {

Status tone_of(Can can) {
  switch (can) {
    case Can::kYes:
      return Status::kPass;
    case Can::kNo:
      return Status::kFail;
    case Can::kNotShown:
      return Status::kInconclusive;
    case Can::kNotTested:
    case Can::kNotAsked:
      break;
  }
  return Status::kSkip;
}

data cells_data(const MatrixRow& row) {
  list cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Can can = row.cells[i].can;
    cells.emplace_back(object{{"answer", std::string(to_string(can))},
                              {"class", status_class(tone_of(can))},
                              {"asked", can != Can::kNotAsked},
                              {"reason", optional_text(reason_told(row, i))}});
  }
  return cells;
}

}  // namespace

list matrices_data(const Summary& summary) {
  list out;
  for (const Matrix& matrix : summary.matrices) {
    list capabilities, rows;
    for (const std::string& capability : matrix.spec.capabilities) {
      capabilities.emplace_back(capability);
    }
    for (const MatrixRow& row : matrix.rows) {
      const Row& of = summary.rows[row.row];
      rows.emplace_back(object{{"client", client_name(row)},
                               {"anchor", optional_text(of.ran ? anchor_of(row.row) : "")},
                               {"evidence_only", !counts(of)},
                               {"cells", cells_data(row)}});
    }
    out.emplace_back(
        object{{"title", matrix.spec.title.empty() ? matrix.spec.name : matrix.spec.title},
               {"capabilities", capabilities},
               {"rows", rows}});
  }
  return out;
}

const char* const kHtmlMatrixTemplate = R"html({{#has_matrices}}
<section id="clients" aria-labelledby="clients-title">
  <h2 id="clients-title">Clients</h2>
  {{#matrices}}
  <div class="scroll" tabindex="0" role="region" aria-label="{{title}}">
  <table>
    <caption>{{title}}</caption>
    <thead>
      <tr><th scope="col">Client</th>{{#capabilities}}<th scope="col">{{.}}</th>{{/capabilities}}</tr>
    </thead>
    <tbody>
    {{#rows}}
      <tr>
        <th scope="row">{{#anchor}}<a href="#{{anchor}}">{{client}}</a>{{/anchor}}{{^anchor}}{{client}}{{/anchor}}{{#evidence_only}}<br><small>evidence only</small>{{/evidence_only}}</th>
        {{#cells}}
        <td>{{#asked}}<span class="pill {{class}}">{{answer}}</span>{{/asked}}{{^asked}}{{answer}}{{/asked}}{{#reason}}<p>{{reason}}</p>{{/reason}}</td>
        {{/cells}}
      </tr>
    {{/rows}}
    </tbody>
  </table>
  </div>
  {{/matrices}}
</section>
{{/has_matrices}}
)html";

}  // namespace ks::report

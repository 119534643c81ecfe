#include "lib/report/html_template.h"

namespace ks::report {

// One step of a check: what it expected, found and measured.
const char* const kHtmlStepTemplate = R"html(
<section class="step">
  <h3>{{name}} <span class="pill {{class}}">{{word}}</span> <span class="time">{{duration}}</span></h3>
  {{#reason}}
  <p class="reason {{class}}">{{reason}}</p>
  {{/reason}}
  {{#has_thresholds}}
  <table class="thresholds">
    <caption>Expected and observed</caption>
    <thead><tr><th scope="col">Metric</th><th scope="col">Expected</th><th scope="col">Observed</th><th scope="col">Result</th></tr></thead>
    <tbody>
    {{#thresholds}}
      <tr><th scope="row"><code>{{metric}}</code></th><td>{{expected}}</td><td>{{observed}}</td><td><span class="pill {{class}}">{{word}}</span></td></tr>
    {{/thresholds}}
    </tbody>
  </table>
  {{/has_thresholds}}
  {{#anomalies}}
  <h4>Anomaly <code>{{type}}</code>: {{count}} seen, {{allowed}} allowed</h4>
  {{#meaning}}
  <p>{{meaning}}</p>
  {{/meaning}}
  {{#has_examples}}
  <ul class="examples">
    {{#examples}}
    <li><code>{{.}}</code></li>
    {{/examples}}
    {{#more_examples}}
    <li>{{more_examples}}</li>
    {{/more_examples}}
  </ul>
  {{/has_examples}}
  {{/anomalies}}
  {{#has_findings}}
  <h4>Findings <small>(each id is explained in reports/findings.md)</small></h4>
  <ul class="findings">
    {{#findings}}
    <li><span class="pill {{class}}">{{severity}}</span> <code>{{id}}</code> {{summary}}{{#evidence}}<br><span class="evidence-text">{{evidence}}</span>{{/evidence}}</li>
    {{/findings}}
  </ul>
  {{/has_findings}}
  {{#has_metrics}}
  <h4>Measured</h4>
  <dl class="metrics">
    {{#metrics}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/metrics}}
  </dl>
  {{/has_metrics}}
  <p class="files">
    {{#tool}}
    <code>{{tool}}</code><br>
    {{/tool}}
    {{#client}}
    Client {{client}}.
    {{/client}}
    Evidence: {{#files}}<a href="{{link}}">{{name}}</a> {{/files}}{{#elsewhere}}<code>{{.}}</code> {{/elsewhere}}
  </p>
</section>
)html";

}  // namespace ks::report

#include "lib/report/html_template.h"

namespace ks::report {

const char* const kHtmlFiguresTemplate = R"html({{#has_expected}}
<section id="expected" aria-labelledby="expected-title">
  <h2 id="expected-title">Expected and observed</h2>
  <p>{{expected_kept}}</p>
  <div class="scroll tall" tabindex="0" role="region" aria-labelledby="expected-title">
  <table class="limits">
    <caption class="quiet">What each step had to hold, and what was observed; violations first</caption>
    <thead>
      <tr><th scope="col">Check</th><th scope="col">Step</th><th scope="col">Metric</th><th scope="col" class="number">Expected</th><th scope="col" class="number">Observed</th><th scope="col">Result</th></tr>
    </thead>
    <tbody>
    {{#expected}}
      <tr><th scope="row"><a href="#{{anchor}}">{{name}}</a></th><td>{{step}}</td><td><code>{{metric}}</code></td><td class="number">{{expected}}</td><td class="number">{{observed}}</td><td class="short"><span class="pill {{class}}">{{word}}</span></td></tr>
    {{/expected}}
    </tbody>
  </table>
  </div>
  {{#more_expected}}
  <p>{{more_expected}}</p>
  {{/more_expected}}
</section>
{{/has_expected}}
{{#has_traffic}}
<section id="traffic" aria-labelledby="traffic-title">
  <h2 id="traffic-title">Traffic and latency</h2>
  {{#has_latencies}}
  <figure>
    <div class="chart latencies" tabindex="0" role="region" aria-label="Distribution of latencies">
{{{latencies_svg}}}    </div>
    <figcaption id="latency-words">Latency of {{latencies_of}}, on a logarithmic axis: the bar goes from p50 to p95, the line on to p99, the square is the maximum. The table has the figures.</figcaption>
  </figure>
  {{/has_latencies}}
  <div class="scroll tall" tabindex="0" role="region" aria-labelledby="traffic-title">
  <table class="limits">
    <caption class="quiet">Records of each step, and its latencies in milliseconds; what did not pass comes first</caption>
    <thead>
      <tr><th scope="col">Check</th><th scope="col">Step</th><th scope="col">Status</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Received</th><th scope="col" class="number">Errors</th><th scope="col" class="number">Per s</th><th scope="col" class="number">p50, ms</th><th scope="col" class="number">p95, ms</th><th scope="col" class="number">p99, ms</th><th scope="col" class="number">Max, ms</th></tr>
    </thead>
    <tbody>
    {{#traffic}}
      <tr><th scope="row"><a href="#{{anchor}}">{{name}}</a></th><td>{{step}}</td><td class="short"><span class="pill {{class}}">{{word}}</span></td><td class="number">{{sent}}</td><td class="number">{{received}}</td><td class="number">{{errors}}</td><td class="number">{{rate}}</td><td class="number">{{p50}}</td><td class="number">{{p95}}</td><td class="number">{{p99}}</td><td class="number">{{max}}</td></tr>
    {{/traffic}}
    </tbody>
  </table>
  </div>
  {{#more_traffic}}
  <p>{{more_traffic}}</p>
  {{/more_traffic}}
</section>
{{/has_traffic}}
)html";

const char* const kHtmlObservationsTemplate = R"html({{#has_anomalies}}
<section id="anomalies" aria-labelledby="anomalies-title">
  <h2 id="anomalies-title">Anomalies</h2>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="anomalies-title">
  <table class="observations">
    <caption class="quiet">What the records' history shows that must not be, with examples</caption>
    <thead><tr><th scope="col">Anomaly</th><th scope="col">Seen by</th><th scope="col" class="number">Seen</th><th scope="col" class="number">Allowed</th><th scope="col">Examples</th></tr></thead>
    <tbody>
    {{#anomalies}}
      <tr><th scope="row"><code>{{type}}</code>{{#meaning}}<p class="meaning">{{meaning}}</p>{{/meaning}}</th><td><a href="#{{anchor}}">{{name}}</a></td><td class="number">{{count}}</td><td class="number">{{allowed}}</td><td>{{#has_examples}}<ul class="examples">{{#examples}}<li><code>{{.}}</code></li>{{/examples}}{{#more_examples}}<li>{{more_examples}}</li>{{/more_examples}}</ul>{{/has_examples}}</td></tr>
    {{/anomalies}}
    </tbody>
  </table>
  </div>
  {{#more_anomalies}}
  <p>{{more_anomalies}}</p>
  {{/more_anomalies}}
</section>
{{/has_anomalies}}
{{#has_findings}}
<section id="findings" aria-labelledby="findings-title">
  <h2 id="findings-title">Findings</h2>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="findings-title">
  <table class="observations">
    <caption class="quiet">What was noticed of the protocol, and what to do about it</caption>
    <thead><tr><th scope="col">Finding</th><th scope="col">What was seen</th><th scope="col">What to do</th><th scope="col">Seen by</th></tr></thead>
    <tbody>
    {{#findings}}
      <tr><th scope="row"><code>{{id}}</code><br><span class="pill {{class}}">{{severity}}</span></th><td>{{summary}}{{#evidence}}<br><span class="evidence-text">{{evidence}}</span>{{/evidence}}</td><td>{{#hint}}{{hint}}{{/hint}}{{^hint}}–{{/hint}}</td><td>{{seen_by}}</td></tr>
    {{/findings}}
    </tbody>
  </table>
  </div>
</section>
{{/has_findings}}
)html";

const char* const kHtmlFiguresStyle = R"css(
.tall { max-height: 34rem; overflow-y: auto; }
.tall thead th { position: sticky; top: 0; background: var(--surface); box-shadow: 0 1px 0 var(--line); }
.limits { min-width: 48rem; font-size: 0.875rem; }
.limits td, .limits th, .observations td, .observations th { overflow-wrap: break-word; }
.observations { min-width: 48rem; }
.observations thead + tbody td:first-of-type { min-width: 9rem; }
.limits th, .limits td { padding: 0.35rem 0.5rem; }
.limits tr > :first-child { padding-left: 0.9rem; }
.limits code { overflow-wrap: break-word; }
.limits tbody th { font-weight: 400; }
.meaning { margin: 0.2rem 0 0; font-weight: 400; font-size: 0.9375rem; }
.latencies + figcaption { margin: 0.4rem 0 1rem; }
.latencies { padding: 0.7rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.spread { fill: var(--link); fill-opacity: 0.75; }
.tail { stroke: var(--link); stroke-width: 2; }
.most { fill: var(--muted); }
@media print {
  .limits, .observations { min-width: 0; font-size: 8pt; }
  .limits th, .limits td, .limits code { overflow-wrap: anywhere; }
  .limits th:first-child, .limits td:nth-child(3) { min-width: 9em; }
  .tall { max-height: none; }
  .latencies + figcaption { margin: 0.4rem 0 1rem; }
.latencies { border: 0; padding: 0; }
}
)css";

}  // namespace ks::report

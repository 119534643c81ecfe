#include "lib/report/html_template.h"

namespace ks::report {

const char* const kHtmlTimelineTemplate = R"html({{#has_timelines}}
<section id="timelines" aria-labelledby="timelines-title">
  <h2 id="timelines-title">Timeline</h2>
  {{#timelines}}
  <details class="timeline"{{#open}} open{{/open}}>
    <summary>{{title}}{{#word}} <span class="pill {{class}}">{{word}}</span>{{/word}}</summary>
    <div id="{{anchor}}">
    {{#problems}}
    <p class="reason inconclusive">{{.}}</p>
    {{/problems}}
    {{#has_axis}}
    <figure>
      <div class="chart" tabindex="0" role="region" aria-label="Timeline of {{title}}">
{{{svg}}}      </div>
      <figcaption id="{{anchor}}-words">{{words}}</figcaption>
    </figure>
    {{#has_faults}}
    <details open>
      <summary>Faults<span class="quiet"> of {{title}}</span></summary>
      <div class="chart" tabindex="0" role="region" aria-label="Faults of {{title}}">
      <table class="figures">
        <caption class="quiet">Faults, and the recovery of the slowest partition</caption>
        <thead><tr><th scope="col">Fault</th><th scope="col">Begun</th><th scope="col">Confirmed</th><th scope="col">Healed</th><th scope="col">Producing recovered in</th><th scope="col">Consuming recovered in</th></tr></thead>
        <tbody>
        {{#faults}}
          <tr><th scope="row">{{fault}}</th><td>{{begun}}</td><td>{{confirmed}}</td><td>{{healed}}</td><td>{{produce}}</td><td>{{consume}}</td></tr>
        {{/faults}}
        </tbody>
      </table>
      </div>
    </details>
    {{/has_faults}}
    {{#has_partitions}}
    <details>
      <summary>Each partition<span class="quiet"> of {{title}}</span></summary>
      <div class="chart" tabindex="0" role="region" aria-labelledby="{{anchor}}-partitions">
{{{partitions_svg}}}      <table class="figures">
        <caption id="{{anchor}}-partitions">Longest time without a success, and recoveries</caption>
        <thead><tr><th scope="col">Topic</th><th scope="col">Partition</th><th scope="col">Operation</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Succeeded</th><th scope="col" class="number">Longest gap</th><th scope="col" class="number">Recoveries</th><th scope="col">The longest</th></tr></thead>
        <tbody>
        {{#partitions}}
          <tr><th scope="row">{{topic}}</th><td>{{partition}}</td><td>{{operation}}</td><td class="number">{{attempts}}</td><td class="number">{{success}}</td><td class="number">{{gap}}</td><td class="number">{{recoveries}}</td><td>{{worst}}{{#fault}} after {{fault}}{{/fault}}</td></tr>
        {{/partitions}}
        </tbody>
      </table>
      {{#more_partitions}}
      <p>These did worst; the step's result has {{more_partitions}} more.</p>
      {{/more_partitions}}
      </div>
    </details>
    {{/has_partitions}}
    {{#has_figures}}
    <details>
      <summary>Figures of each {{width}}<span class="quiet"> of {{title}}</span></summary>
      <div class="chart" tabindex="0" role="region" aria-label="Figures of {{title}}">
      <table class="figures seconds">
        <caption class="quiet">What the chart shows, each {{width}}</caption>
        <thead><tr><th scope="col">From</th><th scope="col">Tool</th><th scope="col">Records/s</th><th scope="col">Errors</th><th scope="col">p50, ms</th><th scope="col">p95, ms</th><th scope="col">p99, ms</th></tr></thead>
        <tbody>
{{#figures}}
<tr><th scope=row>{{time}}<td>{{lane}}<td>{{rate}}<td>{{errors}}<td>{{p50}}<td>{{p95}}<td>{{p99}}
{{/figures}}
        </tbody>
      </table>
      </div>
    </details>
    {{/has_figures}}
    {{/has_axis}}
    </div>
  </details>
  {{/timelines}}
  {{#undrawn_timelines}}
  <p>{{undrawn_timelines}}</p>
  {{/undrawn_timelines}}
</section>
{{/has_timelines}}
)html";

// A lane is told by its dashes, too, a percentile by its width, and an open recovery by its words.
const char* const kHtmlTimelineStyle = R"css(
.timeline { margin: 0 0 1rem; padding: 0.7rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.timeline > summary { font-weight: 600; }
.timeline details { margin-top: 0.5rem; }
figure { margin: 0.5rem 0; }
figcaption { color: var(--muted); font-size: 0.9375rem; }
.chart { overflow-x: auto; }
.chart svg { display: block; width: 100%; min-width: 40rem; height: auto; }
.chart text { fill: var(--muted); font-size: 12px; }
.chart .plot-title { fill: var(--text); font-weight: 600; }
.chart .fault-name { fill: var(--open); font-weight: 600; }
.chart .end { text-anchor: end; }
.chart .middle { text-anchor: middle; }
.grid { stroke: var(--line); }
.axis { stroke: var(--muted); }
.lane-0 { --tone: var(--link); }
.lane-1 { --tone: var(--error); }
.lane-2 { --tone: var(--pass); }
.curve { fill: none; stroke: var(--tone); stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.lane-1 .rate { stroke-dasharray: 7 4; }
.lane-2 .rate { stroke-dasharray: 1 4; }
.curve.p50 { stroke-width: 1; }
.curve.p95 { stroke-dasharray: 4 3; }
.curve.p99 { stroke-width: 2.2; }
.gauge { --tone: var(--muted); }
.cut { fill: var(--tone); }
.errors { fill: var(--fail); }
.fault { fill: var(--open); fill-opacity: 0.16; }
.unconfirmed { fill-opacity: 0.05; stroke: var(--open); stroke-dasharray: 4 4; }
.recovery { fill: var(--pass); }
.recovery.open { fill: var(--fail); }
.chart text.open { fill: var(--fail); font-weight: 600; }
.gap { fill: var(--none); }
.hover { fill: transparent; }
.hover:hover { fill: var(--text); fill-opacity: 0.08; }
.figures { width: auto; font-size: 0.875rem; }
.figures caption { padding: 0.6rem 0 0.2rem; font-size: 0.9375rem; }
.figures th, .figures td { padding: 0.2rem 1.25rem 0.2rem 0; overflow-wrap: break-word; }
.seconds tr > :nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums; }
@media print {
  .timeline { border: 0; padding: 0; }
  .chart { overflow: visible; }
  .chart svg { min-width: 0; }
  figure { break-inside: avoid; }
}
)css";

}  // namespace ks::report

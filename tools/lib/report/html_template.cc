#include "lib/report/html_template.h"

namespace ks::report {

// One run; what stands in a panel of its own is no main part of the page by itself.
const char* const kHtmlRunTemplate = R"html(<header class="verdict {{verdict}}">
  <div class="page">
    <p class="occasion">{{occasion}}</p>
    <h1><span class="mark" aria-hidden="true">{{mark}}</span>{{decision}}</h1>
    <p class="tally">Verdict: <strong>{{verdict}}</strong>. {{tally}}</p>
    {{#has_reasons}}
    <h2 class="quiet">Why</h2>
    <ul class="reasons">
      {{#reasons}}
      <li>{{#anchor}}<a href="#{{anchor}}">{{text}}</a>{{/anchor}}{{^anchor}}{{text}}{{/anchor}}</li>
      {{/reasons}}
      {{#more_reasons}}
      <li>{{more_reasons}}</li>
      {{/more_reasons}}
    </ul>
    {{/has_reasons}}
    {{#notice}}
    <p class="notice" role="note">{{notice}}</p>
    {{/notice}}
  </div>
</header>

<div class="page">
<dl class="facts">
  {{#facts}}
  <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
  {{/facts}}
</dl>

<nav aria-label="Sections of {{profile}}">
  <ul>
    {{#asks_questions}}
    <li><a href="#questions">Five questions</a></li>
    {{/asks_questions}}
    <li><a href="#checks">Checks</a></li>
    {{#has_expected}}
    <li><a href="#expected">Expected and observed</a></li>
    {{/has_expected}}
    {{#has_traffic}}
    <li><a href="#traffic">Traffic</a></li>
    {{/has_traffic}}
    {{#has_timelines}}
    <li><a href="#timelines">Timeline</a></li>
    {{/has_timelines}}
    {{#has_anomalies}}
    <li><a href="#anomalies">Anomalies</a></li>
    {{/has_anomalies}}
    {{#has_findings}}
    <li><a href="#findings">Findings</a></li>
    {{/has_findings}}
    {{#has_fleets}}
    <li><a href="#workers">Workers</a></li>
    {{/has_fleets}}
    {{#has_matrices}}
    <li><a href="#clients">Clients</a></li>
    {{/has_matrices}}
    {{#has_problems}}
    <li><a href="#problems">Unusable results</a></li>
    {{/has_problems}}
    {{#has_gaps}}
    <li><a href="#gaps">Accepted gaps</a></li>
    {{/has_gaps}}
    <li><a href="#not-tested">Not tested</a></li>
    <li><a href="#environment">Environment</a></li>
  </ul>
</nav>

{{#alone}}<main>{{/alone}}
{{#asks_questions}}
<section id="questions" aria-labelledby="questions-title">
  <h2 id="questions-title">The five questions</h2>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="questions-title">
  <table class="questions">
    <caption class="quiet">The five questions, their answers, and what they rest on</caption>
    <thead>
      <tr><th scope="col">Question</th><th scope="col">Answer</th><th scope="col">What it rests on</th></tr>
    </thead>
    <tbody>
    {{#questions}}
      <tr>
        <th scope="row">{{number}}. {{text}}</th>
        <td><span class="pill {{class}}">{{answer}}</span></td>
        <td>
          {{#reason}}
          <p>{{reason}}</p>
          {{/reason}}
          {{#has_evidence}}
          <ul class="inline">
            {{#evidence}}
            <li><a href="#{{anchor}}">{{name}}</a>{{#word}} ({{word}}){{/word}}</li>
            {{/evidence}}
          </ul>
          {{/has_evidence}}
        </td>
      </tr>
    {{/questions}}
    </tbody>
  </table>
  </div>
</section>
{{/asks_questions}}

<section id="checks" aria-labelledby="checks-title">
  <h2 id="checks-title">Checks</h2>
  <ul class="counts" aria-label="Checks by status">
    {{#counts}}
    <li class="{{class}}"><strong>{{count}}</strong> {{word}}</li>
    {{/counts}}
  </ul>
  {{#groups}}
  <div class="scroll" tabindex="0" role="region" aria-label="{{title}}">
  <table class="checks">
    <caption>{{title}}</caption>
    <thead>
      <tr>
        <th scope="col">Check</th><th scope="col">Status</th><th scope="col">Client</th>
        <th scope="col">Covers</th><th scope="col" class="number">Time</th>
      </tr>
    </thead>
    {{#rows}}
    <tbody id="{{anchor}}">
      <tr>
        <th scope="row">{{title}} <code>{{check}}</code></th>
        <td class="short"><span class="pill {{class}}">{{word}}</span></td>
        <td class="short">{{client}}</td>
        <td class="short">{{covers}}</td>
        <td class="number">{{duration}}</td>
      </tr>
      {{#has_more}}
      <tr class="evidence">
        <td colspan="5">
          {{#reason}}
          <p class="reason {{class}}">{{reason}}</p>
          {{/reason}}
          {{#accepted}}
          <p class="reason">{{accepted}}</p>
          {{/accepted}}
          {{#has_evidence}}
          <details{{#open}} open{{/open}}>
            <summary>{{contents}}<span class="quiet"> of {{check}}</span></summary>
            {{#timeline}}
            <p class="files"><a href="#{{timeline}}">Timeline<span class="quiet"> of {{check}}</span></a></p>
            {{/timeline}}
            {{#steps}}
{{>step}}
            {{/steps}}
            {{#has_logs}}
            <p class="files">Logs: {{#logs}}<a href="{{link}}">{{name}}</a> {{/logs}}</p>
            {{/has_logs}}
          </details>
          {{/has_evidence}}
        </td>
      </tr>
      {{/has_more}}
    </tbody>
    {{/rows}}
  </table>
  {{#has_brief}}
  <details class="brief">
    <summary>{{more}} more<span class="quiet"> of {{title}}</span>; their results are in <code>results/</code></summary>
    <ul>
{{#brief}}
<li id="{{anchor}}">{{name}}{{#word}}: {{word}}{{/word}}
{{/brief}}
    </ul>
    {{#unnamed}}
    <p>{{unnamed}}</p>
    {{/unnamed}}
  </details>
  {{/has_brief}}
  </div>
  {{/groups}}
</section>

{{>figures}}
{{>timelines}}
{{>observations}}
{{>fleets}}
{{>matrices}}
{{#has_problems}}
<section id="problems" aria-labelledby="problems-title">
  <h2 id="problems-title">Unusable results</h2>
  <p>These files do not count as results. The run cannot pass with them.</p>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="problems-title">
  <table>
    <caption class="quiet">Result files that could not be used</caption>
    <thead><tr><th scope="col">File</th><th scope="col">Why</th></tr></thead>
    <tbody>
    {{#problems}}
      <tr><th scope="row"><a href="{{link}}"><code>{{file}}</code></a></th><td>{{message}}</td></tr>
    {{/problems}}
    </tbody>
  </table>
  </div>
</section>
{{/has_problems}}

{{#has_gaps}}
<section id="gaps" aria-labelledby="gaps-title">
  <h2 id="gaps-title">Accepted gaps</h2>
  <p>What <code>{{charter}}</code> accepts as known, and what became of it in this run.</p>
  <div class="scroll" tabindex="0" role="region" aria-labelledby="gaps-title">
  <table>
    <caption class="quiet">Gaps that the charter accepts</caption>
    <thead>
      <tr><th scope="col">Gap</th><th scope="col">State</th><th scope="col">Until</th><th scope="col">Owner</th><th scope="col">Why it is accepted</th></tr>
    </thead>
    <tbody>
    {{#gaps}}
      <tr><th scope="row"><code>{{id}}</code></th><td class="short"><span class="pill {{class}}">{{state}}</span></td><td class="short">{{expires}}</td><td>{{owner}}</td><td>{{reason}}</td></tr>
    {{/gaps}}
    </tbody>
  </table>
  </div>
</section>
{{/has_gaps}}

<section id="not-tested" aria-labelledby="not-tested-title">
  <h2 id="not-tested-title">What was not tested</h2>
  {{^has_not_tested}}
  <p>Every check of every stage was tested.</p>
  {{/has_not_tested}}
  {{#has_not_tested}}
  <div class="scroll" tabindex="0" role="region" aria-labelledby="not-tested-title">
  <table>
    <caption class="quiet">Checks that were not tested, and why</caption>
    <thead>
      <tr><th scope="col">Check</th><th scope="col">Stage</th><th scope="col">Client</th><th scope="col">Why</th></tr>
    </thead>
    <tbody>
    {{#not_tested}}
      <tr><th scope="row">{{title}}<br><code>{{check}}</code></th><td class="short">{{stage}}</td><td class="short">{{clients}}</td><td>{{reason}}</td></tr>
    {{/not_tested}}
    </tbody>
  </table>
  </div>
  {{/has_not_tested}}
</section>

<section id="environment" aria-labelledby="environment-title">
  <h2 id="environment-title">Environment</h2>
  {{#runs}}
  <div class="scroll" tabindex="0" role="region" aria-label="Environment of run {{run_id}}">
  <table class="environment">
    <caption>Run <code>{{run_id}}</code></caption>
    <tbody>
    {{#facts}}
      <tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/facts}}
    </tbody>
  </table>
  </div>
  {{/runs}}
</section>
{{#alone}}</main>{{/alone}}

<footer>
  {{#alone}}
  <p>The same run as data: <a href="./summary.json">summary.json</a>, <a href="./report.md">report.md</a>, <a href="./checklist.md">checklist.md</a>, <a href="./junit.xml">junit.xml</a>, <a href="./results.tap">results.tap</a>. Times are UTC.</p>
  {{/alone}}
  {{#has_logs}}
  <p>Logs of the run: {{#logs}}<a href="{{link}}">{{name}}</a> {{/logs}}</p>
  {{/has_logs}}
</footer>
</div>
)html";

}  // namespace ks::report

#include "lib/report/html_template.h"

namespace ks::report {

// Colours are chosen for a contrast of at least 4.5:1 in both schemes; status is always a word too.
const char* const kHtmlStyle = R"css(:root {
  --canvas: #f6f7f9; --surface: #ffffff; --text: #1b1f26; --muted: #545d6b; --line: #dce0e6;
  --link: #0b57b0; --code: #eef0f3;
  --pass: #14713a; --pass-tint: #e2f4e8; --fail: #b3191f; --fail-tint: #fde8e8;
  --open: #8a5300; --open-tint: #fdf1d8; --error: #7a2fa0; --error-tint: #f4e8fa;
  --none: #545d6b; --none-tint: #eaedf1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #12151a; --surface: #1a1e25; --text: #e7eaee; --muted: #a3adba; --line: #323945;
    --link: #86b8ff; --code: #262c35;
    --pass: #74d69a; --pass-tint: #16301f; --fail: #ff9a94; --fail-tint: #3d1a1b;
    --open: #f0c069; --open-tint: #372a10; --error: #dba6f5; --error-tint: #321c3e;
    --none: #a3adba; --none-tint: #272d36;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--canvas); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.page { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code { font: 0.875em/1.4 ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll, .chart { position: relative; } /* or what is hidden in them widens the page */
.skip-link { position: absolute; left: -99rem; padding: 0.5rem 1rem; background: var(--surface); }
.skip-link:focus { left: 0.5rem; top: 0.5rem; }

.verdict { background: var(--surface); border-bottom: 1px solid var(--line); border-top: 6px solid var(--tone); padding: 1.75rem 0 1.5rem; }
.verdict .occasion { margin: 0; color: var(--muted); font-weight: 600; letter-spacing: 0.02em; }
h1 { margin: 0.15rem 0 0.35rem; font-size: clamp(1.6rem, 4vw, 2.4rem); line-height: 1.2; color: var(--tone); }
.mark { display: inline-grid; place-items: center; width: 1.35em; height: 1.35em; margin-right: 0.45em; border-radius: 50%; background: var(--tint); font-size: 0.8em; }
.tally { margin: 0; font-size: 1.1rem; }
.reasons { margin: 0.9rem 0 0; padding: 0.75rem 1rem 0.75rem 2rem; background: var(--tint); border-radius: 8px; overflow-wrap: anywhere; }
.reasons li + li { margin-top: 0.3rem; }
.notice { margin: 0.9rem 0 0; padding: 0.6rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--open); border-radius: 4px; font-weight: 600; }

.facts { display: flex; flex-wrap: wrap; gap: 0.9rem 2.5rem; margin: 1.5rem 0; }
dt { color: var(--muted); font-size: 0.875rem; }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul, .counts { list-style: none; display: flex; flex-wrap: wrap; gap: 0.4rem 1.25rem; margin: 0; padding: 0; }
nav { padding: 0.6rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }

h2 { margin: 2rem 0 0.75rem; font-size: 1.35rem; line-height: 1.3; }
.scroll { overflow-x: auto; margin: 0 0 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; text-align: left; }
caption { padding: 0.7rem 0.9rem 0.4rem; text-align: left; font-weight: 700; }
th, td { padding: 0.55rem 0.9rem; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--muted); font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
th code { font-weight: 400; color: var(--muted); }
td { overflow-wrap: anywhere; }
td p { margin: 0 0 0.25rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.questions { min-width: 38rem; }
.questions tbody th { width: 34%; }
.inline { margin: 0; padding: 0; }
.inline li { display: inline; }
.inline li:not(:last-child)::after { content: ", "; }
.checks { min-width: 42rem; }
.checks > tbody > tr > th > code { display: block; }
.short { white-space: nowrap; }
.environment th { width: 14rem; color: var(--muted); font-weight: 400; }
.brief { padding: 0.7rem 0.9rem; border-top: 1px solid var(--line); }
.brief ul { columns: 16rem; }
tbody:target > tr:first-child > * { background: var(--none-tint); }

.pill { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 99px; background: var(--tint); color: var(--tone); font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
.counts { margin-bottom: 0.9rem; gap: 0.5rem; }
.counts li { padding: 0.3rem 0.8rem; border-radius: 8px; background: var(--tint); color: var(--tone); }
.counts strong { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.pass { --tone: var(--pass); --tint: var(--pass-tint); }
.fail { --tone: var(--fail); --tint: var(--fail-tint); }
.inconclusive { --tone: var(--open); --tint: var(--open-tint); }
.error { --tone: var(--error); --tint: var(--error-tint); }
.skip { --tone: var(--none); --tint: var(--none-tint); }

.evidence > td { padding-top: 0; border-top: 0; }
summary { cursor: pointer; color: var(--link); font-size: 0.9375rem; width: fit-content; }
.step { margin: 0.75rem 0; padding: 0.1rem 1rem 0.75rem; border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 6px; }
.step h3 { margin: 0.6rem 0 0.3rem; font-size: 1rem; }
.step h4 { margin: 0.8rem 0 0.3rem; font-size: 0.9375rem; }
.step .time { color: var(--muted); font-size: 0.875rem; font-weight: 400; }
.reason { margin: 0.2rem 0 0.4rem; color: var(--tone); }
.thresholds { width: auto; margin: 0.4rem 0; font-size: 0.9375rem; }
.thresholds caption { padding: 0.3rem 0; font-size: 0.9375rem; }
.thresholds th, .thresholds td { padding: 0.3rem 1.5rem 0.3rem 0; }
.thresholds code { color: var(--text); }
.metrics { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0 1.75rem; margin: 0; }
.metrics div { display: flex; justify-content: space-between; gap: 1rem; padding: 0.15rem 0; border-bottom: 1px dotted var(--line); font-size: 0.875rem; }
.metrics dt { overflow-wrap: anywhere; }
.metrics dd { font-variant-numeric: tabular-nums; white-space: nowrap; }
.examples, .findings { margin: 0; padding-left: 1.2rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.findings li { margin: 0.25rem 0; }
.evidence-text { color: var(--muted); white-space: pre-wrap; }
.files { margin: 0.8rem 0 0; color: var(--muted); font-size: 0.875rem; overflow-wrap: anywhere; }
footer { margin: 2.5rem 0; padding-top: 0.75rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.875rem; }

@media print {
  :root {
    --canvas: #fff; --surface: #fff; --text: #000; --muted: #444; --line: #bbb; --link: #000;
    --pass: #14713a; --fail: #b3191f; --open: #8a5300; --error: #7a2fa0; --none: #444;
    --pass-tint: #fff; --fail-tint: #fff; --open-tint: #fff; --error-tint: #fff; --none-tint: #fff;
  }
  body { font-size: 10pt; }
  nav, .skip-link { display: none; }
  .page { max-width: none; padding: 0; }
  .scroll { overflow: visible; border: 0; }
  .questions, .checks { min-width: 0; }
  tr:not(.evidence) { break-inside: avoid; }
  details:not([open]) { display: none; }
}
)css";

}  // namespace ks::report

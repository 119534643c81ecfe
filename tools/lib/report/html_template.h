#pragma once

namespace ks::report {

// A run as Mustache templates, and the page's style sheet; html.cc fills them.
extern const char* const kHtmlRunTemplate;
extern const char* const kHtmlStepTemplate;          // goes where the page says {{>step}}
extern const char* const kHtmlMatrixTemplate;        // goes where the page says {{>matrices}}
extern const char* const kHtmlTimelineTemplate;      // goes where the page says {{>timelines}}
extern const char* const kHtmlFiguresTemplate;       // goes where the page says {{>figures}}
extern const char* const kHtmlObservationsTemplate;  // goes where the page says {{>observations}}
extern const char* const kHtmlStyle;
extern const char* const kHtmlFiguresStyle;
extern const char* const kHtmlSuiteStyle;
extern const char* const kHtmlTimelineStyle;

}  // namespace ks::report

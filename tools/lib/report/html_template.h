#pragma once

namespace ks::report {

// The page as Mustache templates, and its style sheet; html.cc fills them.
extern const char* const kHtmlTemplate;
extern const char* const kHtmlStepTemplate;      // goes where the page says {{>step}}
extern const char* const kHtmlMatrixTemplate;    // goes where the page says {{>matrices}}
extern const char* const kHtmlTimelineTemplate;  // goes where the page says {{>timelines}}
extern const char* const kHtmlStyle;
extern const char* const kHtmlTimelineStyle;

}  // namespace ks::report

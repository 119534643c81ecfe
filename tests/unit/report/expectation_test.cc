#include "lib/report/expectation.h"

#include <gtest/gtest.h>

namespace ks::report {
namespace {

TEST(Expectation, ReadsEveryOperator) {
  for (const std::string op : {"==", "!=", "<=", ">=", "<", ">"}) {
    for (const std::string space : {"", " "}) {
      std::string text = "latency_ms_p99";
      text.append(space).append(op).append(space).append("1.5");
      const auto e = parse_expectation(text);
      ASSERT_TRUE(e) << op;
      EXPECT_EQ(e->metric, "latency_ms_p99");
      EXPECT_EQ(e->op, op);
      EXPECT_EQ(e->limit, 1.5);
    }
  }
}

TEST(Expectation, RefusesWhatIsNotOne) {
  for (const char* text : {"", "errors", "errors 0", "== 0", "errors ==", "errors = 0",
                           "errors == none", "errors =< 0", "errors == nan", "errors == 1 2"}) {
    EXPECT_FALSE(parse_expectation(text)) << text;
  }
}

TEST(Expectation, Holds) {
  struct Case {
    const char* text;
    bool below, equal, above;  // at 9, 10 and 11
  };
  for (const Case& c : {Case{"m == 10", false, true, false}, Case{"m != 10", true, false, true},
                        Case{"m <= 10", true, true, false}, Case{"m >= 10", false, true, true},
                        Case{"m < 10", true, false, false}, Case{"m > 10", false, false, true}}) {
    const Expectation e = *parse_expectation(c.text);
    EXPECT_EQ(holds(e, 9), c.below) << c.text;
    EXPECT_EQ(holds(e, 10), c.equal) << c.text;
    EXPECT_EQ(holds(e, 11), c.above) << c.text;
    EXPECT_FALSE(holds(e, Metrics{{"other", 10}})) << c.text;
  }
}

}  // namespace
}  // namespace ks::report

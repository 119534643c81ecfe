#include "lib/membership/judge.h"

#include <gtest/gtest.h>

namespace ks::membership {
namespace {

using Views = std::vector<MemberView>;

// Two members share four partitions of "orders" in generation 7.
Views healthy() {
  return {{1, "a", 7, "a", {"b", "a"}, {{"orders", 0}, {"orders", 1}}},
          {2, "b", 7, "a", {}, {{"orders", 2}, {"orders", 3}}}};
}

report::Result judged(const Views& members) {
  Anomalies anomalies;
  judge_generation(members, "orders", 4, anomalies);
  report::Result result;
  anomalies.fill(result);
  return result;
}

// The one rule that is violated, with its first example.
std::string violation(const Views& members) {
  const report::Result result = judged(members);
  EXPECT_EQ(result.status, report::Status::kFail);
  return result.anomalies.size() == 1
             ? result.anomalies[0].type + ": " + result.anomalies[0].examples[0]
             : "not one but " + std::to_string(result.anomalies.size());
}

TEST(Judge, AHealthyGenerationPasses) {
  const report::Result result = judged(healthy());
  EXPECT_EQ(result.status, report::Status::kPass);
  EXPECT_EQ(result.metrics.at("anomalies"), 0);
  EXPECT_TRUE(are_all(healthy()));
}

TEST(Judge, NamesTheRuleThatIsViolated) {
  Views members = healthy();
  members[1].assignment.push_back({"orders", 1});
  EXPECT_EQ(violation(members),
            "assigned-twice: orders[1] to member 1 and member 2 in generation 7");

  members = healthy();
  members[0].assignment.push_back({"orders", 1});
  EXPECT_EQ(violation(members),
            "assigned-twice: orders[1] to member 1 and member 1 in generation 7");

  members = healthy();
  members[1].assignment.pop_back();
  EXPECT_EQ(violation(members), "unassigned: orders[3] in generation 7");

  members = healthy();
  members[0].assignment.push_back({"orders", 4});
  EXPECT_EQ(violation(members), "stray-assignment: orders[4] of member 1 in generation 7");

  members = healthy();
  members[1].leader = "b";
  EXPECT_EQ(violation(members), "leaders-differ: member 2 follows b, member 1 a in generation 7");
}

TEST(Judge, CountsAllAndCapsTheExamples) {
  Views members = healthy();
  members[0].assignment.clear();
  members[1].assignment.clear();
  Anomalies anomalies;
  judge_generation(members, "orders", 25, anomalies);
  report::Result result;
  anomalies.fill(result);
  EXPECT_EQ(result.anomalies[0].count, 25U);
  EXPECT_EQ(result.anomalies[0].examples.size(), report::kMostExamples);
  EXPECT_EQ(result.reason, "unassigned: 25, first orders[0] in generation 7");
}

TEST(Judge, SomebodyElseInTheGenerationIsNoticed) {
  Views members = healthy();
  members[0].listed.emplace_back("dead");
  EXPECT_FALSE(are_all(members));
  EXPECT_EQ(strangers(members, {"a", "b", "dead"}), std::vector<std::string>{});
  EXPECT_EQ(strangers(members, {"a", "b"}), std::vector<std::string>{"dead"});
  members = healthy();
  members[0].listed.clear();
  members[0].leader = members[1].leader = "c";
  EXPECT_FALSE(are_all(members));
  EXPECT_EQ(strangers(members, {"a", "b"}), (std::vector<std::string>{"c", "c"}));
}

}  // namespace
}  // namespace ks::membership

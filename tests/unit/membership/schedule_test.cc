#include "lib/membership/schedule.h"

#include <gtest/gtest.h>

namespace ks::membership {
namespace {

using namespace std::chrono_literals;
using enum Action;

TEST(Schedule, NoneIsNoEvent) {
  EXPECT_EQ(parse_schedule("", 1)->size(), 0U);
  EXPECT_EQ(parse_schedule(" ;\n # 1s kill 1\n;", 1)->size(), 0U);
}

TEST(Schedule, ReadsEveryActionAndSortsByTime) {
  const auto events = parse_schedule(
      "4s kill 1; 500ms join # the fourth\n"
      "6s pause 2 for 1m; 7s leave 3 ; 8s join 1\n"
      "9s kill 2; 10s pause 4\n"
      "11s resume 4",
      3);
  ASSERT_FALSE(events);  // killed in its pause, member 2 cannot resume
  EXPECT_EQ(events.error().message(),
            "the member is not paused then: --schedule '1 m 6 s resume 2'; write it like '2s join; "
            "4s kill 1'");
  const auto possible = parse_schedule(
      "4s kill 1; 500ms join # the fourth\n"
      "6s pause 2 for 1m; 7s leave 3 ; 8s join 1; 10s pause 4\n"
      "11s resume 4",
      3);
  ASSERT_TRUE(possible) << possible.error().message();
  EXPECT_EQ(*possible, (std::vector<Event>{{500ms, kJoin, 4},
                                           {4s, kKill, 1},
                                           {6s, kPause, 2},
                                           {7s, kLeave, 3},
                                           {8s, kJoin, 1},
                                           {10s, kPause, 4},
                                           {11s, kResume, 4},
                                           {66s, kResume, 2}}));
}

TEST(Schedule, RefusesWhatCannotBeFollowed) {
  struct Row {
    const char* text;
    const char* why;
  };
  for (const Row& row : {
           Row{"kill 1", "no time"},
           Row{"5 kill 1", "no time"},
           Row{"1s", "not join, leave, kill, pause or resume"},
           Row{"1s explode 1", "not join, leave, kill, pause or resume"},
           Row{"1s kill", "which member?"},
           Row{"1s kill 0", "no member number"},
           Row{"1s kill -1", "no member number"},
           Row{"1s kill 4294967296", "no member number"},
           Row{"1s kill 1 2", "more words than expected"},
           Row{"1s kill 1 for 2s", "more words than expected"},
           Row{"1s pause 1 for", "more words than expected"},
           Row{"1s pause 1 for ever", "no duration"},
           Row{"1s kill 3", "there is no such member then"},
           Row{"1s kill 3; 2s join 3", "there is no such member then"},
           Row{"1s join 4", "the next new member is number 3"},
           Row{"1s join 1", "the member is in the group then"},
           Row{"1s kill 1; 2s kill 1", "the member is not in the group then"},
           Row{"1s leave 1; 2s pause 1", "the member is not active in the group then"},
           Row{"1s pause 1; 2s leave 1", "the member is not active in the group then"},
           Row{"1s resume 1", "the member is not paused then"},
           Row{"1s kill 1; 2s kill 2", "no active member would be left"},
           Row{"1s kill 1; 2s pause 2 for 1s", "no active member would be left"},
       }) {
    const auto events = parse_schedule(row.text, 2);
    ASSERT_FALSE(events) << row.text;
    EXPECT_EQ(events.error().what, row.why) << row.text;
  }
}

}  // namespace
}  // namespace ks::membership

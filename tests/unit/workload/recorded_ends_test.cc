#include "lib/workload/recorded_ends.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "lib/report/result.h"

namespace ks::workload {
namespace {

class RecordedEndsFile : public test::ScratchFolder {
 protected:
  cli::Result<RecordedEnds> read(nlohmann::ordered_json data) {
    report::Result result;
    result.run_id = "run-1";
    result.data = std::move(data);
    EXPECT_TRUE(report::write_result(dir_ / "ends.json", result));
    return read_recorded_ends(dir_ / "ends.json", "t");
  }
};

TEST_F(RecordedEndsFile, HasTheLatestOffsetOfEachPartitionOfTheTopic) {
  const auto ends = read({{{"topic", "t"}, {"partition", 0}, {"earliest", 3}, {"latest", 5}},
                          {{"topic", "u"}, {"partition", 1}, {"earliest", 0}, {"latest", 7}},
                          {{"topic", "t"}, {"partition", 2}, {"earliest", 0}, {"latest", 0}}});
  ASSERT_TRUE(ends);
  EXPECT_EQ(*ends, (RecordedEnds{{0, 5}, {2, 0}}));
}

TEST_F(RecordedEndsFile, WhatHasNoneOfTheTopicIsRefused) {
  for (const char* data : {"null", "[]", R"({"topic": "t"})", R"([{"topic": "t"}])",
                           R"([{"topic": "t", "partition": 0, "latest": null}])",
                           R"([{"topic": "u", "partition": 0, "latest": 4}])"}) {
    const auto ends = read(nlohmann::ordered_json::parse(data));
    ASSERT_FALSE(ends) << data;
    EXPECT_NE(ends.error().message().find("no ends of topic 't'"), std::string::npos);
  }
  EXPECT_FALSE(read_recorded_ends(dir_ / "none.json", "t"));
}

}  // namespace
}  // namespace ks::workload

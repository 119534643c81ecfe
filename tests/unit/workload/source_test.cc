#include "lib/workload/source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace ks::workload {
namespace {

// A pipe whose writing end is the user.
class LinesOf : public testing::Test {
 protected:
  LinesOf() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~LinesOf() override {
    ::close(ends_[0]);
    end();
  }
  void type(std::string_view text) {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  Source lines(std::string delimiter = "") { return lines_of(ends_[0], std::move(delimiter)); }

  // Whatever there is without waiting, and how it ended.
  static std::pair<std::vector<std::string>, Given> read_all(const Source& source) {
    std::vector<std::string> values;
    GivenRecord record;
    while (true) {
      const auto given = source(record, {});
      if (!given || *given != Given::kRecord) return {values, given.value_or(Given::kEnd)};
      values.push_back(record.key ? *record.key + "=" + record.value : record.value);
    }
  }

  std::array<int, 2> ends_{};
};

using Values = std::vector<std::string>;

TEST_F(LinesOf, GivesWholeLinesAsTheyCome) {
  const Source source = lines();
  EXPECT_EQ(read_all(source), std::pair(Values{}, Given::kNotYet));
  type("one\ntw");
  EXPECT_EQ(read_all(source), std::pair(Values{"one"}, Given::kNotYet));
  type("o\n\nthree");
  EXPECT_EQ(read_all(source), std::pair(Values{"two", ""}, Given::kNotYet));
  end();
  EXPECT_EQ(read_all(source), std::pair(Values{"three"}, Given::kEnd));
  EXPECT_EQ(read_all(source), std::pair(Values{}, Given::kEnd));
}

TEST_F(LinesOf, SplitsKeyFromValueAtTheFirstDelimiter) {
  const Source source = lines("::");
  type("a::1::2\nno key\n::\n");
  EXPECT_EQ(read_all(source).first, (Values{"a=1::2", "no key", "="}));
}

TEST_F(LinesOf, ALineMayBeLongerThanOneRead) {
  const Source source = lines();
  const std::string half(40'000, 'x');  // less than the pipe holds
  type(half);
  EXPECT_EQ(read_all(source).first, Values{});
  type(half);
  EXPECT_EQ(read_all(source).first, Values{});
  type("\n");
  EXPECT_EQ(read_all(source).first, (Values{half + half}));
}

TEST(LinesOfAFolder, CannotBeRead) {
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  GivenRecord record;
  const auto given = lines_of(folder, "")(record, {});
  ::close(folder);
  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().message(), "cannot read: standard input; Is a directory");
}

}  // namespace
}  // namespace ks::workload

#include "lib/report/charter.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

const std::string kGap = R"(
  - id: slow-rebalance
    covers: [{check: offsets, client: wire, step: commit, matches: "ILLEGAL|STALE"}]
    reason: known, and harmless
    owner: team
    expires: 2026-12-31
)";

std::string with_gaps(const std::string& gaps) { return "promises: []\ngaps:" + gaps; }
std::string with_promises(const std::string& promises) {
  return "gaps: []\npromises:\n  - " + promises + "\n";
}

// A gap like kGap, one text of it replaced.
std::string with_gap(const std::string& from, const std::string& to) {
  std::string gap = kGap;
  gap.replace(gap.find(from), from.size(), to);
  return with_gaps(gap);
}

TEST(Charter, ReadsPromisesAndGaps) {
  const auto charter = parse_charter(
      "promises:\n"
      "  - {id: fetch, promise: Fetch is offered, api: Fetch, versions: 11-13, evidence: [probe]}\n"
      "  - {id: one, promise: one, api: ListOffsets, versions: 3,"
      " evidence: [{check: a, client: wire}, {check: b, client: all}]}\n"
      "gaps:" +
          kGap,
      "f.yaml");
  ASSERT_TRUE(charter) << charter.error().message();
  EXPECT_EQ(charter->file, "f.yaml");
  ASSERT_EQ(charter->promises.size(), 2u);
  EXPECT_EQ(charter->promises[0].text, "Fetch is offered");
  EXPECT_EQ(charter->promises[0].api->versions, (wire::VersionRange{11, 13}));
  EXPECT_EQ(charter->promises[0].evidence[0].client, "");
  EXPECT_EQ(charter->promises[1].api->key, wire::ApiKey::kListOffsets);
  EXPECT_EQ(charter->promises[1].api->versions, (wire::VersionRange{3, 3}));
  EXPECT_EQ(to_string(charter->promises[1].evidence[0]), "a (wire)");
  EXPECT_EQ(to_string(charter->promises[1].evidence[1]), "b");
  ASSERT_EQ(charter->gaps.size(), 1u);
  const Gap& gap = charter->gaps[0];
  EXPECT_EQ(gap.id + "|" + gap.reason + "|" + gap.owner + "|" + gap.expires,
            "slow-rebalance|known, and harmless|team|2026-12-31");
  EXPECT_EQ(gap.covers[0].of.check, "offsets");
  EXPECT_EQ(gap.covers[0].of.client, "wire");
  EXPECT_EQ(gap.covers[0].of.line, 6);
  EXPECT_EQ(gap.covers[0].step, "commit");
  EXPECT_EQ(gap.covers[0].pattern, "ILLEGAL|STALE");
}

TEST(Charter, ErrorsNameFileLineAndWhatToDo) {
  struct Case {
    std::string text;
    const char* message;
  };
  const std::vector<Case> cases{
      {"", "f.yaml: not a mapping of keys; reports/schema"},
      {"gaps: []", "f.yaml:1: promises is missing; add it"},
      {"promises: []", "f.yaml:1: gaps is missing; add it"},
      {"promises: []\ngaps: []\ngap: []", "f.yaml:3: key 'gap': unknown key; "},
      {"promises: []\ngaps: {}", "f.yaml:2: key 'gaps': not a list; "},
      {"promises: []\ngaps: [", "f.yaml:2: "},
      {with_gap("owner: team\n", "since: 2020\n    owner: team\n"),
       "f.yaml:6: key 'gaps.since': unknown key; "},
      {with_gap("    owner: team\n", ""), "f.yaml:3: key 'gaps': owner is missing; add it"},
      {with_gap("owner: team", "owner: ''"), "f.yaml:6: key 'gaps.owner': empty; "},
      {with_gap("2026-12-31", "2026-02-30"), "f.yaml:7: key 'gaps.expires': not a date; write"},
      {with_gap("2026-12-31", "31.12.2026"), "not a date"},
      {with_gap("2026-12-31", "2026-12-31T00:00:00Z"), "not a date"},
      {with_gap("2026-12-31", "-026-12-31"), "not a date"},
      {with_gap("slow-rebalance", "slow rebalance"), "f.yaml:3: key 'gaps.id': not a word"},
      {with_gaps(kGap + kGap), "f.yaml:9: key 'gaps': id 'slow-rebalance' twice; give"},
      {with_gap(", client: wire", ""), "f.yaml:4: key 'gaps.covers': client is missing; add it"},
      {with_gap("ILLEGAL|STALE", "(ILLEGAL"), "not a regular expression, "},
      {with_gap("ILLEGAL|STALE", ""), "key 'gaps.covers.matches': empty; "},
      {with_gap("[{check: offsets, client: wire, step: commit, matches: \"ILLEGAL|STALE\"}]", "[]"),
       "f.yaml:4: key 'gaps.covers': an empty list; "},
      {with_promises("{id: a, promise: b}"), "f.yaml:3: key 'promises': evidence is missing"},
      {with_promises("{id: a, promise: b, evidence: []}"), "an empty list"},
      {with_promises("{id: a, promise: b, evidence: [c], api: Fetch}"),
       "api and versions go together; give both, or none"},
      {with_promises("{id: a, promise: b, evidence: [c], api: Fetsh, versions: 3}"),
       "unknown API 'Fetsh'; "},
      {with_promises("{id: a, promise: b, evidence: [c], api: Fetch, versions: 9-3}"),
       "not a range of versions; write it like 0-9, or 3"},
      {with_promises("{id: a, promise: b, evidence: [c], api: Fetch, versions: 3-}"),
       "not a range of versions"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto charter = parse_charter(c.text, "f.yaml");
    ASSERT_FALSE(charter);
    EXPECT_NE(charter.error().message().find(c.message), std::string::npos)
        << charter.error().message();
  }
}

TEST(Charter, AGapIsOfACheckThatAKafScaleHas) {
  CheckSpec kafka = check("failover");
  kafka.targets = {"kafka"};
  CheckSpec wire = check("api");
  wire.only_client = "wire";
  const Manifest manifest{check("offsets"), check_without_client("storm"), kafka, wire};
  struct Case {
    const char* covers;
    const char* message;  // empty: it is
  };
  for (const Case& c : std::initializer_list<Case>{
           {"check: offsets, client: wire", ""},
           {"check: offsets, client: all", ""},
           {"check: storm, client: none", ""},
           {"check: storm, client: all", ""},
           {"check: api, client: wire", ""},
           {"check: ofsets, client: wire",
            "f.yaml:4: gap 'slow-rebalance': no such check: ofsets; name one of gates/stages.json"},
           {"check: failover, client: all", "the check does not run on a KafScale: failover; name"},
           {"check: offsets, client: none", "the check runs with a client: offsets (none); name"},
           {"check: storm, client: wire", "the check runs without a client: storm (wire); name"},
           {"check: api, client: librdkafka", "the check runs with client wire only: "},
       }) {
    SCOPED_TRACE(c.covers);
    const auto charter =
        parse_charter(with_gap("check: offsets, client: wire", c.covers), "f.yaml");
    ASSERT_TRUE(charter) << charter.error().message();
    const auto ok = check_gaps(*charter, manifest);
    EXPECT_EQ(ok.has_value(), std::string(c.message).empty());
    if (!ok) {
      EXPECT_NE(ok.error().message().find(c.message), std::string::npos) << ok.error().message();
    }
  }
}

TEST(Charter, TheShippedOneIsValidAndWaivesNothing) {
  const auto charter = load_charter(KS_SOURCE "/profiles/charter.yaml");
  ASSERT_TRUE(charter) << charter.error().message();
  const auto manifest = read_manifest(KS_SOURCE "/gates/stages.json");
  ASSERT_TRUE(manifest) << manifest.error().message();
  const auto promises = check_promises(*charter, *manifest);
  EXPECT_TRUE(promises) << promises.error().message();
  EXPECT_GE(charter->promises.size(), 40u);
  EXPECT_TRUE(charter->gaps.empty());
}

// Whoever reads the charter reads of everything that a gate asks of a KafScale.
TEST(Charter, TheShippedOneHasEveryCheckOfAKafScaleAsEvidence) {
  const auto charter = load_charter(KS_SOURCE "/profiles/charter.yaml");
  const auto manifest = read_manifest(KS_SOURCE "/gates/stages.json");
  ASSERT_TRUE(charter && manifest);
  for (const CheckSpec& spec : *manifest) {
    // Validations stand beside the gates, and promise nothing of a release.
    bool is_evidence = !spec.applies_to("kafscale") || is_validation(spec.stage);
    for (const Promise& promise : charter->promises) {
      for (const CheckRef& ref : promise.evidence) {
        is_evidence = is_evidence || (ref.check == spec.name && ref.client.empty());
      }
    }
    EXPECT_TRUE(is_evidence) << spec.name;
  }
}

}  // namespace
}  // namespace ks::report

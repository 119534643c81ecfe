#include "lib/admin/context.h"

#include <algorithm>

#include "lib/cli/log.h"
#include "lib/client/diagnosis.h"
#include "lib/target/wait.h"

namespace ks::admin {
namespace {

// Each look is a request, and for some commands new connections: rarer than for a local condition.
constexpr auto kAskInterval = std::chrono::milliseconds(50);

// One request that meets a dead broker must not take the time of all the others.
constexpr auto kLongestLook = std::chrono::seconds(5);

// A look that begins at the end of the wait still gets the time to be answered.
constexpr auto kShortestLook = std::chrono::seconds(1);

}  // namespace

cli::Error with_done(cli::Error error, const Table& done) {
  for (const auto& row : done.rows) {
    error.action += (error.action.empty() ? "done before: " : ", ") + row[0].get<std::string>();
  }
  return error;
}

void Context::wait_for_a_broker() {
  if (wait_until_ == cli::Deadline{}) return;
  target::wait_until([&] { return session.ask_versions().has_value(); }, wait_until_, kAskInterval);
}

cli::Result<void> Context::connect(std::initializer_list<client::Operation> operations) {
  if (admin_ != nullptr) return {};
  auto recorder = Recorder::open(session);
  if (!recorder) return tl::make_unexpected(recorder.error());
  recorder_ = std::move(*recorder);
  wait_for_a_broker();
  const auto config = session.connect(operations);
  if (!config) return tl::make_unexpected(config.error());
  auto admin = client::make_admin(*config);
  if (!admin) return tl::make_unexpected(admin.error());
  admin_ = std::move(*admin);
  return {};
}

// The command itself still gets half of the time.
cli::Deadline Context::half_time() const {
  const cli::Deadline now = cli::Clock::now();
  return now + (until_ - now) / 2;
}

const client::Trouble* Context::diagnose() {
  troubles_ = client::diagnose(session.profile.brokers, session.access(), half_time());
  const auto worst = std::ranges::find_if(troubles_, &client::Trouble::stops_everything);
  return worst == troubles_.end() ? nullptr : &*worst;
}

void Context::diagnose_coordinator() {
  for (client::Trouble& trouble :
       client::diagnose_coordinator(session.profile.brokers, session.access(), half_time())) {
    troubles_.push_back(std::move(trouble));
  }
}

void Context::publish_troubles(bool with_warnings) const {
  for (const client::Trouble& trouble : troubles_) {
    if (const auto finding = trouble.finding()) session.note(*finding);
    if (with_warnings) cli::log_warning(trouble.error.message());
  }
}

bool Context::holds(const Answer& answer) const {
  return answer.violation.empty() && answer.missing.empty() &&
         std::all_of(session.expectations.begin(), session.expectations.end(), [&](const auto& e) {
           return report::holds(e, answer.metrics) || report::holds(e, session.result.metrics);
         });
}

cli::Result<Answer> Context::look(const Ask& ask) {
  auto answer = ask(*this);
  if (answer) answer->metrics["request_ms_max"] = request_ms_max_;
  return answer;
}

cli::Result<Answer> Context::ask_until_it_holds(const Ask& ask, cli::Duration wait) {
  wait_until_ = cli::Clock::now() + wait;
  cli::Result<Answer> answer;
  const auto look_again = [&] {
    const cli::Deadline now = cli::Clock::now();
    until_ = std::clamp<cli::Deadline>(wait_until_, now + kShortestLook, now + kLongestLook);
    answer = look(ask);
    return answer ? holds(*answer) : admin_ == nullptr;
  };
  target::wait_until(look_again, wait_until_, kAskInterval);
  return answer;
}

}  // namespace ks::admin

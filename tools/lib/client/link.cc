#include "lib/client/link.h"

#include <algorithm>
#include <utility>

#include "lib/client/versions.h"

namespace ks::client {
namespace {

constexpr auto kConnectTimeout = std::chrono::seconds(10);

}  // namespace

cli::Result<std::int16_t> choose_version(wire::ApiKey api, const wire::ApiVersions& broker) {
  const ClientRelease client = wire_release();
  if (const auto error = rule_out(client, api, broker)) return tl::make_unexpected(*error);
  return std::min(client.range(api).max, broker.range(api).max);
}

Link::Link(wire::Loop& loop, wire::Address address, const WireOptions& options)
    : loop_(loop), address_(std::move(address)), options_(options), timer_(loop), overdue_(loop) {}

void Link::call(wire::ApiKey api, Fill fill, cli::Deadline deadline, wire::OnReply on_reply) {
  submit({api, std::move(fill), deadline, std::move(on_reply), nullptr});
}

void Link::call_without_answer(wire::ApiKey api, Fill fill, cli::Deadline deadline,
                               std::function<void(cli::Result<void>)> on_sent) {
  submit({api, std::move(fill), deadline, nullptr, std::move(on_sent)});
}

void Link::when_ready(cli::Deadline deadline, std::function<void(cli::Result<void>)> on_ready) {
  submit({wire::ApiKey::kApiVersions, nullptr, deadline, nullptr, std::move(on_ready)});
}

void Link::submit(Call call) {
  if (state_ == State::kReady) return send(std::move(call));
  waiting_.push_back(std::move(call));
  watch(waiting_.back());
  if (state_ != State::kIdle) return;
  if (pause_ == cli::Duration::zero()) return open();
  state_ = State::kPausing;
  timer_.set(cli::Clock::now() + pause_, [this] { open(); });
}

// What is to be told before the opening ends, whose end says more of why.
void Link::watch(const Call& call) {
  if (state_ == State::kOpening && call.deadline >= open_until_) return;
  if (overdue_.is_set() && call.deadline >= overdue_at_) return;
  overdue_at_ = call.deadline;
  overdue_.set(overdue_at_, [this] { fail_overdue(); });
}

void Link::fail_overdue() {
  const cli::Deadline now = cli::Clock::now();
  std::vector<Call> overdue;
  for (Call& call : std::exchange(waiting_, {})) {
    if (call.deadline <= now) {
      overdue.push_back(std::move(call));
    } else {
      waiting_.push_back(std::move(call));
      watch(waiting_.back());
    }
  }
  const cli::Error why = late();
  for (const Call& call : overdue) fail(call, why);
}

cli::Error Link::late() const {
  const bool is_connected = connection_ != nullptr && connection_->is_open();
  return {is_connected ? wire::kNoAnswerInTime : std::string(wire::kCannotConnect) + " in time",
          address_.text(), "is the broker running and is the address right?"};
}

void Link::open() {
  overdue_.cancel();
  state_ = State::kIdle;
  if (waiting_.empty()) return;  // nobody wants it any more
  state_ = State::kOpening;
  const auto last = std::max_element(
      waiting_.begin(), waiting_.end(),
      [](const Call& one, const Call& other) { return one.deadline < other.deadline; });
  open_until_ = std::min<cli::Deadline>(cli::Clock::now() + kConnectTimeout, last->deadline);
  for (const Call& call : waiting_) watch(call);
  connection_ = std::make_unique<wire::Connection>(loop_, address_, options_.access.connection);
  connection_->open(open_until_, [this](const cli::Result<void>& opened) {
    opened ? on_open() : on_failed(opened.error());
  });
}

void Link::on_open() {
  connection_->on_close([this](const cli::Error& why) { on_failed(why); });
  if (!options_.access.credentials) return on_authenticated();
  wire::authenticate(*connection_, *options_.access.credentials, options_.client_id, open_until_,
                     [this](const cli::Result<void>& done) {
                       done ? on_authenticated() : on_failed(done.error());
                     });
}

void Link::on_authenticated() {
  wire::negotiate(*connection_, options_.client_id, open_until_,
                  [this](cli::Result<wire::ApiVersions> versions) {
                    versions ? on_ready(std::move(*versions)) : on_failed(versions.error());
                  });
}

void Link::on_ready(wire::ApiVersions versions) {
  state_ = State::kReady;
  pause_ = {};
  versions_ = std::move(versions);
  overdue_.cancel();
  const cli::Deadline now = cli::Clock::now();
  for (Call& call : std::exchange(waiting_, {})) {
    call.deadline > now ? submit(std::move(call)) : fail(call, late());
  }
}

void Link::on_failed(const cli::Error& why) {
  if (state_ == State::kIdle || state_ == State::kPausing) return;  // it was told already
  state_ = State::kIdle;
  ++disconnects_;
  pause_ = std::min(std::max(pause_ * 2, options_.reconnect_backoff),
                    options_.longest_reconnect_backoff);
  connection_.reset();
  overdue_.cancel();
  for (const Call& call : std::exchange(waiting_, {})) fail(call, why);
}

void Link::drop(const cli::Error& why) {
  const std::uint64_t disconnects = disconnects_;
  timer_.cancel();
  if (connection_ != nullptr) connection_->close(why);
  state_ = State::kOpening;  // whatever it was, it has failed now
  on_failed(why);
  disconnects_ = disconnects;  // it did not break by itself
}

void Link::send(Call call) {
  if (!call.fill) return call.on_sent({});
  const auto version = choose_version(call.api, versions_);
  if (!version) return fail(call, version.error());
  const auto fields = call.fill(*version);
  if (!fields) return fail(call, fields.error());
  if (call.on_reply) {
    return wire::call(*connection_, call.api, *version, *fields, options_.client_id, call.deadline,
                      std::move(call.on_reply));
  }
  std::vector<wire::Apart> apart;
  auto frame = wire::encode_call(call.api, *version, *fields, options_.client_id, &apart);
  if (!frame) return fail(call, frame.error());
  connection_->send_without_answer(std::move(*frame), std::move(call.on_sent), std::move(apart));
}

void Link::fail(const Call& call, const cli::Error& why) {
  call.on_reply ? call.on_reply(tl::make_unexpected(why)) : call.on_sent(tl::make_unexpected(why));
}

std::size_t Link::in_flight() const {
  return waiting_.size() + (connection_ == nullptr ? 0 : connection_->in_flight());
}

}  // namespace ks::client

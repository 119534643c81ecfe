#include "lib/wire/connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <utility>
#include <vector>

#include "lib/wire/bytes.h"
#include "lib/wire/loop_impl.h"
#include "lib/wire/tls_impl.h"

namespace ks::wire {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp::socket&>;

constexpr const char* kIsItUp = "is the broker running and is the address right?";
constexpr const char* kIsItKafka = "is it a Kafka broker?";
constexpr std::size_t kCorrelationIdAt = Connection::kLengthBytes + 4;  // after API key and version
constexpr std::size_t kLeastRequestBytes = kCorrelationIdAt + 4;

// Linux may join a client to its own ephemeral port when nothing listens there.
bool is_connected_to_itself(const tcp::socket& socket) {
  error_code local_error;
  error_code remote_error;
  const auto local = socket.local_endpoint(local_error);
  const auto remote = socket.remote_endpoint(remote_error);
  return !local_error && !remote_error && local == remote;
}

// Asio's own condition, transfer_all, moves at most 64 KiB with one call.
std::size_t all_at_once(const error_code& error, std::size_t /*done*/) {
  constexpr std::size_t kMostWithOneCall = std::size_t{1} << 30;
  return error ? 0 : kMostWithOneCall;
}

cli::Result<std::vector<tcp::endpoint>> resolve(asio::io_context& context, const Address& address) {
  tcp::resolver resolver(context);
  error_code error;
  const auto found = resolver.resolve(address.host, std::to_string(address.port), error);
  if (error) return cli::fail(kUnknownHost, address.text(), error.message());
  std::vector<tcp::endpoint> out;
  for (const auto& entry : found) out.push_back(entry.endpoint());
  return out;
}

}  // namespace

struct Connection::Impl : std::enable_shared_from_this<Impl> {
  struct Pending {
    std::int32_t correlation_id;
    cli::Deadline deadline;
    OnFrame on_frame;
  };

  struct Outgoing {
    std::string frame;
    std::vector<Apart> apart;
    OnSent on_sent;  // may be empty
    bool is_answered = false;

    std::size_t size() const {
      std::size_t out = frame.size();
      for (const Apart& each : apart) out += each.records.size();
      return out;
    }

    void add_to(std::vector<asio::const_buffer>& buffers) const {
      std::size_t done = 0;
      for (const Apart& each : apart) {
        buffers.emplace_back(frame.data() + done, each.at - done);
        buffers.emplace_back(each.records.data(), each.records.size());
        done = each.at;
      }
      buffers.emplace_back(frame.data() + done, frame.size() - done);
    }
  };

  Impl(Loop& loop, Address to, ConnectionOptions with)
      : address(std::move(to)),
        options(std::move(with)),
        context(loop.impl().context),
        socket(context),
        timer(loop) {}

  // ---- opening ----------------------------------------------------------------------------------

  void open(cli::Deadline until, OnOpen action) {
    on_open = std::move(action);
    timer.set(until, [this] {
      if (tls) return fail({kNoAnswerInTime, address.text(), kIsItKafka});  // to the handshake
      fail({std::string(kCannotConnect) + " in time", address.text(), kIsItUp});
    });
    auto found = resolve(context, address);
    if (!found) return fail_later(found.error());
    candidates = std::move(*found);
    connect_to(0);
  }

  void connect_to(std::size_t index) {
    error_code error;
    socket.close(error);
    socket.open(candidates[index].protocol(), error);
    if (!error && !options.local_address.empty()) {
      socket.bind({asio::ip::make_address(options.local_address, error), 0}, error);
    }
    if (error) return fail_later({"cannot open a socket", address.text(), error.message()});
    socket.async_connect(candidates[index], [self = shared_from_this(), index](error_code result) {
      self->on_connected(index, result);
    });
  }

  void on_connected(std::size_t index, error_code error) {
    if (!on_open) return;
    std::string why = error ? error.message() : "";
    if (!error && is_connected_to_itself(socket)) why = "it met itself: nothing listens there";
    if (!why.empty() && index + 1 < candidates.size()) return connect_to(index + 1);
    if (!why.empty()) {
      return fail({std::string(kCannotConnect) + " (" + why + ")", address.text(), kIsItUp});
    }
    socket.set_option(tcp::no_delay(true), error);
    options.tls ? start_tls() : opened();
  }

  void start_tls() {
    auto made = make_tls_context(*options.tls);
    if (!made) return fail(made.error());
    tls_context.emplace(std::move(*made));
    tls.emplace(socket, *tls_context);
    if (auto named = name_host(tls->native_handle(), *options.tls, address.host); !named) {
      return fail(named.error());
    }
    tls->async_handshake(TlsStream::client, [self = shared_from_this()](error_code error) {
      if (!self->on_open) return;
      if (error) {
        return self->fail(handshake_error(self->tls->native_handle(), error, self->address));
      }
      self->opened();
    });
  }

  void opened() {
    timer.cancel();
    is_open = true;
    read_length();
    std::exchange(on_open, nullptr)({});
  }

  // ---- sending ----------------------------------------------------------------------------------

  void send(Outgoing outgoing, std::optional<Pending> answer) {
    if (!is_open) {
      if (answer) fail_one_later(std::move(answer->on_frame), closed_because);
      if (outgoing.on_sent) fail_one_later(std::move(outgoing.on_sent), closed_because);
      return;
    }
    if (answer) {
      if (!timer.is_set() || answer->deadline < armed_for) arm(answer->deadline);
      pending.push_back(std::move(*answer));
      outgoing.is_answered = true;
      ++unsent;
    }
    waiting.push_back(std::move(outgoing));
    if (writing.empty()) write();
  }

  void write() {
    std::swap(writing, waiting);
    written = 0;
    std::vector<asio::const_buffer> buffers;
    for (const Outgoing& each : writing) each.add_to(buffers);
    const auto done = [self = shared_from_this()](error_code error, std::size_t) {
      if (error) self->fail_io("cannot send", error);
      const auto sent = std::exchange(self->writing, {});
      for (const Outgoing& each : sent) self->unsent -= each.is_answered ? 1 : 0;
      if (!self->waiting.empty()) self->write();
      for (const Outgoing& each : sent) {
        if (each.on_sent) each.on_sent({});
      }
    };
    const auto all_and_count = [this](const error_code& error, std::size_t so_far) {
      written = so_far;
      return all_at_once(error, so_far);
    };
    tls ? asio::async_write(*tls, buffers, all_and_count, done)
        : asio::async_write(socket, buffers, all_and_count, done);
  }

  // Whether all of the request that is to be answered next has left.
  bool is_next_sent() const {
    if (pending.size() > unsent) return true;
    std::size_t before = unsent - pending.size();  // answered while what is behind them leaves
    std::size_t end = 0;
    for (const Outgoing& each : writing) {
      end += each.size();
      if (each.is_answered && before-- == 0) return end <= written;
    }
    return false;
  }

  // ---- receiving --------------------------------------------------------------------------------

  template <typename Done>
  void read(char* out, std::size_t size, Done done) {
    const auto handler = [self = shared_from_this(), done](error_code error, std::size_t) {
      if (error) return self->fail_io("cannot receive", error);
      done();
    };
    const auto wake_for_the_rest = [this, size](const error_code& error, std::size_t got) {
      if (!error) wake_for(size - got);
      return all_at_once(error, got);
    };
    tls ? asio::async_read(*tls, asio::buffer(out, size), all_at_once, handler)
        : asio::async_read(socket, asio::buffer(out, size), wake_for_the_rest, handler);
  }

  // A long frame comes in many pieces. To be woken for each costs more than to read them: the
  // system is to wait until there is much of it. Where it will not, nothing but time is lost.
  void wake_for(std::size_t bytes) {
    constexpr std::size_t kLong = 128UL << 10;
    constexpr std::size_t kMuch = 1UL << 20;
    const std::size_t wanted = bytes < kLong ? 1 : std::min(bytes, kMuch);
    if (wanted == std::exchange(wakes_for, wanted)) return;
    error_code ignored;
    socket.set_option(tcp::socket::receive_low_watermark(static_cast<int>(wanted)), ignored);
  }

  void read_length() {
    read(reinterpret_cast<char*>(&length), sizeof length, [this] {
      length = big_endian(length);
      if (!tls && is_tls_alert(length)) {
        return fail({std::string(kNotKafka) + " (a TLS alert)", address.text(),
                     "this listener speaks TLS: is security.protocol right?"});
      }
      if (length > options.most_response_bytes || length < sizeof(std::int32_t)) {
        return fail({std::string(kNotKafka) + " (frame length " +
                         std::to_string(static_cast<std::int32_t>(length)) + " is not a response)",
                     address.text(), kIsItKafka});
      }
      incoming = FrameBytes(length);
      read(incoming.data(), length, [this] { on_frame(); });
    });
  }

  void on_frame() {
    const auto id = ByteReader(incoming.view()).integer<std::int32_t>();
    if (pending.empty() || pending.front().correlation_id != id) {
      return fail({std::string(kNotKafka) + " (answer with another correlation id)", address.text(),
                   kIsItKafka});
    }
    // Who asked may use the records again once it is answered: they must have left by then.
    if (!is_next_sent()) {
      return fail({std::string(kNotKafka) + " (answer to a request before its end)", address.text(),
                   kIsItKafka});
    }
    const OnFrame answer = std::move(pending.front().on_frame);
    pending.pop_front();
    FrameBytes frame = std::move(incoming);
    // Read on before the callback, which may send, close or destroy.
    read_length();
    answer(std::move(frame));
  }

  // ---- failing ----------------------------------------------------------------------------------

  void arm(cli::Deadline when) {
    armed_for = when;
    timer.set(when, [this] { on_time(); });
  }

  void on_time() {
    if (pending.empty()) return;
    cli::Deadline first = cli::Deadline::max();
    for (const Pending& p : pending) first = std::min(first, p.deadline);
    if (first > cli::Clock::now()) return arm(first);
    fail({kNoAnswerInTime, address.text(), kIsItKafka});
  }

  void fail_io(const char* what, error_code error) {
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
      return fail({kClosedByBroker, address.text(), ""});
    }
    if (error == asio::error::connection_reset || error == asio::error::broken_pipe) {
      return fail({kClosedByBroker, address.text(), error.message()});
    }
    fail({what, address.text(), error.message()});
  }

  void fail(const cli::Error& why) {
    if (!is_open && !on_open) return;  // it was told already
    const auto self = shared_from_this();
    const bool was_open = std::exchange(is_open, false);
    closed_because = why;
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
    if (auto action = std::exchange(on_open, nullptr)) action(tl::make_unexpected(why));
    for (const Pending& p : std::exchange(pending, {})) p.on_frame(tl::make_unexpected(why));
    fail_unsent(why);
    if (was_open && on_close) std::exchange(on_close, nullptr)(why);
  }

  // A caller is never called back before its own call returned.
  void fail_later(const cli::Error& why) {
    asio::post(context, [self = shared_from_this(), why] { self->fail(why); });
  }

  template <typename Action>
  void fail_one_later(Action action, const cli::Error& why) {
    asio::post(context, [action = std::move(action), why] { action(tl::make_unexpected(why)); });
  }

  // The frames of `writing` must live until the write has ended, too.
  void fail_unsent(const cli::Error& why) {
    std::vector<OnSent> actions;
    for (Outgoing& each : writing) actions.push_back(std::exchange(each.on_sent, nullptr));
    for (Outgoing& each : waiting) actions.push_back(std::move(each.on_sent));
    waiting.clear();
    for (const OnSent& action : actions) {
      if (action) action(tl::make_unexpected(why));
    }
  }

  // Its owner is gone: what is still under way ends in silence.
  void abandon() {
    on_open = nullptr;
    on_close = nullptr;
    pending.clear();
    waiting.clear();
    for (Outgoing& each : writing) each.on_sent = nullptr;
    is_open = false;
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
  }

  const Address address;
  const ConnectionOptions options;
  asio::io_context& context;
  tcp::socket socket;
  std::optional<asio::ssl::context> tls_context;
  std::optional<TlsStream> tls;
  Timer timer;  // for opening, then for the earliest deadline of `pending`
  cli::Deadline armed_for;
  std::vector<tcp::endpoint> candidates;
  OnOpen on_open;
  bool is_open = false;
  cli::Error closed_because{"the connection is not open", "", ""};
  std::function<void(const cli::Error&)> on_close;

  std::int32_t next_correlation_id = 1;
  std::deque<Pending> pending;
  std::vector<Outgoing> waiting;  // for `writing` to end
  std::vector<Outgoing> writing;
  std::size_t written = 0;  // bytes of it
  std::size_t unsent = 0;   // requests in both that are to be answered
  std::uint32_t length = 0;
  FrameBytes incoming;
  std::size_t wakes_for = 1;  // bytes that have come
};

Connection::Connection(Loop& loop, Address address, ConnectionOptions options)
    : impl_(std::make_shared<Impl>(loop, std::move(address), std::move(options))) {}

Connection::~Connection() { impl_->abandon(); }

void Connection::open(cli::Deadline deadline, OnOpen on_open) {
  impl_->open(deadline, std::move(on_open));
}

namespace {

void write_length(std::string& frame, const std::vector<Apart>& apart) {
  std::size_t size = frame.size() - Connection::kLengthBytes;
  for (const Apart& each : apart) size += each.records.size();
  const auto length = big_endian(static_cast<std::uint32_t>(size));
  std::memcpy(frame.data(), &length, sizeof length);
}

}  // namespace

void Connection::send(std::string frame, cli::Deadline deadline, OnFrame on_frame,
                      std::vector<Apart> apart) {
  const std::int32_t id = impl_->next_correlation_id++;
  const std::int32_t raw = big_endian(id);
  frame.resize(std::max(frame.size(), kLeastRequestBytes));
  write_length(frame, apart);
  std::memcpy(frame.data() + kCorrelationIdAt, &raw, sizeof raw);
  impl_->send({std::move(frame), std::move(apart), nullptr},
              Impl::Pending{id, deadline, std::move(on_frame)});
}

void Connection::send_without_answer(std::string frame, OnSent on_sent, std::vector<Apart> apart) {
  write_length(frame, apart);
  impl_->send({std::move(frame), std::move(apart), std::move(on_sent)}, std::nullopt);
}

void Connection::send_raw(std::string bytes) {
  impl_->send({std::move(bytes), {}, nullptr}, std::nullopt);
}

void Connection::close(const cli::Error& why) { impl_->fail(why); }
bool Connection::is_open() const { return impl_->is_open; }
std::size_t Connection::in_flight() const { return impl_->pending.size(); }
const Address& Connection::address() const { return impl_->address; }
void Connection::on_close(std::function<void(const cli::Error&)> action) {
  impl_->on_close = std::move(action);
}

cli::Result<BlockingConnection> BlockingConnection::open(const Address& address,
                                                         cli::Deadline deadline,
                                                         const ConnectionOptions& options) {
  BlockingConnection out;
  out.connection_ = std::make_unique<Connection>(*out.loop_, address, options);
  std::optional<cli::Result<void>> opened;
  out.connection_->open(deadline, [&](cli::Result<void> result) { opened = std::move(result); });
  out.loop_->run_until(cli::Deadline::max(), [&] { return opened.has_value(); });
  if (!*opened) return tl::make_unexpected(opened->error());
  return out;
}

cli::Result<FrameBytes> BlockingConnection::exchange(std::string frame, cli::Deadline deadline) {
  std::optional<cli::Result<FrameBytes>> answer;
  connection_->send(std::move(frame), deadline,
                    [&](cli::Result<FrameBytes> result) { answer = std::move(result); });
  loop_->run_until(cli::Deadline::max(), [&] { return answer.has_value(); });
  return std::move(*answer);
}

}  // namespace ks::wire

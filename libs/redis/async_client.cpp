#include "libs/redis/async_client.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/redis/address.h"
#include "libs/redis/wire_reply.h"
#include "libs/status/status.h"

namespace papertape::redis {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;
using Endpoint = asio::generic::stream_protocol::endpoint;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1'000};
constexpr std::size_t kReadBytes = 16'384;

void Append(const Command& command, std::string& out) {
  out += '*' + std::to_string(command.size()) + "\r\n";
  for (const std::string& word : command) out.append("$" + std::to_string(word.size()) + "\r\n" + word + "\r\n");
}

// Where to connect, as far as it can be said without asking for a name.
std::optional<Endpoint> EndpointOf(const Address& address) {
  if (address.host.empty()) return Endpoint(asio::local::stream_protocol::endpoint(address.path));
  error_code error;
  const asio::ip::address host = asio::ip::make_address(address.host, error);
  if (error) return std::nullopt;
  return Endpoint(asio::ip::tcp::endpoint(host, static_cast<std::uint16_t>(address.port)));
}

absl::Status Away() { return Error(Reason::kUNAVAILABLE); }

}  // namespace

// Handlers hold it; after Close they do nothing.
class AsyncClient::Line : public std::enable_shared_from_this<Line> {
 public:
  Line(AsyncOptions options, asio::io_context& context)
      : options_(std::move(options)),
        context_(context),
        address_(ParseAddress(options_.url)),
        socket_(context),
        resolver_(context),
        timer_(context) {}

  void Connect() {
    if (!address_.ok()) return Break();
    state_ = state_ == State::kNew ? State::kFirstConnect : State::kConnecting;
    deadline_ = SystemClock().Steady() + options_.timeout;
    ++connection_;
    Greet();
    Arm();
    if (const std::optional<Endpoint> endpoint = EndpointOf(*address_)) return ConnectTo(*endpoint);
    resolver_.async_resolve(
        address_->host, std::to_string(address_->port),
        [self = shared_from_this(), now = connection_](const error_code& failed, const auto& found) {
          if (now != self->connection_) return;
          if (failed) return self->Break();
          self->ConnectTo(found.begin()->endpoint());
        });
  }

  void Run(const Command& command, Done done) {
    // The first connection is waited for, within the command's time; while Redis is known to be away nothing waits.
    if (state_ != State::kReady && state_ != State::kFirstConnect) return done(Away());
    Queue(command, std::move(done));
    Write();
  }

  void Close() {
    ++connection_;
    state_ = State::kClosed;
    waiting_.clear();
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }

 private:
  enum class State { kNew, kFirstConnect, kConnecting, kReady, kAway, kClosed };
  struct Waiting {
    Done done;
    Instant deadline;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  void ConnectTo(const Endpoint& endpoint) {
    error_code ignored;
    socket_.open(endpoint.protocol(), ignored);
    socket_.async_connect(endpoint, [self = shared_from_this(), now = connection_](const error_code& failed) {
      if (now != self->connection_) return;
      if (failed) return self->Break();
      self->state_ = State::kReady;
      error_code refused;  // what a unix socket does not know
      self->socket_.non_blocking(true, refused);
      self->socket_.set_option(asio::ip::tcp::no_delay(true), refused);
      self->Read();
      self->Write();
    });
  }

  // Name, password and database stand before whatever else is sent.
  void Greet() {
    const auto must_succeed = [this](const absl::StatusOr<Reply>& reply) {
      if (!reply.ok()) broken_ = true;
    };
    if (!address_->password.empty()) {
      Command auth{"AUTH"};
      if (!address_->user.empty()) auth.push_back(address_->user);
      auth.push_back(address_->password);
      Queue(auth, must_succeed);
    }
    if (address_->database != 0) Queue({"SELECT", std::to_string(address_->database)}, must_succeed);
  }

  void Queue(const Command& command, Done done) {
    Append(command, out_);
    waiting_.push_back({std::move(done), SystemClock().Steady() + options_.timeout});
    Arm();
  }

  // One timer: for the connection while it is made, for the oldest command after that.
  void Arm() {
    if (std::exchange(timer_runs_, true)) return;
    const bool connecting = state_ == State::kFirstConnect || state_ == State::kConnecting;
    timer_.expires_at(connecting || waiting_.empty() ? deadline_ : waiting_.front().deadline);
    timer_.async_wait([self = shared_from_this()](const error_code& stopped) {
      if (stopped || self->state_ == State::kClosed) return;
      self->timer_runs_ = false;
      self->OnTimer();
    });
  }

  void OnTimer() {
    const Instant now = SystemClock().Steady();
    if (state_ == State::kAway) return now < deadline_ ? Arm() : Connect();
    const bool connecting = state_ != State::kReady;
    if (connecting ? now >= deadline_ : !waiting_.empty() && now >= waiting_.front().deadline) return Break();
    if (connecting || !waiting_.empty()) Arm();
  }

  void Write() {
    if (state_ != State::kReady || writing_ || out_.empty()) return;
    error_code error;
    const std::size_t sent = socket_.write_some(asio::buffer(out_), error);
    if (error && error != asio::error::would_block) return Break();
    if (sent == out_.size()) return out_.clear();
    writing_ = true;
    unsent_ = std::exchange(out_, {}).substr(sent);
    asio::async_write(socket_, asio::buffer(unsent_),
                      [self = shared_from_this(), now = connection_](const error_code& failed, std::size_t) {
                        if (now != self->connection_) return;
                        self->writing_ = false;
                        if (failed) return self->Break();
                        self->Write();
                      });
  }

  void Read() {
    socket_.async_wait(asio::socket_base::wait_read,
                       [self = shared_from_this(), now = connection_](const error_code& e) {
                         if (now != self->connection_) return;
                         if (e || !self->TakeReplies() || self->broken_) return self->Break();
                         if (now == self->connection_) self->Read();
                       });
  }

  // False when the connection is of no use any more.
  bool TakeReplies() {
    error_code error;
    std::array<char, kReadBytes> buffer;
    const std::size_t got = socket_.read_some(asio::buffer(buffer), error);
    if (error == asio::error::would_block) return true;
    if (error || redisReaderFeed(reader_.get(), buffer.data(), got) != REDIS_OK) return false;
    const std::uint64_t now = connection_;
    while (now == connection_) {
      void* raw = nullptr;
      if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) return false;
      if (raw == nullptr) return true;
      const std::unique_ptr<redisReply, decltype(&freeReplyObject)> owned(static_cast<redisReply*>(raw),
                                                                          &freeReplyObject);
      if (waiting_.empty()) return false;
      const Done done = std::move(waiting_.front().done);
      waiting_.pop_front();
      pause_ = kFirstPause;
      Reply reply;
      const absl::Status status = FromWire(*owned, reply);
      if (status.ok()) {
        done(std::move(reply));
      } else {
        done(status);
      }
    }
    return true;
  }

  void Break() {
    if (state_ == State::kClosed) return;
    ++connection_;
    error_code ignored;
    socket_.close(ignored);
    socket_ = asio::generic::stream_protocol::socket(context_);
    state_ = State::kAway;
    reader_.reset(redisReaderCreate());
    out_.clear();
    writing_ = broken_ = false;
    deadline_ = SystemClock().Steady() + pause_;
    pause_ = std::min(pause_ * 2, kLongestPause);
    timer_runs_ = false;
    Arm();
    for (const Waiting& waiting : std::exchange(waiting_, {})) waiting.done(Away());
  }

  const AsyncOptions options_;
  asio::io_context& context_;
  const absl::StatusOr<Address> address_;
  asio::generic::stream_protocol::socket socket_;
  asio::ip::tcp::resolver resolver_;
  asio::steady_timer timer_;
  std::unique_ptr<redisReader, FreeReader> reader_{redisReaderCreate()};
  State state_ = State::kNew;
  std::uint64_t connection_ = 0;  // handlers of an older one do nothing
  bool timer_runs_ = false;
  bool writing_ = false;
  bool broken_ = false;  // Redis does not let us in
  Instant deadline_;     // of the connection that is made, or when the next is tried
  milliseconds pause_ = kFirstPause;
  std::deque<Waiting> waiting_;
  std::string out_;     // not yet written
  std::string unsent_;  // the part that is being written
};

AsyncClient::AsyncClient(AsyncOptions options, asio::io_context& context)
    : line_(std::make_shared<Line>(std::move(options), context)) {
  line_->Connect();
}

AsyncClient::~AsyncClient() { line_->Close(); }

void AsyncClient::Run(const Command& command, Done done) { line_->Run(command, std::move(done)); }

}  // namespace papertape::redis

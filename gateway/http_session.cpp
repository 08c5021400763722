#include "gateway/http_session.h"

#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// Pipelined answers are written together up to about this size.
constexpr std::size_t kWriteTogetherBytes = 65'536;
// What stays reserved for the next answer.
constexpr std::size_t kKeptBytes = 2'048;
// What gives a large body its time.
constexpr std::uint64_t kSlowestBytesPerSecond = 65'536;
// What a refused client may go on sending before the connection is cut.
constexpr std::uint64_t kMostDiscardedBytes = 256ULL << 20U;

bool WantsContinue(const HttpRequest& request) {
  const std::string_view expect = request.Header(HeaderName::expect);
  return boost::beast::iequals({expect.data(), expect.size()}, "100-continue");
}

}  // namespace

HttpSession::HttpSession(Wire wire, ConnectionSlot slot, IoThread& thread, const HttpLimits& limits,
                         HttpHandler& handler)
    : wire_(std::move(wire)),
      slot_(std::move(slot)),
      thread_(thread),
      limits_(limits),
      handler_(handler),
      client_(wire_.peer()) {}

HttpSession::~HttpSession() {
  if (phase_ != Phase::kClosed) thread_.Remove(*this);
}

void HttpSession::Start() {
  thread_.Add(*this);
  wire_.Prepare();
  Enter(wire_.is_tls() ? Phase::kShaking : Phase::kIdle);
  if (thread_.draining()) return Abort();
  // Who connects is about to say something.
  deadline_ = thread_.Now() + limits_.receive_timeout;
  if (wire_.is_tls()) return ShakeHands();
  WaitReadable();
}

void HttpSession::ShakeHands() {
  if (phase_ == Phase::kClosed) return;
  const auto go_on = [self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return self->Abort();
    self->ShakeHands();
  };
  switch (wire_.ShakeHands()) {
    case Wire::Handshake::kReads:
      return wire_.WaitReadable(go_on);
    case Wire::Handshake::kWrites:
      return wire_.WaitWritable(go_on);
    case Wire::Handshake::kFailed:
      return Abort();
    case Wire::Handshake::kDone:
      phase_ = Phase::kIdle;  // within the time that the handshake has left
      WaitReadable();
  }
}

void HttpSession::Enter(Phase phase) {
  phase_ = phase;
  switch (phase) {
    case Phase::kIdle:
      deadline_ = thread_.Now() + limits_.idle_timeout;
      break;
    case Phase::kShaking:
    case Phase::kReceiving:
    case Phase::kLingering:
      deadline_ = thread_.Now() + limits_.receive_timeout;
      break;
    case Phase::kAnswering:  // the handler has a deadline of its own
    case Phase::kClosed:
      deadline_ = Instant::max();
      break;
  }
}

void HttpSession::WaitReadable() {
  if (waiting_ || phase_ == Phase::kClosed) return;
  waiting_ = true;
  wire_.WaitReadable([self = shared_from_this()](const boost::system::error_code& error) {
    self->waiting_ = false;
    if (error) return self->Abort();
    self->OnReadable();
  });
}

void HttpSession::OnReadable() {
  if (phase_ == Phase::kClosed || take_over_) return;
  boost::system::error_code error;
  const std::size_t got = wire_.ReadSome(asio::buffer(thread_.scratch()), error);
  if (error == asio::error::would_block) return WaitReadable();
  if (error) return Abort();
  if (phase_ == Phase::kLingering) {
    discarded_ += got;
    return discarded_ > kMostDiscardedBytes ? Abort() : WaitReadable();
  }
  Advance({thread_.scratch().data(), got});
}

void HttpSession::Advance(std::string_view fresh) {
  std::string both;
  std::string_view in = fresh;
  if (!held_.empty()) {
    both = std::exchange(held_, {});
    both.append(fresh);
    in = both;
  }
  while (!in.empty() && out_.size() < kWriteTogetherBytes && ParseSome(in)) {
  }
  if (phase_ == Phase::kClosed) return;
  if (take_over_ && !writing_) return HandOver(std::string(in));
  if (!close_after_write_) held_.assign(in);
  Flush();
}

// True while there may be more to parse now.
bool HttpSession::ParseSome(std::string_view& in) {
  if (phase_ == Phase::kAnswering || phase_ == Phase::kClosed || close_after_write_ || take_over_) return false;
  if (phase_ == Phase::kIdle) {
    Enter(Phase::kReceiving);
    parser_.emplace(request_, limits_.head_bytes, limits_.body_bytes, [this] { return RaiseBodyLimit(); });
  }
  const bool had_head = parser_->is_header_done();
  boost::beast::error_code error;
  const std::size_t used = parser_->put(asio::buffer(in.data(), in.size()), error);
  in.remove_prefix(used);
  if (error && error != http::error::need_more) {
    RefuseParse(error);
    return false;
  }
  if (parser_->is_done()) {
    Dispatch();
    return true;
  }
  if (!had_head && parser_->is_header_done() && WantsContinue(request_)) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  return !error && used > 0;
}

void HttpSession::Dispatch() {
  Enter(Phase::kAnswering);
  dispatching_ = true;
  handler_.Handle(request_, shared_from_this());
  dispatching_ = false;
  if (ready_) Answer(*std::exchange(ready_, std::nullopt));
}

void HttpSession::Respond(HttpResponse response) {
  if (thread_.IsCurrent() && dispatching_) {
    ready_ = std::move(response);
    return;
  }
  asio::post(thread_.context(), [self = shared_from_this(), answer = std::move(response)] {
    if (self->phase_ != Phase::kAnswering) return;
    self->Answer(answer);
    self->Advance({});
  });
}

void HttpSession::Upgrade(TakeOver take_over) {
  if (thread_.IsCurrent() && dispatching_) {
    take_over_ = std::move(take_over);
    return;
  }
  asio::post(thread_.context(), [self = shared_from_this(), take_over = std::move(take_over)] {
    if (self->phase_ != Phase::kAnswering) return;
    self->take_over_ = take_over;
    self->Advance({});
  });
}

void HttpSession::Answer(const HttpResponse& response) {
  const bool whole = parser_ && parser_->is_done();
  const bool keep_alive = whole && parser_->keep_alive() && !thread_.draining() && !response.close;
  AppendResponse(response,
                 {.date = thread_.Date(),
                  .keep_alive = keep_alive,
                  .is_http_1_0 = request_.is_http_1_0(),
                  .is_head = request_.verb() == "HEAD",
                  .is_tls = wire_.is_tls()},
                 out_);
  parser_.reset();
  request_.DropBody();
  place_.reset();
  close_after_write_ = !keep_alive;
  Enter(Phase::kIdle);
}

std::uint64_t HttpSession::RaiseBodyLimit() {
  absl::StatusOr<LargeBody> admitted = handler_.AdmitBody(request_);
  if (!admitted.ok()) {
    refusal_ = admitted.status();
    return 0;
  }
  place_ = std::move(admitted->place);
  deadline_ += std::chrono::seconds(admitted->bytes / kSlowestBytesPerSecond);
  return admitted->bytes;
}

void HttpSession::RefuseParse(const boost::beast::error_code& error) {
  if (!refusal_.ok()) return RefuseAndClose(std::exchange(refusal_, absl::OkStatus()));
  if (error == http::error::body_limit) return RefuseAndClose(Error(Reason::kBODY_TOO_LARGE));
  if (error == http::error::header_limit) return RefuseAndClose(Error(Reason::kHEADERS_TOO_LARGE));
  RefuseAndClose(Error(Reason::kMALFORMED_REQUEST, "The request is not HTTP as RFC 9112 has it."));
}

void HttpSession::RefuseAndClose(const absl::Status& why) {
  HttpResponse response = handler_.Refuse(why, request_, thread_);
  response.close = true;
  Answer(response);
  Enter(Phase::kLingering);
}

void HttpSession::Flush() {
  if (writing_) return;
  // Nearly always the socket takes it all at once, and no handler needs to be queued.
  if (!out_.empty()) {
    boost::system::error_code error;
    const std::size_t sent = wire_.WriteSome(asio::buffer(out_), error);
    if (error && error != asio::error::would_block) return Abort();
    if (sent < out_.size()) return WriteRest(sent);
    out_.clear();
  }
  AfterFlush();
}

void HttpSession::WriteRest(std::size_t sent) {
  writing_ = true;
  unsent_ = std::exchange(out_, {}).substr(sent);
  sent_ = 0;
  write_deadline_ = thread_.Now() + limits_.receive_timeout;
  WaitWritable();
}

void HttpSession::WaitWritable() {
  wire_.WaitWritable([self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return self->Abort();
    self->OnWritable();
  });
}

void HttpSession::OnWritable() {
  if (phase_ == Phase::kClosed) return;
  boost::system::error_code error;
  sent_ += wire_.WriteSome(asio::buffer(unsent_) + sent_, error);
  if (error && error != asio::error::would_block) return Abort();
  if (sent_ < unsent_.size()) return WaitWritable();
  writing_ = false;
  write_deadline_ = Instant::max();
  unsent_ = {};
  if (take_over_) return Advance({});
  if (phase_ == Phase::kIdle) Enter(Phase::kIdle);
  Flush();
}

// Everything that could be answered is sent.
void HttpSession::AfterFlush() {
  if (phase_ == Phase::kClosed) return;
  if (close_after_write_) return phase_ == Phase::kLingering ? Linger() : Abort();
  if (phase_ == Phase::kAnswering) return;
  if (phase_ == Phase::kIdle && !held_.empty()) return Advance({});
  if (phase_ == Phase::kIdle && thread_.draining()) return Abort();
  if (phase_ == Phase::kIdle && out_.capacity() > kKeptBytes) out_ = {};
  WaitReadable();
}

void HttpSession::Linger() {
  wire_.EndSending();
  WaitReadable();
}

void HttpSession::HandOver(std::string received) {
  const auto keep = shared_from_this();
  thread_.Remove(*this);
  phase_ = Phase::kClosed;
  std::exchange(take_over_, {})(std::move(wire_), *std::move(slot_), std::move(received), std::move(out_));
}

void HttpSession::Sweep(Instant now) {
  if (now < deadline_ && now < write_deadline_) return;
  if (phase_ == Phase::kReceiving && !writing_) {
    RefuseAndClose(Error(Reason::kREQUEST_TIMEOUT));
    Flush();
  } else {
    Abort();
  }
}

void HttpSession::Drain() {
  if (phase_ == Phase::kShaking || (phase_ == Phase::kIdle && !writing_ && out_.empty())) Abort();
}

void HttpSession::Abort() {
  if (phase_ == Phase::kClosed) return;
  const auto keep = shared_from_this();
  phase_ = Phase::kClosed;
  wire_.Close();
  thread_.Remove(*this);
  slot_.reset();
}

}  // namespace papertape::gateway

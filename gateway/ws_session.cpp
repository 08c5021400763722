#include "gateway/ws_session.h"

#include <boost/asio/error.hpp>
#include <utility>

namespace papertape::gateway {

namespace asio = boost::asio;

WsSession::WsSession(Wire wire, ConnectionSlot slot, IoThread& thread, const WsLimits& limits)
    : wire_(std::move(wire)),
      slot_(std::move(slot)),
      thread_(thread),
      limits_(limits),
      reader_(limits.message_bytes),
      heard_at_(thread.Now()),
      pinged_at_(heard_at_) {}

WsSession::~WsSession() {
  if (phase_ != Phase::kEnded) thread_.Remove(*this);
}

void WsSession::Start(std::unique_ptr<WsHandler> handler, std::string unsent, std::string_view received) {
  const auto keep = shared_from_this();
  handler_ = std::move(handler);
  queue_ = std::move(unsent);
  thread_.Add(*this);
  Write();
  if (!received.empty()) reader_.Feed(received, *this);
  WaitReadable();
}

void WsSession::WaitReadable() {
  if (phase_ == Phase::kEnded) return;
  wire_.WaitReadable([self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return self->Abort();
    self->OnReadable();
  });
}

void WsSession::OnReadable() {
  if (phase_ == Phase::kEnded) return;
  boost::system::error_code error;
  const std::size_t got = wire_.ReadSome(asio::buffer(thread_.scratch()), error);
  if (error && error != asio::error::would_block) return Abort();
  heard_at_ = thread_.Now();
  // The handler may use the scratch buffer's bytes, but nothing reads into it meanwhile: this is its thread.
  if (got > 0) reader_.Feed({thread_.scratch().data(), got}, *this);
  WaitReadable();
}

void WsSession::OnText(std::string_view text) {
  if (phase_ == Phase::kOpen && handler_ != nullptr) handler_->OnText(text);
}

void WsSession::OnPing(std::string_view payload) {
  if (phase_ != Phase::kOpen) return;
  AppendFrame(WsOpcode::kPong, payload, queue_);
  Write();
}

void WsSession::OnClose() {
  peer_closed_ = true;
  Close(WsCloseCode::kNormal, "");
  if (!writing_) Abort();
}

void WsSession::Send(std::string_view text) {
  if (phase_ != Phase::kOpen) return;
  AppendFrame(WsOpcode::kText, text, queue_);
  if (queue_.size() > limits_.queued_bytes) {
    queue_.clear();
    return Close(WsCloseCode::kTooSlow, "reading too slowly");
  }
  Write();
}

void WsSession::Flush() {
  if (phase_ == Phase::kOpen) Write();
}

void WsSession::Close(WsCloseCode code, std::string_view reason) {
  if (phase_ != Phase::kOpen) return;
  const auto keep = shared_from_this();
  phase_ = Phase::kClosing;
  EndHandler();
  AppendCloseFrame(code, reason, queue_);
  deadline_ = thread_.Now() + limits_.close_timeout;
  Write();
}

// Everything that waits, in one write.
void WsSession::Write() {
  if (writing_ || phase_ == Phase::kEnded) return;
  if (phase_ == Phase::kOpen && handler_ != nullptr) handler_->Fill(queue_);
  if (queue_.empty()) return;
  boost::system::error_code error;
  const std::size_t sent = wire_.WriteSome(asio::buffer(queue_), error);
  if (error && error != asio::error::would_block) return Abort();
  if (sent == queue_.size()) {
    queue_.clear();
    return;
  }
  writing_ = true;
  unsent_ = std::exchange(queue_, {}).substr(sent);
  sent_ = 0;
  WaitWritable();
}

void WsSession::WaitWritable() {
  wire_.WaitWritable([self = shared_from_this()](const boost::system::error_code& error) {
    if (error) return self->Abort();
    self->OnWritable();
  });
}

void WsSession::OnWritable() {
  if (phase_ == Phase::kEnded) return;
  boost::system::error_code error;
  sent_ += wire_.WriteSome(asio::buffer(unsent_) + sent_, error);
  if (error && error != asio::error::would_block) return Abort();
  if (sent_ < unsent_.size()) return WaitWritable();
  writing_ = false;
  unsent_ = {};
  heard_at_ = thread_.Now();  // who reads is alive
  Write();
  if (peer_closed_ && !writing_) Abort();
}

void WsSession::EndHandler() {
  if (handler_ == nullptr || std::exchange(handler_ended_, true)) return;
  handler_->OnEnd();
}

void WsSession::Sweep(Instant now) {
  if (now >= deadline_) return Abort();
  if (phase_ != Phase::kOpen) return;
  // Two pings without a word.
  if (now - heard_at_ > 3 * limits_.ping_every) return Abort();
  if (now - heard_at_ >= limits_.ping_every && now - pinged_at_ >= limits_.ping_every) {
    pinged_at_ = now;
    AppendFrame(WsOpcode::kPing, "", queue_);
    Write();
  }
}

void WsSession::Abort() {
  if (phase_ == Phase::kEnded) return;
  const auto keep = shared_from_this();
  phase_ = Phase::kEnded;
  EndHandler();
  wire_.Close();
  thread_.Remove(*this);
  slot_.reset();
}

}  // namespace papertape::gateway

#include "services/market_data/clients/finnhub_stream.h"

#include <algorithm>
#include <utility>

#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/market_data/clients/finnhub_frames.h"

namespace papertape::market {
namespace {

constexpr std::chrono::milliseconds kSendWithin{10'000};

}  // namespace

FinnhubStream::FinnhubStream(Options options, RandomBits random, Observer observer, const Clock& clock)
    : options_(std::move(options)),
      observer_(std::move(observer)),
      clock_(clock),
      backoff_(options_.retry_first, options_.retry_longest, std::move(random)),
      inbox_(options_.room),
      symbols_(options_.symbols) {
  if (symbols_.size() > options_.most_symbols) symbols_.resize(options_.most_symbols);
}

std::string_view FinnhubStream::name() const { return kFinnhub; }

bool FinnhubStream::SpeaksFor(const std::string& symbol, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  return told_at_.contains(symbol) && (connected_ || now - lost_at_ < options_.speaks_for);
}

bool FinnhubStream::Covers(const std::string& symbol) const {
  return std::find(options_.symbols.begin(), options_.symbols.end(), symbol) != options_.symbols.end();
}

std::vector<Quote> FinnhubStream::Poll(Timestamp /*now*/) { return inbox_.Take(); }

void FinnhubStream::Start() {
  thread_ = std::thread([this] { Run(); });
}

void FinnhubStream::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (socket_ != nullptr) socket_->Interrupt();
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::size_t FinnhubStream::subscriptions() const {
  const std::lock_guard lock(mutex_);
  return symbols_.size();
}

void FinnhubStream::Run() {
  do {
    const absl::Status ended = Listen();
    const std::lock_guard lock(mutex_);
    if (std::exchange(connected_, false)) {
      lost_at_ = clock_.Now();
      observer_(Event::kLost);
    } else if (ReasonOf(ended) == Reason::kPROVIDER_REFUSED) {
      observer_(Event::kRefused);
    }
    socket_.reset();
    if (!stopping_) log::Warning("Finnhub's stream is away; trying again", {{"detail", MessageOf(ended)}});
  } while (WaitFor(backoff_.Next()));
}

absl::Status FinnhubStream::Listen() {
  const auto socket = std::make_shared<WebSocket>(
      WebSocket::Options{.address = options_.address, .query = "token=" + options_.key, .ca_file = options_.ca_file});
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return absl::OkStatus();
    socket_ = socket;
  }
  PT_RETURN_IF_ERROR(socket->Open(options_.handshake));
  PT_RETURN_IF_ERROR(Subscribe(*socket));
  {
    const std::lock_guard lock(mutex_);
    connected_ = true;
    observer_(Event::kConnected);
    log::Info("listening to Finnhub", {{"symbols", std::uint64_t{symbols_.size()}}});
  }
  while (true) {
    PT_ASSIGN_OR_RETURN(const std::string text, socket->Read(options_.silence));
    FinnhubFrame frame = ReadFinnhubFrame(text);
    // It works: the next time it breaks is the first again.
    if (frame.kind != FinnhubFrame::Kind::kUnknown) backoff_.Reset();
    PT_RETURN_IF_ERROR(Take(*socket, std::move(frame)));
  }
}

absl::Status FinnhubStream::Subscribe(WebSocket& socket) {
  std::unique_lock lock(mutex_);
  const std::vector<std::string> symbols = symbols_;
  lock.unlock();
  for (const std::string& symbol : symbols) PT_RETURN_IF_ERROR(socket.Send(SubscribeFrame(symbol), kSendWithin));
  return absl::OkStatus();
}

absl::Status FinnhubStream::Take(WebSocket& socket, FinnhubFrame frame) {
  switch (frame.kind) {
    case FinnhubFrame::Kind::kPing:
      return absl::OkStatus();
    case FinnhubFrame::Kind::kTooManySymbols:
      return GiveUpOne(socket);
    case FinnhubFrame::Kind::kError:
      log::Warning("Finnhub's stream says", {{"detail", frame.error}});
      return absl::OkStatus();
    case FinnhubFrame::Kind::kUnknown:
      observer_(Event::kUnreadable);
      return absl::OkStatus();
    case FinnhubFrame::Kind::kTrades:
      break;
  }
  std::unique_lock lock(mutex_);
  const Timestamp now = clock_.Now();
  for (const Quote& trade : frame.trades) told_at_[trade.symbol] = now;
  lock.unlock();
  inbox_.Put(std::move(frame.trades));
  return absl::OkStatus();
}

// Nobody says which symbol was one too many, but they were subscribed to in order.
absl::Status FinnhubStream::GiveUpOne(WebSocket& socket) {
  std::unique_lock lock(mutex_);
  if (symbols_.empty()) return absl::OkStatus();
  const std::string symbol = std::move(symbols_.back());
  symbols_.pop_back();
  told_at_.erase(symbol);
  observer_(Event::kGivenUp);
  lock.unlock();
  log::Warning("Finnhub streams no more symbols; giving one up", {{"symbol", symbol}});
  return socket.Send(UnsubscribeFrame(symbol), kSendWithin);
}

bool FinnhubStream::WaitFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace papertape::market

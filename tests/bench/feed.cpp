// Ticks from a source to who acts on them: QuoteFeed -> book, bars, Redis stream `ticks` -> the trade engine's reader
// and its book; and the same ticks over gRPC (TapeService.StreamTicks) to a subscriber. All parts are those of the
// services, in one process; Redis and gRPC are real sockets. usage: papertape-bench-feed SOCKET RATE SECONDS SYMBOLS
// with REDIS_URL prints lines "name value". Every tick's price is its number: both ends check that none is missing or
// out of place, and the program fails when one is.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "fmt/format.h"
#include "libs/auth/token.h"
#include "libs/events/repeating_thread.h"
#include "libs/ids/ids.h"
#include "libs/redis/redis.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/metrics.h"
#include "services/market_data/domain/bar_desk.h"
#include "services/market_data/domain/quote_feed.h"
#include "services/market_data/domain/tick_fanout.h"
#include "services/market_data/rpc/tape_service.h"
#include "services/market_data/store/redis_tick_publisher.h"
#include "services/trade_engine/clients/tick_reader.h"
#include "services/trade_engine/domain/engine.h"

namespace papertape::bench {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kFirstPrice = 1'000'000'000;
constexpr char kSecret[] = "the secret of a bench, which is longer than 32 bytes";
constexpr seconds kArriveWithin{10};

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "feed: {}\n", why);
  std::exit(1);
}

// What arrived at one end: how many, in order or not, how late. One thread counts, others look when it has ended.
class Arrivals {
 public:
  explicit Arrivals(std::string where) : where_(std::move(where)) {}
  // Ticks of one time that arrived together.
  void Count(std::int64_t price) {
    if (price != kFirstPrice + next_)
      Fail(fmt::format("{}: tick {} in place of {}", where_, price - kFirstPrice, next_));
    ++next_;
  }
  void Late(microseconds late, std::int64_t ticks) {
    const double bucket = std::log2(static_cast<double>(std::max<std::int64_t>(late.count(), 1))) * kBucketsAnOctave;
    late_[std::min(static_cast<std::size_t>(bucket), late_.size() - 1)] += ticks;
    count_.store(next_, std::memory_order_release);
  }
  [[nodiscard]] std::int64_t count() const { return count_.load(std::memory_order_acquire); }
  // Milliseconds that `share` of the ticks did not exceed.
  [[nodiscard]] double Percentile(double share) const {
    std::int64_t below = 0;
    for (std::size_t bucket = 0; bucket < late_.size(); ++bucket) {
      below += late_[bucket];
      if (static_cast<double>(below) >= share * static_cast<double>(next_)) {
        return std::exp2(static_cast<double>(bucket + 1) / kBucketsAnOctave) / 1'000;
      }
    }
    return 0;
  }

 private:
  static constexpr double kBucketsAnOctave = 16;
  const std::string where_;
  std::int64_t next_ = 0;
  std::atomic<std::int64_t> count_{0};
  std::array<std::int64_t, 27 * 16> late_{};  // up to a minute
};

// Ticks of all symbols in turn, as many as are due.
class NumberedSource final : public market::QuoteSource {
 public:
  NumberedSource(double rate, seconds duration, std::vector<std::string> symbols)
      : rate_(rate),
        total_(static_cast<std::int64_t>(rate * static_cast<double>(duration.count()))),
        symbols_(std::move(symbols)) {}
  std::vector<market::Quote> Poll(Timestamp now) override {
    if (!began_) began_ = now;
    const double due = rate_ * std::chrono::duration<double>(now - *began_).count();
    const std::int64_t until = std::min({static_cast<std::int64_t>(due), total_, made_ + kMostAtOnce});
    std::vector<market::Quote> quotes;
    quotes.reserve(static_cast<std::size_t>(until - made_));
    for (; made_ < until; ++made_) {
      market::Quote& quote = quotes.emplace_back();
      quote.symbol = symbols_[static_cast<std::size_t>(made_) % symbols_.size()];
      quote.price = Price::FromMicros(kFirstPrice + made_);
      quote.time = now;
      quote.bid = Price::FromMicros(kFirstPrice + made_ - 5'000);
      quote.ask = Price::FromMicros(kFirstPrice + made_ + 5'000);
      quote.previous_close = Price::FromMicros(kFirstPrice);
      quote.source = market::kSimulatorSource;
    }
    if (made_ == total_ && !ended_.load()) {
      took_ = now - *began_;
      ended_.store(true);
    }
    return quotes;
  }
  [[nodiscard]] Timestamp NextAt(Timestamp now) const override { return now + milliseconds(1); }
  [[nodiscard]] bool ended() const { return ended_.load(); }
  [[nodiscard]] std::int64_t total() const { return total_; }
  // Once ended.
  [[nodiscard]] double took_s() const { return std::chrono::duration<double>(took_).count(); }

 private:
  static constexpr std::int64_t kMostAtOnce = 16'384;
  const double rate_;
  const std::int64_t total_;
  const std::vector<std::string> symbols_;
  std::optional<Timestamp> began_;
  std::int64_t made_ = 0;
  microseconds took_{0};
  std::atomic<bool> ended_{false};
};

// Nothing to load, and whatever is committed is kept by nobody: no trade is made here.
class NoJournal final : public trade_engine::Journal {
 public:
  absl::StatusOr<trade_engine::Snapshot> TakeOver() override {
    return trade_engine::Snapshot{.tick_position = {.entry = "0-0"}};
  }
  absl::StatusOr<trade_engine::Snapshot> TurnTo(const trade_engine::TapePosition& position) override {
    return trade_engine::Snapshot{.tick_position = position};
  }
  absl::Status Commit(const trade_engine::Batch&) override { return absl::OkStatus(); }
};

class NoBars final : public market::BarStore {
 public:
  absl::StatusOr<market::BarPage> List(const market::BarQuery&) override { return market::BarPage(); }
  absl::StatusOr<std::int64_t> AddMissing(const std::string&, market::Interval, const std::vector<market::Bar>&,
                                          const std::string&) override {
    return 0;
  }
};

// The engine's end: its own reader, its own thread, its own book.
class EngineEnd {
 public:
  explicit EngineEnd(const std::string& redis_url)
      : redis_({.url = redis_url, .connections = 2}),
        engine_(
            {}, {}, journal_, ids_, view_, SystemClock(),
            {.after_commit = [] {}, .superseded = [] {}, .after_ticks = [this](const auto& entry) { Count(entry); }}),
        reader_(redis_, engine_) {
    engine_.Start();
    reader_.Start();
  }
  ~EngineEnd() {
    reader_.Stop();
    engine_.Stop();
  }
  Arrivals arrivals{"engine"};

 private:
  void Count(const trade_engine::TickEntry& entry) {
    const Timestamp now = SystemClock().Now();
    for (const trade_engine::Quote& quote : entry.quotes) arrivals.Count(quote.last.micros());
    if (!entry.quotes.empty()) {
      arrivals.Late(now - entry.quotes.back().time, static_cast<std::int64_t>(entry.quotes.size()));
    }
  }
  redis::Client redis_;
  NoJournal journal_;
  IdSource ids_{SystemClock(), SystemRandom()};
  trade_engine::CommittedView view_;
  trade_engine::Engine engine_;
  trade_engine::TickReader reader_;
};

// The subscriber's end: a client of TapeService on a connection of its own.
class SubscriberEnd {
 public:
  explicit SubscriberEnd(const std::string& address)
      : stub_(market_data::v1::TapeService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        thread_([this] { Read(); }) {}
  ~SubscriberEnd() {
    context_.TryCancel();
    thread_.join();
  }
  Arrivals arrivals{"subscriber"};

 private:
  void Read() {
    context_.AddMetadata(rpc::kServiceCredential, auth::ServiceCredential(kSecret));
    const auto stream = stub_->StreamTicks(&context_, {});
    market_data::v1::TickBatch batch;
    while (stream->Read(&batch)) {
      const Timestamp now = SystemClock().Now();
      std::int64_t time = 0;
      for (const std::int64_t step : batch.time_steps_micros()) time += step;
      for (const std::int64_t price : batch.price_micros()) arrivals.Count(price);
      arrivals.Late(now - FromMicrosSinceEpoch(time), batch.price_micros_size());
    }
    const grpc::Status status = stream->Finish();
    if (status.error_code() != grpc::StatusCode::CANCELLED) Fail("subscriber: " + status.error_message());
  }
  grpc::ClientContext context_;
  std::unique_ptr<market_data::v1::TapeService::Stub> stub_;
  std::thread thread_;
};

// Looks again and again until it holds, or fails.
template <class Holds>
void Await(const std::string& what, seconds within, Holds holds) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) Fail("it took too long: " + what);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

// market_data's part: feed, book, bars, streams, publisher, gRPC server.
class Market {
 public:
  Market(const std::string& redis_url, const std::string& address, market::QuoteSource& source,
         const std::vector<std::string>& symbols)
      : redis_({.url = redis_url, .connections = 1}),
        publisher_(
            redis_, {.owner = "bench", .entries_kept = 20'000},
            [columns = std::make_shared<market::TickColumns>()](const market::TapeBatch& batch) {
              return columns->Serialize(batch);
            },
            [this](std::size_t, std::size_t lost) { dropped += static_cast<std::int64_t>(lost); }, SystemClock()),
        bars_(
            {}, no_bars_, [](const auto&) {}, SystemClock()),
        turns_("bars",
               [this]() -> absl::StatusOr<events::RepeatingThread::Rest> {
                 bars_.Turn();
                 return events::RepeatingThread::Rest(milliseconds(100));
               }),
        everyone_({&streams, &bars_, &publisher_}),
        service_(gate_, streams, bar_streams_),
        feed_(
            tape_, book_, everyone_, [](const auto&) {}, market_) {
    tape_.Hear(source);
    book_.Admit(symbols);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) Fail("cannot listen at " + address);
  }
  void Start() {
    turns_.Start();
    feed_.Start();
  }
  ~Market() {
    feed_.Stop();
    turns_.Stop();
    streams.HangUp();
    server_->Shutdown();
  }
  std::atomic<std::int64_t> dropped{0};
  market::TickStreams streams;

 private:
  redis::Client redis_;
  market::RedisTickPublisher publisher_;
  NoBars no_bars_;
  market::BarDesk bars_;
  events::RepeatingThread turns_;
  market::TickFanout everyone_;
  rpc::Metrics metrics_;
  auth::TokenVerifier verifier_{{.secret = kSecret}, SystemClock()};
  rpc::Gate gate_{{.secret_key = kSecret, .worker_threads = 1}, verifier_, SystemClock(), metrics_};
  market::BarStreams bar_streams_;
  market::TapeService service_;
  market::QuoteBook book_{milliseconds(5'000), SystemClock()};
  market::MarketTape tape_{SystemClock()};
  MarketClock market_{SystemClock()};
  market::QuoteFeed feed_;
  std::unique_ptr<grpc::Server> server_;
};

void Run(const std::string& redis_url, const std::string& socket, double rate, seconds duration, int symbols) {
  std::vector<std::string> names;
  for (int i = 0; i < symbols; ++i) names.push_back(fmt::format("S{:05}", i));
  redis::Client redis({.url = redis_url, .connections = 1});
  if (!redis.Run({"DEL", market::kTickStream, market::kTickLease}).ok()) Fail("Redis does not answer");

  NumberedSource source(rate, duration, names);
  Market market(redis_url, "unix:" + socket, source, names);
  EngineEnd engine(redis_url);
  SubscriberEnd subscriber("unix:" + socket);
  Await("the subscriber", kArriveWithin, [&] { return market.streams.size() == 1; });
  market.Start();
  Await("the source", 2 * duration + kArriveWithin, [&] { return source.ended(); });
  const auto ended = std::chrono::steady_clock::now();
  Await("the last tick", kArriveWithin,
        [&] { return engine.arrivals.count() == source.total() && subscriber.arrivals.count() == source.total(); });
  const std::chrono::duration<double> drained = std::chrono::steady_clock::now() - ended;
  if (market.dropped.load() != 0) Fail("the publisher dropped ticks");
  fmt::print("sent {}\nticks_per_s {:.6g}\ndrained_s {:.6g}\n", source.total(),
             static_cast<double>(source.total()) / source.took_s(), drained.count());
  for (const auto& [name, arrivals] :
       {std::pair("engine", &engine.arrivals), std::pair("subscriber", &subscriber.arrivals)}) {
    for (const auto& [label, share] : {std::pair("p50", 0.5), std::pair("p99", 0.99), std::pair("p999", 0.999)}) {
      fmt::print("{}_{}_ms {:.4g}\n", name, label, arrivals->Percentile(share));
    }
  }
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  const char* const redis_url = std::getenv("REDIS_URL");
  if (argc != 5 || redis_url == nullptr) return 2;
  papertape::bench::Run(redis_url, argv[1], std::atof(argv[2]), std::chrono::seconds(std::atoi(argv[3])),
                        std::atoi(argv[4]));
}

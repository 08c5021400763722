// Paper trades through gRPC, as many in flight as told, for a while.
// usage: papertape-bench-orders ADDRESS SECONDS IN_FLIGHT USERS     with SECRET_KEY and REDIS_URL
// prints a line "name value" for: orders_per_s p50_ms p99_ms acknowledged refused
//
// Each user's paper account is opened first, with a deposit that lasts. Quotes go into the stream `ticks` four times a
// second, as market_data would put them there, so that they stay fresh.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "fmt/format.h"
#include "libs/auth/token.h"
#include "libs/redis/redis.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/proto_types.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "papertape/trade_engine/v1/account_service.grpc.pb.h"
#include "papertape/trade_engine/v1/trade_service.grpc.pb.h"

namespace papertape::bench {
namespace {

namespace v1 = trade_engine::v1;
using std::chrono::milliseconds;

constexpr int kSymbols = 20;
constexpr std::chrono::seconds kStartWithin{20};

struct Options {
  std::string address;
  std::chrono::duration<double> seconds{};
  int in_flight = 0;
  int users = 0;
  std::string secret_key;
  std::string redis_url;
};

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "orders: {}\n", why);
  std::exit(1);
}

std::string SymbolName(int number) { return fmt::format("BENCH{:02}", number); }

// The market: puts quotes into `ticks` until it is destroyed.
class TickFeed {
 public:
  explicit TickFeed(const std::string& redis_url) : redis_({.url = redis_url}), thread_([this] { Feed(); }) {}
  ~TickFeed() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void Feed() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      market_data::v1::QuoteBatch batch;
      for (int number = 0; number < kSymbols; ++number) {
        auto& quote = *batch.add_quotes();
        quote.set_symbol(SymbolName(number));
        quote.set_source("bench");
        quote.mutable_price()->set_micros(100 * kMicrosPerUnit);
        rpc::Encode(SystemClock().Now(), quote.mutable_timestamp());
      }
      const auto added = redis_.Run({"XADD", "ticks", "MAXLEN", "~", "1000", "*", "quotes", batch.SerializeAsString()});
      if (!added.ok()) Fail("Redis does not take ticks");
      wake_.wait_for(lock, milliseconds(250), [this] { return stopping_; });
    }
  }

  redis::Client redis_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

std::vector<std::string> SignTokens(const Options& options) {
  const auth::TokenSigner signer({.secret = options.secret_key}, SystemClock());
  std::vector<std::string> tokens;
  for (int user = 1; user <= options.users; ++user) {
    auto token = signer.Sign({.user_id = user,
                              .email = fmt::format("u{}@bench", user),
                              .token_id = fmt::format("{}", user),
                              .session_id = "bench"},
                             std::chrono::hours(1));
    if (!token.ok()) Fail("a token cannot be signed");
    tokens.push_back("Bearer " + *std::move(token));
  }
  return tokens;
}

// Of their own connection each: one connection's calls are handled by one thread at a time.
std::vector<std::shared_ptr<grpc::Channel>> Dial(const std::string& address) {
  constexpr int kChannels = 2;
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < kChannels; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // As the suite's own clients do (libs/rpc/channel.cpp): what nobody uses costs every call.
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
    channels.push_back(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }
  return channels;
}

void OpenAccounts(const std::shared_ptr<grpc::Channel>& channel, const std::vector<std::string>& tokens) {
  const auto stub = v1::AccountService::NewStub(channel);
  for (const std::string& token : tokens) {
    grpc::ClientContext context;
    context.AddMetadata(rpc::kAuthorization, token);
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::time_point(SystemClock().Now()) + kStartWithin);
    v1::CreatePortfolioRequest request;
    request.mutable_initial_margin()->set_micros(Money::FromUnits(1'000'000'000).micros());
    v1::Portfolio reply;
    const grpc::Status opened = stub->CreatePortfolio(&context, request, &reply);
    if (!opened.ok()) Fail("an account cannot be opened: " + opened.error_message());
  }
}

// The load: keeps `in_flight` calls running until the end, then waits for the last of them.
class Load {
 public:
  Load(const Options& options, std::vector<std::string> tokens)
      : tokens_(std::move(tokens)),
        end_(SystemClock().Steady() + std::chrono::duration_cast<Instant::duration>(options.seconds)),
        calls_(static_cast<std::size_t>(options.in_flight)) {
    for (const auto& channel : Dial(options.address)) stubs_.push_back(v1::TradeService::NewStub(channel));
  }

  void Run() {
    running_ = calls_.size();
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      calls_[i].stub = stubs_[i % stubs_.size()].get();
      calls_[i].next = i;
      Begin(calls_[i]);
    }
    std::unique_lock lock(mutex_);
    all_ended_.wait(lock, [this] { return running_ == 0; });
  }

  [[nodiscard]] std::vector<double> LatenciesMs() const {
    std::vector<double> all;
    for (const Call& call : calls_) all.insert(all.end(), call.latencies_ms.begin(), call.latencies_ms.end());
    std::sort(all.begin(), all.end());
    return all;
  }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Call {
    v1::TradeService::Stub* stub = nullptr;
    std::optional<grpc::ClientContext> context;
    v1::CreateTradeRequest request;
    v1::CreateTradeReply reply;
    Instant began;
    std::size_t next = 0;  // order of this slot: chooses user and symbol
    std::vector<double> latencies_ms;
  };

  void Begin(Call& call) {
    const std::size_t turn = call.next;
    call.next += calls_.size();
    call.context.emplace();
    call.context->AddMetadata(rpc::kAuthorization, tokens_[turn % tokens_.size()]);
    call.request.set_symbol(SymbolName(static_cast<int>(turn % kSymbols)));
    call.request.set_trade_type(turn % 2 == 0 ? v1::TRADE_TYPE_BUY : v1::TRADE_TYPE_SELL);
    call.request.mutable_quantity()->set_micros(kMicrosPerUnit);
    call.request.mutable_stop_loss()->set_micros((turn % 2 == 0 ? 50 : 150) * kMicrosPerUnit);
    call.request.mutable_target_price()->set_micros((turn % 2 == 0 ? 150 : 50) * kMicrosPerUnit);
    call.began = SystemClock().Steady();
    call.stub->async()->CreateTrade(&*call.context, &call.request, &call.reply,
                                    [this, &call](const grpc::Status& status) { End(call, status); });
  }

  void End(Call& call, const grpc::Status& status) {
    const Instant now = SystemClock().Steady();
    if (status.ok()) {
      call.latencies_ms.push_back(std::chrono::duration<double, std::milli>(now - call.began).count());
    } else if (++refused_ == 1) {
      fmt::print(stderr, "orders: refused: {}\n", status.error_message());
    }
    if (now < end_) return Begin(call);
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) all_ended_.notify_all();
  }

  const std::vector<std::string> tokens_;
  const Instant end_;
  std::vector<std::unique_ptr<v1::TradeService::Stub>> stubs_;
  std::vector<Call> calls_;  // never grows: a ClientContext does not move
  std::atomic<std::uint64_t> refused_ = 0;
  std::mutex mutex_;
  std::condition_variable all_ended_;
  std::size_t running_ = 0;
};

// Waits until the engine has read a quote; answers how many trades that took.
int AwaitQuotes(const std::shared_ptr<grpc::Channel>& channel, const std::string& token) {
  const auto stub = v1::TradeService::NewStub(channel);
  const Instant deadline = SystemClock().Steady() + kStartWithin;
  while (SystemClock().Steady() < deadline) {
    grpc::ClientContext context;
    context.AddMetadata(rpc::kAuthorization, token);
    v1::CreateTradeRequest request;
    request.set_symbol(SymbolName(0));
    request.set_trade_type(v1::TRADE_TYPE_BUY);
    request.mutable_quantity()->set_micros(kMicrosPerUnit);
    v1::CreateTradeReply reply;
    if (stub->CreateTrade(&context, request, &reply).ok()) return 1;
    std::this_thread::sleep_for(milliseconds(50));
  }
  Fail("the engine has no quotes");
}

void Run(const Options& options) {
  const std::vector<std::string> tokens = SignTokens(options);
  const TickFeed feed(options.redis_url);
  const auto channel = Dial(options.address).front();
  OpenAccounts(channel, tokens);
  const int trials = AwaitQuotes(channel, tokens.front());
  Load load(options, tokens);
  const Instant began = SystemClock().Steady();
  load.Run();
  const std::chrono::duration<double> took = SystemClock().Steady() - began;
  const std::vector<double> latencies = load.LatenciesMs();
  if (latencies.empty()) Fail("no order was acknowledged");
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  fmt::print("orders_per_s {:.1f}\np50_ms {:.3f}\np99_ms {:.3f}\n",
             static_cast<double>(latencies.size()) / took.count(), at(0.50), at(0.99));
  fmt::print("acknowledged {}\nrefused {}\n", latencies.size() + static_cast<std::size_t>(trials), load.refused());
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) Fail(fmt::format("{} is not set", name));
  return value;
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  using papertape::bench::Environment;
  if (argc != 5) papertape::bench::Fail("usage: ADDRESS SECONDS IN_FLIGHT USERS");
  papertape::bench::Run({.address = argv[1],
                         .seconds = std::chrono::duration<double>(std::atof(argv[2])),
                         .in_flight = std::atoi(argv[3]),
                         .users = std::atoi(argv[4]),
                         .secret_key = Environment("SECRET_KEY"),
                         .redis_url = Environment("REDIS_URL")});
}

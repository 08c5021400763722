#include "tests/chaos/trader.h"

#include "fmt/format.h"
#include "libs/auth/token.h"
#include "libs/rpc/metadata.h"
#include "libs/rpc/proto_types.h"
#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"
#include "tests/chaos/engine_process.h"
#include "tests/support/eventually.h"

namespace papertape::chaos {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 90s;  // with one order, through any number of deaths

std::string Sign(std::int64_t user_id) {
  const auth::TokenSigner signer({.secret = kSecretKey}, SystemClock());
  return signer
      .Sign({.user_id = user_id,
             .email = fmt::format("user{}@example.com", user_id),
             .token_id = "chaos",
             .session_id = "chaos"},
            1h)
      .value();
}

// Trying again may help: the engine or its database is away, or no tick has come since.
bool IsPassing(const absl::Status& status) {
  switch (ReasonOf(status)) {
    case Reason::kUNAVAILABLE:
    case Reason::kDEADLINE_EXCEEDED:
    case Reason::kCANCELLED:
    case Reason::kOVERLOADED:
    case Reason::kQUOTE_STALE:
      return true;
    default:
      return false;
  }
}

}  // namespace

Trader::Trader(std::shared_ptr<grpc::Channel> channel, std::int64_t user_id, std::string name)
    : channel_(channel),
      user_id_(user_id),
      name_(std::move(name)),
      token_(Sign(user_id)),
      accounts_(v1::AccountService::NewStub(channel)),
      trades_(v1::TradeService::NewStub(channel)) {}

void Trader::Prepare(grpc::ClientContext& context, const std::string& key) const {
  context.set_deadline(std::chrono::system_clock::time_point(SystemClock().Now() + 5s));
  context.AddMetadata(rpc::kAuthorization, "Bearer " + token_);
  if (!key.empty()) context.AddMetadata(rpc::kIdempotencyKey, key);
}

// Waiting on the channel also drives its connecting, which gRPC otherwise leaves to a poll every few seconds.
template <class Answer>
Answer Trader::Insist(const std::function<Answer()>& call) const {
  Answer answer = call();
  testing::Eventually(kPatience, [&] {
    if (answer.ok() || !IsPassing(answer.status())) return true;
    channel_->WaitForConnected(std::chrono::system_clock::time_point(SystemClock().Now() + 100ms));
    answer = call();
    return false;
  });
  return answer;
}

absl::Status Trader::OpenAccount() {
  return Insist<absl::StatusOr<v1::Portfolio>>([&]() -> absl::StatusOr<v1::Portfolio> {
           grpc::ClientContext context;
           Prepare(context, "");
           v1::CreatePortfolioRequest request;
           rpc::Encode(Money::FromUnits(1'000'000'000), request.mutable_initial_margin());
           v1::Portfolio reply;
           PT_RETURN_IF_ERROR(rpc::FromGrpc(accounts_->CreatePortfolio(&context, request, &reply)));
           return reply;
         })
      .status();
}

absl::StatusOr<v1::CreateTradeReply> Trader::Open(const v1::CreateTradeRequest& request, const std::string& key) {
  grpc::ClientContext context;
  Prepare(context, key);
  v1::CreateTradeReply reply;
  PT_RETURN_IF_ERROR(rpc::FromGrpc(trades_->CreateTrade(&context, request, &reply)));
  return reply;
}

absl::StatusOr<v1::ExitTradeReply> Trader::Exit(const std::string& trade_id, const std::string& key) {
  grpc::ClientContext context;
  Prepare(context, key);
  v1::ExitTradeRequest request;
  request.set_trade_id(trade_id);
  v1::ExitTradeReply reply;
  PT_RETURN_IF_ERROR(rpc::FromGrpc(trades_->ExitTrade(&context, request, &reply)));
  return reply;
}

absl::StatusOr<v1::Trade> Trader::Get(const std::string& trade_id) {
  return Insist<absl::StatusOr<v1::Trade>>([&]() -> absl::StatusOr<v1::Trade> {
    grpc::ClientContext context;
    Prepare(context, "");
    v1::GetTradeRequest request;
    request.set_trade_id(trade_id);
    v1::Trade reply;
    PT_RETURN_IF_ERROR(rpc::FromGrpc(trades_->GetTrade(&context, request, &reply)));
    return reply;
  });
}

v1::CreateTradeRequest Trader::RandomOrder(MarketFeed& market, const RandomBits& random) const {
  v1::CreateTradeRequest order;
  order.set_symbol(Symbols()[random() % Symbols().size()]);
  const bool buys = random() % 2 == 0;
  order.set_trade_type(buys ? v1::TRADE_TYPE_BUY : v1::TRADE_TYPE_SELL);
  rpc::Encode(Quantity::FromMicros(1 + static_cast<std::int64_t>(random() % 3'000'000)), order.mutable_quantity());
  if (random() % 5 == 0) return order;
  const std::int64_t price = market.Newest(order.symbol()).micros();
  const auto away = [&] { return 50'000 + static_cast<std::int64_t>(random() % 1'000'000); };
  rpc::Encode(Price::FromMicros(buys ? price - away() : price + away()), order.mutable_stop_loss());
  rpc::Encode(Price::FromMicros(buys ? price + away() : price - away()), order.mutable_target_price());
  return order;
}

void Trader::TradeUntil(const std::function<bool()>& stopped, MarketFeed& market, const RandomBits& random,
                        const std::function<void()>& on_acknowledged) {
  for (int number = 0; !stopped(); ++number) {
    const v1::CreateTradeRequest order = RandomOrder(market, random);
    const std::string key = fmt::format("{}-{}", name_, number);
    auto reply = Open(order, key);
    if (!reply.ok() && IsPassing(reply.status()) && random() % 8 == 0) {
      ++acknowledged_.abandoned;
      continue;
    }
    reply = reply.ok() ? reply : Insist<absl::StatusOr<v1::CreateTradeReply>>([&] { return Open(order, key); });
    if (!reply.ok()) {
      acknowledged_.refusals.push_back("open: " + reply.status().ToString());
      continue;
    }
    acknowledged_.opened.push_back(*reply);
    on_acknowledged();
    if (random() % 4 == 0) ExitFor(reply->trade_id());
  }
}

void Trader::ExitFor(const std::string& trade_id) {
  const auto reply = Insist<absl::StatusOr<v1::ExitTradeReply>>([&] { return Exit(trade_id, "exit-" + trade_id); });
  // Its stop or target may have been quicker.
  if (!reply.ok() && ReasonOf(reply.status()) == Reason::kTRADE_CLOSED) return;
  if (reply.ok()) {
    acknowledged_.exited.push_back(reply->trade());
  } else {
    acknowledged_.refusals.push_back("exit: " + reply.status().ToString());
  }
}

}  // namespace papertape::chaos

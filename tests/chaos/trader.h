// A client of the trade engine that behaves as clients should: every order has an Idempotency-Key and is sent again
// until it is answered. It remembers what was acknowledged. Not thread-safe; one thread each.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/ids.h"
#include "papertape/trade_engine/v1/account_service.grpc.pb.h"
#include "papertape/trade_engine/v1/trade_service.grpc.pb.h"
#include "tests/chaos/market_feed.h"

namespace papertape::chaos {

namespace v1 = trade_engine::v1;

// What the engine told this client, which must be true for ever.
struct Acknowledged {
  std::vector<v1::CreateTradeReply> opened;
  std::vector<v1::Trade> exited;
  int abandoned = 0;                  // orders given up without an answer: carried out once or never
  std::vector<std::string> refusals;  // answers that no client should have got
};

class Trader {
 public:
  // `name` is unique among the traders of `user_id`; it makes the keys.
  Trader(std::shared_ptr<grpc::Channel> channel, std::int64_t user_id, std::string name);

  // Opens the account with money for any number of orders. Tries until it is answered.
  absl::Status OpenAccount();
  // One try.
  absl::StatusOr<v1::CreateTradeReply> Open(const v1::CreateTradeRequest& request, const std::string& key);
  absl::StatusOr<v1::ExitTradeReply> Exit(const std::string& trade_id, const std::string& key);
  absl::StatusOr<v1::Trade> Get(const std::string& trade_id);

  // Trades at random until `stopped`: most orders have a stop and a target near the price, some are closed by hand, a
  // few are abandoned when the first try fails. `on_acknowledged` is told of each answer.
  void TradeUntil(const std::function<bool()>& stopped, MarketFeed& market, const RandomBits& random,
                  const std::function<void()>& on_acknowledged);

  [[nodiscard]] std::int64_t user_id() const { return user_id_; }
  [[nodiscard]] const Acknowledged& acknowledged() const { return acknowledged_; }

 private:
  void Prepare(grpc::ClientContext& context, const std::string& key) const;
  v1::CreateTradeRequest RandomOrder(MarketFeed& market, const RandomBits& random) const;
  void ExitFor(const std::string& trade_id);
  // Calls until the answer is no passing failure; the last answer.
  template <class Answer>
  Answer Insist(const std::function<Answer()>& call) const;

  std::shared_ptr<grpc::Channel> channel_;
  std::int64_t user_id_;
  std::string name_, token_;
  std::unique_ptr<v1::AccountService::Stub> accounts_;
  std::unique_ptr<v1::TradeService::Stub> trades_;
  Acknowledged acknowledged_;
};

}  // namespace papertape::chaos

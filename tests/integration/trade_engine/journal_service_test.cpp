// The trading journal on a real gate, engine and database; only the market is played.
#include "services/trade_engine/rpc/journal_service.h"

#include "libs/rpc/proto_types.h"
#include "migrations/trade_engine_store.h"
#include "services/trade_engine/rpc/event_messages.h"
#include "services/trade_engine/rpc/journal_messages.h"
#include "services/trade_engine/rpc/trade_service.h"
#include "services/trade_engine/store/pg_action_archive.h"
#include "services/trade_engine/store/pg_archive.h"
#include "services/trade_engine/store/pg_journal.h"
#include "services/trade_engine/store/pg_setups.h"
#include "services/trade_engine/store/pg_trading_journal.h"
#include "services/trade_engine/store/pg_watch_store.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::CallWith;
using papertape::testing::Eventually;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;

class SteadyMarket : public QuoteSource {
 public:
  absl::StatusOr<Quote> Ask(const std::string& symbol, Instant) override {
    return Quote{.symbol = symbol, .last = Price::FromUnits(100), .time = SystemClock().Now(), .source = "simulator"};
  }
};

class JournalUnderTest {
 public:
  JournalUnderTest() {
    engine_.Start();
    REQUIRE(Eventually([this] { return engine_.Ready().ok(); }));
    server_.Start({&trades_service_, &journal_service_});
    trades = v1::TradeService::NewStub(server_.channel());
    journal = v1::JournalService::NewStub(server_.channel());
  }
  ~JournalUnderTest() {
    server_.Stop();
    engine_.Stop();
  }

  // One call of `method` of `stub` as `user_id`.
  template <class Stub, class Request, class Reply>
  absl::StatusOr<Reply> Ask(std::int64_t user_id, Stub& stub,
                            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                            const Request& request, const std::string& key = "") {
    Reply reply;
    const absl::Status status = CallWith(server_.TokenFor(user_id), [&](grpc::ClientContext& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return (stub.*method)(&context, request, &reply);
    });
    if (!status.ok()) return status;
    return reply;
  }
  absl::StatusOr<v1::JournalTrade> Write(std::int64_t user_id, const v1::CreateJournalTradeRequest& request,
                                         const std::string& key = "") {
    return Ask(user_id, *journal, &v1::JournalService::Stub::CreateJournalTrade, request, key);
  }
  absl::StatusOr<v1::JournalTrade> Close(std::int64_t user_id, const std::string& id, std::int64_t units,
                                         const std::string& key = "") {
    v1::CloseJournalTradeRequest request;
    request.set_trade_id(id);
    rpc::Encode(Price::FromUnits(units), request.mutable_exit_price());
    return Ask(user_id, *journal, &v1::JournalService::Stub::CloseJournalTrade, request, key);
  }
  absl::Status Delete(std::int64_t user_id, const std::string& id, const std::string& key = "") {
    v1::DeleteJournalTradeRequest request;
    request.set_trade_id(id);
    return Ask(user_id, *journal, &v1::JournalService::Stub::DeleteJournalTrade, request, key).status();
  }
  absl::StatusOr<v1::Trade> Change(std::int64_t user_id, const v1::ChangeTradeRequest& request,
                                   const std::string& key = "") {
    return Ask(user_id, *trades, &v1::TradeService::Stub::ChangeTrade, request, key);
  }
  absl::StatusOr<v1::Trade> Get(std::int64_t user_id, const std::string& id) {
    v1::GetTradeRequest request;
    request.set_trade_id(id);
    return Ask(user_id, *trades, &v1::TradeService::Stub::GetTrade, request);
  }
  v1::ListJournalReply Open(const std::string& kind = "") {
    v1::ListJournalRequest request;
    request.set_kind(kind);
    return *Ask(1, *journal, &v1::JournalService::Stub::ListOpenTrades, request);
  }
  v1::ListJournalReply Closed(const std::string& kind = "") {
    v1::ListJournalRequest request;
    request.set_kind(kind);
    return *Ask(1, *journal, &v1::JournalService::Stub::ListClosedTrades, request);
  }
  std::vector<std::string> Found(const v1::ListTradesRequest& request) {
    std::vector<std::string> ids;
    const auto page = Ask(1, *trades, &v1::TradeService::Stub::ListTrades, request);
    REQUIRE_THAT(page.status(), IsOk());
    CHECK(page->total() == page->trades_size());
    for (const v1::Trade& trade : page->trades()) ids.push_back(trade.trade_id());
    return ids;
  }
  std::string BuyOnPaper(std::int64_t user_id) {
    v1::CreateTradeRequest request;
    request.set_symbol("AAPL");
    request.set_trade_type(v1::TRADE_TYPE_BUY);
    rpc::Encode(Quantity::FromUnits(2), request.mutable_quantity());
    const auto made = Ask(user_id, *trades, &v1::TradeService::Stub::CreateTrade, request);
    REQUIRE_THAT(made.status(), IsOk());
    return made->trade_id();
  }
  void ExitOnPaper(std::int64_t user_id, const std::string& id) {
    v1::ExitTradeRequest request;
    request.set_trade_id(id);
    REQUIRE_THAT(Ask(user_id, *trades, &v1::TradeService::Stub::ExitTrade, request).status(), IsOk());
  }
  std::string AddSetup(std::int64_t user_id) {
    const Setup setup{.setup_id = ids_.Next(), .user_id = user_id, .text = {.name = "Opening range"}};
    REQUIRE_THAT(setups.Add(setup, {}).status(), IsOk());
    return setup.setup_id;
  }

 private:
  const papertape::testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("trade_engine", trade_engine_store::Migrations());
  PgJournal durable_{*pool_, {EventType(), EncodeEvent}};
  PgArchive archive_{*pool_};
  PgActionArchive actions_{*pool_};
  PgTradingJournal entries_{*pool_};
  IdSource ids_{SystemClock(), SystemRandom()};
  PgWatchStore watch_store_{*pool_, ids_, {AlertType(), EncodeAlert}};
  JournalWatch watch_{{}, watch_store_, SystemClock(), {}};
  CommittedView view_;
  Engine engine_{Engine::Options(),
                 BookOptions(),
                 durable_,
                 ids_,
                 view_,
                 SystemClock(),
                 Engine::Hooks{.after_commit = [] {}, .superseded = [] {}}};
  SteadyMarket market_;
  papertape::testing::RpcServer server_;
  QuoteDesk desk_{view_, market_, SystemClock(), std::chrono::milliseconds(2'500),
                  [this](std::function<void()> task) { return server_.gate().Submit(std::move(task)); }};
  TradeService trades_service_{server_.gate(), {engine_, view_, archive_, actions_, desk_, entries_, watch_}};
  JournalService journal_service_{server_.gate(), {entries_, watch_, view_, ids_}};

 public:
  PgSetups setups{*pool_};
  std::unique_ptr<v1::TradeService::Stub> trades;
  std::unique_ptr<v1::JournalService::Stub> journal;
};

v1::CreateJournalTradeRequest Bullish(const std::string& ticker = "aapl") {
  v1::CreateJournalTradeRequest request;
  request.set_ticker(ticker);
  request.set_direction("bullish");
  rpc::Encode(Price::FromUnits(150), request.mutable_entry_price());
  rpc::Encode(Price::FromUnits(148), request.mutable_stop_loss());
  rpc::Encode(Quantity::FromUnits(100), request.mutable_size());
  return request;
}

TEST_CASE("a trade that is written down is read as it was written, closed once, and deleted") {
  JournalUnderTest under;
  auto request = Bullish();
  request.set_direction("bearish");
  request.set_market_conditions("support at 148, \"hammer\"");
  request.set_emotions("Confident");
  request.add_tags("gap, up");
  rpc::Encode(*ParseRfc3339("2026-03-02T14:30:00Z"), request.mutable_entry_date());
  const auto written = under.Write(1, request);
  REQUIRE_THAT(written.status(), IsOk());
  CHECK(written->mongo_id() == written->id());
  CHECK(written->kind() == "journal");
  CHECK(written->ticker() == "AAPL");
  CHECK(written->status() == "open");
  CHECK_FALSE(written->has_exit_price());
  CHECK_FALSE(written->has_setup_id());
  const auto open = under.Open();
  REQUIRE(open.trades_size() == 1);
  CHECK(open.trades(0).SerializeAsString() == written->SerializeAsString());
  CHECK(under.Closed().trades_size() == 0);

  const auto closed = under.Close(1, written->id(), 155);
  REQUIRE_THAT(closed.status(), IsOk());
  CHECK(closed->status() == "closed");
  CHECK(closed->result_pnl().micros() == -500'000'000);
  CHECK(closed->tags(0) == "gap, up");
  CHECK_THAT(under.Close(1, written->id(), 160).status(), HasReason(Reason::kTRADE_CLOSED));
  CHECK(under.Open().trades_size() == 0);
  CHECK(under.Closed().trades(0).SerializeAsString() == closed->SerializeAsString());

  REQUIRE_THAT(under.Delete(1, written->id(), "k"), IsOk());
  CHECK_THAT(under.Delete(1, written->id(), "k"), IsOk());  // the same request again
  CHECK_THAT(under.Delete(1, written->id()), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK_THAT(under.Get(1, written->id()).status(), HasReason(Reason::kTRADE_NOT_FOUND));
}

TEST_CASE("a written trade of another user is not there") {
  JournalUnderTest under;
  const std::string id = under.Write(1, Bullish())->id();
  CHECK_THAT(under.Close(2, id, 155).status(), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK_THAT(under.Delete(2, id), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK_THAT(under.Get(2, id).status(), HasReason(Reason::kTRADE_NOT_FOUND));
  v1::ChangeTradeRequest change;
  change.set_trade_id(id);
  change.set_notes("mine");
  CHECK_THAT(under.Change(2, change).status(), HasReason(Reason::kTRADE_NOT_FOUND));
  CHECK(under.Get(1, id)->status() == v1::TRADE_STATUS_ACTIVE);
}

TEST_CASE("a written trade that is sent again with its key is one trade") {
  JournalUnderTest under;
  const auto first = under.Write(1, Bullish(), "k");
  const auto again = under.Write(1, Bullish(), "k");
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(first->SerializeAsString() == again->SerializeAsString());
  CHECK_THAT(under.Write(1, Bullish("MSFT"), "k").status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  const auto closed = under.Close(1, first->id(), 155, "c");
  CHECK(under.Close(1, first->id(), 155, "c")->SerializeAsString() == closed->SerializeAsString());
  CHECK(under.Closed().trades_size() == 1);
}

TEST_CASE("every wrong field of a written trade is named") {
  JournalUnderTest under;
  v1::CreateJournalTradeRequest request;
  request.set_direction("up");
  rpc::Encode(Price(), request.mutable_stop_loss());
  rpc::Encode(Price::FromMicros(-1), request.mutable_target_price());
  request.mutable_entry_date()->set_seconds(std::numeric_limits<std::int64_t>::max());
  request.set_emotions(std::string(10'001, 'x'));
  request.add_tags(" ");
  const absl::Status refused = under.Write(1, request).status();
  for (const char* field :
       {"ticker", "direction", "entry_price", "stop_loss", "target_price", "size", "entry_date", "emotions", "tags"}) {
    CHECK_THAT(refused, NamesField(field));
  }
  const std::string id = under.Write(1, Bullish())->id();
  CHECK_THAT(under.Close(1, id, 0).status(), NamesField("exit_price"));
  v1::ListJournalRequest list;
  list.set_kind("both");
  CHECK_THAT(under.Ask(1, *under.journal, &v1::JournalService::Stub::ListOpenTrades, list).status(),
             NamesField("kind"));
}

TEST_CASE("a trade refers to a setup of its owner, also after the setup was deleted") {
  JournalUnderTest under;
  const std::string setup_id = under.AddSetup(1);
  auto request = Bullish();
  request.set_setup_id(under.AddSetup(2));
  CHECK_THAT(under.Write(1, request).status(), HasReason(Reason::kNOT_FOUND));
  request.set_setup_id(setup_id);
  const auto written = under.Write(1, request);
  REQUIRE_THAT(written.status(), IsOk());
  REQUIRE_THAT(under.setups.Delete(1, setup_id, SystemClock().Now(), {}).status(), IsOk());
  CHECK_THAT(under.Write(1, request).status(), HasReason(Reason::kNOT_FOUND));
  v1::ListTradesRequest by_setup;
  by_setup.set_setup_id(setup_id);
  CHECK(under.Found(by_setup) == std::vector<std::string>{written->id()});
}

TEST_CASE("a paper trade is shown in the journal's shape and noted, but is neither closed nor deleted there") {
  JournalUnderTest under;
  const std::string id = under.BuyOnPaper(1);
  const auto open = under.Open("paper");
  REQUIRE(open.trades_size() == 1);
  CHECK(open.trades(0).kind() == "paper");
  CHECK(open.trades(0).direction() == "bullish");
  CHECK(open.trades(0).entry_price().micros() == 100'000'000);
  CHECK(under.Open("journal").trades_size() == 0);
  CHECK_THAT(under.Close(1, id, 155).status(), HasReason(Reason::kCONFLICT));
  CHECK_THAT(under.Delete(1, id), HasReason(Reason::kCONFLICT));

  v1::ChangeTradeRequest change;
  change.set_trade_id(id);
  change.set_notes("moved the stop");
  change.add_tags("paper");
  rpc::Encode(Price::FromUnits(90), change.mutable_stop_loss());
  const auto changed = under.Change(1, change);
  REQUIRE_THAT(changed.status(), IsOk());
  CHECK(changed->stop_loss().micros() == 90'000'000);
  CHECK(changed->notes() == "moved the stop");
  under.ExitOnPaper(1, id);

  change.clear_stop_loss();
  change.clear_tags();
  change.set_lessons_learned("hold");
  change.mutable_update_mask()->add_paths("notes");
  change.clear_notes();
  const auto after = under.Change(1, change, "k");
  REQUIRE_THAT(after.status(), IsOk());
  CHECK_FALSE(after->has_notes());
  CHECK(after->lessons_learned() == "hold");
  CHECK(after->tags(0) == "paper");
  CHECK(after->status() == v1::TRADE_STATUS_CLOSED);
  CHECK(under.Change(1, change, "k")->SerializeAsString() == after->SerializeAsString());
  rpc::Encode(Price::FromUnits(90), change.mutable_stop_loss());
  CHECK_THAT(under.Change(1, change).status(), HasReason(Reason::kTRADE_CLOSED));
  CHECK(under.Closed().trades(0).lessons_learned() == "hold");
}

TEST_CASE("trades of both kinds are found by kind, symbol, tag, text and time") {
  JournalUnderTest under;
  const std::string paper = under.BuyOnPaper(1);
  auto old = Bullish("MSFT");
  old.add_tags("gap");
  old.set_notes("50% off_the \\high");
  rpc::Encode(*ParseRfc3339("2020-01-02T00:00:00Z"), old.mutable_entry_date());
  const std::string written = under.Write(1, old)->id();
  using Ids = std::vector<std::string>;
  const auto by = [&](auto set) {
    v1::ListTradesRequest request;
    set(request);
    return under.Found(request);
  };
  CHECK(by([](auto&) {}) == Ids{written, paper});
  CHECK(by([](auto& r) { r.set_kind("paper"); }) == Ids{paper});
  CHECK(by([](auto& r) { r.set_kind("journal"); }) == Ids{written});
  CHECK(by([](auto& r) { r.set_symbol("msft"); }) == Ids{written});
  CHECK(by([](auto& r) { r.set_tag("gap"); }) == Ids{written});
  CHECK(by([](auto& r) { r.set_tag("ga"); }).empty());
  CHECK(by([](auto& r) { r.set_search("50% OFF_the \\"); }) == Ids{written});
  CHECK(by([](auto& r) { r.set_search("%"); }) == Ids{written});
  CHECK(by([](auto& r) { r.set_search("aap"); }) == Ids{paper});
  CHECK(by([](auto& r) { r.set_status(v1::TRADE_STATUS_CLOSED); }).empty());
  CHECK(by([](auto& r) { rpc::Encode(*ParseRfc3339("2020-01-02T00:00:00Z"), r.mutable_from()); }) ==
        Ids{written, paper});
  CHECK(by([](auto& r) { rpc::Encode(*ParseRfc3339("2020-01-03T00:00:00Z"), r.mutable_from()); }) == Ids{paper});
  CHECK(by([](auto& r) { rpc::Encode(*ParseRfc3339("2020-01-03T00:00:00Z"), r.mutable_to()); }) == Ids{written});
}

}  // namespace
}  // namespace papertape::trade_engine
